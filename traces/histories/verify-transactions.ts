/** Judges the transactions in a file: its format and kind are told as for other histories, and it is read without holding its events. */
import { HistoryError } from '../../properties/errors.ts'
import { type IsolationJudgement, type IsolationOptions, judgeIsolation } from '../../properties/isolation/judge-isolation.ts'
import type { Value } from '../../properties/value.ts'
import type { FormatName } from './formats.ts'
import type { ReadOptions } from './read.ts'
import { readTransactionsFile, type TransactionModel } from './read-transactions.ts'

export interface VerifyTransactionsOptions extends IsolationOptions, Partial<ReadOptions> {
  /** Instead of what the first steps show. */
  readonly model?: TransactionModel
  /** The value of registers before anything is written, besides null. */
  readonly initial?: Value
  /** How much of the file is read, from 0 to 1, and how many events that were. */
  readonly onProgress?: (share: number, events: number) => void
}

export interface TransactionsVerdict {
  readonly kind: 'transactions'
  readonly file: string
  readonly format: FormatName
  readonly model: TransactionModel
  readonly events: number
  readonly annotations: number
  /** How what the history leaves open was read. */
  readonly reading: {
    readonly neverWritten: 'violation' | 'ignored'
    readonly versions?: 'sequential' | 'linearizable'
    readonly initial?: Value
  }
  readonly judgement: IsolationJudgement
}

/**
 * @param path of the file; errors call it by `options.file`, or by its path
 * @throws HistoryError that names the file and the place in it
 */
export function verifyTransactionsFile(path: string, options: VerifyTransactionsOptions = {}): TransactionsVerdict {
  const file = options.file ?? path
  const { neverWritten = 'violation', versions } = options
  const { format, model, table, events, annotations } = readTransactionsFile(path, { ...options, file })
  if (versions !== undefined && model === 'list-append')
    throw new HistoryError(
      'option',
      `--versions ${versions}: says nothing to list-append, whose reads show the order of the writes; leave it out`,
    )
  if (options.initial !== undefined && model === 'list-append')
    throw new HistoryError('option', `--initial: is the value of registers at first; the lists of list-append are empty then; leave it out`)
  return {
    kind: 'transactions',
    file,
    format,
    model,
    events,
    annotations,
    reading: { neverWritten, ...(versions && { versions }), ...(options.initial === undefined ? {} : { initial: options.initial }) },
    judgement: judgeIsolation(table, options),
  }
}
