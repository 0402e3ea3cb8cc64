/** The models of registers: the monitor in the model and the oracle outside say the same of what clients saw. */
import { describe, expect, it } from 'vitest'
import { type CheckResult, check, type Model, program, type State, type Strategy, simulation } from '../../checker/index.ts'
import { type LevelName, register, type Spec, verify } from '../../properties/index.ts'
import { historyAlong } from '../testing/history-along.ts'
import { abdRegister } from './abd.ts'
import { cachedRegister } from './cached.ts'
import { growOnlyCounter } from './grow-only-counter.ts'
import { lastWriterWinsRegister } from './last-writer-wins.ts'
import { primaryBackupRegister } from './primary-backup.ts'
import { singleCopyRegister } from './single-copy.ts'

interface Watched {
  readonly model: Model
  readonly spec: Spec
  /** The levels that the properties of these names promise. */
  readonly levels: Readonly<Record<string, LevelName>>
}

const watched: readonly Watched[] = [
  { model: singleCopyRegister, spec: register as Spec, levels: { linearizable: 'linearizable' } },
  { model: abdRegister, spec: register as Spec, levels: { linearizable: 'linearizable' } },
  { model: cachedRegister, spec: register as Spec, levels: { linearizable: 'linearizable' } },
  {
    model: primaryBackupRegister,
    spec: register as Spec,
    levels: { readYourWrites: 'read-your-writes', monotonicReads: 'monotonic-reads', sequential: 'sequential' },
  },
]

describe.each(watched.map((one) => ({ ...one, name: one.model.name })))('$name', ({ model, spec, levels }) => {
  const bugs = Object.keys(model.bugs).filter((bug) => (model.bugs[bug]?.violates ?? '') in levels)

  it.each(bugs)('with %s shows its clients what the oracle refuses, in every strategy', (bug) => {
    for (const strategy of ['bfs', 'dfs', 'random', 'pct'] as const) {
      const { violations } = found(model, bug, strategy)
      const property = violations[0]?.property ?? 'nothing'
      if (strategy === 'bfs') expect(property).toBe(model.bugs[bug]?.violates)
      const events = historyAlong(program(model, { bugs: [bug] }), violations[0]?.trace.steps ?? [], 'ops')
      const level = levels[property] as LevelName
      expect(verify(events, spec, { level }).verdict, strategy).toBe('violated')
      if (strategy === 'bfs') expect(verify(events.slice(0, -1), spec, { level }).verdict).toBe('holds')
    }
  })

  it.each([null, ...bugs])('has on random walks (bug: %s) the verdict of the oracle', (bug) => {
    const filled = program(model, { bugs: bug === null ? [] : [bug] })
    const run = simulation(filled)
    const verdicts = { holds: 0, violated: 0 }
    for (let seed = 1; seed <= 25; seed++) {
      const { states, steps } = walk(run, seed)
      const violated = new Set(run.judge(states.at(-1) ?? []).flatMap(({ property, kind }) => (kind === 'always' ? [property] : [])))
      const events = historyAlong(filled, steps, 'ops')
      for (const [property, level] of Object.entries(levels)) {
        const expected = verify(events, spec, { level }).verdict
        expect(violated.has(property) ? 'violated' : 'holds').toBe(expected)
        verdicts[expected as 'holds']++
      }
    }
    if (bug === null) expect(verdicts.violated).toBe(0)
    expect(verdicts.holds).toBeGreaterThan(0)
  })
})

describe.each([lastWriterWinsRegister, growOnlyCounter].map((model) => ({ model, name: model.name })))('$name', ({ model }) => {
  it.each(Object.keys(model.bugs))('with %s is found out in every strategy, by a path on which the violation occurs', (bug) => {
    for (const strategy of ['bfs', 'dfs', 'random', 'pct'] as const) {
      const [violation] = found(model, bug, strategy).violations
      expect(violation?.property, strategy).toBeDefined()
      if (strategy === 'bfs') expect(violation?.property).toBe(model.bugs[bug]?.violates)
      const run = simulation(program(model, { bugs: [bug] }))
      let [state = []] = run.initialStates()
      for (const step of violation?.trace.steps ?? []) {
        const taken = run.take(state, step)
        state = 'after' in taken ? taken.after : []
      }
      expect(run.judge(state)).toContainEqual(expect.objectContaining({ property: violation?.property, message: violation?.message }))
    }
  })
})

describe.each([lastWriterWinsRegister, growOnlyCounter].map((model) => ({ model, name: model.name })))('$name', ({ model }) => {
  const small = { constants: { replicas: 2 } }

  it('is eventually consistent where messages and healing are not put off for ever', () => {
    for (const strategy of ['bfs', 'dfs'] as const) {
      expect(check(model, { ...small, strategy }).properties['eventualConsistency']?.verdict, strategy).toBe('holds')
    }
  })

  it('is not without fairness: a lasso shows replicas that differ for ever', () => {
    const { properties } = check(model, { ...small, fairness: false })
    expect(properties['eventualConsistency']?.verdict).toBe('violated')
    expect(properties['eventualConsistency']?.trace?.loop).toEqual(expect.any(Number))
  })

  it.each(['random', 'pct'] as const)('is not known to be so from walks (%s)', (strategy) => {
    const { properties } = check(model, { ...small, strategy, walks: 20, maxDepth: 40 })
    expect(properties['eventualConsistency']?.verdict).toBe('inconclusive')
  })
})

describe('local reads at backups', () => {
  it('are not linearizable, as a witness shows that the oracle refuses, too', () => {
    const { trace } = check(primaryBackupRegister).properties['staleRead'] ?? {}
    const events = historyAlong(program(primaryBackupRegister), trace?.steps ?? [], 'ops')
    expect(verify(events, register).verdict).toBe('violated')
    expect(verify(events, register, { level: 'sequential' }).verdict).toBe('holds')
  })

  it.each(['readYourWrites', 'monotonicReads', 'sequential'])('of clients that roam are not even %s', (property) => {
    // Two clients that read twice each: the bug itself takes less.
    const options = { bugs: ['roaming-clients'], constants: { clients: 2, reads: 2 }, properties: [property] }
    expect(check(primaryBackupRegister, options).violations[0]?.property).toBe(property)
  })
})

describe('a whole history in the state', () => {
  it.each([
    [singleCopyRegister, {}],
    [singleCopyRegister, { clients: 2, reads: 2 }],
    [abdRegister, { replicas: 2, writers: 1, readers: 1, reads: 2 }],
    [abdRegister, { replicas: 2, writers: 2, readers: 0 }],
  ])('gets the verdict of the monitor, with more states', (model, constants) => {
    const [monitored, whole] = ['monitor', 'full'].map((history) => check(model, { constants: { ...constants, history } }))
    expect(monitored?.verdict).toBe('holds')
    expect(whole?.verdict).toBe('holds')
    expect(whole?.distinct).toBeGreaterThan(monitored?.distinct ?? 0)
  })

  it.each([
    [singleCopyRegister, 'two-copies'],
    [abdRegister, 'read-without-record'],
    [abdRegister, 'half-is-a-majority'],
  ])('gets a counterexample as short as the monitor does', (model, bug) => {
    const [monitored, whole] = ['monitor', 'full'].map((history) => check(model, { constants: { history }, bugs: [bug] }))
    expect(whole?.violations[0]?.depth).toBe(monitored?.violations[0]?.depth)
    expect(whole?.violations[0]?.property).toBe(monitored?.violations[0]?.property)
  })
})

function found(model: Model, bug: string, strategy: Strategy): CheckResult {
  return check(model, { bugs: [bug], strategy, walks: 20_000, maxDepth: 60, maxStates: 2_000_000 })
}

/** A path by a generator of its own: 48 bits of linear congruence, as drand48. */
function walk(run: ReturnType<typeof simulation>, seed: number): { states: State[]; steps: { action: string; args: readonly never[] }[] } {
  let bits = BigInt(seed)
  const random = (below: number): number => {
    bits = (bits * 25214903917n + 11n) & ((1n << 48n) - 1n)
    return Number((bits >> 17n) % BigInt(below))
  }
  const states = run.initialStates().slice(0, 1)
  const steps: { action: string; args: readonly never[] }[] = []
  for (let i = 0; i < 3 + (seed % 40); i++) {
    const next = run.transitions(states.at(-1) ?? [])
    const taken = next[random(Math.max(1, next.length))]
    if (taken === undefined) break
    states.push(taken.after)
    steps.push({ action: taken.action, args: taken.args as never })
  }
  return { states, steps }
}
