/** What is wrong with a history as plain data, for other programs. */
import type { Value } from '../../value.ts'
import { type EdgeKind, rt, rw, so, wr, ww } from '../edge.ts'
import { transactionOf } from '../table/table-builder.ts'
import type { Step, Transaction } from '../table/transaction.ts'
import { explanationText, type Story } from './explain.ts'

export interface AnomalyDocument {
  /** The anomaly, or the level that is violated. */
  readonly name: string
  readonly transactions: readonly TransactionDocument[]
  /** The dependencies that contradict each other; empty where no cycle is needed to see what is wrong. */
  readonly cycle: readonly EdgeDocument[]
  /** The proof in words, one line a sentence. */
  readonly explanation: readonly string[]
}

export interface TransactionDocument extends Omit<Transaction, 'steps'> {
  /** Its name in the explanation, such as `T1`. */
  readonly id: string
  /** All of them: `[f, key, value]`, or `[f, key]` of a read of which nobody knows what it returned. */
  readonly steps: readonly (readonly Value[])[]
}

export interface EdgeDocument {
  readonly from: string
  readonly to: string
  readonly kind: 'ww' | 'wr' | 'rw' | 'session' | 'real-time'
  /** Of ww, wr and rw. */
  readonly key?: Value
  readonly because: string
}

export function anomalyDocument({ name, explanation, facts, cast, edges }: Story): AnomalyDocument {
  const { table } = facts
  return {
    name,
    transactions: cast.transactions.map((transaction) => {
      const { steps, ...rest } = transactionOf(table, transaction)
      return { id: cast.name(transaction), ...rest, steps: steps.map(stepDocument) }
    }),
    cycle: edges.map(({ from, to, kind, key, text }) => ({
      from: cast.name(from),
      to: cast.name(to),
      kind: kindNames[kind],
      ...(key === -1 ? {} : { key: table.keys[key] as Value }),
      because: text,
    })),
    explanation: explanationText(explanation, Number.POSITIVE_INFINITY),
  }
}

const kindNames: Readonly<Record<EdgeKind, EdgeDocument['kind']>> = {
  [ww]: 'ww',
  [wr]: 'wr',
  [rw]: 'rw',
  [so]: 'session',
  [rt]: 'real-time',
}

function stepDocument({ f, key, value }: Step): Value[] {
  return value === undefined ? [f, key] : [f, key, value]
}
