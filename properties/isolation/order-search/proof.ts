/** Why no order of the writes fulfils a level, so that a person can follow it and a program check it. */
import type { CycleStep } from '../anomaly.ts'

export type OrderProof = CycleProof | EitherProof | SearchedProof

/**
 * A cycle that the level forbids. Its ww and rw edges follow from known places, from `orders`, or from the cases of the `either` proofs
 * around this one.
 */
export interface CycleProof {
  readonly kind: 'cycle'
  readonly cycle: readonly CycleStep[]
  /** Each follows from what is known, from those before it, and from the cases around. */
  readonly orders: readonly ForcedOrder[]
}

/** The write of a key by `first` comes before that by `second`, for otherwise there would be a forbidden cycle. */
export interface ForcedOrder {
  readonly key: number
  readonly first: number
  readonly second: number
  /** The cycle, in which the write by `second` comes first. */
  readonly otherwise: readonly CycleStep[]
}

/** Either of two writes of a key comes first; there is no third way. */
export interface EitherProof {
  readonly kind: 'either'
  readonly key: number
  readonly first: number
  readonly second: number
  /** If the write by `first` comes before that by `second`. */
  readonly ifBefore: OrderProof
  readonly ifAfter: OrderProof
}

/** All orders have been searched, and each leads to a forbidden cycle, but that is too much to write down. */
export interface SearchedProof {
  readonly kind: 'searched'
  /** How many combinations of orders were refused, each for all that share what was wrong with it. */
  readonly conflicts: number
}

/** The proof with other numbers of transactions and keys. */
export function renumbered(proof: OrderProof, transactions: Int32Array, keys: Int32Array): OrderProof {
  const transaction = (t: number): number => transactions[t] as number
  const key = (k: number): number => (k === -1 ? -1 : (keys[k] as number))
  const steps = (cycle: readonly CycleStep[]): CycleStep[] =>
    cycle.map((step) => ({ ...step, transaction: transaction(step.transaction), key: key(step.key) }))
  switch (proof.kind) {
    case 'cycle':
      return {
        kind: 'cycle',
        cycle: steps(proof.cycle),
        orders: proof.orders.map((order) => ({
          key: key(order.key),
          first: transaction(order.first),
          second: transaction(order.second),
          otherwise: steps(order.otherwise),
        })),
      }
    case 'either':
      return {
        kind: 'either',
        key: key(proof.key),
        first: transaction(proof.first),
        second: transaction(proof.second),
        ifBefore: renumbered(proof.ifBefore, transactions, keys),
        ifAfter: renumbered(proof.ifAfter, transactions, keys),
      }
    case 'searched':
      return proof
  }
}
