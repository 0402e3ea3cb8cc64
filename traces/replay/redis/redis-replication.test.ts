/** Traces of replication on a Redis primary and its replicas, and what keeps each from happening. */
import { describe, expect, it } from 'vitest'
import { type RealRun, replayOn } from '../replayer.ts'
import { traceNamed } from '../replication/testing/traces.ts'
import { repeats } from '../testing/repeats.ts'
import { redisReplicationTarget as target } from './redis-replication-target.ts'

const missing = target.missing()

async function run(name: string, level?: string): Promise<RealRun> {
  const replayed = traceNamed(name)
  const scenario = target.plan(replayed)
  const { adapter, close } = await target.open(level === undefined ? {} : { level }, scenario, replayed)
  try {
    return await replayOn(adapter, scenario)
  } finally {
    await close()
  }
}

const told = ({ verdict, reason }: RealRun): string => `${verdict}: ${reason}`

describe.skipIf(missing !== null)(`Redis replication${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  it.each<[string, string | undefined, RegExp]>([
    ['a stale read', undefined, /the read by process client 1 returned null/],
    ['reads that go backwards over two replicas', undefined, /read null, the initial value, after it had read\s+1/],
    ['an acknowledged write that a failover loses', undefined, /^reproduced: 1 was acknowledged, and is lost$/],
    ['two sides that accept writes', undefined, /server 0 has acknowledged 1 and server 1 2, and neither has the other's/],
    ['a read of a write that has too few acknowledgements', undefined, /the register cannot have held one value at a time/],
    ['a write with enough acknowledgements that is lost', undefined, /^reproduced: 1 was acknowledged, and is lost$/],
    ['a replica promoted that lags', 'WAIT 1', /^reproduced: 1 was acknowledged, and is lost$/],
    ['a wait for acknowledgements that is given up', 'WAIT 1, unchecked', /^reproduced: 1 was acknowledged, and is lost$/],
    ['a write that is acknowledged by its primary alone', 'asynchronous', /^reproduced: 1 was acknowledged, and is lost$/],
    ['two sides that accept writes, each with a replica', 'WAIT 1', /server 0 has acknowledged 1 and server 1 2/],
    ['a client that waits for a replica that is down', 'WAIT all', /client 0 waits for an answer to its write of 1/],
  ])('shows %s (level: %s)', { repeats }, async (name, level, reason) => {
    const done = await run(name, level)
    expect(told(done)).toMatch(/^reproduced/)
    expect(told(done)).toMatch(reason)
  })

  it.each<[string, string, string]>([
    ['a stale read', 'reads at the primary', 'client 1: read at 1: 1'],
    ['a stale read', 'WAIT all', 'client 0: write 1 at 0: waits for WAIT 1 0'],
    ['reads that go backwards over two replicas', 'reads at the primary', 'client 1: read at 2: 1'],
    ['an acknowledged write that a failover loses', 'WAIT 1', 'client 0: write 1 at 0: waits for WAIT 1 0'],
    ['two sides that accept writes', 'old primary stopped', 'client 0: write 1 at 0: error not connected: nobody listens there'],
    ['two sides that accept writes', 'WAIT all', 'client 0: write 1 at 0: waits for WAIT 1 0'],
    ['a read of a write that has too few acknowledgements', 'WAIT 1 after reads, too', 'client 1: read at 0: waits for WAIT 1 0'],
    ['a write with enough acknowledgements that is lost', 'WAIT all', 'client 0: is answered: waits for WAIT 2 0'],
    [
      'a wait for acknowledgements that is given up',
      'WAIT 1',
      'client 0: waits no longer: error too few replicas: 0 of 1 replicas have acknowledged',
    ],
  ])('prevents %s with %s', { repeats }, async (name, level, reason) => {
    expect(told(await run(name, level))).toBe(`prevented: ${reason}`)
  })

  it('shows a write before it is acknowledged, where a replica could be ahead of its primary', { repeats }, async () => {
    expect(told(await run('a write seen at a replica first', 'WAIT all'))).toBe('prevented: client 1: read at 0: 1')
  })
})

describe('the target', () => {
  it('says what it does not do before it starts anything', async () => {
    const replayed = traceNamed('a replica promoted that lags')
    const scenario = target.plan(replayed)
    await expect(target.open({}, scenario, replayed)).rejects.toThrow(/has no mode semi-sync/)
    await expect(target.open({ url: 'redis://127.0.0.1' }, scenario, replayed)).rejects.toThrow(/only of private servers/)
    const { trace, ...rest } = replayed
    expect(() => target.plan({ ...rest, trace: { ...trace, property: 'noResurrection' } })).toThrow(/this one violates noResurrection/)
  })
})
