/**
 * Quorums over real Redis servers: what the tables of the model dynamo say of reads and writes happens there, and each remedy prevents it.
 * And whatever walk the model takes at random, the servers under our coordinator take it, too.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check, program, type State, type Step, simulation } from '../../../checker/index.ts'
import { dynamo } from '../../../models/index.ts'
import { type Replay, replay } from '../../replay.ts'
import { quorumPlan } from '../quorum/quorum-plan.ts'
import { type RealRun, replayOn } from '../replayer.ts'
import { Workplace } from '../servers/workplace.ts'
import { repeats } from '../testing/repeats.ts'
import { RedisQuorum } from './redis-quorum.ts'
import { durableSettings, quorumOptions, redisQuorumTarget } from './redis-quorum-target.ts'
import { RedisConnection, RedisServer, redisProgram, redisRemedy } from './redis-server.ts'

type Constants = Readonly<Record<string, number | boolean | string>>

const two = { nodes: 2, N: 2, R: 1, W: 2 }
const skewed = { ...two, writes: 2, readers: 0, skew: 2, judge: 'durability' }
const sloppy = { nodes: 4, quorum: 'sloppy', crashes: 1 }

/** By what happens, the property that it breaks and the constants of the model. */
const scenarios: Readonly<Record<string, readonly [property: string, constants: Constants]>> = {
  'stale read, R + W <= N': ['freshReads', { R: 1, W: 2, judge: 'freshness' }],
  'new, then old, R + W > N': ['linearizable', { reads: 2 }],
  'new, then old, by one client': ['monotonicReads', { reads: 2, judge: 'sessions' }],
  'later write lost, clocks apart': ['durability', skewed],
  'own write not read, clocks apart': ['readYourWrites', { ...two, skew: 2, writes: 3, context: true, readers: 0, judge: 'sessions' }],
  'stale read, disjoint sloppy quorums': ['freshReads', { ...sloppy, judge: 'freshness' }],
  'stale read, a node taken for failed': [
    'freshReads',
    { nodes: 2, N: 1, R: 1, W: 1, quorum: 'sloppy', suspicions: 1, judge: 'freshness' },
  ],
}

/** What each level makes of it: ✗ is reproduced. */
const measured: Readonly<Record<string, string>> = {
  'stale read, R + W <= N': '✗ | waits | ✗ | ✗ | ✗',
  'new, then old, R + W > N': '✗ | ✗ | newer | ✗ | ✗',
  'new, then old, by one client': '✗ | ✗ | newer | ✗ | ✗',
  'later write lost, clocks apart': '✗ | ✗ | ✗ | newer | ✗',
  'own write not read, clocks apart': '✗ | ✗ | ✗ | newer | ✗',
  'stale read, disjoint sloppy quorums': '✗ | ✗ | ✗ | ✗ | refused',
  'stale read, a node taken for failed': '✗ | ✗ | ✗ | ✗ | refused',
}

describe.skipIf(redisProgram() === null)(`quorums over Redis servers${redisProgram() === null ? ` (${redisRemedy})` : ''}`, () => {
  let place: Workplace
  let servers: readonly RedisServer[] = []
  let runs = 0

  beforeAll(async () => {
    place = new Workplace('redis-quorum-test')
    servers = await Promise.all(Array.from({ length: 4 }, () => RedisServer.start(place, redisProgram() ?? '', durableSettings)))
  })
  afterAll(() => place?.close())

  const run = async (replayed: Replay, level = 'as in the trace'): Promise<RealRun> => {
    const scenario = quorumPlan(replayed)
    runs += 1
    const adapter = new RedisQuorum(servers.slice(0, scenario.nodes), quorumOptions(replayed, level, `run${runs}`))
    const found = await replayOn(adapter, scenario)
    // A trace may end while a server is down.
    for (const server of servers) if (!(await answers(server))) await server.restart()
    return found
  }

  it.each(Object.keys(scenarios))('%s: on the servers, too, but not with the remedy', { repeats }, async (name) => {
    const [property, constants] = scenarios[name] as readonly [string, Constants]
    const [violation] = check(dynamo, { constants, properties: [property] }).violations
    if (violation === undefined) throw new Error('not violated')
    const replayed = replay(dynamo, { ...violation.trace, part: violation.part })
    const cells: string[] = []
    for (const level of redisQuorumTarget.levels) cells.push(cellOf(await run(replayed, level)))
    expect(cells.join(' | ')).toBe(measured[name])
  })

  const walksOfEach = 4
  const walked = { writers: 2, writes: 2, readers: 1, reads: 2 }
  const walks: Readonly<Record<string, Constants>> = {
    'no repair': walked,
    'repair after reads': { ...walked, readRepair: 'async', skew: 1 },
    'repair before reads return': { ...walked, readRepair: 'sync' },
    'timestamps after the newest': { ...walked, ...two, stamps: 'query', readRepair: 'sync' },
    'crashes with sloppy quorums': { ...walked, ...sloppy, crashes: 2, drops: 1 },
    'crashes with strict quorums': { ...walked, crashes: 2, readRepair: 'sync', drops: 1 },
    'suspicions with sloppy quorums': { ...walked, nodes: 3, N: 2, R: 1, W: 2, quorum: 'sloppy', suspicions: 2, readRepair: 'async' },
  }

  it.each(Object.keys(walks))('take the walks of the model: %s', async (name) => {
    for (let seed = 1; seed <= walksOfEach; seed += 1) {
      const found = await run(walk(walks[name] ?? {}, seed))
      const last = found.steps.at(-1)
      expect(`${seed}: ${found.reason} ${last?.isAllowed ? '' : JSON.stringify(last)}`).toMatch(
        /: (every step is as in the model|linearizable violated)/,
      )
    }
  })

  it.each([
    [{ bugs: ['last-message-wins'] }, 'last-message-wins would be a mistake of nodes'],
    [{ property: 'convergence' }, 'this one violates convergence'],
    [{ constants: { versions: 'vector', keys: 1, tokens: 1, deletes: false } }, 'this one has versions=vector'],
  ])('refuse a trace with %j', (changed, why) => {
    const replayed = walk({}, 1)
    expect(() => quorumPlan({ ...replayed, trace: { ...replayed.trace, ...changed } })).toThrow(why)
  })
})

function cellOf({ verdict, steps }: RealRun): string {
  if (verdict !== 'prevented') return verdict === 'reproduced' ? '✗' : verdict
  const last = steps.at(-1)?.outcome.kind
  return last === 'blocked' ? 'waits' : last === 'error' ? 'refused' : 'newer'
}

async function answers({ address }: RedisServer): Promise<boolean> {
  const connection = await RedisConnection.open(address).catch(() => null)
  connection?.close()
  return connection !== null
}

/** Steps at random, as a trace that is said to break linearizability. */
function walk(constants: Constants, seed: number): Replay {
  const instance = program(dynamo, { constants, properties: ['linearizable'] })
  const sim = simulation(instance)
  const random = numbers(seed)
  const starts = sim.initialStates()
  const states: State[] = [starts[random(starts.length)] as State]
  const transitions: Replay['transitions'][number][] = []
  while (transitions.length < 30) {
    const next = sim.transitions(states.at(-1) as State)
    const taken = next[random(next.length)]
    if (taken === undefined) break
    transitions.push(taken)
    states.push(taken.after)
  }
  const steps: readonly Step[] = transitions.map(({ action, args, process }) => ({ action, args, process }))
  const [property, kind] = ['linearizable', 'always'] as const
  const initial = sim.record(states[0] as State)
  const head = {
    schema: 1,
    model: 'dynamo',
    constants: instance.constants,
    bugs: [],
    strategy: 'random',
    seed,
    message: '',
    part: null,
  } as const
  return { trace: { ...head, property, kind, initial, steps }, program: instance, simulation: sim, states, transitions, finding: null }
}

/** A linear congruential generator (Numerical Recipes). */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
