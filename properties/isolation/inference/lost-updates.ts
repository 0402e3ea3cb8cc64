import { initialVersion, readStep } from '../table/transaction-table.ts'
import { type InferContext, transactionAt } from './context.ts'
import { elementAt, isSameRead, lengthRead } from './same-read.ts'

const unused = -1
const reported = -2

/** Finds versions that two transactions read before they both overwrote them. */
export class LostUpdates {
  readonly #context: InferContext
  /** Of each version, and of the initial one of each key: the read of it by a transaction that overwrote it; `unused`; `reported`. */
  readonly #read: Int32Array
  readonly #readInitial: Int32Array

  constructor(context: InferContext) {
    this.#context = context
    this.#read = new Int32Array(context.table.versions.count).fill(unused)
    this.#readInitial = new Int32Array(context.table.keys.length).fill(unused)
  }

  /** A transaction writes a key for the first time, of which its first read was this one. */
  add(transaction: number, read: number, write: number): void {
    const { table, chains, tally } = this.#context
    const version = this.#lastVersion(read)
    if (version >= 0 && table.versions.transaction[version] === transaction) return
    const key = table.key[read] as number
    const column = version === initialVersion ? this.#readInitial : this.#read
    const row = version === initialVersion ? key : version
    const other = column[row] as number
    if (other === unused) column[row] = read
    else if (other !== reported && isSameRead(table, chains, other, lengthRead(table, other), read, lengthRead(table, read))) {
      column[row] = reported
      tally.add('lost-update', key, [transactionAt(table, other), transaction], [other, this.#writeAfter(other), read, write])
    }
  }

  /** What a read returned; of a list its last element, which two different lists can have in common. */
  #lastVersion(read: number): number {
    const { table, chains } = this.#context
    const version = table.version[read] as number
    if (table.kind[read] === readStep) return version
    const length = lengthRead(table, read)
    return length === 0 ? initialVersion : elementAt(table, chains, version, length - 1)
  }

  #writeAfter(read: number): number {
    const { table, slots } = this.#context
    let step = read + 1
    while (table.key[step] !== table.key[read] || slots.ofStep[step] === -1) step++
    return step
  }
}
