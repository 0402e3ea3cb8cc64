/**
 * The operations that matter to a violation. Leaving an operation out can make a history worse (a read then sees a value that
 * nothing wrote), so an operation is set aside in another way: it is taken to have begun before everything else, and nobody
 * knows whether and when it happened, nor what it returned. That only ever allows more, so the operations whose setting aside
 * would explain the history are the same in whichever order one tries: what is left is minimal.
 */
import type { Budget } from '../budget.ts'
import type { Operation } from '../operation.ts'
import type { Spec } from '../spec.ts'
import type { Value } from '../value.ts'
import type { Machine } from './machine.ts'
import { linearize } from './search.ts'

/**
 * @param operations on one object, which cannot be linearized
 * @param failing the one that returns last, and that the others allow no place for
 * @returns a part of them; minimal unless the budget ended before
 */
export function operationsThatMatter(
  machine: Machine,
  spec: Spec,
  operations: readonly Operation[],
  failing: Operation,
  initial: Value,
  budget: Budget,
): readonly Operation[] {
  const all = until(operations, failing)
  let kept = new Set(all.filter((operation) => operation.return !== Number.POSITIVE_INFINITY))
  const isViolated = (constrained: ReadonlySet<Operation>): boolean => {
    const parts = all.flatMap((operation) => (constrained.has(operation) ? [operation] : setAside(operation, spec)))
    parts.sort((a, b) => a.call - b.call)
    return linearize(machine, parts, initial, budget.part(0.25, 0.1)).verdict === 'violated'
  }
  for (let size = 2 ** Math.floor(Math.log2(Math.max(1, kept.size))); size >= 1; size /= 2) {
    const candidates = [...kept].filter((operation) => operation.id !== failing.id)
    for (let at = 0; at < candidates.length && budget.exhausted() === null; at += size) {
      const chunk = new Set(candidates.slice(at, at + size))
      const fewer = new Set([...kept].filter((operation) => !chunk.has(operation)))
      if (isViolated(fewer)) kept = fewer
    }
  }
  return operations.filter(({ id }) => [...kept].some((operation) => operation.id === id))
}

/** What had happened when an operation returned: what began later is left out, what returned later is still running. */
export function until(operations: readonly Operation[], failing: Operation): Operation[] {
  return operations
    .filter(({ call }) => call < failing.return)
    .map((operation) => (operation.return > failing.return ? stillRunning(operation) : operation))
}

function setAside(operation: Operation, spec: Spec): Operation[] {
  if (spec.observers.has(operation.f) || operation.completion === 'fail') return []
  return [{ ...stillRunning(operation), call: -1 }]
}

function stillRunning(operation: Operation): Operation {
  return { ...operation, completion: 'info', output: undefined, return: Number.POSITIVE_INFINITY }
}
