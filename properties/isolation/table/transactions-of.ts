/**
 * Transactions from the events of a history, in Jepsen's shape: the value of an event is the list of the steps of a transaction, each
 * `[f key value]` with f one of r, read, w, write and append, as a keyword or not; `[f key]` is a read of null.
 */
import { HistoryError } from '../../errors.ts'
import type { HistoryEvent } from '../../history.ts'
import { equal, isList, showValue, type Value } from '../../value.ts'
import type { Step, Transaction } from './transaction.ts'

/**
 * The transactions, each as soon as it has ended, and those that have not at the end; only open ones are held. What `ok` says counts:
 * null that was read is the initial value, or the empty list. One that ended in `fail` is aborted, and of one that ended in `info`, or
 * has not, nobody knows the outcome: these write what their call says, and what they read is not known. Positions are event indexes.
 * @throws HistoryError `history-events` for events that no clients can have produced, `history-operation` for a value that is no
 * transaction; names the event's index
 */
export function* transactionsOf(events: Iterable<HistoryEvent<Value>>): Generator<Transaction, void, undefined> {
  const open = new Map<number | string, HistoryEvent<Value>>()
  const crashed = new Set<number | string>()
  for (const event of events) {
    const { process, type } = event
    const call = open.get(process)
    if (type === 'invoke') {
      if (call !== undefined)
        throw misplaced(
          event,
          `process ${process} begins a transaction while that of event ${call.index} is open; give it a process of its own`,
        )
      if (crashed.has(process))
        throw misplaced(
          event,
          `process ${process} begins a transaction after info; a process that has crashed does nothing more, so give it a fresh one`,
        )
      open.set(process, event)
      continue
    }
    if (call === undefined)
      throw misplaced(event, `process ${process} ends a transaction, but it has none open; put its call before it, or remove this event`)
    open.delete(process)
    if (type === 'info') crashed.add(process)
    yield type === 'ok' ? committed(call, event) : uncertain(call, type === 'fail' ? event : null)
  }
  for (const call of open.values()) yield uncertain(call, null)
}

function committed(call: HistoryEvent<Value>, event: HistoryEvent<Value>): Transaction {
  const parts = partsOf(event)
  const steps: Step[] = []
  for (const part of parts) steps.push(stepOf(event, part, true))
  if (call.value !== null) checkSame(call, event, parts)
  return { process: event.process, status: 'committed', steps, began: call.index, ended: event.index }
}

/** Aborted where an event says so. */
function uncertain(call: HistoryEvent<Value>, failure: HistoryEvent<Value> | null): Transaction {
  const steps = partsOf(call).map((part) => stepOf(call, part, false))
  const status = failure === null ? 'unknown' : 'aborted'
  return { process: call.process, status, steps, began: call.index, ended: failure?.index ?? null }
}

function partsOf(event: HistoryEvent<Value>): readonly Value[] {
  if (isList(event.value)) return event.value
  throw noTransaction(event, showValue(event.value, 40), 'a transaction such as [[r x null] [w y 1]]')
}

function stepOf(event: HistoryEvent<Value>, part: Value, hasReturned: boolean): Step {
  if (isList(part) && part.length <= 3) {
    const [f, key, value] = part
    const name = nameOf(f)
    if (key !== undefined && name === 'read') return { f: name, key, value: hasReturned ? (value ?? null) : undefined }
    if (key !== undefined && value !== undefined && name !== null) return { f: name, key, value }
  }
  throw noTransaction(event, `the step ${showValue(part, 40)}`, '[r key value], [w key value] or [append key value]')
}

function nameOf(f: Value | undefined): Step['f'] | null {
  switch (f) {
    case 'r':
    case ':r':
    case 'read':
    case ':read':
      return 'read'
    case 'w':
    case ':w':
    case 'write':
    case ':write':
      return 'write'
    case 'append':
    case ':append':
      return 'append'
    default:
      return null
  }
}

/** What has returned is what was called: a record that mixes up two transactions must not pass. */
function checkSame(call: HistoryEvent<Value>, event: HistoryEvent<Value>, parts: readonly Value[]): void {
  const called = partsOf(call)
  for (let i = 0; i < Math.max(called.length, parts.length); i++) {
    const before = called[i]
    const after = parts[i]
    if (isList(before) && isList(after)) {
      const isRead = nameOf(before[0]) === 'read'
      if (before[0] === after[0] && same(before[1], after[1]) && (isRead || same(before[2], after[2]))) continue
    }
    throw misplaced(
      event,
      `the transaction returns with ${i < parts.length ? `the step ${showValue(after, 40)}` : `${parts.length} steps`}, but its call (event ${call.index}) has ${i < called.length ? showValue(before, 40) : `only ${called.length}`}; a return has the steps of its call`,
    )
  }
}

function same(a: Value | undefined, b: Value | undefined): boolean {
  return a === b || equal(a ?? null, b ?? null)
}

function noTransaction({ index }: HistoryEvent<Value>, found: string, expected: string): HistoryError {
  return new HistoryError('history-operation', `event ${index}: found ${found}, expected ${expected}`)
}

function misplaced({ index }: HistoryEvent<Value>, what: string): HistoryError {
  return new HistoryError('history-events', `event ${index}: ${what}`)
}
