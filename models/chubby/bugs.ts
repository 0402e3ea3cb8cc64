/** Published mistakes. Each is a switch in the model, and the checker must find that it breaks the named property. */
import type { Bug } from '../../checker/index.ts'

type BugName = 'no-sequencer-check' | 'no-lock-delay' | 'lease-from-receipt'

export const bugs: Readonly<Record<BugName, Bug>> = {
  'no-sequencer-check': {
    about:
      'The resource acts on requests without looking at their sequencers: one that was sent before its sender lost the lock arrives late',
    source: 'the paper, section 2.4; Kleppmann, How to do distributed locking, 2016',
    violates: 'ordered',
    constants: { clients: 2, lease: 2, prompt: true, deaths: 1, isHeld: true },
  },
  'no-lock-delay': {
    about: 'A lock that was lost with its session can be acquired at once, while requests of its last holder are still on their way',
    source: 'the paper, section 2.4: lock-delay',
    violates: 'ordered',
    constants: { clients: 2, lease: 2, resource: 'trusts', latency: 2, lockDelay: 1, prompt: true, deaths: 1, isHeld: true },
  },
  'lease-from-receipt': {
    about: 'A client reckons its lease from when the reply arrives, as if that had taken no time',
    source: 'the paper, section 2.8; Gray & Cheriton, Leases, SOSP 1989, section 3.1',
    violates: 'exclusive',
    constants: { clients: 2, lease: 2, grace: 1, isHeld: true },
  },
}

type CacheBugName = 'invalidation-not-awaited' | 'epoch-not-checked' | 'lease-from-receipt' | 'late-fill' | 'event-before-write'

export const cacheBugs: Readonly<Record<CacheBugName, Bug>> = {
  'invalidation-not-awaited': {
    about: 'A write takes effect once the master has told clients to drop the file, before they have acknowledged that',
    source: 'the paper, section 2.7: the modification proceeds only after the server knows that each client has invalidated its cache',
    violates: 'linearizable',
    constants: { clients: 1, reads: 2, writes: 1, prompt: true },
  },
  'epoch-not-checked': {
    about:
      'A new master takes a call that was made to its predecessor for the acknowledgement of the fail-over, though the client has not heard of it',
    source: 'the paper, section 2.9, step 1',
    violates: 'linearizable',
    constants: { clients: 1, reads: 2, writes: 1, failovers: 1, prompt: true },
  },
  'lease-from-receipt': {
    about: 'A client reckons its lease from when the reply arrives, and reads from its cache when the master has ended its session',
    source: 'the paper, section 2.8; Gray & Cheriton, Leases, SOSP 1989, section 3.1',
    violates: 'linearizable',
    constants: { clients: 1, reads: 2, writes: 1, grace: 1 },
  },
  'late-fill': {
    about: 'A client caches an answer that was overtaken by the invalidation of what it says',
    source: 'the same race with a cache server: Nishtala et al., Scaling Memcache at Facebook, NSDI 2013, section 3.2.1 (stale sets)',
    violates: 'linearizable',
    constants: { clients: 1, reads: 2, writes: 1, prompt: true },
  },
  'event-before-write': {
    about: 'Clients are told of a modification when it begins, while it waits for invalidations to be acknowledged',
    source: 'the paper, section 2.5: events are delivered after the corresponding action has taken place',
    violates: 'eventsAfter',
    constants: { clients: 1, reads: 2, writes: 1, events: true, prompt: true },
  },
}

type CellBugName = 'lease-from-receipt' | 'promise-forgotten' | 'lease-not-checked'

export const cellBugs: Readonly<Record<CellBugName, Bug>> = {
  'lease-from-receipt': {
    about: 'A master reckons its lease from when promises arrive, as if they had taken no time',
    source: 'the paper, section 2.8, of sessions; Gray & Cheriton, Leases, SOSP 1989, section 3.1',
    violates: 'oneMaster',
    constants: { replicas: 2, candidates: 2, lease: 1 },
  },
  'promise-forgotten': {
    about: 'A replica that restarts votes at once, though it may have promised its vote before it crashed',
    source: 'Gray & Cheriton, Leases, SOSP 1989, section 2: a server that recovers waits for as long as leases may last',
    violates: 'oneMaster',
    constants: { replicas: 3, candidates: 2, lease: 1, crashes: 1, prompt: true },
  },
  'lease-not-checked': {
    about: 'A master answers reads until it hears of another one, though its lease may have run out',
    source:
      'the paper, section 2.1; Chandra, Griesemer & Redstone, Paxos made live, PODC 2007, section 5.2: without a lease, reads may be stale',
    violates: 'linearizable',
    constants: { replicas: 3, candidates: 2, lease: 1, prompt: true, operations: 2 },
  },
}
