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
import type { MonitorDecision, Spec } from '../spec.ts'
import { keyOf, showValue, type Value } from '../value.ts'
import { explained } from './explain.ts'
import { Machine } from './machine.ts'
import { operationsThatMatter } from './minimize.ts'
import { linearize, type Refuted } from './search.ts'
import { faultIn } from './witness.ts'

export interface LinearizableOptions {
  /** `general`: leave out the polynomial monitors. */
  readonly algorithm?: 'auto' | 'general'
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
  options: LinearizableOptions = {},
): ObjectsDecision {
  const machine = new Machine(spec)
  const orders: (readonly Operation[])[] = []
  const algorithms = new Set<string>()
  let unknown: { readonly decision: Unknown; readonly key: Value | undefined } | null = null
  const parts = objectsOf(operations)
  for (const part of parts) {
    const key = part[0]?.key
    const decision = oneObject(machine, part, spec, initial, budget, options)
    algorithms.add(decision.algorithm)
    if (decision.verdict === 'violated') return { decision, objects: parts.length, ...about(key) }
    if (decision.verdict === 'unknown') unknown ??= { decision, key }
    else if (decision.verdict === 'holds') orders.push(decision.witness ?? [])
  }
  if (unknown) return { decision: unknown.decision, objects: parts.length, ...about(unknown.key) }
  const algorithm = [...algorithms].join('; ') || 'nothing to judge'
  return { decision: { verdict: 'holds', algorithm, witness: merged(orders) }, objects: parts.length }
}

/** The operations of each key, each in order of invocation. */
export function objectsOf(operations: readonly Operation[]): Operation[][] {
  if (operations.every(({ key }) => key === undefined)) return operations.length === 0 ? [] : [[...operations]]
  return Object.values(groupBy(operations, ({ key }) => (key === undefined ? '' : keyOf(key))))
}

function oneObject(
  machine: Machine,
  operations: readonly Operation[],
  spec: Spec,
  initial: Value,
  budget: Budget,
  { algorithm = 'auto' }: LinearizableOptions,
): Holds | Violated | Unknown {
  if (algorithm === 'auto') {
    for (const monitor of spec.monitors) {
      const decided = fromMonitor(monitor.name, monitor.judge(operations, initial), operations, spec, initial)
      if (decided !== null) return decided
    }
  }
  const result = linearize(machine, operations, initial, budget)
  if (result.verdict === 'unknown') return result
  if (result.verdict === 'violated') return refuted(machine, operations, spec, initial, result, budget)
  return checked({ verdict: 'holds', algorithm: result.algorithm, witness: result.order }, operations, spec, initial)
}

function fromMonitor(
  name: string,
  decision: MonitorDecision,
  operations: readonly Operation[],
  spec: Spec,
  initial: Value,
): Holds | Violated | null {
  if (decision.verdict === 'inapplicable') return null
  if (decision.verdict === 'holds')
    return checked({ verdict: 'holds', algorithm: name, witness: decision.order }, operations, spec, initial)
  const { core, failing, sentence } = decision
  return { verdict: 'violated', algorithm: name, sentence, failing, core }
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

function refuted(
  machine: Machine,
  operations: readonly Operation[],
  spec: Spec,
  initial: Value,
  { algorithm, failing, longest, states }: Refuted,
  budget: Budget,
): Violated {
  const core = operationsThatMatter(machine, spec, operations, failing, initial, budget.part(0.5, 2))
  const reasons = states.map((state) => ({
    state: showValue(machine.state(state)),
    refusal: machine.refusal(state, failing),
  }))
  return {
    verdict: 'violated',
    algorithm,
    sentence: explained(spec, core, failing, initial, reasons),
    failing,
    core,
    longest,
    states: reasons.slice(0, 10).map(({ state }) => state),
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

function about(key: Value | undefined): { readonly key?: Value } {
  return key === undefined ? {} : { key }
}
