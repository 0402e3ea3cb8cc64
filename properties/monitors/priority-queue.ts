/**
 * The greatest first (or the least): decides in O(n log n) whether the operations on a priority queue with distinct numbers
 * are linearizable.
 *
 * A value is certainly inside from the first return to the last call that prove it. Whoever finds a value needs a moment at
 * which nothing that ranks higher is certainly inside; taking the values from the highest down and giving each operation
 * the nearest such moment, the moments at which something higher is inside never become more than the certain ones. So the
 * operations are linearizable exactly if each of them has such a moment (the patterns are those of Bouajjani, Enea and Wang,
 * CONCUR 2017; Lee and Mathur, OOPSLA 2025, sweep over them).
 */
import type { Operation } from '../operation.ts'
import type { Monitor } from '../spec.ts'
import { equal, showValue, type Value } from '../value.ts'
import { containerMonitor, type Explanation, type Life, presences, type Solution } from './container.ts'
import { type ContainerTable, operationsOf } from './container-table.ts'
import { cover } from './cover.ts'
import { at, FreePositions, groupsOf, orderBy } from './positions.ts'
import { returned } from './wording.ts'

export type Extreme = 'max' | 'min'

/** For `insert`, and for `poll` (which removes) and `peek`, which return the greatest (least) value, or null where there is none. */
export function priorityQueueMonitor(extreme: Extreme = 'max'): Monitor {
  const higher = extreme === 'max' ? (a: number | bigint, b: number | bigint) => a > b : (a: number | bigint, b: number | bigint) => a < b
  const sorted = (values: readonly Value[]): Value[] => [...values].sort((a, b) => (higher(a as number, b as number) ? -1 : 1))
  return containerMonitor({
    noun: 'priority queue',
    name: `priority queue (${extreme}) by sweeping from the ${extreme === 'max' ? 'greatest' : 'least'} value (Lee & Mathur 2025)`,
    roles: { insert: 'insert', poll: 'remove', peek: 'observe' },
    refuses: (values) => {
      const other = values.find((value) => typeof value !== 'number' && typeof value !== 'bigint')
      return other === undefined ? null : `${showValue(other)} is not a number`
    },
    step: (state, operation) => {
      if (operation.f === 'insert') return [sorted([...state, operation.input])]
      const [first = null, ...rest] = state
      if (operation.output !== undefined && !equal(operation.output, first)) return []
      return [operation.f === 'poll' ? rest : state]
    },
    solve: (table) => solve(table, ranking(table.values as readonly (number | bigint)[], higher)),
    explain: (lives) => explain(lives, extreme, higher),
  })
}

/** The numbers of the values, from the one that is to leave first. */
function ranking(values: readonly (number | bigint)[], higher: (a: number | bigint, b: number | bigint) => boolean): Int32Array {
  const indices = Int32Array.from(values.keys())
  if (!values.every((value) => typeof value === 'number'))
    return indices.sort((a, b) => (higher(values[a] as bigint, values[b] as bigint) ? -1 : 1))
  // Sorting plain numbers without a comparison function is several times faster.
  const sorted = Float64Array.from(values as readonly number[]).sort()
  const places = new Map<number, number>()
  for (let i = 0; i < sorted.length; i++) places.set(at(sorted, i), i)
  const last = sorted.length - 1
  const descending = higher(1, 0)
  for (const [index, value] of values.entries()) {
    const place = places.get(value as number) as number
    indices[descending ? last - place : place] = index
  }
  return indices
}

/** Where the operations on a value are put. */
interface Moments {
  /** Of each value, its insertion and its removal; `end` where it stays. */
  readonly from: Int32Array
  readonly until: Int32Array
  readonly ofObserver: Int32Array
  readonly ofEmpty: Int32Array
}

function solve(table: ContainerTable, highestFirst: Int32Array): Solution {
  const { end, insertReturn, removeCall, removeReturn, observers, observed, empties } = table
  const size = insertReturn.length
  const free = new FreePositions(end + 1)
  const from = new Int32Array(size)
  const until = new Int32Array(size)
  const ofObserver = new Int32Array(observed.length)
  const ofEmpty = new Int32Array(empties.operations.length)
  const observersOf = groupsOf(observed, size)
  for (let rank = 0; rank < size; rank++) {
    const value = at(highestFirst, rank)
    const mine = observersOf(value)
    let low = at(insertReturn, value)
    let high = free.atOrAfter(at(removeCall, value))
    if (high > at(removeReturn, value)) return { conflict: neverHighest(table, highestFirst, rank, removeCall, removeReturn, value) }
    for (const i of mine) {
      const first = free.atOrAfter(at(observers.call, i))
      if (first > at(observers.return, i)) return { conflict: neverHighest(table, highestFirst, rank, observers.call, observers.return, i) }
      high = Math.max(high, first)
      low = Math.min(low, free.atOrBefore(at(observers.return, i)))
    }
    // Where the value need not stay, all that happens to it happens at one moment.
    from[value] = Math.min(low, high)
    until[value] = high
    for (const i of mine) ofObserver[i] = low >= high ? high : free.atOrAfter(Math.max(at(observers.call, i), low))
    if (low < high) free.takeBetween(low, high)
  }
  for (let i = 0; i < ofEmpty.length; i++) {
    ofEmpty[i] = free.atOrAfter(at(empties.call, i))
    if (at(ofEmpty, i) > at(empties.return, i))
      return { conflict: neverHighest(table, highestFirst, size, empties.call, empties.return, i) }
  }
  return { order: linearization(table, highestFirst, { from, until, ofObserver, ofEmpty }) }
}

/** What found the value of a rank (or nothing) while something higher was inside all the time, and what was inside. */
function neverHighest(
  table: ContainerTable,
  highestFirst: Int32Array,
  rank: number,
  call: Int32Array,
  ret: Int32Array,
  i: number,
): Operation[] {
  const { end, insertReturn, removeCall } = table
  const isHigher = new Uint8Array(insertReturn.length)
  for (let higher = 0; higher < rank; higher++) isHigher[at(highestFirst, higher)] = 1
  const chain = cover([at(call, i), at(ret, i)], { low: insertReturn, high: removeCall, end }, (value) => isHigher[value] === 1)
  const values = rank < isHigher.length ? [at(highestFirst, rank), ...chain] : chain
  const found = operationsOf(table, values)
  return rank < isHigher.length ? found : [table.empties.operations[i] as Operation, ...found]
}

/**
 * At one position: what ends there from the highest down (with what is inside for that moment only), then what finds
 * nothing, then what begins there from the lowest up.
 */
function linearization(table: ContainerTable, highestFirst: Int32Array, { from, until, ofObserver, ofEmpty }: Moments): Operation[] {
  const { end, insert, remove, observers, observed, empties } = table
  const all: Operation[] = []
  const keys: number[] = []
  const put = (operation: Operation | null, position: number, phase: number): void => {
    if (operation === null) return
    all.push(operation)
    keys.push(3 * position + phase)
  }
  const observersOf = groupsOf(observed, from.length)
  const begins = (value: number, position: number): boolean => at(from, value) === position && at(until, value) > position
  for (let rank = 0; rank < from.length; rank++) {
    const value = at(highestFirst, rank)
    if (!begins(value, at(from, value))) put(insert[value] as Operation, at(from, value), 0)
    for (const i of observersOf(value))
      if (!begins(value, at(ofObserver, i))) put(observers.operations[i] as Operation, at(ofObserver, i), 0)
    put(remove[value] as Operation | null, at(until, value), 0)
  }
  for (const [i, operation] of empties.operations.entries()) put(operation, at(ofEmpty, i), 1)
  for (let rank = from.length - 1; rank >= 0; rank--) {
    const value = at(highestFirst, rank)
    if (begins(value, at(from, value))) put(insert[value] as Operation, at(from, value), 2)
    for (const i of observersOf(value))
      if (begins(value, at(ofObserver, i))) put(observers.operations[i] as Operation, at(ofObserver, i), 2)
  }
  return Array.from(orderBy(keys, 3 * end + 2), (i) => all[i] as Operation)
}

function explain(lives: readonly Life[], extreme: Extreme, higher: (a: number | bigint, b: number | bigint) => boolean): Explanation {
  const number = (life: Life): number => life.value as number
  const [lowest, ...others] = [...lives].sort((a, b) => (higher(number(a), number(b)) ? 1 : -1))
  const failing = [lowest?.remove ?? null, ...(lowest?.observers ?? [])].find((operation) => operation !== null)
  const more = extreme === 'max' ? 'greater' : 'less'
  if (failing === undefined)
    return { sentence: `no order of these operations returns the ${extreme === 'max' ? 'greatest' : 'least'} value first` }
  return { failing, sentence: `the ${returned(failing)}, but all the while something ${more} was there: ${presences(others)}` }
}
