/**
 * Item cut isolation (Bailis et al., VLDB 2013): all external reads of a key by a transaction see the same version. Versions, not slots,
 * are compared: one that its writer overwrote itself is another than the one it left. What a transaction reads of a key after it has
 * written it is a matter of internal consistency.
 */
import type { Facts } from '../facts.ts'
import { readListStep, readStep, type TransactionTable, unknownVersion } from '../table/transaction-table.ts'
import type { WeakDecision } from './decision.ts'

export function decideCut({ table, happened }: Facts): WeakDecision {
  const { count, stepsFrom, kind, key: keyOf } = table
  const keys = table.keys.length
  /** Of each key: the first step that read it, and the last that wrote it. Steps before those of the transaction at hand mean none. */
  const firstRead = new Int32Array(keys).fill(-1)
  const lastWrite = new Int32Array(keys).fill(-1)
  for (let transaction = 0; transaction < count; transaction++) {
    if (happened[transaction] === 0) continue
    const begin = stepsFrom[transaction] as number
    for (let step = begin; step < (stepsFrom[transaction + 1] as number); step++) {
      const key = keyOf[step] as number
      if (kind[step] !== readStep && kind[step] !== readListStep) lastWrite[key] = step
      else if ((lastWrite[key] as number) < begin && !isUnknown(table, step)) {
        const first = firstRead[key] as number
        if (first < begin) firstRead[key] = step
        else if (!isSameVersion(table, first, step)) return { holds: false, proof: 'reads', transaction, key, steps: [first, step] }
      }
    }
  }
  return { holds: true }
}

function isUnknown({ kind, version }: TransactionTable, step: number): boolean {
  return kind[step] === readStep && version[step] === unknownVersion
}

function isSameVersion({ kind, version, lists }: TransactionTable, first: number, second: number): boolean {
  const [a, b] = [version[first] as number, version[second] as number]
  if (kind[first] === readStep) return a === b
  const [one, other] = [lists.elements(a), lists.elements(b)]
  return one.length === other.length && one.every((element, i) => element === other[i])
}
