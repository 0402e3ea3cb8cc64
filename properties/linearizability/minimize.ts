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
import { attempt, attemptWithout, justInTime, type Refuted, statesAt } from './search.ts'

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
  if (isEarliest && operations.length > attemptedMax) return found
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

export interface Matter {
  readonly core: readonly Operation[]
  /** Whether none of the core can be set aside; the budget may have ended before that was clear. */
  readonly isMinimal: boolean
  /** Of a long history: the position where the core's operations begin to matter, and the states that were possible there. */
  readonly since?: { readonly position: number; readonly states: readonly Value[] }
}

/** A turn does not tell of longer histories. */
const attemptedMax = 1 << 14

/** Of longer histories, what came long before is summed up by the states that it can have led to. */
const nearby = 12
const nearbyMax = 1024

/**
 * @param operations on one object, which cannot be linearized
 * @param failing the one at whose return they cannot
 */
export function operationsThatMatter(
  spec: Spec,
  operations: readonly Operation[],
  failing: Operation,
  initial: Value,
  budget: Budget,
): Matter {
  const all = until(operations, failing, spec)
  const machineFor = machines(spec, initial)
  const { parts, start, position } = recent(machineFor, all, failing, initial, budget)
  const isViolated = (kept: ReadonlySet<Operation>): boolean => {
    const others = parts.filter((operation) => !kept.has(operation)).flatMap((operation) => setAside(operation, spec))
    const rest = parts.filter((operation) => kept.has(operation))
    // What began before is not told of, so it need not happen now.
    return (
      attemptWithout(machineFor.of([...others, ...rest]), [...others, ...rest], ({ call }) => call < position, start, budget)?.verdict ===
      'violated'
    )
  }
  const everything: ReadonlySet<Operation> = new Set(parts)
  const isRepeatable = isViolated(everything)
  const kept = isRepeatable ? without(everything, failing, isViolated, budget) : together(all, failing)
  const ids = new Set([...kept].map(({ id }) => id))
  return {
    core: operations.filter(({ id }) => ids.has(id)),
    isMinimal: isRepeatable && budget.exhausted() === null,
    ...(position === Number.NEGATIVE_INFINITY ? {} : { since: { position, states: start } }),
  }
}

interface Recent {
  readonly parts: readonly Operation[]
  /** The states that were possible at the position. */
  readonly start: readonly Value[]
  readonly position: number
}

/** The fewest of the last operations that are violated by themselves, from the states that were possible before them. */
function recent(machineFor: MachineFor, all: readonly Operation[], failing: Operation, initial: Value, budget: Budget): Recent {
  const returns = all.map((operation) => operation.return).filter((end) => end < failing.return)
  returns.sort((a, b) => b - a)
  const positions: number[] = []
  for (let size = nearby; size < returns.length && size <= nearbyMax; size *= 2) positions.push((returns[size - 1] as number) + 0.5)
  const starts = startsAt(machineFor, all, initial, positions, budget)
  for (const position of positions) {
    const start = starts.get(position)
    const parts = all.filter((operation) => operation.return > position)
    if (start && attemptWithout(machineFor.of(parts), parts, ({ call }) => call < position, start, budget)?.verdict === 'violated')
      return { parts, start, position }
  }
  return { parts: all, start: [initial], position: Number.NEGATIVE_INFINITY }
}

/** The states that were possible at some positions; where nothing is foreseen, one walk finds them all. */
function startsAt(
  machineFor: MachineFor,
  all: readonly Operation[],
  initial: Value,
  positions: readonly number[],
  budget: Budget,
): ReadonlyMap<number, readonly Value[]> {
  const before = (position: number): Operation[] => all.filter(({ call }) => call < position)
  if (!machineFor.foresees) return statesAt(machineFor.of(all), before(positions[0] ?? 0), initial, [...positions].reverse(), budget)
  return new Map(
    positions.flatMap((position) => [...statesAt(machineFor.of(before(position)), before(position), initial, [position], budget)]),
  )
}

interface MachineFor {
  readonly foresees: boolean
  /** A machine that foresees no more than these operations say; one for all where the specification foresees nothing. */
  readonly of: (operations: readonly Operation[]) => Machine
}

function machines(spec: Spec, initial: Value): MachineFor {
  const { foresight } = spec
  if (foresight !== null) return { foresees: true, of: (operations) => new Machine(spec, foresight(operations, initial)) }
  const machine = new Machine(spec)
  return { foresees: false, of: () => machine }
}

/** Where it is too much to find out what matters: what ran at the same time as the operation that fails. */
function together(all: readonly Operation[], failing: Operation): ReadonlySet<Operation> {
  return new Set(all.filter((operation) => operation.return > failing.call))
}

/** Leaves out, many at a time at first, what can be left out. */
function without(
  operations: ReadonlySet<Operation>,
  failing: Operation,
  isViolated: (kept: ReadonlySet<Operation>) => boolean,
  budget: Budget,
): ReadonlySet<Operation> {
  let kept = operations
  for (let size = 2 ** Math.floor(Math.log2(Math.max(1, kept.size))); size >= 1; size /= 2) {
    const candidates = [...kept].filter((operation) => operation.id !== failing.id)
    for (let at = 0; at < candidates.length && budget.exhausted() === null; at += size) {
      const chunk = new Set(candidates.slice(at, at + size))
      const fewer = new Set([...kept].filter((operation) => !chunk.has(operation)))
      if (isViolated(fewer)) kept = fewer
    }
  }
  return kept
}

/** What had happened when an operation returned: what began later is left out, what returned later is still running. */
export function until(operations: readonly Operation[], failing: Operation, spec: Spec): Operation[] {
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
