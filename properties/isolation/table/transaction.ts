/** Transactions as data: what each client read and wrote, in program order, and how it ended. */
import type { Value } from '../../value.ts'

/** It took effect, it did not, or nobody knows. */
export type TransactionStatus = 'committed' | 'aborted' | 'unknown'

export type Step =
  /** `undefined`: what it returned is not known. Of a list-append history the whole list; `null` there is the empty list. */
  | { readonly f: 'read'; readonly key: Value; readonly value: Value | undefined }
  | { readonly f: 'write'; readonly key: Value; readonly value: Value }
  | { readonly f: 'append'; readonly key: Value; readonly value: Value }

export interface Transaction {
  /** Its session: the client, whose transactions run one after another; `null` where the history does not say. */
  readonly process: number | string | null
  readonly status: TransactionStatus
  readonly steps: readonly Step[]
  /** Where in the history it began, and where it ended: positions that rise with time; `null` where the history does not say. */
  readonly began: number | null
  /** `null` also for one that nobody has seen end. */
  readonly ended: number | null
}
