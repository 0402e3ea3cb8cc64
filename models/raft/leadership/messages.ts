/** Messages beyond the paper's Figure 2: PreVote (the dissertation, section 9.6) and TimeoutNow (section 3.10). */
import type { Message as CoreMessage } from '../messages.ts'

/** Asks whether a vote would be granted in a term to come. Nobody changes its state for it. */
export interface PreVote {
  kind: 'preVote'
  /** The term of the election that the sender would start. */
  term: number
  lastLogIndex: number
  lastLogTerm: number
}

export interface PreVoteResult {
  kind: 'preVoteResult'
  /** If granted, the term that was asked for; else the term of the receiver, which is not behind it. */
  term: number
  voteGranted: boolean
}

/** Tells the receiver to start an election at once: its leader hands over. */
export interface TimeoutNow {
  kind: 'timeoutNow'
  term: number
}

export type Message = CoreMessage | PreVote | PreVoteResult | TimeoutNow
