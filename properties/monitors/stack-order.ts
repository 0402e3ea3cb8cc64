/**
 * The linearization that belongs to a stack whose values were taken from the outside in. Each value is pushed at the last
 * position before its critical interval, and popped at the first after it, that was free when it was taken. Two such lives
 * never cross: the ends of the one that was taken first are free positions for the other, which holds them in its critical
 * interval or can stop at them.
 */
import { invariant } from '../errors.ts'
import type { Operation } from '../operation.ts'
import type { ContainerTable } from './container-table.ts'
import { at, FreePositions, groupsOf, orderBy } from './positions.ts'

/** What became of the values: in which order they were taken, and which positions had become free before each. */
export interface Peeling {
  /** The values with a critical interval in the order in which they were taken, from the outside in. */
  readonly values: readonly number[]
  /** How many positions of `freed` were free when each of them was taken. */
  readonly freedBefore: readonly number[]
  /** Positions that no critical interval of what was left held, in the order in which they became free. */
  readonly freed: readonly number[]
  /** Where each observer of such a value saw it on top. */
  readonly seenAt: Int32Array
}

/** @throws Error where the peeling is none: lives that cross */
export function stackOrder(table: ContainerTable, peeling: Peeling, emptyAt: Int32Array): Operation[] {
  const { end, insert, remove, insertReturn, removeCall, observers, observed, empties } = table
  const size = insert.length
  const { from, until } = lives(table, peeling)
  // Seen outside of the life that was chosen means seen at a moment at which the life could have begun or ended.
  const seenAt = peeling.seenAt.map((position, i) => {
    const value = at(observed, i)
    return Math.min(Math.max(position, at(from, value)), at(until, value))
  })
  const byTime = orderBy(
    seenAt.map((position) => Math.max(position, 0)),
    end,
  )
  const observersOf = groupsOf(
    byTime.map((i) => at(observed, i)),
    size,
  )
  const observerOf = (place: number): number => at(byTime, place)
  const nextObserver = new Int32Array(size)
  const order: Operation[] = []
  const observe = (value: number, position: number): void => {
    const mine = observersOf(value)
    for (; at(nextObserver, value) < mine.length; nextObserver[value] = at(nextObserver, value) + 1) {
      const i = observerOf(at(mine, at(nextObserver, value)))
      if (at(seenAt, i) > position) return
      order.push(observers.operations[i] as Operation)
    }
  }
  const starts = startOrder(peeling.values, from, until, end)
  const moments = Int32Array.from(insert.keys()).filter((value) => at(insertReturn, value) >= at(removeCall, value))
  const momentOrder = orderBy(
    moments.map((value) => at(removeCall, value)),
    end,
  ).map((i) => at(moments, i))
  const emptyOrder = orderBy(emptyAt, end)
  const stack: number[] = []
  let start = 0
  let moment = 0
  let empty = 0
  for (let position = 0; position <= end; position++) {
    for (let top = stack.at(-1); top !== undefined && until[top] === position; top = stack.at(-1)) {
      observe(top, position)
      const removal = remove[top] as Operation | null
      if (removal !== null) order.push(removal)
      stack.pop()
    }
    const top = stack.at(-1)
    if (top !== undefined) observe(top, position)
    for (; moment < momentOrder.length && removeCall[at(momentOrder, moment)] === position; moment++) {
      const value = at(momentOrder, moment)
      order.push(insert[value] as Operation)
      for (const place of observersOf(value)) order.push(observers.operations[observerOf(place)] as Operation)
      order.push(remove[value] as Operation)
    }
    for (; empty < emptyOrder.length && emptyAt[at(emptyOrder, empty)] === position; empty++)
      order.push(empties.operations[at(emptyOrder, empty)] as Operation)
    for (; start < starts.length && from[at(starts, start)] === position; start++) {
      const value = at(starts, start)
      stack.push(value)
      order.push(insert[value] as Operation)
      observe(value, position)
    }
  }
  invariant(stack.length === 0, 'lives on a stack nest, so each is on top when it ends')
  return order
}

/** From when until when each value is on the stack: the positions that were free when it was taken, found from the last one back. */
function lives({ end, insertReturn, removeCall }: ContainerTable, peeling: Peeling): { from: Int32Array; until: Int32Array } {
  const from = new Int32Array(insertReturn.length)
  const until = new Int32Array(insertReturn.length)
  const free = new FreePositions(end + 1)
  const isFreed = new Uint8Array(end + 1)
  for (const position of peeling.freed) isFreed[position] = 1
  for (let position = 0; position <= end; position++) if (isFreed[position] === 0) free.take(position)
  let freed = peeling.freed.length
  for (let i = peeling.values.length - 1; i >= 0; i--) {
    const value = at(peeling.values, i)
    while (freed > at(peeling.freedBefore, i)) free.take(at(peeling.freed, --freed))
    from[value] = free.atOrBefore(at(insertReturn, value))
    until[value] = free.atOrAfter(at(removeCall, value))
  }
  return { from, until }
}

/** The values by the position of their push; at the same position the one that stays longer, or was taken earlier, goes first. */
function startOrder(values: readonly number[], from: Int32Array, until: Int32Array, end: number): Int32Array {
  const byEnd = orderBy(
    values.map((value) => end - at(until, value)),
    end,
  ).map((i) => at(values, i))
  return orderBy(
    byEnd.map((value) => at(from, value)),
    end,
  ).map((i) => at(byEnd, i))
}
