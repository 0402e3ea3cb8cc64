/** Published mistakes. Each is a switch in the model, and the checker must find that it breaks the named property. */
import type { Bug } from '../../checker/index.ts'

type BugName =
  | 'vote-not-persisted'
  | 'term-not-persisted'
  | 'vote-without-log-check'
  | 'votes-kept-across-terms'
  | 'votes-counted-not-voters'
  | 'vote-decided-in-two-steps'
  | 'leader-ignores-higher-term'
  | 'append-without-consistency-check'
  | 'truncate-committed'
  | 'commit-on-half'
  | 'commit-earlier-term'

/** Tells whether a bug is switched on. */
export type Bugs = (name: BugName) => boolean

export const bugs: Readonly<Record<BugName, Bug>> = {
  'vote-not-persisted': {
    about: 'A restarted server has forgotten its vote, and votes again in the same term',
    source: "the paper, Figure 2 (persistent state); Ongaro's dissertation, section 3.8; PySyncObj pull request 202",
    violates: 'electionSafety',
    constants: { servers: 3, maxTerm: 1, maxLog: 0, inFlight: 3, crashes: 1 },
  },
  'term-not-persisted': {
    about: 'A restarted server has forgotten the current term, and votes again in a term in which it has voted',
    source: 'the paper, Figure 2 (persistent state); raft-java issue 57',
    violates: 'electionSafety',
    constants: { servers: 3, maxTerm: 1, maxLog: 0, inFlight: 3, crashes: 1 },
  },
  'vote-without-log-check': {
    about: 'A server votes for a candidate whose log is less up-to-date than its own',
    source: 'the paper, section 5.4.1; jgroups-raft issue 14, akka-raft issue 30; @markwylde/liferaft 1.4.0 where the log is empty',
    violates: 'leaderCompleteness',
    constants: { servers: 3, maxTerm: 2, maxLog: 1, inFlight: 2, crashes: 0 },
  },
  'votes-kept-across-terms': {
    about: 'A candidate counts votes that were granted in an earlier term',
    source: 'the paper, section 5.1 (terms); akka-raft issue 46, little-raft issue 44',
    violates: 'electionSafety',
    constants: { servers: 3, maxTerm: 2, maxLog: 0, inFlight: 4, crashes: 0 },
  },
  'votes-counted-not-voters': {
    about: 'A candidate counts results that grant a vote, and not who has granted one, so that a result that arrives twice is two votes',
    source: 'the paper, section 5.2 (votes from a majority of the servers); @markwylde/liferaft 1.4.0, the count of votes that are granted',
    violates: 'electionSafety',
    constants: { servers: 5, maxTerm: 1, maxLog: 0, inFlight: 6, crashes: 0, duplicates: 1 },
  },
  'vote-decided-in-two-steps': {
    about:
      'A server reads that it has not voted yet, and notes its vote only later, after a request of another candidate has come in between',
    source: 'the paper, section 5.2 (at most one vote per term); @markwylde/liferaft 1.4.0, which awaits its log between the two',
    violates: 'electionSafety',
    constants: { servers: 3, maxTerm: 1, maxLog: 0, inFlight: 3, crashes: 0 },
  },
  'leader-ignores-higher-term': {
    about: 'A leader that sees a higher term neither adopts it nor steps down',
    source: 'the paper, Figure 2 (all servers); compare willemt/raft issue 10, Once a leader always a leader',
    violates: 'leaderAppendOnly',
    constants: { servers: 3, maxTerm: 2, maxLog: 1, inFlight: 2, crashes: 0 },
  },
  'append-without-consistency-check': {
    about: 'A follower appends what it receives to the end of its log, whatever precedes it in the log of the leader',
    source: 'the paper, section 5.3; akka-raft issue 32',
    violates: 'logMatching',
    constants: { servers: 2, maxTerm: 2, maxLog: 3, inFlight: 1, crashes: 1 },
  },
  'truncate-committed': {
    about: 'A follower cuts off whatever follows the entries that it receives, so that a late request removes committed ones',
    source: 'the paper, Figure 2 (AppendEntries, receiver 3: only a conflict deletes); willemt/raft issue 37',
    violates: 'stateMachineSafety',
    constants: { servers: 2, maxTerm: 1, maxLog: 2, inFlight: 2, crashes: 0, duplicates: 1 },
  },
  'commit-on-half': {
    about: 'A leader commits an entry that half of the servers hold, rounded down, instead of a majority',
    source: 'the paper, Figure 2 (leaders 4); the same arithmetic for reads in async-raft pull request 143',
    violates: 'leaderCompleteness',
    constants: { servers: 3, maxTerm: 2, maxLog: 1, inFlight: 2, crashes: 0 },
  },
  'commit-earlier-term': {
    about: 'A leader commits an entry of an earlier term by counting replicas',
    source: 'the paper, section 5.4.2 and Figure 8; logcabin issue 44, PySyncObj issue 169',
    violates: 'leaderCompleteness',
    constants: { servers: 3, maxTerm: 4, maxLog: 1, inFlight: 2, crashes: 0 },
  },
}
