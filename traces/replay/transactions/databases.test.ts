/**
 * Traces of the model of transactions on real databases: for each kind of anomaly, the shortest trace under each of three controls that
 * lets it through, taken step by step at every level. What the databases do is known from Hermitage (Kleppmann 2014) and measured
 * here; where MariaDB differs from that survey, which was taken on MySQL, it is as measured.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check } from '../../../checker/index.ts'
import { transactions } from '../../../models/index.ts'
import { replay } from '../../replay.ts'
import { MariadbPlace, mariadbLevels } from '../mariadb/mariadb-place.ts'
import { connectTo as connectToMariadb, MariadbServer, mariadbPrograms, mariadbRemedy } from '../mariadb/mariadb-server.ts'
import { PostgresPlace, postgresLevels } from '../postgres/postgres-place.ts'
import { connectTo as connectToPostgres, PostgresServer, postgresPrograms, postgresRemedy } from '../postgres/postgres-server.ts'
import { type RealRun, replayOn } from '../replayer.ts'
import type { Scenario } from '../scenario.ts'
import { Workplace } from '../servers/workplace.ts'
import { type SqlPlace, SqlTransactions } from '../sql/sql-transactions.ts'
import { transactionsPlan } from './plan.ts'

const anomalies = [
  'aborted-read',
  'dirty-read',
  'fuzzy-read',
  'phantom',
  'lost-update',
  'read-skew',
  'write-skew',
  'phantom-constraint',
  'read-only-anomaly',
  'long-fork',
] as const

/** One that reads what is not committed, one that reads versions by statement, and snapshots. */
const controls = ['read-uncommitted', 'mvcc-read-committed', 'snapshot-first-updater-wins'] as const

/** The shortest traces of an anomaly. */
function plansOf(workload: string): readonly Scenario[] {
  return controls.flatMap((control) => {
    const { violations } = check(transactions, { constants: { workload, control, judge: 'serializable' }, properties: ['isolated'] })
    return violations.map(({ trace, part }) => transactionsPlan(replay(transactions, { ...trace, part })))
  })
}

/** A line for each anomaly, a column for each level. */
async function survey(levels: readonly string[], open: (name: string) => Promise<SqlPlace>): Promise<readonly string[]> {
  const lines: string[] = []
  let places = 0
  for (const anomaly of anomalies) {
    const plans = plansOf(anomaly)
    const cells: string[] = []
    for (const level of levels) {
      const runs: RealRun[] = []
      for (const plan of plans) runs.push(await replayOn(new SqlTransactions(await open(`survey_${places++}`), level), plan))
      cells.push(cellOf(runs))
    }
    lines.push([anomaly, ...cells].join(' | '))
  }
  return lines
}

/** What came of it: the first anomaly that our oracle finds, or else how the system kept it from happening. */
function cellOf(runs: readonly RealRun[]): string {
  expect(runs.map(({ verdict }) => verdict)).not.toContain('inconclusive')
  const reproduced = runs.find(({ verdict }) => verdict === 'reproduced')
  if (reproduced !== undefined) return reproduced.judged?.text.split(': ')[1]?.split(', ')[0] ?? 'reproduced'
  const refusals = runs.flatMap(({ verdict, at, steps }) => (verdict === 'prevented' && at !== null ? [steps[at]?.outcome] : []))
  const [refusal] = refusals
  if (refusal === undefined) return 'read otherwise'
  return refusal.kind === 'error' ? refusal.code : refusal.kind
}

const postgres = postgresPrograms()

describe.skipIf(postgres === null)(`traces on PostgreSQL${postgres === null ? ` (skipped: ${postgresRemedy})` : ''}`, () => {
  let workplace: Workplace
  let port = 0
  beforeAll(async () => {
    workplace = new Workplace('postgres-survey')
    port = (await PostgresServer.start(workplace, postgres as NonNullable<typeof postgres>)).port
  }, 60_000)
  afterAll(() => workplace.close())

  it('happen, or do not, as its documentation says', { timeout: 120_000 }, async () => {
    expect(await survey(postgresLevels, (name) => PostgresPlace.in(() => connectToPostgres(port), name))).toEqual([
      'aborted-read | read otherwise | read otherwise | read otherwise | read otherwise',
      'dirty-read | fractured-read | fractured-read | read otherwise | read otherwise',
      'fuzzy-read | non-repeatable-read | non-repeatable-read | read otherwise | read otherwise',
      'phantom | non-repeatable-read | non-repeatable-read | read otherwise | read otherwise',
      'lost-update | lost-update | lost-update | 40001 | 40001',
      'read-skew | fractured-read | fractured-read | read otherwise | read otherwise',
      'write-skew | G2-item | G2-item | G2-item | 40001',
      'phantom-constraint | G2-item | G2-item | G2-item | 40001',
      'read-only-anomaly | G2-item | G2-item | G2-item | 40001',
      'long-fork | G-nonadjacent | G-nonadjacent | read otherwise | read otherwise',
    ])
  })
})

const mariadb = mariadbPrograms()

describe.skipIf(mariadb === null)(`traces on MariaDB${mariadb === null ? ` (skipped: ${mariadbRemedy})` : ''}`, () => {
  let workplace: Workplace
  let port = 0
  beforeAll(async () => {
    workplace = new Workplace('mariadb-survey')
    port = (await MariadbServer.start(workplace, mariadb as NonNullable<typeof mariadb>)).port
  }, 60_000)
  afterAll(() => workplace.close())

  it('happen, or do not, as InnoDB is known to do', { timeout: 120_000 }, async () => {
    expect(await survey(mariadbLevels, (name) => MariadbPlace.in(() => connectToMariadb({ port }), name))).toEqual([
      'aborted-read | G1a | read otherwise | read otherwise | blocked',
      'dirty-read | fractured-read | fractured-read | read otherwise | blocked',
      'fuzzy-read | non-repeatable-read | non-repeatable-read | read otherwise | blocked',
      'phantom | non-repeatable-read | non-repeatable-read | read otherwise | blocked',
      'lost-update | lost-update | lost-update | lost-update | blocked',
      'read-skew | fractured-read | fractured-read | read otherwise | blocked',
      'write-skew | G2-item | G2-item | G2-item | blocked',
      'phantom-constraint | G2-item | G2-item | G2-item | blocked',
      'read-only-anomaly | G2-item | G2-item | G2-item | blocked',
      'long-fork | G-nonadjacent | G-nonadjacent | read otherwise | blocked',
    ])
  })
})
