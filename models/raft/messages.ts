/** The two RPCs of the paper's Figure 2 and their results, as messages. Who sent one is known from the network. */
import type { Entry } from './log.ts'

/** Invoked by candidates to gather votes (section 5.2). */
export interface RequestVote {
  kind: 'requestVote'
  term: number
  lastLogIndex: number
  lastLogTerm: number
}

export interface RequestVoteResult {
  kind: 'requestVoteResult'
  term: number
  voteGranted: boolean
}

/** Invoked by leaders to replicate log entries (section 5.3). */
export interface AppendEntries {
  kind: 'appendEntries'
  term: number
  prevLogIndex: number
  prevLogTerm: number
  entries: Entry[]
  leaderCommit: number
}

export interface AppendEntriesResult {
  kind: 'appendEntriesResult'
  term: number
  success: boolean
  /** How far the two logs now agree. In the paper the leader knows it from its request; here a result comes on its own. */
  matchIndex: number
}

export type Message = RequestVote | RequestVoteResult | AppendEntries | AppendEntriesResult
