/**
 * Records what the clients of a running system see, as a history that the oracles judge. Wraps asynchronous calls: stamps each
 * with the moments of its invocation and its return, and keeps what came of it. A call whose outcome nobody knows, such as
 * one that timed out, is recorded as `info`: it may have happened, may happen later, or never.
 */
import type { Completion, History, HistoryEvent } from '../../properties/history.ts'
import type { Value } from '../../properties/value.ts'
import { plainCopy } from './plain-copy.ts'
import { ProcessNames } from './process-names.ts'
import { saveHistory } from './save-history.ts'
import { sinceNow, TimeoutError, withinTime } from './within-time.ts'
import type { WrittenFormat } from './write.ts'

/** A call that failed, for the function that says what its failure means. */
export interface RecordedCall {
  readonly f: string
  readonly input: Value
  readonly key?: Value
}

export interface RecorderOptions {
  /** Nanoseconds since any moment, never less than before; the monotonic clock of the process by default. */
  readonly clock?: () => number
  /** How long a call may take, in milliseconds; without it as long as it likes. */
  readonly timeoutMs?: number
  /**
   * What an error says: `fail`, the operation certainly did not happen, or `info`, nobody knows. By default `info`, which is
   * always right: a connection that breaks after the request was sent proves nothing.
   */
  readonly errors?: (error: unknown, call: RecordedCall) => 'fail' | 'info'
}

export interface CallOptions<T> {
  /** The object that it is about, in histories of several independent ones. */
  readonly key?: Value
  /** What is recorded of the result, where that is not the result itself: plain data. */
  readonly result?: (result: T) => unknown
  /** Instead of the recorder's. */
  readonly timeoutMs?: number
}

/** One client of the system: its operations come one after another. */
export interface RecordingClient {
  /**
   * Runs an operation and records it; resolves and rejects as `run` does. A call that comes while another of the same client
   * is open is recorded under a process of its own, so that `Promise.all` is safe: the two are concurrent, and nothing is said
   * about their order.
   * @param input plain data; `undefined` is recorded as null
   * @throws TimeoutError if it takes too long; whatever comes of it later is ignored
   * @throws HistoryError `not-plain-data` for an input, before anything runs, or for a result; the operation is `info` then
   */
  call<T>(f: string, input: unknown, run: () => T | PromiseLike<T>, options?: CallOptions<T>): Promise<T>
}

export interface Recorder {
  /**
   * A new client. After an operation that ended in `info` it goes on under a fresh process, as in Jepsen, since the old
   * process may still be at work; specifications that look at processes, as locks do, then see another owner.
   * @param process its name in the history; the next number by default
   * @throws RangeError for a process that is in the history already
   */
  client(process?: number | string): RecordingClient
  /** The events so far. */
  readonly history: History
  /**
   * Writes the history, whole or not at all, and makes the folder that it is in.
   * @param format by default Jepsen's EDN where the path ends in `.edn`, else the format of this package
   */
  save(path: string, format?: WrittenFormat): void
}

/**
 * Records the calls of any number of concurrent clients.
 *
 * @example
 * const record = recorder({ timeoutMs: 1000 })
 * const client = record.client()
 * await client.call('write', 1, () => redis.set('x', 1))
 * await client.call('read', null, () => redis.get('x'))
 * verify(record.history, register)
 */
export function recorder(options: RecorderOptions = {}): Recorder {
  const events: HistoryEvent[] = []
  const clock = options.clock ?? sinceNow()
  const names = new ProcessNames()
  return {
    client: (process) => {
      if (process !== undefined && names.has(process)) throw new RangeError(`there is a process ${process} already`)
      return clientOf(process === undefined ? names.fresh(undefined) : names.claim(process))
    },
    get history() {
      return [...events]
    },
    save: (path, format) => saveHistory(events, path, format),
  }

  function clientOf(first: number | string): RecordingClient {
    // The processes of this client that have nothing open.
    const idle = [first]
    return {
      call: async (f, input, run, callOptions = {}) => {
        const call = recordedCall(f, input, callOptions.key)
        const process = idle.shift() ?? names.fresh(first)
        push(process, 'invoke', call, call.input)
        const result = await withinTime(run, callOptions.timeoutMs ?? options.timeoutMs, f).catch((error: unknown) => {
          complete(process, outcomeOf(error, call, options), call, call.input)
          throw error
        })
        try {
          const { result: resultOf = (value: unknown) => value } = callOptions
          complete(process, 'ok', call, plainCopy(resultOf(result), `the result of ${f}`))
        } catch (error) {
          // It has happened, whatever `errors` would say of this error.
          complete(process, 'info', call, call.input)
          throw error
        }
        return result
      },
    }

    function complete(process: number | string, type: Completion, call: RecordedCall, value: Value): void {
      push(process, type, call, value)
      if (type !== 'info') idle.push(process)
    }
  }

  function push(process: number | string, type: HistoryEvent['type'], { f, key }: RecordedCall, value: Value): void {
    events.push({ index: events.length, process, type, f, value, ...(key === undefined ? {} : { key }), time: clock() })
  }
}

function recordedCall(f: string, input: unknown, key: Value | undefined): RecordedCall {
  return {
    f,
    input: plainCopy(input, `the input of ${f}`),
    ...(key === undefined ? {} : { key: plainCopy(key, `the key of ${f}`) }),
  }
}

function outcomeOf(error: unknown, call: RecordedCall, { errors }: RecorderOptions): 'fail' | 'info' {
  if (error instanceof TimeoutError) return 'info'
  return errors?.(error, call) ?? 'info'
}
