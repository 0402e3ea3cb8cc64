import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check, type Model, type ProgramOptions, type Violation } from '../checker/index.ts'
import type { TraceDocument } from './format.ts'
import { minimize, minimizing, minimizingResult } from './minimize.ts'
import { replay } from './replay.ts'
import { counters, election } from './testing/models.ts'
import { pathOf, walkTo } from './testing/paths.ts'
import { randomModel } from './testing/random-model.ts'

/** Whether a trace runs and ends in the claim: the definition, without any of the cleverness. */
function shows(model: Model, trace: TraceDocument): boolean {
  try {
    return replay(model, trace).finding !== null
  } catch {
    return false
  }
}

function expectMinimal(model: Model, trace: TraceDocument): void {
  expect(shows(model, trace)).toBe(true)
  for (const i of trace.steps.keys())
    expect(shows(model, { ...trace, steps: trace.steps.toSpliced(i, 1) }), `step ${i + 1} can go`).toBe(false)
}

/** Minimizes random walks to violations, and holds each against the definition. */
function minimizesWalks(model: Model, options: ProgramOptions & { readonly property: string }, numRuns: number): void {
  let minimized = 0
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
      const trace = walkTo(model, options, seed)
      if (trace === null) return
      minimized++
      const minimal = minimize(model, trace)
      expect(minimal.steps.length).toBeLessThanOrEqual(trace.steps.length)
      expect(minimal).toMatchObject({
        property: trace.property,
        kind: trace.kind,
        seed: trace.seed,
        constants: trace.constants,
        initial: trace.initial,
      })
      expect(minimal.part).toBe(replay(model, trace).finding?.part)
      expectMinimal(model, minimal)
    }),
    // Always the same walks: how many of them find a violation is part of what is tested.
    { numRuns, seed: 2026 },
  )
  expect(minimized, 'enough walks find a violation').toBeGreaterThan(numRuns / 6)
}

describe('a minimized counterexample', () => {
  it('is 1-minimal, through a network with faults', () => {
    const faults = { drops: 3, duplicates: 10, partitions: 3 }
    minimizesWalks(election, { constants: { ...faults, nodes: 3 }, bugs: ['votes-twice'], property: 'oneLeader' }, 12)
    minimizesWalks(election, { constants: { ...faults, order: 'fifo' }, bugs: ['votes-twice'], property: 'oneLeader' }, 12)
  })

  it('is 1-minimal for a property of parts, and of steps', () => {
    minimizesWalks(counters, { property: 'goals' }, 25)
    minimizesWalks(counters, { property: 'slowly' }, 25)
  })

  it('is 1-minimal in random models', () => {
    fc.assert(
      fc.property(randomModel, fc.integer({ min: 1, max: 1e6 }), (model, seed) => {
        const trace = walkTo(model, { property: 'avoided' }, seed, 60)
        if (trace !== null) expectMinimal(model, minimize(model, trace))
      }),
      { numRuns: 150 },
    )
  })

  it('ends in the part that failed first, not in another one', () => {
    const trace = pathOf(counters, { property: 'goals' }, [
      ['raise', 0],
      ['raise', 1],
      ['look', 2],
      ['raise', 1],
      ['raise', 0],
      ['raise', 1],
    ])
    const minimal = minimize(counters, trace)
    expect(minimal.steps.map(({ args }) => args)).toEqual([[1], [1], [1]])
    expect(minimal).toMatchObject({ part: 'others', message: 'others: another counter is there' })
  })

  it('ends at the first violation on the way, even in the initial state', () => {
    const steps: [string, number][] = [
      ['raise', 0],
      ['raise', 0],
      ['raise', 0],
    ]
    const trace = pathOf(counters, { property: 'goals', constants: { goal: 3 } }, [...steps, ['look', 1], ['raise', 1]])
    expect(minimize(counters, trace).steps).toHaveLength(3)
    expect(minimize(counters, pathOf(counters, { property: 'goals', constants: { goal: 0 } }, [['look', 1]])).steps).toHaveLength(0)
  })

  it('takes a walk of hundreds of steps in its stride', () => {
    const walks = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) =>
      walkTo(
        election,
        { constants: { nodes: 5, duplicates: 100, partitions: 20 }, bugs: ['votes-twice'], property: 'oneLeader' },
        seed,
        1000,
      ),
    )
    const longest = walks.reduce((a, b) => ((b?.steps.length ?? 0) > (a?.steps.length ?? 0) ? b : a)) as TraceDocument
    expect(longest.steps.length).toBeGreaterThan(100)
    const started = performance.now()
    const minimal = minimize(election, longest)
    expect(minimal.steps.length).toBeLessThan(20)
    expect(performance.now() - started).toBeLessThan(10_000)
    expectMinimal(election, minimal)
  })
})

describe('minimizing', () => {
  it('is of no use where the trace does not show what it claims', () => {
    const trace = pathOf(election, { property: 'oneLeader' }, [['timeout', 0]])
    expect(() => minimize(election, trace)).toThrow('the trace does not end in what it claims, oneLeader; there is nothing to minimize')
  })

  it('returns a shorter counterexample where it is stopped early', () => {
    const { trace } = check(election, { constants: { duplicates: 20 }, bugs: ['votes-twice'], strategy: 'random' })
      .violations[0] as Violation
    const run = minimizing(election, trace)
    run.next()
    const stopped = run.next('stop')
    expect(stopped.done && shows(election, stopped.value)).toBe(true)
  })

  it('shortens every counterexample of a check, and says the same of them everywhere', () => {
    const result = check(election, { bugs: ['votes-twice'], strategy: 'random', maxViolations: 3 })
    const run = minimizingResult(election, result)
    let next = run.next()
    while (!next.done) next = run.next()
    const { violations, properties } = next.value
    expect(violations).toHaveLength(3)
    for (const { trace, depth, message } of violations) {
      expectMinimal(election, trace)
      expect(depth).toBe(trace.steps.length + 1)
      expect(message).toBe(trace.message)
    }
    expect(properties['oneLeader']).toMatchObject({ verdict: 'violated', trace: violations[0]?.trace, depth: violations[0]?.depth })
    expect(properties['elected']).toEqual(result.properties['elected'])
  })
})
