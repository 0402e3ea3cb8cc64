/**
 * What monotonic atomic view forces: once a transaction has read from S, what it then reads of a key that S wrote is S's or comes after
 * it. The smaller of what S wrote and what is read later is gone through (Møldrup and Pavlogiannis, AWDIT, PLDI 2025, algorithm 1),
 * which costs O(n^1.5) for n reads and writes.
 */
import type { Budget } from '../../budget.ts'
import type { Facts } from '../facts.ts'
import type { ForcedOrders } from './saturate-orders.ts'
import { slotOf, type Written } from './saturate-written.ts'

export function saturateMonotonic(facts: Facts, written: Written, orders: ForcedOrders, budget: Budget): void {
  const { table, writer, slotsFrom, readsFrom, readSlot, readKey } = facts
  const keys = slotsFrom.length - 1
  /** Of each writer: the first read from it. Reads before those of the transaction at hand mean none, here and below. */
  const firstFrom = new Int32Array(table.count).fill(-1)
  /** Of each key: the next read of it, and the next that sees another slot than that one. */
  const next = new Int32Array(keys).fill(-1)
  const other = new Int32Array(keys).fill(-1)

  for (let t = 0; t < table.count && orders.missed === null; t++) {
    const begin = readsFrom[t] as number
    const end = readsFrom[t + 1] as number
    if (end - begin < 2) continue
    for (let read = begin; read < end; read++) {
      const slot = readSlot[read] as number
      if (slot >= 0 && (firstFrom[writer[slot] as number] as number) < begin) firstFrom[writer[slot] as number] = read
    }
    for (let read = end - 1; read >= begin; read--) {
      const slot = readSlot[read] as number
      const from = slot < 0 ? -1 : (writer[slot] as number)
      if (from !== -1 && from !== t && firstFrom[from] === read) {
        const first = written.from[from] as number
        const last = written.from[from + 1] as number
        budget.spend(Math.min(last - first, 4 * (end - read)))
        if (last - first <= 4 * (end - read)) {
          for (let i = first; i < last; i++) {
            const visible = written.slot[i] as number
            const key = written.keyOf[visible] as number
            const soonest = next[key] as number
            // Of more than two versions that are read each makes the next one come after it.
            const later = soonest >= begin && readSlot[soonest] === visible ? (other[key] as number) : soonest
            if (later >= begin) orders.add(visible, later)
          }
        } else {
          for (let later = read + 1; later < end; later++) {
            const visible = slotOf(written, from, readKey[later] as number)
            if (visible !== -1 && visible !== readSlot[later]) orders.add(visible, later)
          }
        }
      }
      const key = readKey[read] as number
      const soonest = next[key] as number
      if (soonest >= begin && readSlot[soonest] !== slot) other[key] = soonest
      next[key] = read
    }
  }
}
