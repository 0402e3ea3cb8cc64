/** Published mistakes. Each is a switch in the model, and the checker must find that it breaks the named property. */
import type { Bug } from '../../checker/index.ts'

type BugName = 'no-sequencer-check' | 'no-lock-delay' | 'lease-from-receipt'

export const bugs: Readonly<Record<BugName, Bug>> = {
  'no-sequencer-check': {
    about:
      'The resource acts on requests without looking at their sequencers: one that was sent before its sender lost the lock arrives late',
    source: 'the paper, section 2.4; Kleppmann, How to do distributed locking, 2016',
    violates: 'ordered',
    constants: { clients: 2, lease: 2 },
  },
  'no-lock-delay': {
    about: 'A lock that was lost with its session can be acquired at once, while requests of its last holder are still on their way',
    source: 'the paper, section 2.4: lock-delay',
    violates: 'ordered',
    constants: { clients: 2, lease: 2, resource: 'trusts', latency: 1, lockDelay: 1 },
  },
  'lease-from-receipt': {
    about: 'A client reckons its lease from when the reply arrives, as if that had taken no time',
    source: 'the paper, section 2.8; Gray & Cheriton, Leases, SOSP 1989, section 3.1',
    violates: 'exclusive',
    constants: { clients: 2, lease: 2, grace: 1 },
  },
}
