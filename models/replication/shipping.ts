/**
 * How transactions get from a primary to its replicas. A replica pulls what it lacks, in order, over a connection that keeps the
 * order; so what is on its way is what it has not pulled yet, and the only thing that a slow network changes is when it does.
 */
import type { FamilyView } from '../../checker/index.ts'
import type { Bugs } from './bugs.ts'
import { type Entry, has, held, type Server, sourceOf } from './server.ts'
import type { Constants } from './state.ts'

/** The next transaction that a replica asks its primary for: the first that it does not have (MySQL: auto-positioning by GTIDs). */
export function nextShipped(server: Server, servers: FamilyView<Server>, bug: Bugs): Entry | undefined {
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
export function executedBy(replica: number, entry: Entry, shipping: Constants['shipping'], bug: Bugs): Entry {
  if (shipping === 'log' || !bug('non-deterministic-statement')) return entry
  return { ...entry, value: entry.value + 10 * replica }
}

/** How many replicas must have a write before it is acknowledged: have received it, or, where all must agree, executed it. */
export function acksNeeded({ mode, acks, servers }: Pick<Constants, 'mode' | 'acks' | 'servers'>): number {
  return mode === 'async' ? 0 : mode === 'sync' ? servers - 1 : acks
}

/** Whether so many replicas that follow this primary have a transaction. */
export function isReplicated(primary: Server, id: number, servers: FamilyView<Server>, c: Constants): boolean {
  const followers = servers.filter(({ role, epoch }) => role === 'replica' && epoch === primary.epoch)
  return followers.filter((replica) => has(c.mode === 'sync' ? replica.log : held(replica), id)).length >= acksNeeded(c)
}

/** A replica executes a transaction that it has received. */
export function execute({ log, queue }: Server, id: number): void {
  const at = queue.findIndex((entry) => entry.id === id)
  log.push(...queue.splice(at, 1))
}
