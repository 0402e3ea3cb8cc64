/**
 * What a history shows beyond doubt, in one form for lists and for registers: which transactions took effect, who wrote each key,
 * whose write each read saw, and as much of the order of the writes of a key as the reads tell. The levels are judged on this alone.
 *
 * A slot is a pair of a key and a transaction that took effect and wrote it: the last value that it wrote there. The slots of a key are
 * together. Transactions keep the numbers of the table; those that did not take effect have no slots and no reads.
 */
import type { Edge } from './edge.ts'
import type { TransactionTable } from './table/transaction-table.ts'

/** A read of what was there before the history. */
export const initialSlot = -1

export interface Facts {
  readonly table: TransactionTable
  /** Of each transaction: 1 if it took effect: it committed, or its outcome is unknown and another has seen it. */
  readonly happened: Uint8Array

  /** How many slots. */
  readonly slots: number
  /** Bounds of the slots of each key: those from `slotsFrom[key]` to before `slotsFrom[key + 1]`. */
  readonly slotsFrom: Int32Array
  /** The transaction of each slot. */
  readonly writer: Int32Array
  /**
   * The place of each slot in the order of its key's writes, from 0; -1 where that is not known. Those with a place are in order of it,
   * before all those without: what has no place comes after what has one, and in any order.
   */
  readonly place: Int32Array

  /** Bounds of the reads of each transaction. Only external reads: not of what the transaction itself wrote before. */
  readonly readsFrom: Int32Array
  /** Of each read, in program order: the slot that it saw, or `initialSlot`. A read whose result is not known is not among them. */
  readonly readSlot: Int32Array
  readonly readKey: Int32Array

  /**
   * Dependencies that slots cannot show: of writes of lists that others' writes separate (both ways, a dirty write), of reads of
   * intermediate versions, and orders of versions that an option assumes, with what was read of these.
   */
  readonly extra: readonly Edge[]
}
