/**
 * The monitor that replaces a primary (Redis Sentinel, MHA, repmgr). It suspects a primary whenever it likes, since one that is
 * slow or cut off looks as one that is dead.
 */
import type { FamilyView, Id } from '../../checker/index.ts'
import type { Bugs } from './bugs.ts'
import { currentPrimary, isMoreAdvanced, type Server } from './server.ts'

/** Who may be promoted: the most advanced of the replicas of which the monitor hears, if these are enough. */
export function candidates(servers: FamilyView<Server>, hears: number, bug: Bugs): Id[] {
  const replicas = servers.filter(({ role, isUp }) => role === 'replica' && isUp)
  return servers.flatMap((server, i) => {
    if (!replicas.includes(server)) return []
    const notAhead = bug('promotes-the-last') ? replicas : replicas.filter((other) => !isMoreAdvanced(other, server))
    return notAhead.length >= hears ? [i as Id] : []
  })
}

/** Whether a server has yet to hear of the last failover. */
export function isBehind(server: Server, servers: Iterable<Server>): boolean {
  const primary = currentPrimary(servers)
  return primary.isUp && server.epoch < primary.epoch
}

/** The first promotion of an epoch: the replica executes what it has, and takes writes from then on. */
export function promote(server: Server, epoch: number): void {
  server.role = 'primary'
  server.epoch = epoch
  server.log.push(...server.queue)
  server.queue = []
}
