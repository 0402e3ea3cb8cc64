/**
 * The transactions of a history as columns of integers: a million of them fit in memory, and nothing is looked up by name twice.
 * Transactions, keys, versions and steps are numbered from 0. A version is a key with a value that some step wrote or read there.
 */
import type { Value } from '../../value.ts'

export const committed = 0
export const aborted = 1
export const unknownOutcome = 2

export const readStep = 0
export const writeStep = 1
export const appendStep = 2
/** A read of a list: its version column is where the list is among `lists`. */
export const readListStep = 3

/** A read that found what was there before the history. */
export const initialVersion = -1
/** A read of which nobody knows what it returned. */
export const unknownVersion = -2

export interface TransactionTable {
  /** How many transactions; in each session they are in session order. */
  readonly count: number
  /** Of each transaction: the number of its session, or -1. */
  readonly session: Int32Array
  /** What the sessions are called. */
  readonly sessions: readonly (number | string)[]
  /** Of each transaction: `committed`, `aborted` or `unknownOutcome`. */
  readonly status: Uint8Array
  /** Of each transaction: where in the history it began and ended; -1 where the history does not say, or it has not ended. */
  readonly began: Int32Array
  readonly ended: Int32Array
  /** Whether positions of beginnings and ends are known, so that some transactions precede others in real time. */
  readonly hasTimes: boolean
  /** `count + 1` bounds: the steps of transaction t are those from `stepsFrom[t]` to before `stepsFrom[t + 1]`. */
  readonly stepsFrom: Int32Array
  /** Of each step: `readStep`, `writeStep`, `appendStep` or `readListStep`. */
  readonly kind: Uint8Array
  readonly key: Int32Array
  /** Of each step: the version; of a read also `initialVersion` or `unknownVersion`; of a read of a list its place in `lists`. */
  readonly version: Int32Array
  readonly lists: Lists
  /** Of each key: the value that it has in the history. */
  readonly keys: readonly Value[]
  readonly versions: Versions
}

export interface Versions {
  readonly count: number
  readonly key: Int32Array
  /** The step that wrote it; -1: none did. */
  readonly writer: Int32Array
  /** The transaction of that step; -1: none. */
  readonly transaction: Int32Array
  value(version: number): Value
}

/**
 * What reads of lists returned. Nearly all lists that were read of a key are beginnings of one longest list, which is kept once;
 * list i is then its first `length[i]` elements. Lists that are not are kept whole.
 */
export interface Lists {
  readonly count: number
  readonly key: Int32Array
  readonly length: Int32Array
  /** Of each list: 1 if it is a beginning of the longest list of its key. */
  readonly isPrefix: Uint8Array
  /** Bounds of the longest list of each key in `chain`, which has versions. */
  readonly chainFrom: Int32Array
  readonly chain: Int32Array
  /** The versions of a list, from its first element. */
  elements(list: number): Int32Array
}
