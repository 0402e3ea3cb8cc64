/**
 * Looks for lassos among the states that walks have met. What each of these states enables is known in full, and so is every step from
 * one of them to another: a lasso among them is one of the whole graph. That there is none says nothing about the rest.
 */
import { Space } from '../engine/space.ts'
import { invariant } from '../errors.ts'
import type { Limit, Progress } from '../result.ts'
import type { Exploration, Search } from '../search/search.ts'
import type { How } from '../search/traces.ts'
import type { Trace } from '../trace.ts'
import { decideLiveness } from './decide.ts'
import { lassoTrace } from './lasso-trace.ts'

export interface Sample {
  /** The initial states among those that were met. */
  readonly initial: ReadonlySet<number>
  readonly depth: number
  readonly how: How
}

export interface Sampled {
  readonly limit: Limit | null
  /** One per property that is broken. */
  readonly lassos: readonly Trace[]
}

/** Finds, per liveness property, a fair lasso that breaks it, if there is one among the states that are stored. */
export function* lassosAmong(search: Search, { initial, depth, how }: Sample): Generator<Progress, Sampled, void> {
  const { space: met, limits } = search
  const { size } = met.table
  // In a space of its own, since expanding a state stores what comes after it.
  const space = new Space(met.machine, limits.reserve)
  limits.reserve(4 * size)
  const parents = new Int32Array(size)
  for (let state = 0; state < size; state++) {
    invariant(space.add(met.peek(state)) === state, 'different states get the numbers that they have already, in order')
    if (initial.has(state)) parents[state] = -1
  }
  let edges = 0
  for (let state = 0; state < size; state++) {
    space.load(state)
    edges += space.revisit()
  }
  const generated = edges + search.initial.length
  const exploration: Exploration = { ...nothing, generated, depth, parents }
  const sample = { ...search, space }
  const { limit, decided } = yield* decideLiveness(sample, exploration, size)
  return { limit, lassos: [...decided.values()].flatMap((lasso) => (lasso === null ? [] : [lassoTrace(lasso, sample, how)])) }
}

const nothing = { limit: null, levels: [], terminal: 0, walks: null, guarantee: null, lassos: [], parentBytes: 0 }
