/**
 * Linearizability (Herlihy & Wing, Linearizability: a correctness condition for concurrent objects, TOPLAS 1990): every
 * operation seems to happen at one moment between its call and its return. Objects are judged one by one (locality); each by
 * a polynomial monitor of its type where one applies, else by the general search.
 */
import groupBy from 'lodash/groupBy.js'
import type { Budget } from '../budget.ts'
import type { Decision, Holds, Unknown, Violated } from '../decision.ts'
import { invariant } from '../errors.ts'
import type { Operation } from '../operation.ts'
import type { Spec } from '../spec.ts'
import { keyOf, showValue, type Value } from '../value.ts'
import { explained, unplaceable } from './explain.ts'
import { firstFailing, operationsThatMatter } from './minimize.ts'
import { monitored } from './monitored.ts'
import { type Refuted, Search } from './search.ts'
import { faultIn } from './witness.ts'

export interface LinearizableOptions {
  /** `general`: leave out the polynomial monitors. */
  readonly algorithm?: 'auto' | 'general'
  /** `any`: the evidence of a violation is what the search stumbled on. */
  readonly evidence?: 'small' | 'any'
}

/** What became of all the objects. */
export interface ObjectsDecision {
  readonly decision: Decision
  readonly objects: number
  /** The object that the decision is about, where it is about one. */
  readonly key?: Value
}

/** @param operations in order of invocation */
export function linearizable(
  operations: readonly Operation[],
  spec: Spec,
  initial: Value,
  budget: Budget,
  { algorithm = 'auto', evidence = 'small' }: LinearizableOptions = {},
): ObjectsDecision {
  const started = performance.now()
  const parts = objectsOf(operations)
  const holding: Holds[] = []
  let searches: Search[] = []
  for (const part of parts) {
    const decided = algorithm === 'auto' ? monitored(part, spec, initial, evidence, budget) : null
    if (decided === null) searches.push(new Search(spec, part, initial, budget))
    else if (decided.verdict === 'holds') holding.push(checked(decided, part, spec, initial))
    else return found(decided, parts, part)
  }
  // The objects take turns: one that is hard must not keep another's violation from being found.
  while (searches.length > 0) {
    const open: Search[] = []
    for (const search of searches) {
      const result = search.run()
      if (result?.verdict === 'violated') {
        const decision =
          evidence === 'any' ? unexamined(result) : refuted(search, spec, initial, result, budget, (performance.now() - started) / 1000)
        return found(decision, parts, search.operations)
      }
      if (result === null) open.push(search)
      else holding.push(checked({ verdict: 'holds', algorithm: result.algorithm, witness: result.order }, search.operations, spec, initial))
    }
    const ended = open.length === 0 ? null : stopped(open)
    if (ended) return found(ended.unknown, parts, ended.search.operations)
    searches = open
  }
  const algorithms = [...new Set(holding.map((decision) => decision.algorithm))]
  return {
    decision: {
      verdict: 'holds',
      algorithm: algorithms.join('; ') || 'nothing to judge',
      witness: merged(holding.map(({ witness }) => witness ?? [])),
    },
    objects: parts.length,
  }
}

/** A search that has reached a limit, once none can go on. */
function stopped(searches: readonly Search[]): { readonly unknown: Unknown; readonly search: Search } | null {
  const ended = searches.map((search) => ({ unknown: search.exhausted(), search }))
  const [first] = ended
  return first?.unknown && ended.every(({ unknown }) => unknown !== null) ? { unknown: first.unknown, search: first.search } : null
}

function found(decision: Violated | Unknown, parts: readonly unknown[], operations: readonly Operation[]): ObjectsDecision {
  const key = operations[0]?.key
  return { decision, objects: parts.length, ...(key === undefined ? {} : { key }) }
}

/** The operations of each key, each in order of invocation. */
export function objectsOf(operations: readonly Operation[]): Operation[][] {
  if (operations.every(({ key }) => key === undefined)) return operations.length === 0 ? [] : [[...operations]]
  return Object.values(groupBy(operations, ({ key }) => (key === undefined ? '' : keyOf(key))))
}

/** Operations up to which every witness is checked again, whatever the specification's states cost. */
const recheckedMax = 5000

function checked(holds: Holds, operations: readonly Operation[], spec: Spec, initial: Value): Holds {
  if (operations.length <= recheckedMax) {
    const fault = faultIn(holds.witness ?? [], operations, spec, initial)
    invariant(fault === null, `${holds.algorithm} found an order that does not explain the history: ${fault}`)
  }
  return holds
}

/** @param spent seconds that the search took: as much again may be spent on evidence, and at least one */
function refuted({ operations }: Search, spec: Spec, initial: Value, result: Refuted, budget: Budget, spent: number): Violated {
  const seconds = Math.max(1, spent)
  const { failing, states, longest } = firstFailing(operations, spec, initial, result, budget.part(0.5, seconds))
  const { core, isMinimal, since } = operationsThatMatter(spec, operations, failing, initial, budget.part(0.5, seconds))
  return {
    verdict: 'violated',
    algorithm: result.algorithm,
    sentence: isMinimal ? explained(spec, core, failing, initial, states) : unplaceable(failing, states),
    failing,
    prefix: failing.return + 1,
    core,
    isMinimal,
    ...(since && { since: { event: Math.ceil(since.position), states: since.states.slice(0, 10).map((state) => showValue(state)) } }),
    longest,
    states: states.map(({ state }) => state),
  }
}

/** A violation of which nobody has looked for the operations that matter. */
function unexamined({ algorithm, failing, states, longest }: Refuted): Violated {
  return {
    verdict: 'violated',
    algorithm,
    sentence: unplaceable(failing, states),
    failing,
    core: [failing],
    isMinimal: false,
    longest,
    states: states.map(({ state }) => state),
  }
}

/** One order of all objects' operations: each takes effect at the moment when it and those before it on its object had begun. */
function merged(orders: readonly (readonly Operation[])[]): readonly Operation[] {
  if (orders.length === 1) return orders[0] as readonly Operation[]
  const moments = orders.flatMap((order) => {
    let moment = Number.NEGATIVE_INFINITY
    return order.map((operation) => {
      moment = Math.max(moment, operation.call)
      return { operation, moment }
    })
  })
  return moments.sort((a, b) => a.moment - b.moment).map(({ operation }) => operation)
}
