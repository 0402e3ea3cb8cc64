/** Published mistakes in PreVote and in handing over leadership. */
import type { Bug } from '../../../checker/index.ts'

type BugName = 'pre-vote-adopts-term' | 'transfer-through-pre-vote' | 'transfer-without-catch-up'

export const bugs: Readonly<Record<BugName, Bug>> = {
  'pre-vote-adopts-term': {
    about: 'Who receives a PreVote adopts its term, as it would that of a real election',
    source: "Ongaro's dissertation, section 9.6: a server increments its term only once it has learned that it could win",
    violates: 'undisturbed',
    constants: { servers: 2, maxTerm: 2, maxLog: 0, cuts: 1, inFlight: 1, isElected: true },
  },
  'transfer-through-pre-vote': {
    about: 'The target of a transfer asks for pre-votes, which all deny who still hear the leader that hands over',
    source: "Ongaro's dissertation, sections 3.10 and 4.2.3: TimeoutNow lets the target disregard the leader; canonical/raft issue 203",
    violates: 'transferCompletes',
    constants: { servers: 2, maxTerm: 2, maxLog: 0, transfers: 1, isElected: true },
  },
  'transfer-without-catch-up': {
    about: 'A leader hands over to a server that lacks entries of its log, and so cannot win',
    source: "Ongaro's dissertation, section 3.10, step 2; redpanda issue 2606",
    violates: 'transferCompletes',
    constants: { servers: 2, maxTerm: 2, maxLog: 1, transfers: 1, inFlight: 1, isElected: true },
  },
}
