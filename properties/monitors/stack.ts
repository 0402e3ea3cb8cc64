/**
 * Last in, first out: decides in O(n log n) whether the operations on a stack with distinct values are linearizable.
 *
 * A value is certainly on the stack from the first return to the last call that prove it (its critical interval). In a
 * linearization the value at the bottom is pushed and popped at positions that no critical interval holds, and seen on top
 * at positions that only its own holds. Conversely a value that has such positions can be taken to be at the bottom, and
 * the rest is judged without it, as often as it takes; what is left when no value has them is violated. Each position gets
 * free once, and each operation is found by the position that serves it once: a tree over positions counts the intervals
 * that hold each, a tree over operations finds those around a position. A removal that found the stack empty needs a
 * position that no critical interval held from the start.
 * Lee and Mathur (OOPSLA 2025) decide so; the critical intervals are those of Abdulla et al. (LiMo, PLDI 2025).
 */
import type { Operation } from '../operation.ts'
import type { Monitor } from '../spec.ts'
import { equal, showValue } from '../value.ts'
import { containerMonitor, type Explanation, type Life, presences, type Solution } from './container.ts'
import { type ContainerTable, operationsOf } from './container-table.ts'
import type { Step } from './core.ts'
import { cover } from './cover.ts'
import { PositionCounts, WaitingIntervals } from './interval-trees.ts'
import { at, FreePositions } from './positions.ts'
import { blockedValues } from './stack-conflict.ts'
import { type Peeling, stackOrder } from './stack-order.ts'
import { listed, named, returned } from './wording.ts'

/** For `push`, and for `pop` (which removes) and `peek`, which return null where the stack is empty. */
export const stackMonitor: Monitor = containerMonitor({
  noun: 'stack',
  name: 'stack by decrease and conquer (Lee & Mathur 2025)',
  roles: { push: 'insert', pop: 'remove', peek: 'observe' },
  step: (state, operation) => stackStep(state, operation),
  solve,
  explain,
})

const stackStep: Step = (state, operation) => {
  if (operation.f === 'push') return [[...state, operation.input]]
  if (operation.output !== undefined && !equal(operation.output, state.at(-1) ?? null)) return []
  return [operation.f === 'pop' ? state.slice(0, -1) : state]
}

function solve(table: ContainerTable): Solution {
  const emptyAt = momentsOfEmptiness(table)
  if (!('length' in emptyAt)) return emptyAt
  const peeling = peel(table)
  const taken = new Uint8Array(table.values.length)
  for (const value of peeling.values) taken[value] = 1
  const stuck = Int32Array.from(table.values.keys()).filter((value) => isCritical(table, value) && taken[value] === 0)
  if (stuck.length > 0) return { conflict: operationsOf(table, blockedValues(table, stuck)) }
  return { order: stackOrder(table, peeling, emptyAt) }
}

function isCritical({ insertReturn, removeCall }: ContainerTable, value: number): boolean {
  return at(insertReturn, value) < at(removeCall, value)
}

function momentsOfEmptiness(table: ContainerTable): Int32Array | { conflict: Operation[] } {
  const { end, insertReturn: low, removeCall: high, empties } = table
  const free = new FreePositions(end + 1)
  for (let value = 0; value < low.length; value++) free.takeBetween(at(low, value), at(high, value))
  const emptyAt = empties.call.map((call) => free.atOrAfter(call))
  const none = emptyAt.findIndex((position, i) => position > at(empties.return, i))
  if (none < 0) return emptyAt
  const chain = cover([at(empties.call, none), at(empties.return, none)], { low, high, end })
  return { conflict: [empties.operations[none] as Operation, ...operationsOf(table, chain)] }
}

/** Takes values from the outside in for as long as there are any that can be taken. */
function peel(table: ContainerTable): Peeling {
  const { end, insertReturn, removeCall, observed } = table
  const size = insertReturn.length
  const seenAt = new Int32Array(observed.length)
  const values: number[] = []
  const freedBefore: number[] = []
  const freed: number[] = []
  const ready: number[] = []
  // A value without a critical interval comes and goes at one moment, whatever else is on the stack.
  const missing = Int32Array.from({ length: size }, (_, value) => (isCritical(table, value) ? 2 : 0))
  for (const value of observed) if (isCritical(table, value)) missing[value] = at(missing, value) + 1
  const counts = new PositionCounts(insertReturn, removeCall, end + 1, observed.length > 0)
  const { around, onTop } = waitingOperations(table)
  const serve = (operation: number, position: number): void => {
    const value = operation < 2 * size ? operation % size : at(observed, operation - 2 * size)
    if (operation >= 2 * size) {
      if (at(seenAt, operation - 2 * size) > 0) return
      seenAt[operation - 2 * size] = position + 1
    }
    missing[value] = at(missing, value) - 1
    if (missing[value] === 0) ready.push(value)
  }
  for (;;) {
    const next = counts.next()
    if (next !== null && next.owner >= 0) {
      for (let i = onTop.take(next.owner, next.position); i >= 0; i = onTop.take(next.owner, next.position))
        serve(2 * size + i, next.position)
    } else if (next !== null) {
      freed.push(next.position)
      for (let i = around.take(0, next.position); i >= 0; i = around.take(0, next.position)) serve(i, next.position)
    } else {
      // One at a time: what it leaves free counts for the next one.
      const value = ready[values.length]
      if (value === undefined) break
      values.push(value)
      freedBefore.push(freed.length)
      counts.leave(value)
    }
  }
  return { values, freedBefore, freed, seenAt: seenAt.map((position) => position - 1) }
}

/** The operations on values with a critical interval: all of them around any free position, and the observers of each value. */
function waitingOperations(table: ContainerTable): { around: WaitingIntervals; onTop: WaitingIntervals } {
  const { end, insertCall, insertReturn, removeCall, removeReturn, observers, observed } = table
  const size = insertCall.length
  const total = 2 * size + observed.length
  const group = new Int32Array(total)
  const begin = new Int32Array(total)
  const finish = new Int32Array(total)
  begin.set(insertCall)
  finish.set(insertReturn)
  begin.set(removeCall, size)
  finish.set(removeReturn, size)
  begin.set(observers.call, 2 * size)
  finish.set(observers.return, 2 * size)
  for (let i = 0; i < total; i++) if (!isCritical(table, i < 2 * size ? i % size : at(observed, i - 2 * size))) group[i] = -1
  const watched = {
    group: observed.map((value) => (isCritical(table, value) ? value : -1)),
    begin: observers.call,
    finish: observers.return,
  }
  return { around: new WaitingIntervals({ group, begin, finish }, 1, end), onTop: new WaitingIntervals(watched, size, end) }
}

function explain(lives: readonly Life[]): Explanation {
  for (const below of lives) {
    for (const above of lives) {
      const found = [below.remove, ...below.observers].find((o) => o !== null && o.call > above.insert.return && o.return < leaves(above))
      if (found === undefined || found === null || below.insert.return > above.insert.call) continue
      const fate = above.remove === null ? 'was never popped' : `was popped only afterwards, by process ${above.remove.process}`
      const sentence = `the ${returned(found)}, but ${showValue(above.value)} was above it: ${named(above.insert)} began after ${named(below.insert)} had completed, and was complete before that ${found.f} began; ${showValue(above.value)} ${fate}`
      return { failing: found, sentence }
    }
  }
  const seen = lives.flatMap(({ observers }) => observers.map((observer) => `the ${returned(observer)}`))
  const also = seen.length > 0 ? `, and ${listed(seen)}` : ''
  return { sentence: `no order of these operations is last in, first out: the stack held ${presences(lives)}${also}` }
}

function leaves({ remove }: Life): number {
  return remove?.call ?? Number.POSITIVE_INFINITY
}
