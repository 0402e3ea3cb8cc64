/** What databases do when transactions wait for each other: deadlocks, and statements that have waited for too long. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mariadbLevels } from '../mariadb/mariadb-place.ts'
import { postgresLevels } from '../postgres/postgres-place.ts'
import { type RealRun, replayOn } from '../replayer.ts'
import type { PlannedStep, Scenario } from '../scenario.ts'
import { SqlTransactions } from '../sql/sql-transactions.ts'
import { repeats } from '../testing/repeats.ts'
import { mariadb, mariadbWithRollback, postgresDatabases, type RunningDatabase, titleOf } from './testing/databases.ts'
import { tracesOf } from './testing/hermitage.ts'

const crossing = { workload: 'crossing-updates', judge: 'costs' }
const [deadlock] = tracesOf(crossing, 'noWaitCircle') as [Scenario]
const blocked = { control: 'snapshot-first-updater-wins', workload: 'blocked-write', deadlocks: 'timeout' }
const [halfCommitted] = tracesOf(blocked, 'isolated', 'timeout-aborts-statement-only') as [Scenario]

/** The same requests, where the second transaction asks in the order of the first one. */
const inOrder: Scenario = { ...deadlock, steps: deadlock.steps.map(swappedForSecond) }

function swappedForSecond(planned: PlannedStep): PlannedStep {
  const { step } = planned
  if (step.kind !== 'operation' || step.actor !== 'T2' || step.operation !== 'update') return planned
  const [key, value] = step.argument as [string, number]
  return { ...planned, step: { ...step, argument: [key === 'x' ? 'y' : 'x', value] }, text: `T2: update ${key === 'x' ? 'y' : 'x'}` }
}

const run = async (database: RunningDatabase, level: string, scenario: Scenario): Promise<RealRun> =>
  replayOn(new SqlTransactions(await database.place(), level), scenario)

/** What the server said to those whom it refused something. */
function codesOf({ steps }: RealRun): readonly string[] {
  const all = steps.flatMap(({ outcome, completed }) => [outcome, ...completed.map((one) => one.outcome)])
  return all.flatMap((outcome) => (outcome.kind === 'error' ? [outcome.code] : []))
}

describe('in the model', () => {
  it('locks that are taken in one order never make a deadlock, and timeouts that abort transactions leave no half of them', () => {
    expect(tracesOf({ ...crossing, workload: 'ordered-updates' }, 'noWaitCircle')).toEqual([])
    expect(tracesOf(blocked, 'isolated')).toEqual([])
  })
})

for (const database of [...postgresDatabases, mariadb, mariadbWithRollback]) {
  describe.skipIf(database.missing !== null)(`locks of ${titleOf(database)}`, () => {
    const isPostgres = postgresDatabases.includes(database)
    let running: RunningDatabase
    beforeAll(async () => {
      running = await database.start()
    }, 60_000)
    afterAll(() => running?.close())

    it.each(isPostgres ? postgresLevels : mariadbLevels)(
      'that are taken in opposite orders make a deadlock at %s, with one victim',
      { timeout: 30_000, repeats },
      async (level) => {
        const found = await run(running, level, deadlock)
        expect(found).toMatchObject({ verdict: 'reproduced', reason: expect.stringMatching(/^deadlock: T[12] aborted, T[12] committed$/) })
        expect(codesOf(found)).toEqual(isPostgres ? ['40P01', '25P02'] : ['1213'])
      },
    )

    it('that are taken in the same order make none', { timeout: 30_000, repeats }, async () => {
      const found = await run(running, 'read committed', inOrder)
      expect(found.verdict).toBe('prevented')
      expect(found.reason).toMatch(/^T2: update x: waits for /)
      expect(codesOf(found)).toEqual([])
    })

    it(`that are not to be had in time ${database === mariadb ? 'leave half a transaction' : 'end a transaction as a whole'}`, {
      timeout: 30_000,
      repeats,
    }, async () => {
      const found = await run(running, 'repeatable read', halfCommitted)
      if (isPostgres) {
        expect(found).toMatchObject({ verdict: 'prevented', reason: 'T2: commit: error 25P02: the transaction was rolled back' })
        expect(codesOf(found)).toEqual(['55P03', '25P02'])
        return
      }
      expect(codesOf(found)).toEqual(['1205'])
      // The client is told that it has committed.
      if (database === mariadbWithRollback)
        expect(found).toMatchObject({ verdict: 'prevented', reason: 'T2: commit: x: committed is 0, in the model 2' })
      else expect(found).toMatchObject({ verdict: 'reproduced', reason: expect.stringMatching(/^serializable violated: fractured-read/) })
    })
  })
}
