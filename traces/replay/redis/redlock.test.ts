/** Two clients that each count on a majority of real Redis servers, from the traces of the election in a cell; and what keeps it from happening. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check, type Instance, isUserError } from '../../../checker/index.ts'
import { chubbyCell } from '../../../models/index.ts'
import { replay } from '../../replay.ts'
import { electionPlan } from '../locks/election-plan.ts'
import { type RealRun, replayOn } from '../replayer.ts'
import type { Scenario } from '../scenario.ts'
import { Workplace } from '../servers/workplace.ts'
import { repeats } from '../testing/repeats.ts'
import { RedisServer, redisProgram, redisRemedy } from './redis-server.ts'
import { Redlock } from './redlock.ts'

const program = redisProgram()

/** The shortest trace with two masters. */
function planOf({ bugs = [], constants = {} }: Pick<Instance, 'bugs' | 'constants'>): Scenario {
  const { violations } = check(chubbyCell, { bugs, properties: ['oneMaster'], constants })
  const [violation] = violations
  if (violation === undefined) throw new Error('there is at most one master')
  return electionPlan(replay(chubbyCell, { ...violation.trace, part: violation.part }))
}

describe.skipIf(program === null)(`Redlock${program === null ? ` (${redisRemedy})` : ''}`, () => {
  let place: Workplace
  /** Those that forget, and those that write what they are told to a file before they answer. */
  let forgetful: readonly RedisServer[] = []
  let durable: readonly RedisServer[] = []
  let runs = 0

  beforeAll(async () => {
    place = new Workplace('redlock-test')
    const five = (settings: readonly string[]): Promise<readonly RedisServer[]> =>
      Promise.all(Array.from({ length: 5 }, () => RedisServer.start(place, program ?? '', settings)))
    forgetful = await five([])
    durable = await five(['--appendonly', 'yes', '--appendfsync', 'always'])
  })
  afterAll(() => place?.close())

  const run = (scenario: Scenario, servers: readonly RedisServer[]): Promise<RealRun> => {
    runs += 1
    return replayOn(new Redlock(servers.slice(0, scenario.nodes), { level: 'as tested', key: `run${runs}` }), scenario)
  }
  const both = { verdict: 'reproduced', reason: 'mutex violated: client 0 and client 1 hold the lock at once' }

  for (const replicas of [3, 5]) {
    const scenario = planOf({ bugs: ['promise-forgotten'], constants: { replicas } })

    it(`one of ${replicas} servers that forgets makes two majorities`, { repeats }, async () => {
      expect(await run(scenario, forgetful)).toMatchObject(both)
    })

    it(`one of ${replicas} servers that crashes and has kept its keys does not`, { repeats }, async () => {
      expect(await run(scenario, durable)).toMatchObject({ verdict: 'prevented', reason: 'client 1: asks server 2: refused' })
    })

    it(`without the crash, there is one majority of ${replicas}`, { repeats }, async () => {
      const steps = scenario.steps.filter(({ step }) => step.kind !== 'crash' && step.kind !== 'restart')
      expect(await run({ ...scenario, steps }, forgetful)).toMatchObject({
        verdict: 'prevented',
        reason: 'client 1: asks server 2: refused',
      })
    })
  }

  const drifting = planOf(
    chubbyCell.instances?.find(({ expect: expected, bugs = [] }) => expected === 'oneMaster' && bugs.length === 0) ?? {},
  )

  it('the lease ends early at a server whose clock is further ahead than clients reckon with, files or not', { repeats }, async () => {
    expect(await run(drifting, forgetful)).toMatchObject(both)
    expect(await run(drifting, durable)).toMatchObject(both)
  })

  const late = planOf({ bugs: ['lease-from-receipt'] })

  it('a client that counts its lease from the answer holds it too long', { repeats }, async () => {
    expect(await run(late, forgetful)).toMatchObject(both)
  })

  it('refuses a trace whose candidate crashes, and other properties', () => {
    const { violations } = check(chubbyCell, { bugs: ['promise-forgotten'], properties: ['oneMaster'], constants: { candidates: 3 } })
    const [violation] = violations
    if (violation === undefined) throw new Error('there is at most one master')
    const replayed = replay(chubbyCell, { ...violation.trace, part: violation.part })
    const refused = (plan: () => unknown): string => {
      try {
        plan()
      } catch (error) {
        if (isUserError(error)) return error.message
      }
      return ''
    }
    const other = { ...replayed, trace: { ...replayed.trace, property: 'elected' } }
    expect(refused(() => electionPlan(other))).toMatch('traces that violate oneMaster can be replayed')
    const crash = replayed.trace.steps.find(({ action }) => action === 'crash')
    const crashed = { ...replayed, trace: { ...replayed.trace, constants: { ...replayed.trace.constants, candidates: 3 } } }
    expect(crash).toBeDefined()
    expect(refused(() => electionPlan(crashed))).toMatch('crashes, which is a candidate, too')
  })
})
