/** Published mistakes in answering clients. */
import type { Bug } from '../../../checker/index.ts'

type BugName = 'duplicated-command-on-retry' | 'stale-read-from-deposed-leader' | 'read-index-before-own-term' | 'lease-read-under-drift'

export const bugs: Readonly<Record<BugName, Bug>> = {
  'duplicated-command-on-retry': {
    about: 'Servers do not know a command that a client sends again, and apply it twice',
    source: "the paper, section 8; Ongaro's dissertation, section 6.3",
    violates: 'linearizable',
    constants: { servers: 2, maxTerm: 1, reads: 'log', clients: 1, writers: 1, writes: 2, readsEach: 1, retries: 1, isElected: true },
  },
  'stale-read-from-deposed-leader': {
    about: 'A leader answers a read at once, without asking a majority whether it still leads',
    source: "the paper, section 8; Ongaro's dissertation, section 6.4; etcd issue 741; Consul's default consistency mode",
    violates: 'linearizable',
    constants: { servers: 3, maxTerm: 2, reads: 'read-index', clients: 1, writers: 1, writes: 1, readsEach: 1, isElected: true },
  },
  'read-index-before-own-term': {
    about: 'A leader takes its commitIndex for the index of a read before it has committed an entry of its own term',
    source: "Ongaro's dissertation, section 6.4, step 1",
    violates: 'linearizable',
    constants: {
      servers: 2,
      maxTerm: 2,
      reads: 'read-index',
      clients: 1,
      writers: 1,
      writes: 1,
      readsEach: 1,
      inFlight: 1,
      isElected: true,
    },
  },
  'lease-read-under-drift': {
    about: 'A leader counts on its lease for a whole election timeout of its own clock, though others may be faster',
    source: "Ongaro's dissertation, section 6.4.1",
    violates: 'linearizable',
    constants: {
      servers: 3,
      maxTerm: 2,
      reads: 'lease',
      clients: 1,
      writers: 1,
      writes: 1,
      readsEach: 1,
      electionTimeout: 2,
      driftEvery: 1,
      boundEvery: 1,
      isElected: true,
    },
  },
}
