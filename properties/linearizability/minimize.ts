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
import { Machine } from './machine.ts'
import { attempt, justInTime, type Refuted } from './search.ts'

/**
 * The first operation at whose return the history cannot be explained: what had been called by then is the shortest prefix that fails,
 * unless that takes more than a turn to tell.
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
  if (isEarliest && attempt(spec, until(operations, found.failing, spec), initial, budget)?.verdict !== 'holds') return found
  let best: Omit<Refuted, 'verdict' | 'algorithm'> = found
  let low = isEarliest ? returns.indexOf(found.failing) + 1 : 0
  let high = returns.length - 1
  while (low <= high && budget.exhausted() === null) {
    const middle = (low + high) >> 1
    const failing = returns[middle] as Operation
    const result = attempt(spec, until(operations, failing, spec), initial, budget)
    if (result?.verdict === 'violated') {
      best = { ...result, failing, states: result.failing.id === failing.id ? result.states : [] }
      high = middle - 1
    } else low = middle + 1
  }
  return best
}

/** How many operations that returned last are looked at first. */
const nearby = 8

/**
 * @param operations on one object, which cannot be linearized
 * @param failing the one at whose return they cannot
 * @returns a part of them, and whether none of it can be set aside: the budget may have ended before
 */
export function operationsThatMatter(
  spec: Spec,
  operations: readonly Operation[],
  failing: Operation,
  initial: Value,
  budget: Budget,
): { readonly core: readonly Operation[]; readonly isMinimal: boolean } {
  const all = until(operations, failing, spec)
  const machine = spec.foresight === null ? new Machine(spec) : undefined
  const isViolated = (constrained: ReadonlySet<Operation>): boolean => {
    const parts = all.flatMap((operation) => (constrained.has(operation) ? [operation] : setAside(operation, spec)))
    parts.sort((a, b) => a.call - b.call)
    return attempt(spec, parts, initial, budget, machine)?.verdict === 'violated'
  }
  // What contradicts an operation is most often what happened just before.
  const latest = [...all].sort((a, b) => lastEvent(b) - lastEvent(a))
  let kept = new Set(all)
  for (let size = nearby; size < all.length && budget.exhausted() === null; size *= 2) {
    const window = new Set(latest.slice(0, size))
    if (!isViolated(window)) continue
    kept = window
    break
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
  return { core: operations.filter(({ id }) => ids.has(id)), isMinimal: budget.exhausted() === null }
}

/** The failing operation returned last of all; those that never return count by their calls. */
function lastEvent({ call, return: end }: Operation): number {
  return end === Number.POSITIVE_INFINITY ? call : end
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
