/** Whether clients are served while a server is down: the price of promises. */
import { type FamilyView, type Id, ids } from '../../checker/index.ts'
import { type Client, programs } from './clients.ts'
import { isBehind } from './failover.ts'
import { has, held, type Server } from './server.ts'
import { acksNeeded } from './shipping.ts'
import type { Constants } from './state.ts'

interface View {
  readonly server: FamilyView<Server>
  readonly client: FamilyView<Client>
}

/** Clients that are not done. */
export function unserved(s: View, { clients }: Constants): Id[] {
  const all = programs(clients)
  return ids(all.length).filter((i) => s.client[i].answers < (all[i]?.length ?? 0))
}

/** Whether the client can be served before anybody who is down comes back, if those that are up do what they can. */
export function canBeServed(s: View, client: Id, c: Constants): boolean {
  const { waitsAt, home, token } = s.client[client]
  const up = s.server.filter(({ isUp }) => isUp)
  if (waitsAt !== null) return isBehind(s.server[waitsAt], s.server) || up.length - 1 >= acksNeeded(c)
  if (token !== null) return up.some((server) => has(held(server), token.id))
  return home === null || s.server[home].isUp
}
