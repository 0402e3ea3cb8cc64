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
  /** The round of heartbeats that is under way, or the last one. With leases, the reading of the leader's clock when it began. */
  round: number | null
  /** Who has answered in this round, in order, the leader not counted. */
  answered: readonly Id[]
  /** Who waits for the end of this round, and for which of its operations. */
  reader: { client: Id; serial: number } | null
  /** The round that the lease is counted from: the last one that a majority answered. */
  lease: number | null
}

/** What is volatile ends with the leadership. */
export const notLeading: Leading = { round: null, answered: [], reader: null, lease: null }

/**
 * Section 6.4, step 1: whether the leader has committed an entry of its own term. Before that it may not know what is committed:
 * Leader Completeness says that it has all committed entries, not which of its entries are.
 */
export function knowsCommitted({ log, commitIndex, currentTerm }: Server): boolean {
  return termAt(log, commitIndex) === currentTerm
}
