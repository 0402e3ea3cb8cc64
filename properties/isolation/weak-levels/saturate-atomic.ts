/**
 * What read atomic forces: all of what a transaction that is directly visible wrote is seen, or what comes after it. Directly visible
 * are those that are read from (Møldrup and Pavlogiannis, AWDIT, PLDI 2025, algorithm 2: O(n^1.5) for n reads and writes), and those
 * before in the order of the variant.
 */
import type { Budget } from '../../budget.ts'
import { rt, rw, so, wr } from '../edge.ts'
import { type Facts, initialSlot } from '../facts.ts'
import type { ForcedOrders } from './saturate-orders.ts'
import { bySession } from './saturate-positions.ts'
import { saturateTimes } from './saturate-times.ts'
import { slotOf, type Written } from './saturate-written.ts'

/** @param kinds a mask of `so` and `rt`: the order of the variant */
export function saturateAtomic(facts: Facts, written: Written, kinds: number, orders: ForcedOrders, budget: Budget): void {
  forceByReads(facts, written, orders, budget)
  if (kinds & so) forceBySessions(facts, written, orders)
  if (kinds & rt) saturateTimes(facts, written, orders, budget)
  forceByExtra(facts, written, kinds, orders)
}

function forceByReads(facts: Facts, written: Written, orders: ForcedOrders, budget: Budget): void {
  const { table, writer, slotsFrom, readsFrom, readSlot, readKey } = facts
  /** Of each key: the first read of it. Reads before those of the transaction at hand mean none. */
  const firstOf = new Int32Array(slotsFrom.length - 1).fill(-1)
  const lastReader = new Int32Array(table.count).fill(-1)
  for (let t = 0; t < table.count && orders.missed === null; t++) {
    const begin = readsFrom[t] as number
    const end = readsFrom[t + 1] as number
    for (let read = begin; read < end; read++) {
      const key = readKey[read] as number
      const first = firstOf[key] as number
      if (first < begin) firstOf[key] = read
      else if (readSlot[first] !== readSlot[read]) {
        // Two versions, which must come each before the other: enough to be a violation, so the others need not be looked at.
        if (readSlot[first] !== initialSlot) orders.add(readSlot[first] as number, read)
        if (readSlot[read] !== initialSlot) orders.add(readSlot[read] as number, first)
      }
    }
    lastReader[t] = t
    for (let read = begin; read < end; read++) {
      const slot = readSlot[read] as number
      if (slot < 0) continue
      const from = writer[slot] as number
      if (lastReader[from] === t) continue
      lastReader[from] = t
      const last = written.from[from + 1] as number
      const start = written.from[from] as number
      budget.spend(Math.min(last - start, 4 * (end - begin)))
      if (last - start <= 4 * (end - begin)) {
        for (let i = start; i < last; i++) {
          const visible = written.slot[i] as number
          const seeing = firstOf[written.keyOf[visible] as number] as number
          if (seeing >= begin && readSlot[seeing] !== visible) orders.add(visible, seeing)
        }
      } else forceOn(facts, written, from, t, orders)
    }
  }
}

/** One is visible to another: whatever the other reads of what it wrote. */
function forceOn({ readsFrom, readSlot, readKey }: Facts, written: Written, visible: number, reader: number, orders: ForcedOrders): void {
  const end = readsFrom[reader + 1] as number
  for (let read = readsFrom[reader] as number; read < end; read++) {
    const slot = slotOf(written, visible, readKey[read] as number)
    if (slot !== -1 && slot !== readSlot[read]) orders.add(slot, read)
  }
}

/** The last in the session to write a key is enough: those before it come before it by session order. */
function forceBySessions(facts: Facts, written: Written, orders: ForcedOrders): void {
  const { slotsFrom, readsFrom, readSlot, readKey } = facts
  const { from, members } = bySession(facts)
  const lastSlot = new Int32Array(slotsFrom.length - 1)
  /** Of each key: the session that last wrote it, of those gone through. */
  const sessionOf = new Int32Array(slotsFrom.length - 1).fill(-1)
  for (let session = 0; session + 1 < from.length; session++) {
    for (let member = from[session] as number; member < (from[session + 1] as number); member++) {
      const t = members[member] as number
      for (let read = readsFrom[t] as number; read < (readsFrom[t + 1] as number); read++) {
        const key = readKey[read] as number
        if (sessionOf[key] === session && lastSlot[key] !== readSlot[read]) orders.add(lastSlot[key] as number, read)
      }
      for (let i = written.from[t] as number; i < (written.from[t + 1] as number); i++) {
        const slot = written.slot[i] as number
        const key = written.keyOf[slot] as number
        sessionOf[key] = session
        lastSlot[key] = slot
      }
    }
  }
}

function forceByExtra(facts: Facts, written: Written, kinds: number, orders: ForcedOrders): void {
  const making = facts.extra.filter(({ kind }) => kind === wr || (kind & kinds) !== 0)
  for (const { from, to } of making) forceOn(facts, written, from, to, orders)
  for (const { from, to, kind, key } of facts.extra) {
    if (kind !== rw) continue
    if (isVisible(facts, kinds, to, from) || making.some((edge) => edge.from === to && edge.to === from)) orders.addMissed(to, from, key)
  }
}

/** Whether a transaction is directly visible to another, but for extra edges. */
function isVisible({ table, writer, readsFrom, readSlot }: Facts, kinds: number, transaction: number, reader: number): boolean {
  const { session, began, ended } = table
  if (transaction === reader) return false
  for (let read = readsFrom[reader] as number; read < (readsFrom[reader + 1] as number); read++) {
    const slot = readSlot[read] as number
    if (slot !== initialSlot && writer[slot] === transaction) return true
  }
  if (kinds & so && session[transaction] !== -1 && session[transaction] === session[reader] && transaction < reader) return true
  const end = ended[transaction] as number
  return (kinds & rt) !== 0 && end >= 0 && end < (began[reader] as number)
}
