/** Judges the history in a file by the invariant of its workload: that of a bank, a counter, a set or a long fork. */
import { statSync } from 'node:fs'
import { HistoryError } from '../../properties/errors.ts'
import type { HistoryEvent } from '../../properties/history.ts'
import { type WorkloadDecision, type WorkloadName, workloads } from '../../properties/isolation/workloads/index.ts'
import { isList, isRecord, showValue, type Value } from '../../properties/value.ts'
import { fileChunks } from './file-chunks.ts'
import type { FormatName } from './formats.ts'
import { placed } from './placed.ts'
import { openHistory, type ReadOptions } from './read.ts'
import { watched } from './watched.ts'
import { workloadOf } from './workload-of.ts'

export interface VerifyWorkloadOptions extends Partial<ReadOptions> {
  /** Instead of what the operations show. */
  readonly model?: WorkloadName
  /** What a bank holds at first, balances by account or their total; what a counter starts from; the list of what is in a set. */
  readonly initial?: Value
  /** Whether the accounts of a bank may be overdrawn. */
  readonly negativeBalances?: boolean
  /** How much of the file is read, from 0 to 1, and how many events that were. */
  readonly onProgress?: (share: number, events: number) => void
}

export interface WorkloadVerdict {
  readonly kind: 'workload'
  readonly file: string
  readonly format: FormatName
  readonly model: WorkloadName
  readonly independent: boolean | null
  /** Events of the nemesis and its like. */
  readonly annotations: number
  /** The clients' events. */
  readonly history: readonly HistoryEvent<Value>[]
  /** The options that were given. */
  readonly options: Pick<VerifyWorkloadOptions, 'initial' | 'negativeBalances'>
  readonly decision: WorkloadDecision
  readonly seconds: number
}

/**
 * @param path of the file; errors call it by `options.file`, or by its path
 * @throws HistoryError that names the file and the place in it
 */
export function verifyWorkloadFile(path: string, options: VerifyWorkloadOptions = {}): WorkloadVerdict {
  const { file = path, onProgress, initial, negativeBalances } = options
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  const history: HistoryEvent<Value>[] = []
  let read = 0
  const open = openHistory(
    watched(fileChunks(path, file), ({ length }) => {
      read += length
      onProgress?.(size === 0 ? 1 : Math.min(1, read / size), history.length)
    }),
    { ...options, file },
  )
  if (!open.timed)
    throw new HistoryError('option', `${file}: has transactions without times; judge it at a level of transactions such as serializable`)
  for (const event of open.events) history.push(event)
  const model = options.model ?? workloadOf(history)
  if (model === null) throw new HistoryError('option', `${file}: ${untold(history)}; name the model: ${Object.keys(workloads).join(', ')}`)
  const started = performance.now()
  const decision = placed(file, () => judged(model, history, options))
  return {
    kind: 'workload',
    file,
    format: open.format,
    model,
    independent: open.independent,
    annotations: open.annotations.length,
    history,
    options: { ...(initial === undefined ? {} : { initial }), ...(negativeBalances === undefined ? {} : { negativeBalances }) },
    decision,
    seconds: (performance.now() - started) / 1000,
  }
}

function untold(history: readonly HistoryEvent<Value>[]): string {
  const names = [...new Set(history.map(({ f }) => f))].slice(0, 8)
  return `does not say which workload it is of (${names.length === 0 ? 'it has no events' : `its operations are ${names.join(', ')}`})`
}

function judged(
  model: WorkloadName,
  history: readonly HistoryEvent<Value>[],
  { initial, negativeBalances }: VerifyWorkloadOptions,
): WorkloadDecision {
  if (negativeBalances !== undefined && model !== 'bank')
    throw new HistoryError('option', `--negative-balances: is for a bank; this is a ${model} workload`)
  switch (model) {
    case 'bank':
      return workloads.bank(history, {
        ...(negativeBalances === undefined ? {} : { negativeBalances }),
        ...(initial === undefined ? {} : isRecord(initial) || isList(initial) ? { initial } : { total: integer(initial, model) }),
      })
    case 'counter':
      return workloads.counter(history, initial === undefined ? {} : { initial: integer(initial, model) })
    case 'set':
      if (initial !== undefined && !isList(initial))
        throw new HistoryError('option', `--initial ${showValue(initial)}: a set starts from the list of its elements, such as [1, 2]`)
      return workloads.set(history, initial === undefined ? {} : { initial })
    case 'long-fork':
      if (initial !== undefined)
        throw new HistoryError('option', '--initial: says nothing to a long fork, whose keys are not there at first')
      return workloads['long-fork'](history)
  }
}

function integer(value: Value, model: 'bank' | 'counter'): number | bigint {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) return value
  const expected = model === 'bank' ? 'balances such as {"0": 50, "1": 50}, or their total, an integer' : 'an integer'
  throw new HistoryError('option', `--initial ${showValue(value)}: a ${model} starts from ${expected}`)
}
