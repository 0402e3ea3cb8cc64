/** Builds the table of the transactions of a history, one transaction after another; and gives them back as objects. */

import { HistoryError } from '../../errors.ts'
import { isList, showValue, type Value } from '../../value.ts'
import { requireTransaction } from './require-transaction.ts'
import { Codes } from './table-builder-codes.ts'
import { Column } from './table-builder-column.ts'
import { ListReads, nullRead } from './table-builder-lists.ts'
import { Pairs } from './table-builder-pairs.ts'
import type { Step, Transaction, TransactionStatus } from './transaction.ts'
import {
  aborted,
  appendStep,
  committed,
  initialVersion,
  type Lists,
  readListStep,
  readStep,
  type TransactionTable,
  unknownOutcome,
  unknownVersion,
  type Versions,
  writeStep,
} from './transaction-table.ts'

export interface TableOptions {
  /** Besides null, the value of a register that reads as what was there before the history; only where nothing writes it. */
  readonly initial?: Value
}

/** While the table is built: a read of `initial`, which something may yet write. */
const initialValue = -3

/** What is known of the steps of a key. */
const isWritten = 1
const isAppended = 2
const isReadAsList = 4
const isReadAsScalar = 8
/** All reads of it are of lists. */
const isListKey = 16

const statuses: readonly TransactionStatus[] = ['committed', 'aborted', 'unknown']

/** The table of transactions that are all there. */
export function tableOf(transactions: Iterable<Transaction>, options: TableOptions = {}): TransactionTable {
  const builder = new TableBuilder(options)
  for (const transaction of transactions) builder.add(transaction)
  return builder.finish()
}

/**
 * A transaction as an object. Reads of what was there before the history have the value null, those of empty lists `[]`.
 */
export function transactionOf(table: TransactionTable, transaction: number): Transaction {
  const session = table.session[transaction] as number
  const began = table.began[transaction] as number
  const ended = table.ended[transaction] as number
  const steps: Step[] = []
  const end = table.stepsFrom[transaction + 1] as number
  for (let step = table.stepsFrom[transaction] as number; step < end; step++) steps.push(stepOf(table, step))
  return {
    process: session === -1 ? null : (table.sessions[session] as number | string),
    status: statuses[table.status[transaction] as number] as TransactionStatus,
    steps,
    began: began === -1 ? null : began,
    ended: ended === -1 ? null : ended,
  }
}

function stepOf({ kind, keys, key: keyOfStep, version: versionOfStep, versions, lists }: TransactionTable, step: number): Step {
  const key = keys[keyOfStep[step] as number] as Value
  const version = versionOfStep[step] as number
  switch (kind[step]) {
    case writeStep:
      return { f: 'write', key, value: versions.value(version) }
    case appendStep:
      return { f: 'append', key, value: versions.value(version) }
    case readListStep:
      return { f: 'read', key, value: Array.from(lists.elements(version), (element) => versions.value(element)) }
    default:
      return { f: 'read', key, value: version >= 0 ? versions.value(version) : version === unknownVersion ? undefined : null }
  }
}

/** Takes transactions in any order that keeps those of each session in session order. */
export class TableBuilder {
  readonly #codes = new Codes()
  readonly #initialCode: number | null
  readonly #sessions = new Map<number | string, number>()
  readonly #session = new Column(Int32Array)
  readonly #status = new Column(Uint8Array)
  readonly #began = new Column(Int32Array)
  readonly #ended = new Column(Int32Array)
  readonly #stepsFrom = new Column(Int32Array)
  readonly #kind = new Column(Uint8Array)
  readonly #key = new Column(Int32Array)
  readonly #version = new Column(Int32Array)
  /** The keys, as pairs of 0 and the code of a value. */
  readonly #keys = new Pairs()
  readonly #keyFlags = new Column(Uint8Array)
  /** The versions, as pairs of a key and the code of a value. */
  readonly #versions = new Pairs()
  readonly #writer = new Column(Int32Array)
  readonly #writerTransaction = new Column(Int32Array)
  readonly #lists = new ListReads()
  #hasTimes = true

  constructor(options: TableOptions = {}) {
    const { initial } = options
    this.#initialCode = initial === undefined || initial === null ? null : this.#codes.codeOf(initial)
  }

  /**
   * @throws HistoryError `history-events` for a value that is written twice to one key, for a key with values of two kinds, and for
   * positions that are none; `history-operation` for a step or a status that there is not; `not-plain-data`
   */
  add(transaction: Transaction): void {
    requireTransaction(transaction, this.#status.length)
    const { process, status, steps, began, ended } = transaction
    if (began === null) this.#hasTimes = false
    const number = this.#status.length
    this.#session.push(process === null ? -1 : this.#sessionOf(process))
    this.#status.push(status === 'committed' ? committed : status === 'aborted' ? aborted : unknownOutcome)
    this.#began.push(began ?? -1)
    this.#ended.push(ended ?? -1)
    this.#stepsFrom.push(this.#kind.length)
    for (const { f, key, value } of steps) {
      const keyNumber = this.#keyOf(key)
      if (f === 'read') this.#addRead(keyNumber, value)
      else this.#addWrite(f, keyNumber, value, number)
    }
  }

  /** The table; the builder is of no use afterwards. */
  finish(): TransactionTable {
    this.#stepsFrom.push(this.#kind.length)
    this.#tellListKeys()
    this.#settleRegisters()
    const lists = this.#finishedLists()
    const count = this.#status.length
    return {
      count,
      session: this.#session.take(),
      sessions: [...this.#sessions.keys()],
      status: this.#status.take(),
      began: this.#began.take(),
      ended: this.#ended.take(),
      hasTimes: this.#hasTimes && count > 0,
      stepsFrom: this.#stepsFrom.take(),
      kind: this.#kind.take(),
      key: this.#key.take(),
      version: this.#version.take(),
      lists,
      keys: Array.from({ length: this.#keys.count }, (_, key) => this.#keyValue(key)),
      versions: this.#finishedVersions(),
    }
  }

  #sessionOf(process: number | string): number {
    const known = this.#sessions.get(process)
    if (known !== undefined) return known
    const session = this.#sessions.size
    this.#sessions.set(process, session)
    return session
  }

  #keyOf(value: Value): number {
    const key = this.#keys.number(0, this.#codes.codeOf(value))
    if (key === this.#keyFlags.length) this.#keyFlags.push(0)
    return key
  }

  #keyValue(key: number): Value {
    return this.#codes.value(this.#keys.right.array[key] as number)
  }

  #versionOf(key: number, code: number): number {
    const version = this.#versions.number(key, code)
    if (version === this.#writer.length) {
      this.#writer.push(-1)
      this.#writerTransaction.push(-1)
    }
    return version
  }

  #addStep(kind: number, key: number, version: number): void {
    this.#kind.push(kind)
    this.#key.push(key)
    this.#version.push(version)
  }

  #addRead(key: number, value: Value | undefined): void {
    if (value === null) this.#addStep(readStep, key, initialVersion)
    else if (value === undefined) this.#addStep(readStep, key, unknownVersion)
    else if (isList(value)) {
      this.#flag(key, isReadAsList)
      this.#addStep(readListStep, key, this.#lists.add(key, value))
    } else {
      this.#flag(key, isReadAsScalar)
      const code = this.#codes.codeOf(value)
      this.#addStep(readStep, key, code === this.#initialCode ? initialValue : this.#versionOf(key, code))
    }
  }

  #addWrite(f: 'write' | 'append', key: number, value: Value, transaction: number): void {
    const flags = this.#flag(key, f === 'write' ? isWritten : isAppended)
    if ((flags & (isWritten | isAppended)) === (isWritten | isAppended)) throw this.#twoKinds(key, f, transaction)
    const version = this.#versionOf(key, this.#codes.codeOf(value))
    if (this.#writer.array[version] !== -1) throw this.#writtenTwice(f, version, transaction)
    this.#writer.array[version] = this.#kind.length
    this.#writerTransaction.array[version] = transaction
    this.#addStep(f === 'write' ? writeStep : appendStep, key, version)
  }

  #flag(key: number, flag: number): number {
    const flags = (this.#keyFlags.array[key] as number) | flag
    this.#keyFlags.array[key] = flags
    return flags
  }

  #tellListKeys(): void {
    for (let key = 0; key < this.#keys.count; key++) {
      const flags = this.#keyFlags.array[key] as number
      if (flags & isAppended || (flags & (isWritten | isReadAsList | isReadAsScalar)) === isReadAsList) this.#flag(key, isListKey)
    }
  }

  /** Reads that depend on what is written only later: now it is known what was written at all. */
  #settleRegisters(): void {
    const nullCode = this.#codes.codeOf(null)
    const kind = this.#kind.array
    const version = this.#version.array
    const flags = this.#keyFlags.array
    const count = this.#kind.length
    for (let step = 0; step < count; step++) {
      const key = this.#key.array[step] as number
      const isOfList = ((flags[key] as number) & isListKey) !== 0
      if (kind[step] === readStep) {
        const read = version[step] as number
        if (isOfList) {
          if (read >= 0 || read === initialValue) throw this.#noList(step)
        } else if (read === initialVersion) version[step] = this.#writtenOr(key, nullCode, initialVersion)
        else if (read === initialValue) version[step] = this.#writtenOr(key, this.#initialCode as number, initialVersion)
      } else if (kind[step] === readListStep && !isOfList) {
        const code = this.#codes.codeOf(this.#lists.elements(version[step] as number))
        kind[step] = readStep
        version[step] = code === this.#initialCode ? this.#writtenOr(key, code, initialVersion) : this.#versionOf(key, code)
      }
    }
  }

  /** The version of a key with this value if something wrote it. */
  #writtenOr(key: number, code: number, other: number): number {
    const version = this.#versions.find(key, code)
    return version >= 0 && this.#writer.array[version] !== -1 ? version : other
  }

  #finishedLists(): Lists {
    const kind = this.#kind.array
    const version = this.#version.array
    const flags = this.#keyFlags.array
    const steps = this.#kind.length
    const keys = new Column(Int32Array)
    const reads = new Column(Int32Array)
    for (let step = 0; step < steps; step++) {
      const key = this.#key.array[step] as number
      const isNullRead = kind[step] === readStep && version[step] === initialVersion && ((flags[key] as number) & isListKey) !== 0
      if (kind[step] !== readListStep && !isNullRead) continue
      reads.push(isNullRead ? nullRead : (version[step] as number))
      kind[step] = readListStep
      version[step] = keys.length
      keys.push(key)
    }
    const versionOf = (key: number, value: Value): number => this.#versionOf(key, this.#codes.codeOf(value))
    return this.#lists.finish(keys.take(), reads.take(), this.#keys.count, versionOf)
  }

  #finishedVersions(): Versions {
    const codes = this.#codes
    const { count } = this.#versions
    const codeOfVersion = this.#versions.right.take()
    return {
      count,
      key: this.#versions.left.take(),
      writer: this.#writer.take(),
      transaction: this.#writerTransaction.take(),
      value: (version) => codes.value(codeOfVersion[version] as number),
    }
  }

  #writtenTwice(f: 'write' | 'append', version: number, transaction: number): HistoryError {
    const key = showValue(this.#keyValue(this.#versions.left.array[version] as number), 40)
    const value = showValue(this.#codes.value(this.#versions.right.array[version] as number), 40)
    const first = this.#writerTransaction.array[version] as number
    const done = f === 'write' ? 'written' : 'appended'
    const by =
      first === transaction ? `twice by ${this.#place(first)}` : `by ${this.#place(first)} and again by ${this.#place(transaction)}`
    return new HistoryError(
      'history-events',
      `${value} is ${done} to key ${key} ${by}; writes must be unique per key, to tell which one a read saw: give each a value of its own`,
    )
  }

  #twoKinds(key: number, f: 'write' | 'append', transaction: number): HistoryError {
    const [now, before] = f === 'write' ? ['writes', 'appended'] : ['appends', 'written']
    return new HistoryError(
      'history-events',
      `${this.#place(transaction)} ${now} to key ${showValue(this.#keyValue(key), 40)}, which others have ${before} to; a key is either a register or a list: use two keys`,
    )
  }

  #noList(step: number): HistoryError {
    let transaction = 0
    while ((this.#stepsFrom.array[transaction + 1] as number) <= step) transaction++
    const key = this.#key.array[step] as number
    const read = this.#version.array[step] as number
    const code = read === initialValue ? (this.#initialCode as number) : (this.#versions.right.array[read] as number)
    return new HistoryError(
      'history-events',
      `${this.#place(transaction)} reads ${showValue(this.#codes.value(code), 40)} of key ${showValue(this.#keyValue(key), 40)}, expected a list, since it is appended to; correct the read`,
    )
  }

  #place(transaction: number): string {
    const began = this.#began.array[transaction] as number
    return began === -1 ? `transaction ${transaction}` : `the transaction of event ${began}`
  }
}
