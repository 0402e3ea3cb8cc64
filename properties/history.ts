/**
 * A history as data: what the clients of a system saw, in the shape that Jepsen records. Each operation is invoked by a
 * process and completes at most once; one that ends in `info` may have happened, may happen later, or never.
 */
import { HistoryError } from './errors.ts'
import type { Value } from './value.ts'

/** The end of an operation: it happened, it did not, or nobody knows. */
export type Completion = 'ok' | 'fail' | 'info'

export interface HistoryEvent<V = unknown> {
  /** Position in the history, from 0. */
  readonly index: number
  /** The client. A process whose operation ended in `info` invokes nothing more. */
  readonly process: number | string
  readonly type: 'invoke' | Completion
  /** What was done, such as `read`, `write` or `cas`. */
  readonly f: string
  /** The argument, or the result once it is known. */
  readonly value: V
  /** The object that it is about, in histories of several independent ones. */
  readonly key?: Value
  /** Nanoseconds since the start of the run. */
  readonly time?: number
}

export type History<V = unknown> = readonly HistoryEvent<V>[]

/** An invocation with its completion; `null` while it is open, and for ever after a crash. */
export interface HistoryOperation<V = unknown> {
  readonly invocation: HistoryEvent<V>
  readonly completion: HistoryEvent<V> | null
}

/**
 * Pairs invocations with their completions, in the order of invocation. A process has at most one open operation.
 * @throws HistoryError `history-events` for a completion without an invocation or after another, and for an invocation while
 * another is open, and for indexes that do not rise; names the event's index
 */
export function operations<V>(history: History<V>): HistoryOperation<V>[] {
  const found: { invocation: HistoryEvent<V>; completion: HistoryEvent<V> | null }[] = []
  const open = new Map<number | string, { invocation: HistoryEvent<V>; completion: HistoryEvent<V> | null }>()
  let last = -1
  for (const event of history) {
    if (!(event.index > last)) throw misplaced(event, `its index does not rise; number the events of a history from 0`)
    last = event.index
    const pending = open.get(event.process)
    if (event.type === 'invoke') {
      if (pending !== undefined)
        throw misplaced(event, `process ${event.process} invokes ${event.f} while its ${pending.invocation.f} is open`)
      const operation = { invocation: event, completion: null }
      open.set(event.process, operation)
      found.push(operation)
      continue
    }
    if (pending === undefined || pending.completion !== null)
      throw misplaced(event, `process ${event.process} completes ${event.f}, which it has not invoked`)
    pending.completion = event
    // After `info` the process stays occupied: the operation may still take effect.
    if (event.type !== 'info') open.delete(event.process)
  }
  return found
}

function misplaced({ index }: HistoryEvent, what: string): HistoryError {
  return new HistoryError('history-events', `event ${index}: ${what}`)
}
