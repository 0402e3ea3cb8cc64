/** Published mistakes in changing the membership of a cluster. */
import type { Bug } from '../../../checker/index.ts'

type BugName = 'single-server-change-before-own-term' | 'several-servers-at-once' | 'second-change-before-first' | 'joint-majority-of-all'

export const bugs: Readonly<Record<BugName, Bug>> = {
  'single-server-change-before-own-term': {
    about: 'A leader changes the configuration before it has committed an entry of its own term',
    source: "Ongaro, bug in single-server membership changes, raft-dev, 10 July 2015; Ongaro's dissertation, section 4.1",
    violates: 'leaderCompleteness',
    constants: { servers: 4, members: 4, changes: 2, elections: 2, calls: 'atomic', method: 'single' },
  },
  'several-servers-at-once': {
    about: 'A leader switches from one configuration to another that differs in more than one server, without joint consensus',
    source: "the paper, section 6 and Figure 10; Ongaro's dissertation, Figure 4.2",
    violates: 'leaderCompleteness',
    constants: { servers: 3, members: 3, changes: 1, elections: 1, inFlight: 2, method: 'single' },
  },
  'second-change-before-first': {
    about: 'A leader begins a change before the one before it is committed',
    source: "Ongaro's dissertation, section 4.1: no change until the latest configuration is committed",
    violates: 'leaderCompleteness',
    constants: { servers: 3, members: 3, changes: 2, elections: 1, inFlight: 2, method: 'single' },
  },
  'joint-majority-of-all': {
    about: 'During joint consensus, a majority of the servers of both configurations together decides',
    source: 'the paper, section 6: separate majorities of the old and new configurations',
    violates: 'leaderCompleteness',
    constants: { servers: 3, members: 3, changes: 1, elections: 1, inFlight: 2, method: 'joint' },
  },
}
