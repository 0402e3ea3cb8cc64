/**
 * First in, first out: decides in O(n log n) whether the operations on a queue with distinct values are linearizable.
 *
 * A value goes before another where its insertion or its removal completed before that of the other began. Removing what
 * goes before all others, again and again, gives an order, unless two values go before each other: one was inserted first
 * and removed last. A removal that found the queue empty needs a moment at which no value is certainly inside; such a
 * moment cuts the history in two: each value is before it or after it, and the cut adds nothing to what goes before what.
 * The patterns are those of Bouajjani, Emmi, Enea and Hamza (ICALP 2015); the order is made as Lee and Mathur
 * (OOPSLA 2025) make theirs, by decrease and conquer.
 *
 * Time: O(n log n) for positions that are far apart, otherwise all but linear.
 */
import type { Operation } from '../operation.ts'
import type { Monitor } from '../spec.ts'
import { equal, showValue } from '../value.ts'
import { containerMonitor, type Explanation, type Life, presences, type Solution } from './container.ts'
import { type ContainerTable, operationsOf } from './container-table.ts'
import type { Step } from './core.ts'
import { cover } from './cover.ts'
import { at, FreePositions, orderBy } from './positions.ts'
import { named, returned } from './wording.ts'

/** For `enqueue` and `dequeue`, which returns null where the queue is empty. */
export const queueMonitor: Monitor = containerMonitor({
  noun: 'queue',
  name: 'queue by decrease and conquer (Lee & Mathur 2025)',
  roles: { enqueue: 'insert', dequeue: 'remove' },
  step: (state, operation) => queueStep(state, operation),
  solve,
  explain,
})

const queueStep: Step = (state, operation) => {
  if (operation.f === 'enqueue') return [[...state, operation.input]]
  const [first = null, ...rest] = state
  return operation.output === undefined || equal(operation.output, first) ? [rest] : []
}

function solve(table: ContainerTable): Solution {
  const cuts = cutsOf(table)
  if (typeof cuts === 'number') return { conflict: alwaysInside(table, cuts) }
  const order = removalOrder(table, cuts)
  return 'conflict' in order ? order : { order: linearization(table, cuts, order) }
}

/** Moments at which the queue is empty; they cut the history into segments. */
interface Cuts {
  /** The cuts, ascending. */
  readonly positions: readonly number[]
  /** How many cuts lie before each position: a value whose removal may begin there belongs to the segment of that number. */
  readonly before: Int32Array
  /** Of each operation that found the queue empty, its cut. */
  readonly cutOfEmpty: Int32Array
}

/** The earliest cut for each removal that found the queue empty, or the index of one that has none. */
function cutsOf({ end, insertReturn, removeCall, empties }: ContainerTable): Cuts | number {
  const free = new FreePositions(end + 1)
  for (let value = 0; value < insertReturn.length; value++) free.takeBetween(at(insertReturn, value), at(removeCall, value))
  const isCut = new Uint8Array(end + 1)
  const cutAt = new Int32Array(empties.operations.length)
  for (let i = 0; i < cutAt.length; i++) {
    const position = free.atOrAfter(at(empties.call, i))
    if (position > at(empties.return, i)) return i
    cutAt[i] = position
    isCut[position] = 1
  }
  const positions: number[] = []
  const before = new Int32Array(end + 1)
  for (let position = 0; position <= end; position++) {
    before[position] = positions.length
    if (isCut[position] === 1) positions.push(position)
  }
  return { positions, before, cutOfEmpty: cutAt.map((position) => at(before, position)) }
}

function alwaysInside(table: ContainerTable, empty: number): Operation[] {
  const { end, insertReturn, removeCall, empties } = table
  const interval = [at(empties.call, empty), at(empties.return, empty)] as const
  const chain = cover(interval, { low: insertReturn, high: removeCall, end })
  return [empties.operations[empty] as Operation, ...operationsOf(table, chain)]
}

interface RemovalOrder {
  /** The values in the order in which they are inserted and removed. */
  readonly values: Int32Array
  readonly segment: Int32Array
}

function removalOrder(table: ContainerTable, cuts: Cuts): RemovalOrder | { conflict: Operation[] } {
  const { end, insertCall, insertReturn, removeCall, removeReturn } = table
  const size = insertCall.length
  const segment = removeCall.map((position) => at(cuts.before, position))
  const left = new Int32Array(cuts.positions.length + 1)
  for (let value = 0; value < size; value++) left[at(segment, value)] = at(left, at(segment, value)) + 1
  const ready: number[][] = Array.from(left, () => [])
  const placed = new Uint8Array(size)
  const marks = new Uint8Array(size)
  const mark = (value: number): void => {
    marks[value] = at(marks, value) + 1
    if (marks[value] === 2) ready[at(segment, value)]?.push(value)
  }
  // Nothing left was inserted (removed) wholly before what begins no later than the earliest end among what is left.
  const insertions = frontier(insertCall, insertReturn, placed, end, mark)
  const removals = frontier(removeCall, removeReturn, placed, end, mark)
  const values = new Int32Array(size)
  let current = 0
  for (let count = 0; count < size; count++) {
    insertions()
    removals()
    while (left[current] === 0) current++
    const value = ready[current]?.pop()
    if (value === undefined) return { conflict: inversion(table, segment, placed, current) }
    values[count] = value
    placed[value] = 1
    left[current] = at(left, current) - 1
  }
  return { values, segment }
}

/** A function that marks the values which have come to begin no later than the first end among those not yet placed. */
function frontier(begin: Int32Array, finish: Int32Array, placed: Uint8Array, end: number, mark: (value: number) => void): () => void {
  const byBegin = orderBy(begin, end)
  const byFinish = orderBy(finish, end)
  let begun = 0
  let first = 0
  return () => {
    while (first < byFinish.length && placed[at(byFinish, first)] === 1) first++
    if (first === byFinish.length) return
    const deadline = at(finish, at(byFinish, first))
    for (; begun < byBegin.length && at(begin, at(byBegin, begun)) <= deadline; begun++) mark(at(byBegin, begun))
  }
}

/** Of what is left, the first insertion to complete and the first removal to complete are of values that block each other. */
function inversion(table: ContainerTable, segment: Int32Array, placed: Uint8Array, current: number): Operation[] {
  let a = -1
  let b = -1
  for (let value = 0; value < placed.length; value++) {
    if (placed[value] === 1 || segment[value] !== current) continue
    if (a < 0 || at(table.insertReturn, value) < at(table.insertReturn, a)) a = value
    if (b < 0 || at(table.removeReturn, value) < at(table.removeReturn, b)) b = value
  }
  return operationsOf(table, [a, b])
}

/** Insertions at the earliest moments that keep the order, removals likewise: merged, segment by segment. */
function linearization(table: ContainerTable, cuts: Cuts, { values, segment }: RemovalOrder): Operation[] {
  const { insert, remove, insertCall, removeCall, empties } = table
  const emptiesByCut = orderBy(cuts.cutOfEmpty, cuts.positions.length)
  const order: Operation[] = []
  let empty = 0
  let first = 0
  for (let current = 0; current <= cuts.positions.length; current++) {
    let last = first
    while (last < values.length && segment[at(values, last)] === current) last++
    let inserted = first
    let insertion = -1
    let removal = -1
    for (let i = first; i < last; i++) {
      const value = at(values, i)
      // The removal of this value comes after all insertions that are no later, its own among them.
      removal = Math.max(removal, at(removeCall, value))
      for (; inserted < last; inserted++) {
        insertion = Math.max(insertion, at(insertCall, at(values, inserted)))
        if (inserted > i && insertion > removal) break
        removal = inserted <= i ? Math.max(removal, insertion) : removal
        order.push(insert[at(values, inserted)] as Operation)
      }
      const removed = remove[value] as Operation | null
      if (removed !== null) order.push(removed)
    }
    for (; empty < emptiesByCut.length && at(cuts.cutOfEmpty, at(emptiesByCut, empty)) === current; empty++)
      order.push(empties.operations[at(emptiesByCut, empty)] as Operation)
    first = last
  }
  return order
}

function explain(lives: readonly Life[]): Explanation {
  for (const early of lives) {
    for (const late of lives) {
      if (late.remove === null || early.insert.return > late.insert.call) continue
      if (early.remove !== null && early.remove.return < late.remove.return) continue
      const fate =
        early.remove === null
          ? `but ${showValue(early.value)} was never dequeued`
          : `and completed before the ${named(early.remove)} began, which returned ${showValue(early.value)}`
      const sentence = `the ${returned(late.remove)}, ${fate}; yet ${named(early.insert)} had completed before ${named(late.insert)} began: first in, first out`
      return { sentence }
    }
  }
  return { sentence: `no order of these operations is first in, first out: the queue held ${presences(lives)}` }
}
