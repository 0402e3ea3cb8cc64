/**
 * The operations that matter to a violation. Leaving an operation out can make a history worse (a read then sees a value that
 * nothing wrote), so an operation is set aside in another way: it is taken to have begun before everything else, and nobody
 * knows whether and when it happened, nor what it returned. That only ever allows more, so what cannot be set aside now cannot
 * be later, and one pass over the operations leaves a minimal set.
 */
import type { Budget } from '../budget.ts'
import type { Operation } from '../operation.ts'
import type { Spec } from '../spec.ts'
import type { Value } from '../value.ts'
import { justInTime, type Refuted, refutation } from './search.ts'

/**
 * The first operation at whose return the history cannot be explained: what had been called by then is the shortest prefix that fails,
 * unless the budget ends before it is found.
 */
export function firstFailing(
  operations: readonly Operation[],
  spec: Spec,
  initial: Value,
  found: Refuted,
  budget: Budget,
): Omit<Refuted, 'verdict' | 'algorithm'> {
  const returns = operations.filter((operation) => operation.return !== Number.POSITIVE_INFINITY).sort((a, b) => a.return - b.return)
  // Walking the events in order finds it, unless that knew too early what an operation would return, or the specification looked ahead.
  const isEarliest = found.algorithm === justInTime && spec.foresight === null
  if (isEarliest && refutation(spec, until(operations, found.failing, spec), initial, budget)) return found
  let best: Refuted = { ...found, failing: returns.at(-1) ?? found.failing }
  let low = isEarliest ? returns.indexOf(found.failing) + 1 : 0
  let high = returns.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    const failing = returns[middle] as Operation
    const result = refutation(spec, until(operations, failing, spec), initial, budget)
    if (result !== null) {
      best = { ...result, failing }
      high = middle
    } else low = middle + 1
  }
  return best
}

/**
 * @param operations on one object, which cannot be linearized
 * @param failing the one at whose return they cannot
 * @returns a part of them; minimal unless the budget ended before
 */
export function operationsThatMatter(
  spec: Spec,
  operations: readonly Operation[],
  failing: Operation,
  initial: Value,
  budget: Budget,
): readonly Operation[] {
  const all = until(operations, failing, spec)
  let kept = new Set(all)
  const isViolated = (constrained: ReadonlySet<Operation>): boolean => {
    const parts = all.flatMap((operation) => (constrained.has(operation) ? [operation] : setAside(operation, spec)))
    parts.sort((a, b) => a.call - b.call)
    return refutation(spec, parts, initial, budget) !== null
  }
  for (let size = 2 ** Math.floor(Math.log2(Math.max(1, kept.size))); size >= 1; size /= 2) {
    const candidates = [...kept].filter((operation) => operation.id !== failing.id)
    for (let at = 0; at < candidates.length && budget.exhausted() === null; at += size) {
      const chunk = new Set(candidates.slice(at, at + size))
      const fewer = new Set([...kept].filter((operation) => !chunk.has(operation)))
      if (isViolated(fewer)) kept = fewer
    }
  }
  const ids = new Set([...kept].map(({ id }) => id))
  return operations.filter(({ id }) => ids.has(id))
}

/** What had happened when an operation returned: what began later is left out, what returned later is still running. */
function until(operations: readonly Operation[], failing: Operation, spec: Spec): Operation[] {
  return operations
    .filter(({ call }) => call < failing.return)
    .flatMap((operation) => (operation.return <= failing.return ? [operation] : observes(operation, spec) ? [] : [stillRunning(operation)]))
}

function setAside(operation: Operation, spec: Spec): Operation[] {
  return observes(operation, spec) ? [] : [{ ...stillRunning(operation), call: -1 }]
}

function observes({ f }: Operation, spec: Spec): boolean {
  return spec.observers.has(f)
}

function stillRunning(operation: Operation): Operation {
  return { ...operation, completion: 'info', output: undefined, return: Number.POSITIVE_INFINITY }
}
