/** Two holders of a lock act, in the wrong order, on real Redis servers, from the traces of the model's known bugs; tokens prevent it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check } from '../../../checker/index.ts'
import { chubby } from '../../../models/index.ts'
import { replay } from '../../replay.ts'
import type { RealStep } from '../adapter.ts'
import { LockAdapter } from '../locks/lock-adapter.ts'
import { type LockOperation, lockPlan } from '../locks/lock-plan.ts'
import { type RealRun, replayOn } from '../replayer.ts'
import type { PlannedStep, Scenario } from '../scenario.ts'
import { Workplace } from '../servers/workplace.ts'
import { repeats } from '../testing/repeats.ts'
import { RedisLock } from './redis-lock.ts'
import { RedisConnection, RedisServer, redisProgram, redisRemedy } from './redis-server.ts'

const program = redisProgram()

/** The shortest trace of a known bug, at its constants. */
function planOf(bug: string, constants: Readonly<Record<string, number | boolean | string>> = {}): Scenario {
  const { violations } = check(chubby, { bugs: [bug], properties: ['ordered'], constants })
  const [violation] = violations
  if (violation === undefined) throw new Error(`${bug} was not found`)
  return lockPlan(replay(chubby, { ...violation.trace, part: violation.part }))
}

const plans: readonly (readonly [string, Scenario])[] = [
  ['requests without sequencers', planOf('no-sequencer-check')],
  ['no lock-delay', planOf('no-lock-delay')],
  ['no lock-delay, with three clients', planOf('no-lock-delay', { clients: 3 })],
]

describe.skipIf(program === null)(`locks in Redis${program === null ? ` (${redisRemedy})` : ''}`, () => {
  let place: Workplace
  let servers: readonly RedisServer[] = []
  let runs = 0

  beforeAll(async () => {
    place = new Workplace('redis-lock-test')
    servers = await Promise.all(Array.from({ length: 5 }, () => RedisServer.start(place, program ?? '')))
  })
  afterAll(() => place?.close())

  const run = async (scenario: Scenario, count: 1 | 5, isFenced = false): Promise<RealRun> => {
    const addresses = servers.slice(0, count).map(({ address }) => address)
    runs += 1
    return replayOn(new LockAdapter(new RedisLock(addresses, { level: 'as tested', root: `run${runs}:`, isFenced })), scenario)
  }

  it.each(plans)('one server: a holder acts after the next one has (%s)', { repeats }, async (_, scenario) => {
    expect(await run(scenario, 1)).toMatchObject({
      verdict: 'reproduced',
      reason: expect.stringMatching(/^fenced-lock violated: .* as holder 2, then for client \d as holder 1$/),
    })
  })

  it.each(plans)('a majority of five servers does not help (%s)', { repeats }, async (_, scenario) => {
    expect(await run(scenario, 5)).toMatchObject({ verdict: 'reproduced' })
  })

  it.each(plans)('a resource that checks tokens refuses the former holder (%s)', { repeats }, async (_, scenario) => {
    expect(await run(scenario, 1, true)).toMatchObject({
      verdict: 'prevented',
      reason: expect.stringContaining('error FENCED: token 1 is older than 2'),
    })
  })

  it('without the end of the lease, the lock keeps the second client out', { repeats }, async () => {
    for (const count of [1, 5] as const) {
      const [, scenario] = plans[0] as (typeof plans)[number]
      const steps = scenario.steps.filter(({ step }) => step.kind !== 'expire')
      expect(await run({ ...scenario, steps }, count)).toMatchObject({
        verdict: 'prevented',
        reason: 'client 1: acquire the lock: another client holds it',
      })
    }
  })

  describe('a client that is late with its release', () => {
    const step = (real: RealStep, value: number | null = null): PlannedStep => {
      const text = real.kind === 'operation' ? `${real.actor}: ${real.operation}` : real.kind
      return { step: real, text, of: 0, allowed: [{ kind: 'ok', value }], refusals: [{ kind: 'ok' }], showsNull: true }
    }
    const operation = (actor: string, name: LockOperation, value: number | null = null): PlannedStep => {
      const planned = step({ kind: 'operation', actor, operation: name, argument: null }, value)
      return name === 'use' ? { ...planned, allowed: [{ kind: 'ok' }] } : planned
    }
    /** The model has no such mistake, so this is no trace of it. */
    const lateRelease = (release: PlannedStep): Scenario => ({
      ...(plans[0]?.[1] as Scenario),
      name: 'a late release',
      steps: [
        operation('A', 'acquire', 1),
        step({ kind: 'expire', what: 'lock' }),
        operation('B', 'acquire', 2),
        release,
        step({ kind: 'pause', node: 'B' }),
        operation('C', 'acquire', 3),
        operation('C', 'use'),
        step({ kind: 'resume', node: 'B' }),
        operation('B', 'use'),
      ],
    })

    it.each([1, 5] as const)('takes the lock from the next one if it deletes it (%i servers)', { repeats }, async (count) => {
      expect(await run(lateRelease(operation('A', 'delete')), count)).toMatchObject({
        verdict: 'reproduced',
        reason: expect.stringContaining('for C as holder 3, then for B as holder 2'),
      })
    })

    it.each([1, 5] as const)('does not if it deletes only its own (%i servers)', { repeats }, async (count) => {
      expect(await run(lateRelease(operation('A', 'release', 0)), count)).toMatchObject({
        verdict: 'prevented',
        reason: 'C: acquire: null',
      })
    })
  })

  it('leaves no keys behind', async () => {
    for (const { address } of servers) {
      const connection = await RedisConnection.open(address)
      expect(await connection.ask('DBSIZE')).toBe(0)
      connection.close()
    }
  })
})
