/**
 * How transactions get from a primary to its replicas. A replica pulls what it lacks, in order, over a connection that keeps the
 * order; so what is on its way is what it has not pulled yet, and the only thing that a slow network changes is when it does.
 */
import type { Bugs } from './bugs.ts'
import { type Entry, has, held, type Server, sourceOf } from './server.ts'

/** The next transaction that a replica asks its primary for: the first that it does not have (MySQL: auto-positioning by GTIDs). */
export function nextShipped(server: Server, servers: Iterable<Server>, bug: Bugs): Entry | undefined {
  const source = sourceOf(server, servers)
  if (source === undefined || !source.isUp || !server.isUp) return undefined
  const own = held(server)
  if (bug('positions-are-counts')) return held(source)[own.length]
  return held(source).find(({ id }) => !has(own, id))
}

/**
 * What a transaction does on a replica. Its log says what it wrote on the primary; its statement is executed anew, and does the same
 * if it is deterministic.
 */
export function executedBy(replica: number, entry: Entry, shipping: 'log' | 'statement', bug: Bugs): Entry {
  if (shipping === 'log' || !bug('non-deterministic-statement')) return entry
  return { ...entry, value: entry.value + 10 * replica }
}

/** Whether enough replicas of this primary have a transaction: received it, or, where all must agree, executed it. */
export function isAcknowledged(
  primary: Server,
  id: number,
  servers: Iterable<Server>,
  needs: { acks: number; areExecuted: boolean },
): boolean {
  const acks = [...servers].filter(
    (other) => other.role === 'replica' && other.epoch === primary.epoch && has(needs.areExecuted ? other.log : held(other), id),
  )
  return acks.length >= needs.acks
}

/** What one who comes to follow a primary throws away: all that the primary does not have. */
export function truncate(server: Server, primary: Server): void {
  const kept = held(primary)
  server.log = server.log.filter(({ id }) => has(kept, id))
  server.queue = server.queue.filter(({ id }) => has(kept, id))
}
