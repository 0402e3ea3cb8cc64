/**
 * What can be wrong with a history of transactions (Adya 1999; Berenson et al., A Critique of ANSI SQL Isolation Levels, SIGMOD 1995;
 * Kingsbury and Alvaro, Elle, VLDB 2020), with its proof.
 */
import type { EdgeKind } from './edge.ts'

/**
 * Cycles of dependencies; each also with session order (-session) and with real-time order (-realtime) among its edges. All are of items:
 * a predicate's read of what is not there yet is a read of each key before its first write, so that Adya's G2 is a G2-item here.
 */
export type CycleName = 'G0' | 'G1c' | 'G-single' | 'G-nonadjacent' | 'G2-item'

/**
 * Cycles of a form that people know by name. With -session and -realtime what one transaction does in it is spread over several, each
 * of which comes after the one before it in that order: a session reads part of what a transaction wrote, and later misses the rest.
 */
export type PatternName =
  /** Part of what a transaction wrote was seen, and part not. */
  | 'fractured-read'
  /** Two reads that saw two writes in opposite orders. */
  | 'long-fork'
  /** Two transactions each overwrite what the other read: a G2-item of two. */
  | 'write-skew'

export type CycleVariant = '' | '-session' | '-realtime'

/**
 * Cycles have variants, since the order of sessions and real time can be what closes them. All else is wrong in whatever order
 * transactions are, and has none.
 */
export type AnomalyName =
  | `${CycleName | PatternName}${CycleVariant}`
  /** A read of what an aborted transaction wrote. */
  | 'G1a'
  /** A read of what its writer then overwrote itself. */
  | 'G1b'
  /** A transaction does not see its own writes. */
  | 'internal'
  /** A transaction reads what it writes only later. */
  | 'future-read'
  /** A read of what nothing wrote. */
  | 'thin-air-read'
  /** A committed write on top of an aborted one. */
  | 'dirty-update'
  /** An element that is in a list more often than it was appended. */
  | 'duplicate-elements'
  /** Two reads of a list of which neither begins the other. */
  | 'incompatible-order'
  /** Versions of a key that each precede the other. */
  | 'cyclic-versions'
  /** Two transactions that read the same version and both overwrite it. */
  | 'lost-update'
  /** A transaction that reads two versions of a key. */
  | 'non-repeatable-read'

/** One edge of a cycle: from this transaction to that of the next, the last one's to the first's. */
export interface CycleStep {
  readonly transaction: number
  readonly kind: EdgeKind
  /** The key that proves a ww, wr or rw edge; -1 else. */
  readonly key: number
}

export interface Anomaly {
  readonly name: AnomalyName
  /** Those that prove it, in the order in which the proof names them. */
  readonly transactions: readonly number[]
  /** Of cycles. */
  readonly cycle?: readonly CycleStep[]
  /** The steps (of the table) that prove one that is no cycle. */
  readonly steps?: readonly number[]
  /** The key that it is about; -1: several or none. */
  readonly key: number
}
