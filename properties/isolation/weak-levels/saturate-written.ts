/** The slots of each transaction. */
import type { Facts } from '../facts.ts'

export interface Written {
  /** `count + 1` bounds: the slots of a transaction are those from `from[t]` to before `from[t + 1]`. */
  readonly from: Int32Array
  /** Slots, those of a transaction in order of their keys. */
  readonly slot: Int32Array
  /** The key of each slot. */
  readonly keyOf: Int32Array
}

export function writtenSlots({ table, slots, slotsFrom, writer }: Facts): Written {
  const from = new Int32Array(table.count + 1)
  for (let slot = 0; slot < slots; slot++) (from[(writer[slot] as number) + 1] as number)++
  for (let t = 0; t < table.count; t++) from[t + 1] = (from[t] as number) + (from[t + 1] as number)
  const next = from.slice()
  const ofTransactions = new Int32Array(slots)
  const keyOf = new Int32Array(slots)
  const keys = slotsFrom.length - 1
  for (let key = 0; key < keys; key++) {
    const end = slotsFrom[key + 1] as number
    for (let slot = slotsFrom[key] as number; slot < end; slot++) {
      keyOf[slot] = key
      ofTransactions[(next[writer[slot] as number] as number)++] = slot
    }
  }
  return { from, slot: ofTransactions, keyOf }
}

/** The slot of a transaction and a key, or -1. */
export function slotOf({ from, slot, keyOf }: Written, transaction: number, key: number): number {
  let low = from[transaction] as number
  let high = from[transaction + 1] as number
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((keyOf[slot[middle] as number] as number) < key) low = middle + 1
    else high = middle
  }
  if (low === from[transaction + 1]) return -1
  const found = slot[low] as number
  return keyOf[found] === key ? found : -1
}
