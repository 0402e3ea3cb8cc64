/** The steps of transactions that prove a dependency: who wrote what, and what a read saw. */
import type { Facts } from '../facts.ts'
import { appendStep, initialVersion, readListStep, readStep, type TransactionTable, writeStep } from '../table/transaction-table.ts'

/** What a read saw of others before the history: nothing. */
export const initialWriter = -1
/** What nobody knows. */
export const unknownWriter = -2

/** The steps of a transaction on a key, in program order. */
export function stepsOn({ stepsFrom, key: keyOf }: TransactionTable, transaction: number, key: number): number[] {
  const found: number[] = []
  const end = stepsFrom[transaction + 1] as number
  for (let step = stepsFrom[transaction] as number; step < end; step++) if (keyOf[step] === key) found.push(step)
  return found
}

export function writesOf(table: TransactionTable, transaction: number, key: number): number[] {
  return stepsOn(table, transaction, key).filter((step) => !isRead(table, step))
}

export function readsOf(table: TransactionTable, transaction: number, key: number): number[] {
  return stepsOn(table, transaction, key).filter((step) => isRead(table, step))
}

export function isRead({ kind }: TransactionTable, step: number): boolean {
  return kind[step] === readStep || kind[step] === readListStep
}

export function isAppend({ kind }: TransactionTable, step: number): boolean {
  return kind[step] === appendStep
}

/** Whether a transaction writes lists, not registers. */
export function appendsTo(table: TransactionTable, transaction: number, key: number): boolean {
  return writesOf(table, transaction, key).some((step) => table.kind[step] !== writeStep)
}

/** The transaction whose write a read saw, unless that is the reader itself, or did not take effect. */
export function seenBy(facts: Facts, step: number): number {
  const { table, happened } = facts
  const version = versionSeen(facts, step)
  if (version === initialVersion) return initialWriter
  const writer = version < 0 ? -1 : (table.versions.transaction[version] as number)
  return writer === -1 || happened[writer] === 0 || writer === transactionOfStep(table, step) ? unknownWriter : writer
}

/** The version that a read saw, of a list leaving aside what is the reader's own and what did not take effect; or `initialVersion`, or `unknownVersion`. */
export function versionSeen({ table, happened }: Facts, step: number): number {
  const { versions, lists } = table
  const version = table.version[step] as number
  if (table.kind[step] !== readListStep) return version
  const reader = transactionOfStep(table, step)
  return (
    lists.elements(version).findLast((element) => {
      const writer = versions.transaction[element] as number
      return writer !== -1 && writer !== reader && happened[writer] === 1
    }) ?? initialVersion
  )
}

/** The version that a transaction leaves of a key: that of its last write. */
export function lastVersion(table: TransactionTable, transaction: number, key: number): number {
  const last = writesOf(table, transaction, key).at(-1)
  return last === undefined ? -1 : (table.version[last] as number)
}

/** The order of the elements of a list: the longest that a transaction which took effect has read, as versions. */
export function chainOf(facts: Facts, key: number): Int32Array {
  const { lists, version } = facts.table
  let longest = new Int32Array()
  for (const step of listReads(facts, key)) {
    const elements = lists.elements(version[step] as number)
    if (elements.length > longest.length) longest = Int32Array.from(elements)
  }
  return longest
}

/**
 * A read of a list, by a transaction that took effect, which has versions of one key in this order; preferably by one of the preferred.
 * -1: there is none.
 */
export function readHaving(facts: Facts, versions: readonly [number, ...number[]], isPreferred: (transaction: number) => boolean): number {
  const { table } = facts
  let found = -1
  for (const step of listReads(facts, table.versions.key[versions[0]] as number)) {
    const elements = table.lists.elements(table.version[step] as number)
    const places = versions.map((version) => elements.indexOf(version))
    if (places.some((place, i) => place === -1 || place < (places[i - 1] ?? 0))) continue
    if (isPreferred(transactionOfStep(table, step))) return step
    if (found === -1) found = step
  }
  return found
}

function* listReads({ table, happened }: Facts, key: number): Generator<number> {
  for (let step = 0; step < table.kind.length; step++)
    if (table.key[step] === key && table.kind[step] === readListStep && happened[transactionOfStep(table, step)] === 1) yield step
}

export function transactionOfStep({ stepsFrom, count }: TransactionTable, step: number): number {
  let low = 0
  let high = count - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((stepsFrom[middle] as number) <= step) low = middle
    else high = middle - 1
  }
  return low
}
