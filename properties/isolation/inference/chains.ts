/**
 * The order of the elements of each list: that of the longest list that a transaction which took effect has read, the first of several.
 * Every other list read should be a beginning of it.
 */
import { readListStep, type TransactionTable } from '../table/transaction-table.ts'

export interface Chains {
  /** Bounds of the chain of each key in `elements`, which has versions. */
  readonly from: Int32Array
  readonly to: Int32Array
  readonly elements: Int32Array
  /** Of each list that was read: 1 if it is a beginning of the chain. */
  readonly isPrefix: Uint8Array
  /** Of each key: the first step that read the whole chain; -1: the chain is empty. */
  readonly reader: Int32Array
  /** Of each version: where it is first in `elements`; -1: nowhere. */
  readonly at: Int32Array
}

export function chainsOf(table: TransactionTable, happened: Uint8Array): Chains {
  const { lists, keys } = table
  const reader = new Int32Array(keys.length).fill(-1)
  const to = lists.chainFrom.slice(0, keys.length)
  const longer = longestReads(table, happened, to, reader)
  const chains =
    longer.size === 0 ? { from: lists.chainFrom, to, elements: lists.chain, isPrefix: lists.isPrefix } : replaced(table, to, longer)
  for (const [key, step] of longer) reader[key] = step
  return { ...chains, reader, at: positions(table, chains.from, chains.to, chains.elements) }
}

/**
 * Finds how much of each key's longest list was read by transactions that took effect.
 * @returns steps, by key, that read lists which are not beginnings of it, and longer ones, or as long and before all of those: the longest
 *   one was read only by a transaction that aborted, or later
 */
function longestReads(table: TransactionTable, happened: Uint8Array, to: Int32Array, reader: Int32Array): Map<number, number> {
  const { count, stepsFrom, kind, key, version, lists } = table
  const others = new Map<number, number>()
  if (lists.count === 0) return others
  for (let t = 0; t < count; t++) {
    if (happened[t] === 0) continue
    const end = stepsFrom[t + 1] as number
    for (let step = stepsFrom[t] as number; step < end; step++) {
      if (kind[step] !== readListStep) continue
      const k = key[step] as number
      const list = version[step] as number
      const length = lists.length[list] as number
      if (lists.isPrefix[list] === 0) {
        const other = others.get(k)
        if (other === undefined || length > (lists.length[version[other] as number] as number)) others.set(k, step)
      } else if ((lists.chainFrom[k] as number) + length > (to[k] as number)) {
        to[k] = (lists.chainFrom[k] as number) + length
        reader[k] = step
      }
    }
  }
  for (const [k, step] of others) {
    const longer = (lists.length[version[step] as number] as number) - ((to[k] as number) - (lists.chainFrom[k] as number))
    if (longer < 0 || (longer === 0 && (reader[k] as number) < step)) others.delete(k)
  }
  return others
}

/** Chains of which some are other lists than the table says. */
function replaced(
  table: TransactionTable,
  kept: Int32Array,
  others: ReadonlyMap<number, number>,
): Pick<Chains, 'from' | 'to' | 'elements' | 'isPrefix'> {
  const { lists, keys, version } = table
  const chains = keys.map((_, key) => {
    const other = others.get(key)
    return other === undefined ? lists.chain.subarray(lists.chainFrom[key], kept[key]) : lists.elements(version[other] as number)
  })
  const from = new Int32Array(keys.length + 1)
  for (const [key, chain] of chains.entries()) from[key + 1] = (from[key] as number) + chain.length
  const elements = new Int32Array(from[keys.length] as number)
  for (const [key, chain] of chains.entries()) elements.set(chain, from[key])
  const isPrefix = lists.isPrefix.slice()
  for (let list = 0; list < lists.count; list++) {
    const key = lists.key[list] as number
    if (others.has(key)) isPrefix[list] = begins(lists.elements(list), chains[key] as Int32Array) ? 1 : 0
  }
  return { from, to: from.subarray(1), elements, isPrefix }
}

function begins(list: Int32Array, chain: Int32Array): boolean {
  return list.length <= chain.length && list.every((element, i) => element === chain[i])
}

function positions({ versions, keys }: TransactionTable, from: Int32Array, to: Int32Array, elements: Int32Array): Int32Array {
  const at = new Int32Array(versions.count).fill(-1)
  for (let key = 0; key < keys.length; key++)
    for (let i = from[key] as number; i < (to[key] as number); i++) if (at[elements[i] as number] === -1) at[elements[i] as number] = i
  return at
}
