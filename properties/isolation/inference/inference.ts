/** What inference makes of a history of transactions: the facts beyond doubt, and the anomalies that are no cycles. */
import type { Anomaly, AnomalyName } from '../anomaly.ts'
import type { Facts } from '../facts.ts'

export interface InferOptions {
  /** What a read is of a version that nothing wrote: of a whole history a violation (the default), of a part of one nothing. */
  readonly neverWritten?: 'violation' | 'ignored'
  /**
   * Assumes that each register by itself, apart from the others, is sequentially consistent or linearizable, as Elle's
   * `sequential-keys?` and `linearizable-keys?` do; that orders its writes. By default nothing is assumed. Lists need no such help.
   * Of a history without times linearizable tells only that what a transaction reads comes before what it writes.
   */
  readonly versions?: 'sequential' | 'linearizable'
  /** Whether fractured reads are looked for, which takes as long as all else; by default they are. No level is decided by them alone. */
  readonly fracturedReads?: boolean
}

export interface Inference {
  readonly facts: Facts
  /**
   * Some of each name, in the order in which the transactions are in the table. What `transactions` and `steps` are of each, in order:
   *
   *     G1a                  [reader, aborted writer]               [read, the write that it saw]
   *     G1b                  [reader, writer]                       [read, the write that it saw, the writer's last write of the key]
   *     internal             [transaction]                          [read, its own write that is not where it should be in what was read]
   *                                                                 or, of a list: [read, its earlier read of another beginning, before its own appends]
   *     future-read          [transaction]                          [read, its own later write]
   *     thin-air-read        [reader]                               [read]
   *     dirty-update         [aborted writer, the one after it, reader]
   *                                                                 [aborted append, append after it, read of a list with both]
   *     duplicate-elements   [reader, appender]                     [read, append of what is there twice]; only [reader], [read] where
   *                                                                 nothing appended it
   *     incompatible-order   [reader, other reader]                 [read, the other's read, of the longest list]
   *     cyclic-versions      of a list: [writer, reader]            [append, the next append of the same transaction, read of a list that has
   *                                                                 the second one without or before the first]
   *                          of a register: [writers ...]           [writes ...], each before the next in the assumed order, the last
   *                                                                 before the first; or, where what was there before the history is read too
   *                                                                 late: [writer, reader], [write, read of the initial version]
   *     lost-update          [one, other]                           [one's read, one's first write, other's read, other's first write]
   *     fractured-read       [reader, writer, older writer]         [read of one key, the writer's last write there, read of another key, the
   *                                                                 writer's last write there]; without the third transaction where the
   *                                                                 second read is of what was there before the history
   *     non-repeatable-read  [reader]                               [first read of the key, read of another version]
   *
   * Their `key` is that of the (first) read, or of the append.
   *
   * Of several external reads of a key by one transaction the first is what it saw, for lost updates and fractured reads. An intermediate
   * version that the reader itself appended to is no G1b but a dirty write both ways, which is a cycle (G0); and one with an aborted element
   * or one from nowhere after it is a G1a or a thin-air read.
   */
  readonly anomalies: readonly Anomaly[]
  /**
   * How many there are of each name that was found. Counted are: reads (G1a, G1b, internal, thin-air-read, duplicate-elements, incompatible-order,
   * non-repeatable-read), writes (future-read), pairs of appends (dirty-update, cyclic-versions of lists), keys (cyclic-versions of
   * registers), versions (lost-update) and pairs of transactions (fractured-read).
   */
  readonly counts: ReadonlyMap<AnomalyName, number>
}
