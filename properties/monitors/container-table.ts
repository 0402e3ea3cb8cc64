/**
 * Histories of containers whose values are inserted at most once, as tables of positions. Done here is what is alike for
 * queues, stacks and priority queues: what each operation is, which value it inserts or returns, what is left out and why
 * that is sound, violations that need no more than one value, and the tightening of intervals: nothing happens to a value
 * before the call of its insertion, nor after the return of its removal.
 */
import type { Operation } from '../operation.ts'
import type { MonitorDecision } from '../spec.ts'
import { showValue, type Value } from '../value.ts'
import { interner } from './intern.ts'
import { at, rank } from './positions.ts'
import { named, returned } from './wording.ts'

/** What an operation does to a container; `observe` returns the value that a removal would remove. */
export type Role = 'insert' | 'remove' | 'observe'

export interface ContainerTable {
  /** Positions are 0..end-1 (calls and returns) and `end`, after all of them. */
  readonly end: number
  /** Of each value: the value, what inserts it, and what removes it, `null` where it stays. */
  readonly values: readonly Value[]
  readonly insert: readonly Operation[]
  readonly remove: readonly (Operation | null)[]
  /** Of each value, tightened: its insertion lies in [insertCall, insertReturn], its removal in [removeCall, removeReturn]. */
  readonly insertCall: Int32Array
  readonly insertReturn: Int32Array
  readonly removeCall: Int32Array
  readonly removeReturn: Int32Array
  readonly observers: Observations
  /** What the observers saw, by number of value. */
  readonly observed: Int32Array
  /** Removals and observations that found the container empty. */
  readonly empties: Observations
  /** Removals that may have taken any value, or nothing; the tables leave them out. */
  readonly pendingRemovals: number
}

export interface Observations {
  readonly operations: readonly Operation[]
  readonly call: Int32Array
  readonly return: Int32Array
}

/** An operation with the number of the value that it inserts or returns. */
interface Sorted {
  readonly insert: (Operation | undefined)[]
  readonly removals: Operation[]
  readonly removed: number[]
  readonly observers: Operation[]
  readonly observed: number[]
  readonly empties: Operation[]
  readonly values: readonly Value[]
  readonly pendingRemovals: number
}

type Refused = Exclude<MonitorDecision, { verdict: 'holds' }>

export function containerTable(operations: readonly Operation[], roles: Readonly<Record<string, Role>>): ContainerTable | Refused {
  const sorted = sort(operations, roles)
  if ('verdict' in sorted) return sorted
  const kept = keepWhatIsSeen(sorted)
  return 'verdict' in kept ? kept : tighten(kept)
}

/** All operations on the values: in the order of the values, the observers last. */
export function operationsOf({ insert, remove, observers, observed }: ContainerTable, values: readonly number[]): Operation[] {
  const chosen = new Set(values)
  const found = values.flatMap((value) => [insert[value] ?? null, remove[value] ?? null])
  const seen = observers.operations.filter((_, i) => chosen.has(at(observed, i)))
  return [...found, ...seen].filter((operation) => operation !== null)
}

function sort(operations: readonly Operation[], roles: Readonly<Record<string, Role>>): Sorted | Refused {
  const names = interner()
  const insert: (Operation | undefined)[] = []
  const removals: Operation[] = []
  const removed: number[] = []
  const observers: Operation[] = []
  const observed: number[] = []
  const empties: Operation[] = []
  let pendingRemovals = 0
  for (const operation of operations) {
    const role = Object.hasOwn(roles, operation.f) ? roles[operation.f] : undefined
    if (role === undefined) return inapplicable(`${operation.f} is none of ${Object.keys(roles).join(', ')}`)
    if (operation.completion === 'fail') return inapplicable(`the ${named(operation)} was observed to fail`)
    if (role === 'insert') {
      const value = names.of(operation.input)
      if (insert[value] !== undefined) return inapplicable(`${showValue(operation.input)} is inserted twice`)
      insert[value] = operation
    } else if (operation.completion === 'info') {
      // Observations without a known result say nothing.
      if (role === 'remove') pendingRemovals++
    } else if (operation.output === undefined) {
      if (role === 'remove') return inapplicable(`nobody knows what the ${named(operation)} returned`)
    } else if (operation.output === null) {
      empties.push(operation)
    } else if (role === 'remove') {
      removals.push(operation)
      removed.push(names.of(operation.output))
    } else {
      observers.push(operation)
      observed.push(names.of(operation.output))
    }
  }
  return { insert, removals, removed, observers, observed, empties, values: names.values, pendingRemovals }
}

interface Kept extends Omit<Sorted, 'insert' | 'removals' | 'removed'> {
  readonly insert: Operation[]
  readonly remove: (Operation | null)[]
}

/**
 * Renumbers the values that matter. A pending insertion of a value that nobody saw is left out: an order with it stays one
 * without it, since every other operation finds what it found, or fewer values that it does not return.
 */
function keepWhatIsSeen(sorted: Sorted): Kept | Refused {
  const { insert, removals, removed, observers, observed } = sorted
  const taken: (Operation | undefined)[] = []
  for (let i = 0; i < removals.length; i++) {
    const value = at(removed, i)
    const removal = removals[i] as Operation
    const insertion = insert[value]
    const earlier = taken[value]
    if (insertion === undefined) return neverInserted(removal)
    if (earlier !== undefined) return removedTwice(insertion, earlier, removal)
    taken[value] = removal
  }
  const seen = new Uint8Array(sorted.values.length)
  for (let i = 0; i < observers.length; i++) {
    if (insert[at(observed, i)] === undefined) return neverInserted(observers[i] as Operation)
    seen[at(observed, i)] = 1
  }
  const numbers = new Int32Array(sorted.values.length).fill(-1)
  const kept: { values: Value[]; insert: Operation[]; remove: (Operation | null)[] } = { values: [], insert: [], remove: [] }
  for (let value = 0; value < sorted.values.length; value++) {
    const insertion = insert[value] as Operation
    const removal = taken[value] ?? null
    if (insertion.completion === 'info' && removal === null && seen[value] === 0) continue
    numbers[value] = kept.insert.length
    kept.values.push(sorted.values[value] as Value)
    kept.insert.push(insertion)
    kept.remove.push(removal)
  }
  return { ...sorted, ...kept, observed: observed.map((value) => at(numbers, value)) }
}

function tighten(kept: Kept): ContainerTable | Refused {
  const { insert, remove, values, observers, empties, pendingRemovals } = kept
  const time = {
    insertCall: Float64Array.from(insert, (o) => o.call),
    insertReturn: Float64Array.from(insert, returnOf),
    removeCall: Float64Array.from(remove, (o) => o?.call ?? Number.POSITIVE_INFINITY),
    removeReturn: Float64Array.from(remove, (o) => (o === null ? Number.POSITIVE_INFINITY : returnOf(o))),
    observerCall: Float64Array.from(observers, (o) => o.call),
    observerReturn: Float64Array.from(observers, returnOf),
    emptyCall: Float64Array.from(empties, (o) => o.call),
    emptyReturn: Float64Array.from(empties, returnOf),
  }
  const end = rank(...Object.values(time))
  const insertCall = Int32Array.from(time.insertCall)
  const insertReturn = Int32Array.from(time.insertReturn)
  const removeCall = Int32Array.from(time.removeCall)
  const removeReturn = Int32Array.from(time.removeReturn)
  const seen = { operations: observers, call: Int32Array.from(time.observerCall), return: Int32Array.from(time.observerReturn) }
  const observed = Int32Array.from(kept.observed)
  for (let value = 0; value < values.length; value++) {
    if (at(removeReturn, value) < at(insertCall, value)) return tooEarly(insert[value] as Operation, remove[value] as Operation)
  }
  for (let i = 0; i < observers.length; i++) {
    const value = at(observed, i)
    const observer = observers[i] as Operation
    const removal = remove[value] ?? null
    if (at(seen.return, i) < at(insertCall, value)) return tooEarly(insert[value] as Operation, observer)
    if (removal !== null && at(removeReturn, value) < at(seen.call, i)) return tooLate(insert[value] as Operation, removal, observer)
    seen.call[i] = Math.max(at(seen.call, i), at(insertCall, value))
    seen.return[i] = Math.min(at(seen.return, i), at(removeReturn, value))
    insertReturn[value] = Math.min(at(insertReturn, value), at(seen.return, i))
    removeCall[value] = Math.max(at(removeCall, value), at(seen.call, i))
  }
  for (let value = 0; value < values.length; value++) {
    insertReturn[value] = Math.min(at(insertReturn, value), at(removeReturn, value))
    removeCall[value] = Math.max(at(removeCall, value), at(insertCall, value))
  }
  const nothing = { operations: empties, call: Int32Array.from(time.emptyCall), return: Int32Array.from(time.emptyReturn) }
  const intervals = { insertCall, insertReturn, removeCall, removeReturn }
  return { end, values, insert, remove, ...intervals, observers: seen, observed, empties: nothing, pendingRemovals }
}

function returnOf(operation: Operation): number {
  return operation.completion === 'info' ? Number.POSITIVE_INFINITY : operation.return
}

function inapplicable(reason: string): Refused {
  return { verdict: 'inapplicable', reason }
}

function neverInserted(failing: Operation): Refused {
  return { verdict: 'violated', core: [failing], failing, sentence: `the ${returned(failing)}, which nothing had inserted` }
}

function removedTwice(insertion: Operation, first: Operation, second: Operation): Refused {
  const early = [first, second].find((removal) => removal.return < insertion.call)
  if (early !== undefined) return tooEarly(insertion, early)
  const sentence = `the ${returned(first)}, and so did the ${named(second)}, but it was inserted only once, by the ${named(insertion)}`
  return { verdict: 'violated', core: [insertion, first, second], failing: second, sentence }
}

function tooEarly(insertion: Operation, failing: Operation): Refused {
  const sentence = `the ${returned(failing)} before the ${named(insertion)} began, and nothing else inserted it`
  return { verdict: 'violated', core: [failing, insertion], failing, sentence }
}

function tooLate(insertion: Operation, removal: Operation, failing: Operation): Refused {
  const sentence = `the ${returned(failing)}, but the ${named(removal)} had removed it and completed before`
  return { verdict: 'violated', core: [insertion, removal, failing], failing, sentence }
}
