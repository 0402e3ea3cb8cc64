/**
 * Records the transactions that the clients of a running database run, as a history in Jepsen's shape that the isolation oracles
 * judge. A transaction whose outcome nobody knows, such as one whose commit timed out, is recorded as `info`: its writes may have taken
 * effect, may do so later, or never.
 */
import { HistoryError } from '../../properties/errors.ts'
import type { Completion, History, HistoryEvent } from '../../properties/history.ts'
import type { Value } from '../../properties/value.ts'
import { plainCopy } from './plain-copy.ts'
import { ProcessNames } from './process-names.ts'
import { saveHistory } from './save-history.ts'
import { sinceNow, TimeoutError, withinTime } from './within-time.ts'
import type { WrittenFormat } from './write.ts'

export interface TransactionRecorderOptions {
  /** Nanoseconds since any moment, never less than before; the monotonic clock of the process by default. */
  readonly clock?: () => number
  /** How long a transaction of `run` may take, in milliseconds; without it as long as it likes. */
  readonly timeoutMs?: number
  /**
   * Whether an error proves that the transaction was rolled back, such as a serialization failure that the database reports. By
   * default none does, which is always right: a connection that breaks after the commit was sent proves nothing.
   */
  readonly isAbort?: (error: unknown) => boolean
}

/**
 * A transaction that is being recorded. Values are plain data; `undefined` is recorded as null. Nothing can be recorded of one that has
 * been committed or aborted. One whose outcome is unknown stays so, and what it writes late still counts: it may take effect.
 * @throws HistoryError from each method: `not-plain-data`, and `history-events` for what comes after the end
 */
export interface RecordedTransaction {
  /** What was read: the value of a register, or the whole list; null is what was there before. Returns the value. */
  read<T>(key: Value, value: T): T
  /** To be called before the write is sent, so that it is known even if it is never answered. Each value is written to a key once. */
  write(key: Value, value: Value): void
  append(key: Value, value: Value): void
  /** To be called once the database has said that it has committed. */
  commit(): void
  /** It certainly did not take effect. */
  abort(): void
  unknown(): void
  /** Whether it has not ended yet. */
  readonly isOpen: boolean
}

export interface TransactionRecorder {
  /**
   * Begins a transaction of a client, to be called before the first statement is sent. A client's transactions come one after another;
   * one that begins while another of the same client is open is recorded under a process of its own, and so are those after one whose
   * outcome is unknown, since the old process may still be at work.
   * @param process the client's name in the history; by default a client that has no other transactions
   */
  begin(process?: number | string): RecordedTransaction
  /**
   * Runs a transaction and records its outcome, unless `body` has: committed when it returns, aborted when it throws what `isAbort` says
   * is proof, else unknown. Resolves and rejects as `body` does.
   * @throws TimeoutError if it takes too long; its outcome is unknown then
   */
  run<T>(process: number | string, body: (transaction: RecordedTransaction) => T | PromiseLike<T>): Promise<T>
  /** The events so far. */
  readonly history: History<Value>
  /**
   * Writes the history, whole or not at all, and makes the folder that it is in.
   * @param format by default Jepsen's EDN where the path ends in `.edn`, else the format of this package
   */
  save(path: string, format?: WrittenFormat): void
}

/** `['r' | 'w' | 'append', key, value]`. */
type RecordedStep = readonly ['r' | 'w' | 'append', Value, Value]

interface Attempt {
  readonly process: number | string
  readonly steps: RecordedStep[]
  outcome: Completion | 'open'
}

interface Moment {
  readonly attempt: Attempt
  readonly type: HistoryEvent['type']
  readonly time: number
}

/**
 * Records the transactions of any number of concurrent clients.
 *
 * @example
 * const record = transactionRecorder({ isAbort: (error) => error instanceof DatabaseError && error.code === '40001' })
 * await record.run('client 1', async (t) => {
 *   await db.query('begin')
 *   const seats = t.read('seats', await db.list('seats'))
 *   t.append('seats', 'client 1')
 *   await db.push('seats', 'client 1')
 *   await db.query('commit')
 * })
 */
export function transactionRecorder(options: TransactionRecorderOptions = {}): TransactionRecorder {
  const clock = options.clock ?? sinceNow()
  const moments: Moment[] = []
  const names = new ProcessNames()
  /** Of each client, the processes that have nothing open. */
  const idle = new Map<string, (number | string)[]>()
  return {
    begin,
    run: async (process, body) => {
      const transaction = begin(process)
      try {
        const result = await withinTime(() => body(transaction), options.timeoutMs, 'a transaction')
        if (transaction.isOpen) transaction.commit()
        return result
      } catch (error) {
        if (transaction.isOpen) transaction[provesAbort(error, options) ? 'abort' : 'unknown']()
        throw error
      }
    },
    get history() {
      return moments.map(eventOf)
    },
    save: (path, format) => saveHistory(moments.map(eventOf), path, format),
  }

  function begin(client?: number | string): RecordedTransaction {
    const attempt: Attempt = { process: processFor(client), steps: [], outcome: 'open' }
    moments.push({ attempt, type: 'invoke', time: clock() })
    return {
      read: (key, value) => {
        record('r', key, value)
        return value
      },
      write: (key, value) => record('w', key, value),
      append: (key, value) => record('append', key, value),
      commit: () => end('ok'),
      abort: () => end('fail'),
      unknown: () => end('info'),
      get isOpen() {
        return attempt.outcome === 'open'
      },
    }

    function record(f: RecordedStep[0], key: unknown, value: unknown): void {
      refuseAfterEnd(attempt)
      attempt.steps.push([f, plainCopy(key, `the key of ${f}`), plainCopy(value, `the value of ${f}`)])
    }

    function end(outcome: Completion): void {
      refuseAfterEnd(attempt)
      if (attempt.outcome === 'info') return
      attempt.outcome = outcome
      moments.push({ attempt, type: outcome, time: clock() })
      if (client !== undefined && outcome !== 'info') idle.get(String(client))?.push(attempt.process)
    }
  }

  function processFor(client: number | string | undefined): number | string {
    if (client === undefined) return names.fresh(undefined)
    const free = idle.get(String(client))
    if (free !== undefined) return free.shift() ?? names.fresh(client)
    idle.set(String(client), [])
    // Another client may have been given this name as that of a further process.
    return names.has(client) ? names.fresh(client) : names.claim(client)
  }
}

function eventOf({ attempt: { process, steps }, type, time }: Moment, index: number): HistoryEvent<Value> {
  // What was read is known of those that have committed only.
  const value = type === 'ok' ? [...steps] : steps.map((step) => (step[0] === 'r' ? ['r', step[1], null] : step))
  return { index, process, type, f: 'txn', value, time }
}

function refuseAfterEnd({ process, outcome }: Attempt): void {
  if (outcome === 'ok' || outcome === 'fail')
    throw new HistoryError(
      'history-events',
      `a transaction of process ${process} goes on after it has been ${outcome === 'ok' ? 'committed' : 'aborted'}; begin another one`,
    )
}

function provesAbort(error: unknown, { isAbort }: TransactionRecorderOptions): boolean {
  // What could not be recorded, or took too long, may have happened, whatever `isAbort` would say of these errors.
  return !(error instanceof TimeoutError || error instanceof HistoryError) && (isAbort?.(error) ?? false)
}
