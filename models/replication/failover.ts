/**
 * The monitor that replaces a primary (Redis Sentinel, MHA, repmgr). It suspects a primary whenever it likes, since one that is
 * slow or cut off looks as one that is dead.
 */
import type { FamilyView, Id } from '../../checker/index.ts'
import type { Bugs } from './bugs.ts'
import { currentPrimary, has, held, isMoreAdvanced, type Server } from './server.ts'

/** Who may be promoted: the most advanced of the replicas of which the monitor hears, if these are enough. */
export function candidates(servers: Pick<readonly Server[], 'filter' | 'flatMap'>, hears: number, bug: Bugs): Id[] {
  const isHeard = ({ role, isUp }: Server): boolean => role === 'replica' && isUp
  const replicas = servers.filter(isHeard)
  return servers.flatMap((server, i) => {
    if (!isHeard(server)) return []
    const notAhead = bug('promotes-the-last') ? replicas : replicas.filter((other) => !isMoreAdvanced(other, server))
    return notAhead.length >= hears ? [i as Id] : []
  })
}

/** Whether a server has yet to hear of the last failover. */
export function isBehind(server: Server, servers: FamilyView<Server>): boolean {
  const primary = currentPrimary(servers)
  return primary.isUp && server.epoch < primary.epoch
}

/** A replica becomes the primary of an epoch: it executes all that it has received, and takes writes from then on. */
export function promote(server: Server, epoch: number): void {
  server.role = 'primary'
  server.epoch = epoch
  executeAll(server)
}

/** A server comes to follow a primary. It throws away what that one lacks (PostgreSQL: pg_rewind, Redis: a full resynchronization). */
export function follow(server: Server, primary: Server, bug: Bugs): void {
  const isTailKept = server.role === 'primary' && (bug('rejoin-without-truncating') || bug('positions-are-counts'))
  if (!isTailKept) {
    const kept = held(primary)
    server.log = server.log.filter(({ id }) => has(kept, id))
    server.queue = server.queue.filter(({ id }) => has(kept, id))
  }
  if (server.role === 'primary') executeAll(server)
  server.role = 'replica'
  server.isUp = true
  server.epoch = primary.epoch
}

/** What is on some server, and not on the one that has just been promoted. */
export function leftBehind(servers: FamilyView<Server>, promoted: Server): number[] {
  return servers.flatMap((server) => held(server).flatMap(({ id }) => (has(held(promoted), id) ? [] : [id])))
}

function executeAll({ log, queue }: Server): void {
  log.push(...queue.splice(0))
}
