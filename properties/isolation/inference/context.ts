import type { Edge } from '../edge.ts'
import type { TransactionTable } from '../table/transaction-table.ts'
import type { Chains } from './chains.ts'
import type { Slots } from './slots.ts'
import type { AnomalyTally } from './tally.ts'

/** What the parts of inference share. */
export interface InferContext {
  readonly table: TransactionTable
  /** Of each transaction: 1 if it took effect. */
  readonly happened: Uint8Array
  readonly chains: Chains
  readonly slots: Slots
  /** Whether reads of what nothing wrote are no anomalies. */
  readonly isPartial: boolean
  /** What they find. */
  readonly tally: AnomalyTally
  readonly extra: Edge[]
}

/** The transaction of a step, found by bisection: for proofs only. */
export function transactionAt({ stepsFrom, count }: TransactionTable, step: number): number {
  let low = 0
  let high = count - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((stepsFrom[middle] as number) <= step) low = middle
    else high = middle - 1
  }
  return low
}
