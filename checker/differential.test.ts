/**
 * The engine against the reference explorer, on random models that use the whole language. A failure prints the smallest
 * model found, ready to be pasted into a file, with fast-check's seed.
 *
 * FUZZ_SEED=7 FUZZ_RUNS=5000 npx vitest run checker/differential.test.ts   looks further.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check } from './check.ts'
import { isUserError } from './errors.ts'
import { canonicalKey } from './language/json.ts'
import { defineModel, type Model } from './language/model.ts'
import { type Program, program } from './language/program.ts'
import { cell } from './language/slots.ts'
import type { CheckOptions, CheckResult, PropertyResult } from './result.ts'
import { type Finding, type State, simulation } from './simulation.ts'
import { observing } from './testing/observed-states.ts'
import { pinnedModels } from './testing/pinned-models.ts'
import { randomModel } from './testing/random-model.ts'
import { type ReferenceResult, referenceExplore } from './testing/reference.ts'
import { replay } from './testing/replay.ts'
import { wideModel } from './testing/wide-model.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? 2026)
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 100)

/** Larger random models are passed over: the reference explorer takes too long. */
const statesMax = 150
/** A search that the engine should finish; the limit only stops one that has gone wrong. */
const wholeSpace: CheckOptions = { maxViolations: Number.POSITIVE_INFINITY, maxStates: 10 * statesMax }

describe('on random models', () => {
  it('bfs finds as many states, levels, successors, ends and enabled actions as the reference explorer', () => {
    everyModel(({ model, reference }) => {
      const { distinct, generated, depth, levels, terminal, outside, actions } = check(model, wholeSpace)
      expect({ distinct, generated, depth, levels, terminal, outside, actions }).toEqual(countsOf(reference))
    }, 2 * numRuns)
  })

  it('bfs visits exactly the states that the reference explorer visits', () => {
    everyModel(({ model, reference }) => {
      const seen = new Set<string>()
      check(observing(model, seen), wholeSpace)
      expect(seen).toEqual(new Set(reference.states.keys()))
    })
  })

  it('bfs judges each property as the reference explorer does, at the same level', () => {
    everyModel(({ model, program: p, reference }) => {
      const result = check(model, wholeSpace)
      const judged = Object.entries(result.properties).map(([name, { verdict, depth }]) => [name, { verdict, depth }])
      expect(Object.fromEntries(judged)).toEqual(verdictsOf(p, reference))
      const verdicts = Object.values(result.properties).map(({ verdict }) => verdict)
      expect(result.verdict).toBe(verdicts.includes('violated') ? 'violated' : 'holds')
    })
  })

  it('bfs reports every violating state and step of every property', () => {
    everyModel(({ model, program: p, reference }) => {
      const plain = simulation(p)
      const expected = [...reference.states.values()].flatMap((state) => [
        ...plain.judge(state).filter(({ kind }) => kind !== 'sometimes'),
        ...plain.transitions(state).flatMap(({ after }) => (plain.inside(after) ? plain.judgeStep(state, after) : [])),
      ])
      const said = (all: readonly Pick<Finding, 'property' | 'part' | 'message'>[]) =>
        all.map(({ property, part, message }) => `${property} ${part} ${message}`).sort()
      expect(said(check(model, wholeSpace).violations)).toEqual(said(expected))
    })
  })

  it('the counterexamples and witnesses of bfs replay, and none is shorter', () => {
    everyModel(({ model, program: p, reference }) => {
      const levels = levelsOf(reference)
      for (const states of expectReplays(p, check(model, wholeSpace))) {
        // The last state may have been known: a step property looks at how it was reached.
        for (const [i, state] of states.slice(0, -1).entries()) expect(levels.get(canonicalKey(state))).toBe(i + 1)
      }
    })
  })

  it('dfs explores what bfs explores, and its counterexamples and witnesses replay', () => {
    everyModel(({ model, program: p, reference }) => {
      const result = check(model, { ...wholeSpace, strategy: 'dfs' })
      const { distinct, generated, terminal, outside, actions } = result
      const { depth: _depth, levels: _levels, ...counts } = countsOf(reference)
      expect({ distinct, generated, terminal, outside, actions }).toEqual(counts)
      expect(verdicts(result)).toEqual(mapValues(verdictsOf(p, reference), ({ verdict }) => verdict))
      expectReplays(p, result)
    })
  })

  it('remembering outcomes and checking purity change nothing', () => {
    everyModel(({ model }) => {
      const result = exploredBy(check(model, wholeSpace))
      for (const options of [{ memoize: false }, { checkPurity: false }, { memoize: false, checkPurity: false }]) {
        expect(exploredBy(check(model, { ...wholeSpace, ...options }))).toEqual(result)
      }
    }, numRuns / 2)
  })

  it('a check gives the same result each time', () => {
    const options = fc.record({
      strategy: fc.constantFrom('bfs', 'dfs', 'random', 'pct'),
      seed: fc.integer(),
      walks: fc.constant(20),
      maxDepth: fc.constant(15),
    })
    everyModel(({ model }) => {
      for (const each of fc.sample(options, { numRuns: 2, seed }))
        expect(timeless(check(model, each))).toEqual(timeless(check(model, each)))
    })
  })

  it('with a depth limit, bfs and dfs see the first levels and nothing else', () => {
    everyModel(({ model, reference }) => {
      for (const maxDepth of [0, 1, 3]) {
        const bfs = check(model, { ...wholeSpace, maxDepth })
        const dfs = check(model, { ...wholeSpace, strategy: 'dfs', maxDepth })
        expect(bfs.levels).toEqual(reference.levels.slice(0, maxDepth + 1))
        expect(dfs.distinct).toBe(bfs.distinct)
        if (reference.levels.length > maxDepth + 1) expect([bfs.limit, dfs.limit]).toEqual(['depth', 'depth'])
      }
    })
  })

  it('a limit on states ends in no verdict that holds, and says so', () => {
    everyModel(({ model, reference }) => {
      fc.pre(reference.distinct > 2)
      for (const strategy of ['bfs', 'dfs'] as const) {
        const result = check(model, { ...wholeSpace, strategy, maxStates: Math.floor(reference.distinct / 2) })
        expect(result.limit).toBe('states')
        expect(result.verdict).toBe(result.violations.length > 0 ? 'violated' : 'inconclusive')
        for (const { kind, verdict } of Object.values(result.properties)) expect(verdict === 'holds' && kind !== 'sometimes').toBe(false)
      }
    })
  })

  it.each(['random', 'pct'] as const)('%s walks stay inside the space, their traces replay, and they prove nothing', (strategy) => {
    everyModel(({ model, program: p, reference }) => {
      fc.pre(reference.distinct > 0)
      const options = { ...wholeSpace, strategy, walks: 25, maxDepth: 20 } as const
      for (const walkSeed of [1, 2]) {
        const result = check(model, { ...options, seed: walkSeed })
        expect(result.verdict).not.toBe('holds')
        expect(result.distinct).toBeLessThanOrEqual(reference.distinct)
        for (const [name, { kind, verdict }] of Object.entries(result.properties)) {
          expect(['violated', 'holds'].includes(verdict) ? name in reference.found : true).toBe(true)
          if (kind === 'always' || kind === 'step') expect(verdict).not.toBe('holds')
        }
        expectReplays(p, result)
      }
    })
  })
})

describe('on models that are easily got wrong', () => {
  it.each(Object.entries(pinnedModels))('the engine agrees with the reference explorer where the model %s', (_does, model) => {
    const p = program(model)
    const reference = referenceExplore(p)
    const seen = new Set<string>()
    check(observing(model, seen), wholeSpace)
    expect(seen).toEqual(new Set(reference.states.keys()))
    const { depth: _depth, levels: _levels, ...counts } = countsOf(reference)
    for (const strategy of ['bfs', 'dfs'] as const) {
      const result = check(model, { ...wholeSpace, strategy })
      const { distinct, generated, terminal, outside, actions } = result
      expect({ distinct, generated, terminal, outside, actions }).toEqual(counts)
      expect(verdicts(result)).toEqual(mapValues(verdictsOf(p, reference), ({ verdict }) => verdict))
      expectReplays(p, result)
    }
  })
})

describe('equal values', () => {
  it('have their keys in one order: a verdict does not depend on the order in which a model writes keys', () => {
    expect(check(keyOrder(['x', 'y'])).verdict).toBe(check(keyOrder(['y', 'x'])).verdict)
  })
})

/** A model that fills a record with two keys in either order, trying the given one first, and claims that `y` never comes first. */
function keyOrder(first: readonly string[]): Model {
  return defineModel({
    name: 'key-order',
    about: '',
    state: () => ({ record: cell<Record<string, number>>({}) }),
    actions: (on) => ({
      fill: on.action({
        over: () => [first, [...first].reverse()],
        when: (s) => Object.keys(s.record).length === 0,
        then: (s, keys) => {
          s.record = Object.fromEntries(keys.map((key) => [key, 0]))
        },
      }),
    }),
    properties: (on) => ({ xFirst: on.always('x comes first', (s) => Object.keys(s.record)[0] !== 'y') }),
  })
}

describe('on a model that reads too much to be worth remembering', () => {
  const p = program(wideModel)
  const reference = referenceExplore(p)
  const wide = { ...wholeSpace, maxStates: Number.POSITIVE_INFINITY }

  it.each(['bfs', 'dfs'] as const)('%s counts what the reference explorer counts', (strategy) => {
    const { distinct, generated, terminal, outside, actions } = check(wideModel, { ...wide, strategy, properties: ['full', 'falls'] })
    const { depth: _depth, levels: _levels, ...counts } = countsOf(reference)
    expect({ distinct, generated, terminal, outside, actions }).toEqual(counts)
  })

  it('bfs visits the same states', () => {
    const seen = new Set<string>()
    check(observing(wideModel, seen), wide)
    expect(seen).toEqual(new Set(reference.states.keys()))
  })

  it('bfs judges as the reference explorer does, and its counterexamples replay', () => {
    for (const [name, { depth, message }] of Object.entries(reference.found)) {
      const result = check(wideModel, { properties: [name] })
      expect(result.properties[name]).toMatchObject({ depth, message })
      expectReplays(p, result)
    }
  })
})

interface Explored {
  readonly model: Model
  readonly program: Program
  readonly reference: ReferenceResult
}

/** Runs a test on random models; one whose own code fails must make the engine fail in the same way. */
function everyModel(test: (explored: Explored) => void, runs: number = numRuns): void {
  const property = fc.property(randomModel, ({ source, model }) => {
    const p = program(model)
    const reference = explored(source, p)
    if (typeof reference === 'string') {
      expect(attempt(() => check(model, wholeSpace))).toBe(reference)
      return
    }
    fc.pre(reference.complete)
    test({ model, program: p, reference })
  })
  fc.assert(property, { seed, numRuns: runs })
}

/** The tests draw the same models, which the slow explorer then visits once. */
const known = new Map<string, ReferenceResult | string>()

function explored(source: string, p: Program): ReferenceResult | string {
  const found = known.get(source) ?? attempt(() => referenceExplore(p, statesMax))
  known.set(source, found)
  return found
}

/** The result, or the code of the error. */
function attempt<T>(run: () => T): T | string {
  try {
    return run()
  } catch (error) {
    if (isUserError(error)) return error.code
    throw error
  }
}

function countsOf(
  reference: ReferenceResult,
): Pick<ReferenceResult, 'distinct' | 'generated' | 'depth' | 'levels' | 'terminal' | 'outside' | 'actions'> {
  const { distinct, generated, depth, levels, terminal, outside, actions } = reference
  return { distinct, generated, depth, levels, terminal, outside, actions }
}

function verdictsOf(p: Program, { found }: ReferenceResult): Record<string, Pick<PropertyResult, 'verdict' | 'depth'>> {
  const kinds = [...p.properties].map(([name, { kind }]) => [name, kind] as const)
  return Object.fromEntries(
    [...kinds, ...(p.done ? [['noDeadlock', 'deadlock'] as const] : [])].map(([name, kind]) => {
      const depth = found[name]?.depth ?? null
      return [name, { verdict: (kind === 'sometimes') === (depth !== null) ? 'holds' : 'violated', depth }]
    }),
  )
}

function verdicts({ properties }: CheckResult): Record<string, string> {
  return mapValues(properties, ({ verdict }) => verdict)
}

/** Every trace is a path of the model that is as long as it says and shows at its end what it says. */
function expectReplays(p: Program, result: CheckResult): readonly (readonly State[])[] {
  const judged = Object.values(result.properties).flatMap(({ trace, depth, message, part }) =>
    trace ? [{ trace, depth, message, part }] : [],
  )
  return [...judged, ...result.violations].map(({ trace, depth, message, part }) => {
    expect(trace.steps.length + 1).toBe(depth)
    expect(trace.message).toBe(part === null ? message : `${part}: ${message}`)
    const { states, findings } = replay(p, trace)
    expect(findings).toContainEqual({ property: trace.property, kind: trace.kind, part, message })
    return states
  })
}

/** The level that the reference explorer found each state in. */
function levelsOf({ states, levels }: ReferenceResult): ReadonlyMap<string, number> {
  const level = levels.flatMap((size, i) => Array.from({ length: size }, () => i + 1))
  return new Map([...states.keys()].map((key, i) => [key, level[i] as number]))
}

/** What a result says of the model, without what it says of the run. */
function exploredBy(result: CheckResult): object {
  const { seconds: _s, statesPerSecond: _r, bytesPerState: _b, stateBytes: _t, memoBytes: _m, modelRuns: _u, ...rest } = result
  return rest
}

function timeless({ seconds: _s, statesPerSecond: _r, ...rest }: CheckResult): object {
  return rest
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, f: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]))
}
