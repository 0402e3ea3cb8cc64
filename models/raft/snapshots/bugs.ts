/** Published mistakes in compacting logs. */
import type { Bug } from '../../../checker/index.ts'

type BugName = 'snapshot-forgets-last-term' | 'snapshot-discards-what-follows'

export const bugs: Readonly<Record<BugName, Bug>> = {
  'snapshot-forgets-last-term': {
    about: 'A snapshot does not keep the term of the last entry that it covers, and a server whose log it ends has 0 for its last term',
    source: 'the paper, section 7 and Figure 12: the snapshot includes the last included term, for the consistency check and for elections',
    violates: 'leaderCompleteness',
    constants: { servers: 3, maxTerm: 3, maxLog: 1, inFlight: 2, isElected: true },
  },
  'snapshot-discards-what-follows': {
    about: 'A follower that receives a snapshot discards its whole log, though it has the entry that the snapshot ends with, and more',
    source: 'the paper, Figure 13 (receiver 6: retain log entries following it)',
    violates: 'stateMachineSafety',
    constants: { servers: 3, maxTerm: 1, maxLog: 2, inFlight: 2, duplicates: 1, isElected: true },
  },
}
