/** Reads the transactions of a file of any known format into a table, while the file comes in: its events are not held. */
import { statSync } from 'node:fs'
import { HistoryError } from '../../properties/errors.ts'
import { TableBuilder } from '../../properties/isolation/table/table-builder.ts'
import type { Transaction } from '../../properties/isolation/table/transaction.ts'
import type { TransactionTable } from '../../properties/isolation/table/transaction-table.ts'
import { transactionsOf } from '../../properties/isolation/table/transactions-of.ts'
import { isList, type Value } from '../../properties/value.ts'
import { fileChunks } from './file-chunks.ts'
import type { FormatName } from './formats.ts'
import { placed } from './placed.ts'
import { openHistory, type ReadOptions } from './read.ts'
import { watched } from './watched.ts'

/** Of what the transactions read and write: lists that they append to, or registers that they write. */
export type TransactionModel = 'list-append' | 'rw-register'

export interface ReadTransactionsOptions extends Partial<ReadOptions> {
  /** Instead of what the first write is. */
  readonly model?: TransactionModel
  /** The value of registers before anything is written, besides null; instead of what the format means. */
  readonly initial?: Value
  /** How much of the file is read, from 0 to 1, and how many events that were. */
  readonly onProgress?: (share: number, events: number) => void
}

export interface ReadTransactions {
  readonly format: FormatName
  readonly model: TransactionModel
  readonly table: TransactionTable
  /** How many events of clients the file has, and how many of the nemesis and its like. */
  readonly events: number
  readonly annotations: number
}

/**
 * Reads a whole file, also one packed by gzip; of a file that says no times, the table has none.
 * @param path of the file; errors call it by `options.file`, or by its path
 * @throws HistoryError that names the file, and the line or the event
 */
export function readTransactionsFile(path: string, options: ReadTransactionsOptions = {}): ReadTransactions {
  const { file = path, onProgress } = options
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  const counter = { events: 0 }
  let read = 0
  const chunks = watched(fileChunks(path, file), ({ length }) => {
    read += length
    onProgress?.(size === 0 ? 1 : Math.min(1, read / size), counter.events)
  })
  return transactionsIn(chunks, { ...options, file }, counter)
}

/** The same of a history that comes in chunks. */
export function readTransactions(
  chunks: Iterable<Uint8Array>,
  options: Omit<ReadTransactionsOptions, 'onProgress'> & ReadOptions,
): ReadTransactions {
  return transactionsIn(chunks, options, { events: 0 })
}

function transactionsIn(
  chunks: Iterable<Uint8Array>,
  options: ReadTransactionsOptions & ReadOptions,
  counter: { events: number },
): ReadTransactions {
  const open = openHistory(chunks, options)
  const events = watched(open.events, () => counter.events++)
  const initial = options.initial ?? open.reading.initial
  const builder = new TableBuilder(initial === undefined ? {} : { initial })
  const model = new ModelEvidence(options.model)
  return placed(options.file, () => {
    for (const transaction of transactionsOf(events)) {
      model.add(transaction)
      builder.add(open.timed ? transaction : { ...transaction, began: null, ended: null })
    }
    const { format, annotations } = open
    return { format, model: model.model, table: builder.finish(), events: counter.events, annotations: annotations.length }
  })
}

/** Tells what the transactions are of, and that all are of the same. */
class ModelEvidence {
  readonly #named: TransactionModel | undefined
  #shown: TransactionModel | undefined
  #readsLists = false

  constructor(named: TransactionModel | undefined) {
    this.#named = named
  }

  get model(): TransactionModel {
    return this.#named ?? this.#shown ?? (this.#readsLists ? 'list-append' : 'rw-register')
  }

  /** @throws HistoryError `history-operation` */
  add({ steps, began }: Transaction): void {
    for (const { f, value } of steps) {
      if (f === 'read') {
        this.#readsLists ||= isList(value)
        continue
      }
      this.#shown ??= f === 'append' ? 'list-append' : 'rw-register'
      if ((f === 'append') !== (this.model === 'list-append')) throw this.#otherStep(f, began)
    }
  }

  #otherStep(f: 'append' | 'write', began: number | null): HistoryError {
    const step = f === 'append' ? 'an append' : 'a write'
    const other = f === 'append' ? 'list-append' : 'rw-register'
    const why =
      this.#named === undefined
        ? `but steps before it show a history of ${this.model}; a history is of one model`
        : `but the model is to be ${this.model}; name the model ${other}, or leave it out`
    return new HistoryError('history-operation', `event ${began}: found ${step}, ${why}`)
  }
}
