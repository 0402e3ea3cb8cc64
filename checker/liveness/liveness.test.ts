/**
 * FUZZ_SEED=7 FUZZ_RUNS=5000 npx vitest run checker/liveness   looks further.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { judgeLasso } from '../judge-lasso.ts'
import { defineModel, type Model } from '../language/model.ts'
import { program } from '../language/program.ts'
import type { PropertyBuilder } from '../language/properties.ts'
import { anyOf, cell } from '../language/slots.ts'
import { type Simulation, type State, simulation } from '../simulation.ts'
import { brokenBy, type PlainSpace, plainSpace } from '../testing/liveness-by-definition.ts'
import { randomLivenessModel } from '../testing/random-model.ts'
import type { Trace } from '../trace.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? 2026)
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 120)

const statesMax = 9

/** A graph as text: per action its fairness and, per element of `each` and per state, where it leads. */
interface RandomGraph {
  readonly initial: readonly number[]
  readonly beyond: number
  readonly actions: readonly {
    readonly fair: '' | 'weak' | 'strong'
    readonly each: boolean
    readonly leads: readonly (readonly number[])[][]
  }[]
  /** Per liveness property, which states satisfy its parts. */
  readonly sets: readonly (readonly boolean[])[]
}

const size = 6
const state = fc.nat(size - 1)
const randomGraph: fc.Arbitrary<RandomGraph> = fc.record({
  initial: fc.uniqueArray(state, { minLength: 1, maxLength: 2 }),
  beyond: fc.oneof({ weight: 2, arbitrary: fc.constant(-1) }, state),
  actions: fc.array(
    fc.record({
      fair: fc.constantFrom('' as const, 'weak' as const, 'weak' as const, 'strong' as const, 'strong' as const),
      each: fc.boolean(),
      leads: fc.array(fc.array(fc.array(state, { maxLength: 2, size: 'max' }), { minLength: size, maxLength: size }), {
        minLength: 2,
        maxLength: 2,
      }),
    }),
    { minLength: 1, maxLength: 4, size: 'max' },
  ),
  sets: fc.array(fc.array(fc.boolean(), { minLength: size, maxLength: size }), { minLength: 5, maxLength: 5 }),
})

function graphModel({ initial, beyond, actions, sets }: RandomGraph): Model {
  return defineModel({
    name: 'graph',
    about: '',
    state: () => ({ at: cell(anyOf(initial)) }),
    boundary: (s) => s.at !== beyond || initial.includes(beyond),
    actions: (on) =>
      Object.fromEntries(
        actions.map(({ fair, each, leads }, i) => {
          const declared = fair === '' ? {} : { fair }
          const action = each
            ? on.action({
                ...declared,
                each: [0, 1],
                over: (s, e) => leads[e]?.[s.at] ?? [],
                then: (s, _e, x) => {
                  s.at = x
                },
              })
            : on.action({
                ...declared,
                over: (s) => leads[0]?.[s.at] ?? [],
                then: (s, x) => {
                  s.at = x
                },
              })
          return [`a${i}`, action]
        }),
      ),
    properties: (on) => livenessOf(on, (i) => (s) => sets[i]?.[s.at] === true),
  })
}

function livenessOf<L extends { at: ReturnType<typeof cell<number>> }>(
  on: PropertyBuilder<L>,
  test: (i: number) => (s: { readonly at: number }) => boolean,
): ReturnType<Model['spec']['properties']> {
  const of = test as (i: number) => Parameters<PropertyBuilder<L>['eventually']>[1]
  return {
    once: on.eventually('once', of(0)),
    answered: on.leadsTo('answered', of(1), of(2)),
    again: on.alwaysEventually('again', of(3)),
    stays: on.stabilizes('stays', of(4)),
  }
}

describe('on random graphs', () => {
  it('each verdict is that of brute force, with fairness and without, by bfs and by dfs', () => {
    let violated = 0
    let held = 0
    everyGraph((model) => {
      for (const fairness of [true, false]) {
        const space = spaceOf(model, fairness)
        for (const strategy of ['bfs', 'dfs'] as const) {
          const { properties } = check(model, { fairness, strategy })
          for (const [name, { verdict, trace }] of Object.entries(properties)) {
            const broken = brokenBy(space, name)
            expect(`${name} ${verdict}`).toBe(`${name} ${broken === null ? 'holds' : 'violated'}`)
            expect(trace?.loop ?? null).toBe(broken?.stem ?? null)
            if (broken === null) held++
            else violated++
          }
        }
      }
    })
    // Neither answer may be rare, or this would show little.
    expect(Math.min(violated, held) / (violated + held)).toBeGreaterThan(0.2)
  })

  it('each property that is broken is found to be by walks that meet all states, and no other is', () => {
    everyGraph((model) => {
      const space = spaceOf(model, true)
      for (const strategy of ['random', 'pct'] as const) {
        const { properties } = check(model, { strategy, walks: 64, maxDepth: 30, maxViolations: Number.POSITIVE_INFINITY })
        for (const [name, { verdict, trace }] of Object.entries(properties)) {
          const broken = brokenBy(space, name)
          // PCT walks may not meet all states, however many they are.
          if (broken === null || strategy === 'random') expect(`${name} ${verdict}`).toBe(`${name} ${broken ? 'violated' : 'inconclusive'}`)
          if (trace !== null) expectLasso(program(model), trace)
        }
      }
    })
  })

  it('each counterexample is a fair execution that comes back and breaks its property', () => {
    everyGraph((model) => {
      const { properties } = check(model)
      for (const { trace } of Object.values(properties)) if (trace !== null) expectLasso(program(model), trace)
    })
  })

  it('no lasso that is drawn at random and judged broken is of a property that holds', () => {
    let broken = 0
    fc.assert(
      fc.property(randomGraph, fc.infiniteStream(fc.nat(99)), (graph, choices) => {
        const model = graphModel(graph)
        const { properties } = check(model)
        const sim = simulation(program(model))
        for (let i = 0; i < 5; i++) {
          const run = randomLasso(sim, choices)
          for (const [name, { verdict }] of Object.entries(properties)) {
            if ('refused' in judgeLasso(sim, name, run)) continue
            broken++
            expect(`${name} ${verdict}`).toBe(`${name} violated`)
          }
        }
      }),
      { seed, numRuns },
    )
    expect(broken).toBeGreaterThan(numRuns / 4)
  })
})

describe('on random models over the whole language', () => {
  it('each verdict is that of brute force, and each counterexample a lasso', () => {
    let decided = 0
    fc.assert(
      fc.property(randomLivenessModel, ({ model }) => {
        const p = program(model)
        const space = attempted(() => plainSpace(p, statesMax))
        fc.pre(space !== null)
        const { properties } = check(model, { maxViolations: Number.POSITIVE_INFINITY })
        for (const [name, { verdict, trace }] of Object.entries(properties)) {
          const broken = brokenBy(space, name)
          expect(`${name} ${verdict}`).toBe(`${name} ${broken === null ? 'holds' : 'violated'}`)
          if (trace !== null) expectLasso(p, trace)
          decided++
        }
      }),
      { seed, numRuns: numRuns / 3 },
    )
    expect(decided).toBeGreaterThan(numRuns / 3)
  })
})

function everyGraph(test: (model: Model) => void): void {
  fc.assert(
    fc.property(randomGraph, (graph) => test(graphModel(graph))),
    { seed, numRuns },
  )
}

function spaceOf(model: Model, fairness: boolean): PlainSpace {
  const space = plainSpace(program(model, { fairness }), size)
  if (space === null) throw new Error('a graph has no more states than it was made of')
  return space
}

/** Models whose own code fails are of no interest here. */
function attempted<T>(run: () => T): T | null {
  try {
    return run()
  } catch {
    return null
  }
}

function expectLasso(p: ReturnType<typeof program>, trace: Trace): void {
  const sim = simulation(p)
  const states = sim
    .initialStates()
    .filter((at) => JSON.stringify(sim.record(at)) === JSON.stringify(trace.initial))
    .slice(0, 1)
  for (const step of trace.steps) {
    const taken = sim.take(states.at(-1) as State, step)
    if ('refused' in taken) throw new Error(taken.refused)
    expect(sim.inside(taken.after)).toBe(true)
    states.push(taken.after)
  }
  const judged = judgeLasso(sim, trace.property, { states, steps: trace.steps, loop: trace.loop ?? -1 })
  expect(judged).toEqual({ property: trace.property, kind: trace.kind, part: null, message: trace.message })
}

/** A walk that ends where it was before, or where nothing is taken any more. */
function randomLasso(sim: Simulation, choices: Iterator<number>): Parameters<typeof judgeLasso>[2] {
  const choose = <T>(all: readonly T[]): T => all[(choices.next().value as number) % all.length] as T
  const states: State[] = [choose(sim.initialStates().filter((at) => sim.inside(at)))]
  const steps: { action: string; args: readonly never[] }[] = []
  const met = (at: State): number => states.findIndex((known) => JSON.stringify(known) === JSON.stringify(at))
  for (let i = 0; i < 12; i++) {
    const out = sim.transitions(states.at(-1) as State).filter(({ after }) => sim.inside(after))
    if (out.length === 0) break
    const { action, args, after } = choose(out)
    const before = met(after)
    steps.push({ action, args: args as readonly never[] })
    states.push(after)
    if (before >= 0 && i > 4) return { states, steps, loop: before }
  }
  return { states, steps, loop: steps.length }
}
