/** Traces of the model of replication: what each shows, with the constants and bugs under which it is the shortest. */
import { check } from '../../../../checker/index.ts'
import { replication } from '../../../../models/index.ts'
import { type Replay, replay } from '../../../replay.ts'

const pair = { servers: 2, hears: 1 }
const oneReader = { failover: 'none', clients: 'w rr' }

/** By name: constants, and bugs. */
const traces: Readonly<Record<string, readonly [constants: Readonly<Record<string, string | number>>, ...bugs: string[]]>> = {
  'a stale read': [{ ...pair, mode: 'async', reads: 'any-replica', ...oneReader, promise: 'linearizable' }],
  'reads that go backwards over two replicas': [{ mode: 'async', reads: 'replica', ...oneReader, promise: 'monotonicReads' }],
  'an acknowledged write that a failover loses': [{ ...pair, mode: 'async', clients: 'w', promise: 'durable' }],
  'two sides that accept writes': [{ ...pair, mode: 'async', failover: 'unfenced', clients: 'w w', promise: 'onePrimary' }],
  'two sides that accept writes, each with a replica': [{ mode: 'semi-sync', failover: 'unfenced', clients: 'w w', promise: 'onePrimary' }],
  'a read of a write that has too few acknowledgements': [{ ...pair, mode: 'wait', clients: 'w r r', promise: 'linearizable' }],
  'a write with enough acknowledgements that is lost': [{ mode: 'wait', hears: 1, clients: 'w', promise: 'durable' }],
  'a wait for acknowledgements that is given up': [{}, 'semi-sync-timeout'],
  'a write that is acknowledged by its primary alone': [{}, 'acknowledged-before-replicated'],
  'a replica promoted that lags': [{}, 'promotes-the-last'],
  'a write seen at a replica first': [{ ...pair, mode: 'sync', reads: 'any-replica', ...oneReader, promise: 'monotonicReads' }],
  'a client that waits for a replica that is down': [{ ...pair, mode: 'sync', clients: 'w', promise: 'available' }],
}

export function traceNamed(name: string): Replay {
  const [constants, ...bugs] = traces[name] ?? []
  const [bug] = bugs
  const ofBug = bug === undefined ? {} : replication.bugs[bug]?.constants
  const [violation] = check(replication, { constants: { ...ofBug, ...constants }, bugs }).violations
  if (violation === undefined) throw new Error(`${name}: the model does not let it happen`)
  return replay(replication, { ...violation.trace, part: violation.part })
}
