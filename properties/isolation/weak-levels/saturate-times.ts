/**
 * What read atomic forces in real time: each read of a key sees the last of the writes that ended before its transaction began, or one
 * that comes after it.
 */
import type { Budget } from '../../budget.ts'
import { type Facts, initialSlot } from '../facts.ts'
import { type ForcedOrders, readerOf } from './saturate-orders.ts'
import { byPosition } from './saturate-positions.ts'
import type { Written } from './saturate-written.ts'

/**
 * Of all readers of a slot the one that began last is enough, since whatever ended before the others began ended before that one did;
 * and of the writers that ended before that those which did not end before another of them began, since those come before that other.
 * There are no more of them than are open at one moment.
 */
export function saturateTimes(facts: Facts, written: Written, orders: ForcedOrders, budget: Budget): void {
  const { table, slots, slotsFrom, writer, readsFrom, readSlot, readKey } = facts
  const { began, ended } = table
  const keys = slotsFrom.length - 1
  /** The slots of each key whose writers ended, in order of that; and where the last of those so far began. */
  const byEnd = new Int32Array(slots)
  const latestBegin = new Int32Array(slots)
  const next = slotsFrom.slice(0, keys)
  for (const t of byPosition(facts, ended)) {
    for (let i = written.from[t] as number; i < (written.from[t + 1] as number); i++) {
      const slot = written.slot[i] as number
      const key = written.keyOf[slot] as number
      const place = next[key] as number
      next[key] = place + 1
      byEnd[place] = slot
      const before = place === slotsFrom[key] ? -1 : (latestBegin[place - 1] as number)
      latestBegin[place] = Math.max(before, began[t] as number)
    }
  }

  /** Of each slot, and after them of each key whose initial version is read: the read whose transaction began last. */
  const lastRead = new Int32Array(slots + keys).fill(-1)
  for (const t of byPosition(facts, began)) {
    for (let read = readsFrom[t] as number; read < (readsFrom[t + 1] as number); read++) {
      const slot = readSlot[read] as number
      lastRead[slot === initialSlot ? slots + (readKey[read] as number) : slot] = read
    }
  }
  for (const read of lastRead) {
    if (read === -1) continue
    const key = readKey[read] as number
    const start = began[readerOf(facts, read)] as number
    const first = slotsFrom[key] as number
    let low = first
    let high = next[key] as number
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((ended[writer[byEnd[middle] as number] as number] as number) < start) low = middle + 1
      else high = middle
    }
    const bound = low === first ? -1 : (latestBegin[low - 1] as number)
    for (let i = low - 1; i >= first && (ended[writer[byEnd[i] as number] as number] as number) >= bound; i--) {
      if (byEnd[i] !== readSlot[read]) orders.add(byEnd[i] as number, read)
      budget.spend(1)
    }
  }
}
