/**
 * What a queue promises to its users, whatever its order (as in Jepsen's queue checkers): at-least-once, that no item is lost or
 * made up; at-most-once, that none is delivered more often than it was enqueued, or made up; exactly-once, both.
 *
 * An item is lost if its enqueueing was acknowledged and it was never dequeued although the queue was seen to be empty since: by a
 * dequeue that found nothing, or a completed drain, that began after the enqueueing completed. A dequeue with an unknown end
 * may have taken one item, a drain with an unknown end any number: they excuse as many losses. An enqueueing with an unknown
 * end allows one delivery. Items that overtook others are counted, not judged.
 */
import type { Decision, Violated } from '../decision.ts'
import type { Operation } from '../operation.ts'
import { isList, keyOf, showValue, type Value } from '../value.ts'
import { count, objectOf } from './phrases.ts'
import { byKey, inapplicable, type Problem } from './problem.ts'

export type DeliveryPromise = 'at-least-once' | 'at-most-once' | 'exactly-once'

const algorithm = 'items enqueued against items dequeued'
const insertions = new Set(['enqueue', 'enq', 'add', 'offer', 'push', 'send'])
const removals = new Set(['dequeue', 'deq', 'poll', 'take', 'pop', 'receive'])

export function delivery(promise: DeliveryPromise): (problem: Problem) => Decision {
  return ({ operations, spec, initial }) => {
    // What is added to a set or a counter is not delivered to anybody.
    if (!Object.keys(spec.operations).some((f) => removals.has(f) || f === 'drain'))
      return inapplicable(algorithm, `${spec.name} has no operation that takes an item out`)
    const other = operations.find(({ f }) => !insertions.has(f) && !removals.has(f) && f !== 'drain' && !spec.observers.has(f))
    if (other !== undefined) return inapplicable(algorithm, `${other.f} neither enqueues nor dequeues`)
    if (!operations.some(({ f }) => insertions.has(f) || removals.has(f) || f === 'drain'))
      return inapplicable(algorithm, 'no operation enqueues or dequeues')
    if (!isList(initial) || initial.length > 0)
      return inapplicable(algorithm, `the queue does not start empty but with ${showValue(initial)}`)
    const notes: string[] = []
    for (const group of byKey(operations)) {
      const traffic = trafficOf(group)
      const violation =
        unexpected(traffic) ??
        (promise === 'at-least-once' ? null : duplicated(traffic)) ??
        (promise === 'at-most-once' ? null : lost(traffic, notes))
      if (violation !== null) return violation
      noteOvertaking(traffic, notes)
    }
    return { verdict: 'holds', algorithm, witness: null, ...(notes.length === 0 ? {} : { note: notes.join('; ') }) }
  }
}

interface Item {
  readonly value: Value
  /** Completed or not. */
  readonly enqueued: Operation[]
  readonly dequeued: Operation[]
}

interface Traffic {
  readonly operations: readonly Operation[]
  readonly items: readonly Item[]
  /** Operations that found the queue empty, or left it so. */
  readonly emptied: readonly Operation[]
}

function trafficOf(operations: readonly Operation[]): Traffic {
  const items = new Map<string, { value: Value; enqueued: Operation[]; dequeued: Operation[] }>()
  const item = (value: Value): Item => {
    const known = items.get(keyOf(value)) ?? { value, enqueued: [], dequeued: [] }
    items.set(keyOf(value), known)
    return known
  }
  for (const operation of operations)
    if (insertions.has(operation.f) && operation.completion !== 'fail' && operation.output !== false)
      item(operation.input).enqueued.push(operation)
  const emptied: Operation[] = []
  for (const operation of operations) {
    const { f, output, completion } = operation
    if (completion === 'info' || (!removals.has(f) && f !== 'drain')) continue
    if (f === 'drain') {
      if (!isList(output)) continue
      emptied.push(operation)
      for (const value of output) item(value).dequeued.push(operation)
    } else if (completion === 'fail' || output === null || isWordForEmpty(output, items)) emptied.push(operation)
    else if (output !== undefined) item(output).dequeued.push(operation)
  }
  return { operations, items: [...items.values()], emptied }
}

function isWordForEmpty(output: Value | undefined, items: ReadonlyMap<string, Item>): boolean {
  return (output === 'empty' || output === ':empty') && !items.has(keyOf(output))
}

function unexpected({ items }: Traffic): Violated | null {
  for (const { value, enqueued, dequeued } of items) {
    const [taken] = dequeued
    if (taken === undefined) continue
    if (enqueued.length === 0) return violated([taken], `${took(taken, value)}, which nobody had enqueued`, taken)
    const early = dequeued.find(({ return: end }) => enqueued.every(({ call }) => call > end))
    if (early !== undefined) return violated([early, ...enqueued], `${took(early, value)} before anybody enqueued it`, early)
  }
  return null
}

function duplicated({ items }: Traffic): Violated | null {
  for (const { value, enqueued, dequeued } of items) {
    if (dequeued.length <= enqueued.length) continue
    const takers = dequeued.slice(0, enqueued.length + 1)
    const times = `was enqueued ${enqueued.length === 1 ? 'once' : `${enqueued.length} times`} and dequeued ${dequeued.length} times`
    const who = takers.map(({ process }) => `process ${process}`).join(' and ')
    return violated(takers, `${showValue(value)} ${times}, by ${who}`, takers.at(-1) ?? null)
  }
  return null
}

function lost({ operations, items, emptied }: Traffic, notes: string[]): Violated | null {
  const lastEmptied = emptied.reduce<Operation | undefined>(
    (last, each) => (last === undefined || each.call > last.call ? each : last),
    undefined,
  )
  const missing = items.flatMap(({ enqueued, dequeued }) => {
    const acknowledged = enqueued.filter(
      ({ completion, return: end }) => completion === 'ok' && lastEmptied !== undefined && end < lastEmptied.call,
    )
    // Deliveries may have been of those whose end is unknown, or that came later.
    return acknowledged.slice(0, Math.max(0, acknowledged.length - dequeued.length))
  })
  const crashed = operations.filter(
    ({ f, completion, output }) => (removals.has(f) || f === 'drain') && completion !== 'fail' && output === undefined,
  )
  const excused = crashed.some(({ f }) => f === 'drain') ? Number.POSITIVE_INFINITY : crashed.length
  const [first] = missing
  if (first === undefined || lastEmptied === undefined) return null
  if (missing.length <= excused) {
    notes.push(
      `${count(missing.length, 'item')} never dequeued, which ${count(crashed.length, 'dequeue')} with an unknown end may have taken`,
    )
    return null
  }
  const excuse = crashed.length === 0 ? '' : `, more than the ${count(crashed.length, 'dequeue')} with an unknown end may have taken`
  const others = missing.length === 1 ? '' : ` (as were ${missing.length - 1} more)`
  const sentence = `process ${first.process} enqueued ${showValue(first.input)} on ${objectOf(first)}, which was acknowledged; it was never dequeued${others}${excuse}, and process ${lastEmptied.process} found the queue empty after that`
  return violated([...missing.slice(0, excused + 1), lastEmptied], sentence, first)
}

/** Counts items that were dequeued after one that was enqueued later; of values that were enqueued once only. */
function noteOvertaking({ items }: Traffic, notes: string[]): void {
  const single = items.flatMap(({ enqueued: [enqueue, ...more], dequeued: [dequeue, ...again] }) =>
    enqueue === undefined || dequeue === undefined || more.length + again.length > 0 || dequeue.f === 'drain' ? [] : [{ enqueue, dequeue }],
  )
  const byCall = [...single].sort((a, b) => b.enqueue.call - a.enqueue.call)
  const byReturn = [...single].sort((a, b) => b.enqueue.return - a.enqueue.return)
  let earliest = Number.POSITIVE_INFINITY
  let later = 0
  let overtaken = 0
  for (const { enqueue, dequeue } of byReturn) {
    for (let next = byCall[later]; next !== undefined && next.enqueue.call > enqueue.return; next = byCall[++later])
      earliest = Math.min(earliest, next.dequeue.return)
    if (earliest < dequeue.call) overtaken++
  }
  if (overtaken > 0) notes.push(`${count(overtaken, 'item')} dequeued after one that had been enqueued later`)
}

function violated(core: readonly Operation[], sentence: string, failing: Operation | null): Violated {
  return { verdict: 'violated', algorithm, sentence, failing, core: [...new Set(core)].sort((a, b) => a.call - b.call) }
}

function took(operation: Operation, value: Value): string {
  return `process ${operation.process} dequeued ${showValue(value)}${operation.key === undefined ? '' : ` from ${showValue(operation.key)}`}`
}
