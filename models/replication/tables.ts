/**
 * What each combination promises, by exhaustion or by counterexample. The programs of the clients are the smallest that show a
 * violation of each promise. Longer ones and a second failover change no verdict, where they have been tried: not for writes
 * follow reads.
 */
import type { Column, Table } from '../../checker/index.ts'
import type { PromiseName } from './promises.ts'

const modes = ['async', 'wait', 'semi-sync', 'sync'] as const
const policies = ['primary', 'any-replica', 'sticky', 'session-token'] as const
const failovers = ['none', 'unfenced', 'fenced'] as const

const [h, v] = ['holds', 'violated'] as const

const guarantees: Table = {
  about: 'Which promises each mode keeps, by where clients read and how a failed primary is replaced',
  source: 'Terry et al. 1994; Kleppmann 2017, chapter 5; the manuals of MySQL, PostgreSQL and Redis',
  rows: Object.fromEntries(
    modes.flatMap((mode) =>
      policies.flatMap((reads) =>
        failovers.map((failover) => [`${mode}, ${reads}, ${failover}`, { constants: { mode, reads, failover } }]),
      ),
    ),
  ),
  columns: {
    linearizable: column('linearizable', 'w r r'),
    'read your writes': column('readYourWrites', 'wr'),
    'monotonic reads': column('monotonicReads', 'w rr'),
    'monotonic writes': column('monotonicWrites', 'ww rr'),
    'writes follow reads': column('writesFollowReads', 'w rw rr'),
    durable: column('durable', 'w w'),
    'one primary': column('onePrimary', 'w w'),
    available: column('available', 'wr rr'),
    convergence: { ...column('convergence', 'w w'), property: 'comeToAgree' },
  },
  isSlow: true,
  // biome-ignore format: one row a line
  expect: {
    'async, primary, none': [h, h, h, h, h, h, h, h, h],
    'async, primary, unfenced': [v, v, v, v, v, v, v, h, h],
    'async, primary, fenced': [v, v, v, v, v, v, h, h, h],
    'async, any-replica, none': [v, v, v, v, v, h, h, h, h],
    'async, any-replica, unfenced': [v, v, v, v, v, v, v, h, h],
    'async, any-replica, fenced': [v, v, v, v, v, v, h, h, h],
    'async, sticky, none': [v, h, h, h, h, h, h, h, h],
    'async, sticky, unfenced': [v, v, v, v, v, v, v, h, h],
    'async, sticky, fenced': [v, v, v, v, v, v, h, v, h],
    'async, session-token, none': [v, h, h, h, h, h, h, h, h],
    'async, session-token, unfenced': [v, h, h, h, h, v, v, v, h],
    'async, session-token, fenced': [v, h, h, h, h, v, h, v, h],
    'wait, primary, none': [h, h, h, h, h, h, h, h, h],
    'wait, primary, unfenced': [v, v, v, v, v, v, v, h, h],
    'wait, primary, fenced': [v, h, v, v, v, h, h, h, h],
    'wait, any-replica, none': [v, v, v, v, v, h, h, h, h],
    'wait, any-replica, unfenced': [v, v, v, v, v, v, v, h, h],
    'wait, any-replica, fenced': [v, v, v, v, v, h, h, h, h],
    'wait, sticky, none': [v, h, h, h, h, h, h, h, h],
    'wait, sticky, unfenced': [v, v, v, v, v, v, v, h, h],
    'wait, sticky, fenced': [v, h, v, v, v, h, h, v, h],
    'wait, session-token, none': [v, h, h, h, h, h, h, h, h],
    'wait, session-token, unfenced': [v, h, h, h, h, v, v, v, h],
    'wait, session-token, fenced': [v, h, h, h, h, h, h, v, h],
    'semi-sync, primary, none': [h, h, h, h, h, h, h, h, h],
    'semi-sync, primary, unfenced': [v, v, v, v, v, v, v, h, h],
    'semi-sync, primary, fenced': [h, h, h, h, h, h, h, h, h],
    'semi-sync, any-replica, none': [v, v, v, v, v, h, h, h, h],
    'semi-sync, any-replica, unfenced': [v, v, v, v, v, v, v, h, h],
    'semi-sync, any-replica, fenced': [v, v, v, v, v, h, h, h, h],
    'semi-sync, sticky, none': [v, h, h, h, h, h, h, h, h],
    'semi-sync, sticky, unfenced': [v, v, v, v, v, v, v, h, h],
    'semi-sync, sticky, fenced': [v, h, h, h, h, h, h, v, h],
    'semi-sync, session-token, none': [v, h, h, h, h, h, h, h, h],
    'semi-sync, session-token, unfenced': [v, h, h, h, h, v, v, v, h],
    'semi-sync, session-token, fenced': [v, h, h, h, h, h, h, h, h],
    'sync, primary, none': [h, h, h, h, h, h, h, h, h],
    'sync, primary, unfenced': [v, h, v, v, v, h, h, h, h],
    'sync, primary, fenced': [h, h, h, h, h, h, h, v, h],
    'sync, any-replica, none': [v, h, v, v, v, h, h, h, h],
    'sync, any-replica, unfenced': [v, h, v, v, v, h, h, h, h],
    'sync, any-replica, fenced': [v, h, v, v, v, h, h, v, h],
    'sync, sticky, none': [v, h, h, h, h, h, h, h, h],
    'sync, sticky, unfenced': [v, h, v, v, v, h, h, h, h],
    'sync, sticky, fenced': [v, h, h, h, h, h, h, v, h],
    'sync, session-token, none': [v, h, h, h, h, h, h, h, h],
    'sync, session-token, unfenced': [v, h, h, h, h, h, h, v, h],
    'sync, session-token, fenced': [v, h, h, h, h, h, h, v, h],
  },
}

const wait: Table = {
  about: "What Redis's WAIT adds to a write, and what it does not: a write that is shown before it is safe can be seen, and be gone",
  source: 'Redis documentation, WAIT (consistency and WAIT); MySQL 8.0 Reference Manual, rpl_semi_sync_source_wait_point',
  rows: {
    SET: { constants: { mode: 'async', failover: 'fenced' } },
    'SET and WAIT 1, one of two replicas is heard': { constants: { mode: 'wait', failover: 'fenced', hears: 1 } },
    'SET and WAIT 1, both are heard': { constants: { mode: 'wait', failover: 'fenced' } },
    'SET and WAIT 2': { constants: { mode: 'wait', failover: 'fenced', acks: 2 } },
    'SET and WAIT 2, old primary goes on': { constants: { mode: 'wait', failover: 'unfenced', acks: 2 } },
    'shown only once two have it': { constants: { mode: 'semi-sync', failover: 'fenced', acks: 2 } },
    'shown only once two have it, old primary goes on': { constants: { mode: 'semi-sync', failover: 'unfenced', acks: 2 } },
  },
  columns: {
    durable: column('durable', 'w w'),
    'read your writes': column('readYourWrites', 'wr'),
    'monotonic reads': column('monotonicReads', 'w rr'),
    linearizable: column('linearizable', 'w r r'),
  },
  // biome-ignore format: one row a line
  expect: {
    SET: [v, v, v, v],
    'SET and WAIT 1, one of two replicas is heard': [v, v, v, v],
    'SET and WAIT 1, both are heard': [h, h, v, v],
    'SET and WAIT 2': [h, h, v, v],
    'SET and WAIT 2, old primary goes on': [h, h, v, v],
    'shown only once two have it': [h, h, h, h],
    'shown only once two have it, old primary goes on': [h, h, v, v],
  },
}

const quorums: Table = {
  about: 'Of how many replicas a monitor must hear so that an acknowledged write survives: as many as leave out fewer than have it',
  source: 'PostgreSQL 17 documentation, Synchronous Replication (quorum-based); Gifford, Weighted voting for replicated data, SOSP 1979',
  rows: Object.fromEntries(
    [1, 2, 3].map((acks) => [`of 3 replicas, ${acks} must have it`, { constants: { servers: 4, mode: 'semi-sync', acks } }]),
  ),
  columns: Object.fromEntries([1, 2, 3].map((hears) => [`${hears} heard`, column('durable', 'w', { hears })])),
  // biome-ignore format: one row a line
  expect: {
    'of 3 replicas, 1 must have it': [v, v, h],
    'of 3 replicas, 2 must have it': [v, h, h],
    'of 3 replicas, 3 must have it': [h, h, h],
  },
}

export const tables: Readonly<Record<string, Table>> = { guarantees, wait, quorums }

function column(promise: PromiseName, clients: string, constants: Readonly<Record<string, number>> = {}): Column {
  return { property: promise, variants: [{ constants: { promise, clients, ...constants } }] }
}
