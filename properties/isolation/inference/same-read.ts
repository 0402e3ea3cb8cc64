import { readStep, type TransactionTable } from '../table/transaction-table.ts'
import type { Chains } from './chains.ts'

/** Whether two reads of a key returned the same; of lists, whether the first elements of them, as many as is said. */
export function isSameRead(
  table: TransactionTable,
  chains: Chains,
  one: number,
  oneLength: number,
  other: number,
  otherLength: number,
): boolean {
  const a = table.version[one] as number
  const b = table.version[other] as number
  if (table.kind[one] === readStep) return a === b
  if (oneLength !== otherLength) return false
  if (chains.isPrefix[a] === 1 && chains.isPrefix[b] === 1) return true
  for (let i = 0; i < oneLength; i++) if (elementAt(table, chains, a, i) !== elementAt(table, chains, b, i)) return false
  return true
}

/** How many elements a read returned; 0 of a register. */
export function lengthRead({ kind, lists, version }: TransactionTable, step: number): number {
  return kind[step] === readStep ? 0 : (lists.length[version[step] as number] as number)
}

/** An element of a list. */
export function elementAt({ lists }: TransactionTable, chains: Chains, list: number, index: number): number {
  if (chains.isPrefix[list] === 0) return lists.elements(list)[index] as number
  return chains.elements[(chains.from[lists.key[list] as number] as number) + index] as number
}
