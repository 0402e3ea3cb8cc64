/**
 * What a leader keeps in memory to answer reads without writing to its log (the dissertation, section 6.4), and the rounds of
 * heartbeats that both ReadIndex and leases need. A heartbeat is an AppendEntries without entries; here it is a message of its own.
 */
import type { Id } from '../../../checker/index.ts'
import { termAt } from '../log.ts'
import type { Server } from '../server.ts'

export interface Heartbeat {
  kind: 'heartbeat'
  term: number
  round: number
}

export interface HeartbeatResult {
  kind: 'heartbeatResult'
  term: number
  round: number
}

export interface Leading {
  /** How many rounds of heartbeats it has begun; the last one may be under way. */
  round: number
  /** With leases: ticks of its clock since it began the last round; null once its answers are worth nothing any more. */
  age: number | null
  /** Who has answered in this round, in order, the leader not counted. */
  answered: readonly Id[]
  /** Who waits for the end of this round, and for which of its operations. */
  reader: { client: Id; serial: number } | null
  /** Ticks of its clock for which it may rely on the last round that a majority answered. */
  lease: number
}

/** What is volatile ends with the leadership. */
export const notLeading: Leading = { round: 0, age: null, answered: [], reader: null, lease: 0 }

/**
 * Section 6.4, step 1: whether the leader has committed an entry of its own term. Before that it may not know what is committed:
 * Leader Completeness says that it has all committed entries, not which of its entries are.
 */
export function knowsCommitted({ log, commitIndex, currentTerm }: Server): boolean {
  return termAt(log, commitIndex) === currentTerm
}
