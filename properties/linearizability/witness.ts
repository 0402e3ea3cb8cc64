/** Small and slow on purpose: checks an order that a search has found, without anything that the searches share. */
import type { Operation } from '../operation.ts'
import { operationName } from '../operation-text.ts'
import type { Outcome, Spec } from '../spec.ts'
import { equal, keyOf, type Value } from '../value.ts'

/**
 * Whether an order explains the operations on one object: every completed one is in it once, none comes after one that began
 * when it had returned, and the specification allows each in turn.
 * @returns null, or what is wrong with it
 */
export function faultIn(order: readonly Operation[], operations: readonly Operation[], spec: Spec, initial: Value): string | null {
  const placed = new Set(order.map(({ id }) => id))
  if (placed.size !== order.length) return 'an operation is in the order twice'
  const missing = operations.find((operation) => operation.return !== Number.POSITIVE_INFINITY && !placed.has(operation.id))
  if (missing) return `${operationName(missing)} is not in the order`
  let called = Number.NEGATIVE_INFINITY
  let states: readonly Value[] = [initial]
  for (const operation of order) {
    if (operation.return < called) return `${operationName(operation)} comes after an operation that was called when it had returned`
    called = Math.max(called, operation.call)
    states = after(states, operation, spec)
    if (states.length === 0) return `${operationName(operation)} cannot happen there`
  }
  return null
}

function after(states: readonly Value[], operation: Operation, spec: Spec): readonly Value[] {
  const found = new Map<string, Value>()
  for (const state of states) {
    const result = spec.operations[operation.f]?.(state, operation.input as never, operation)
    if (result === undefined || typeof result === 'string') continue
    for (const outcome of [result].flat() as Outcome[]) {
      if (!agrees(outcome, operation)) continue
      const next = outcome.state === undefined ? state : outcome.state
      found.set(keyOf(next), next)
    }
  }
  return [...found.values()]
}

function agrees({ completes = 'ok', returns }: Outcome, { completion, output }: Operation): boolean {
  if (completion === 'info') return completes === 'ok'
  if (completion !== completes) return false
  if (output === undefined || returns === undefined) return true
  return typeof returns === 'function' ? returns(output) : equal(returns, output)
}

/** The states that an order of operations can lead to; none where it cannot happen. */
export function statesAfter(order: readonly Operation[], spec: Spec, initial: Value): readonly Value[] {
  return order.reduce((states, operation) => after(states, operation, spec), [initial] as readonly Value[])
}
