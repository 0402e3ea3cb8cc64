/**
 * Traces of the model of transactions on real databases: for each anomaly, the shortest trace under each control that lets it through,
 * taken step by step at every level. What comes of it is held against the table of Hermitage, as it was published.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mariadbLevels } from '../mariadb/mariadb-place.ts'
import { postgresLevels } from '../postgres/postgres-place.ts'
import { type RealRun, replayOn } from '../replayer.ts'
import type { Scenario } from '../scenario.ts'
import { SqlTransactions } from '../sql/sql-transactions.ts'
import { repeats } from '../testing/repeats.ts'
import { mariadb, mariadbWithSnapshots, postgresDatabases, type RunningDatabase, type TestDatabase, titleOf } from './testing/databases.ts'
import { anomalies, type Happens, plansOf, published, tracesOf } from './testing/hermitage.ts'

const plans = new Map(anomalies.map((anomaly) => [anomaly, plansOf(anomaly)]))
const readOnlyAnomaly = plansOfSnapshots('read-only-anomaly')
const longFork = plansOfSnapshots('long-fork')

function plansOfSnapshots(workload: string): readonly Scenario[] {
  const controls = ['mvcc-read-committed', 'snapshot-first-updater-wins']
  return controls.flatMap((control) => tracesOf({ workload, control, judge: 'serializable' }, 'isolated'))
}

/** By level, what became of each of the ten. */
async function survey(database: RunningDatabase, levels: readonly string[]): Promise<Readonly<Record<string, readonly Happens[]>>> {
  const rows: [string, Happens[]][] = []
  for (const level of levels) {
    const row: Happens[] = []
    for (const { reads, writes } of plans.values()) {
      if (await happens(database, level, reads)) row.push('occurs')
      else row.push((await happens(database, level, writes)) ? 'in writes' : 'prevented')
    }
    rows.push([level, row])
  }
  return Object.fromEntries(rows)
}

/** Whether one of the plans is reproduced; one that is not has been kept from it by another value, a lock or an error. */
async function happens(database: RunningDatabase, level: string, some: readonly Scenario[]): Promise<boolean> {
  for (const plan of some) if ((await runOf(database, level, plan)).verdict === 'reproduced') return true
  return false
}

async function runOf(database: RunningDatabase, level: string, plan: Scenario): Promise<RealRun> {
  const run = await replayOn(new SqlTransactions(await database.place(), level), plan)
  expect(run.verdict, run.reason).not.toBe('inconclusive')
  return run
}

/** What came of the shortest traces of a workload: reproduced, or else how the server kept it from happening. */
async function outcomes(database: RunningDatabase, levels: readonly string[], shortest: readonly Scenario[]): Promise<readonly string[]> {
  const cells: string[] = []
  for (const level of levels) {
    const runs: RealRun[] = []
    for (const plan of shortest) runs.push(await runOf(database, level, plan))
    const refusal = runs.flatMap(({ verdict, at, steps }) => (verdict === 'prevented' && at !== null ? [steps[at]?.outcome] : [])).at(-1)
    const kept = refusal?.kind === 'error' ? refusal.code : (refusal?.kind ?? 'read otherwise')
    cells.push(runs.some(({ verdict }) => verdict === 'reproduced') ? 'reproduced' : kept)
  }
  return cells
}

/** Cells in which two surveys differ. */
function differences(
  measured: Readonly<Record<string, readonly Happens[]>>,
  expected: Readonly<Record<string, readonly Happens[]>>,
): readonly string[] {
  return Object.entries(expected).flatMap(([level, row]) =>
    anomalies.flatMap((anomaly, i) => {
      const found = measured[level]?.[i]
      return found === row[i] ? [] : [`${level}, ${anomaly}: ${row[i]}, measured: ${found}`]
    }),
  )
}

function on(database: TestDatabase, tests: (running: () => RunningDatabase) => void): void {
  describe.skipIf(database.missing !== null)(`traces on ${titleOf(database)}`, () => {
    let running: RunningDatabase
    beforeAll(async () => {
      running = await database.start()
    }, 60_000)
    afterAll(() => running?.close())
    tests(() => running)
  })
}

describe('the plans', () => {
  it.each(anomalies)('of %s are wrong by our own oracle, on a server that does what the model says', (anomaly) => {
    const { reads = [], writes = [] } = plans.get(anomaly) ?? {}
    expect(reads.length).toBeGreaterThan(0)
    for (const plan of [...reads, ...writes]) {
      const outcome = (of: Scenario['steps'][number]) => {
        const [allowed] = of.allowed
        return {
          kind: 'ok',
          value: allowed?.kind === 'ok' && allowed.value !== undefined ? (allowed.value as number | null) : null,
        } as const
      }
      const taken = plan.steps.map((planned) => ({ planned, outcome: outcome(planned), completed: [], isAllowed: true, facts: {} }))
      expect(plan.judge?.(plan.history(taken)).violated, plan.steps.map(({ text }) => text).join('; ')).toBe(true)
    }
  })
})

for (const database of postgresDatabases) {
  on(database, (running) => {
    it('happen, or do not, as Hermitage says of PostgreSQL', { timeout: 120_000, repeats }, async () => {
      const measured = await survey(running(), postgresLevels)
      expect(differences(measured, published.PostgreSQL)).toEqual([])
      // It has no read uncommitted of its own.
      expect(measured['read uncommitted']).toEqual(measured['read committed'])
    })

    it('show the read-only anomaly and the long fork', { timeout: 60_000, repeats }, async () => {
      const levels = ['read committed', 'repeatable read', 'serializable']
      expect(await outcomes(running(), levels, readOnlyAnomaly)).toEqual(['reproduced', 'reproduced', '40001'])
      expect(await outcomes(running(), levels, longFork)).toEqual(['reproduced', 'read otherwise', 'read otherwise'])
    })
  })
}

on(mariadb, (running) => {
  it('happen, or do not, as Hermitage says of InnoDB', { timeout: 120_000, repeats }, async () => {
    expect(differences(await survey(running(), mariadbLevels), published.InnoDB)).toEqual([])
  })

  it('show the read-only anomaly and the long fork', { timeout: 60_000, repeats }, async () => {
    const levels = ['read committed', 'repeatable read', 'serializable']
    expect(await outcomes(running(), levels, readOnlyAnomaly)).toEqual(['reproduced', 'reproduced', 'blocked'])
    expect(await outcomes(running(), levels, longFork)).toEqual(['reproduced', 'read otherwise', 'blocked'])
  })
})

on(mariadbWithSnapshots, (running) => {
  it('do not lose updates at repeatable read, which is not as Hermitage says', { timeout: 60_000, repeats }, async () => {
    const { 'repeatable read': row = [] } = published.InnoDB
    expect(differences(await survey(running(), ['repeatable read']), { 'repeatable read': row })).toEqual([
      'repeatable read, PMP: in writes, measured: prevented',
      'repeatable read, P4: occurs, measured: prevented',
      'repeatable read, G-single: in writes, measured: prevented',
    ])
  })
})
