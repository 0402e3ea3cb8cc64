/**
 * What causal consistency forces: of each key that a transaction reads, it sees the last of the writes that happened before it, or one
 * that comes after it (Møldrup and Pavlogiannis, AWDIT, PLDI 2025, algorithm 3): O(n k) time for n reads and writes and k chains.
 *
 * Clocks are kept of a block of chains at a time, so that their memory does not grow with k; and of each block only from its first
 * transaction to the last one that reads a key which the block writes, so that many short sessions on keys that go out of use cost less.
 */
import type { Budget } from '../../budget.ts'
import { rw } from '../edge.ts'
import { type Facts, initialSlot } from '../facts.ts'
import { type Causes, Clocks } from './saturate-clocks.ts'
import type { ForcedOrders } from './saturate-orders.ts'
import { lastAtMost, type Runs, runsOf } from './saturate-runs.ts'
import type { Written } from './saturate-written.ts'

/** 128 MB of clocks at a time, at most. */
const clockInts = 2 ** 25
/** Of the memory that may be used, for clocks. */
const clockShare = 0.25

export function saturateCausal(facts: Facts, written: Written, causes: Causes, orders: ForcedOrders, budget: Budget): void {
  const clocks = new Clocks(causes, Math.min(clockInts, (clockShare * budget.bytes) / 4))
  const lastUse = lastUses(facts, clocks.rank)
  const runs = runsOf(facts, written, causes.chains)
  /** Of each key: its first run that may be of the block at hand. */
  const cursor = runs.from.slice()
  while (orders.missed === null && clocks.next()) {
    const { begin, end } = windowOf(causes, clocks, lastUse)
    clocks.fill(begin, end, budget)
    forceByClocks(facts, causes, clocks, runs, cursor, orders, budget)
    forceByExtra(facts, causes, clocks, orders)
  }
}

/** Of each transaction: the highest rank of those that read a key it wrote, or that missed a write of it by an extra edge. */
function lastUses({ table, writer, slotsFrom, readsFrom, readKey, extra }: Facts, rank: Int32Array): Int32Array {
  const ofKeys = new Int32Array(slotsFrom.length - 1)
  for (let t = 0; t < table.count; t++) {
    for (let read = readsFrom[t] as number; read < (readsFrom[t + 1] as number); read++) {
      const key = readKey[read] as number
      ofKeys[key] = Math.max(ofKeys[key] as number, rank[t] as number)
    }
  }
  const last = new Int32Array(table.count)
  const use = (t: number, by: number): void => {
    last[t] = Math.max(last[t] as number, by)
  }
  for (let key = 0; key < ofKeys.length; key++) {
    for (let slot = slotsFrom[key] as number; slot < (slotsFrom[key + 1] as number); slot++)
      use(writer[slot] as number, ofKeys[key] as number)
  }
  for (const { from, to, kind } of extra) if (kind === rw) use(to, rank[from] as number)
  return last
}

/** The ranks of which the clocks of a block matter. */
function windowOf(
  { chains }: Causes,
  { rank, first, width }: Clocks,
  lastUse: Int32Array,
): { readonly begin: number; readonly end: number } {
  let begin = rank.length
  let end = 0
  for (let i = chains.from[first] as number; i < (chains.from[first + width] as number); i++) {
    const t = chains.members[i] as number
    begin = Math.min(begin, rank[t] as number)
    end = Math.max(end, (lastUse[t] as number) + 1)
  }
  return { begin, end: Math.max(begin, end) }
}

/**
 * Of a chain, the last write that happened before the reader is enough: those before it come before it. It needs nothing either if it
 * happened before what the reader saw.
 */
function forceByClocks(
  facts: Facts,
  causes: Causes,
  clocks: Clocks,
  runs: Runs,
  cursor: Int32Array,
  orders: ForcedOrders,
  budget: Budget,
): void {
  const { table, writer, readsFrom, readSlot, readKey } = facts
  const { order, chains } = causes
  const { chain, position } = chains
  const { first, width, begin, end } = clocks
  for (let i = begin; i < end && orders.missed === null; i++) {
    const t = order[i] as number
    if (t >= table.count) continue
    for (let read = readsFrom[t] as number; read < (readsFrom[t + 1] as number); read++) {
      const seen = readSlot[read] as number
      const from = seen === initialSlot ? -1 : (writer[seen] as number)
      if (from === t) continue
      const key = readKey[read] as number
      const last = runs.from[key + 1] as number
      let run = cursor[key] as number
      while (run < last && (runs.chain[run] as number) < first) run++
      budget.spend(1 + run - (cursor[key] as number))
      cursor[key] = run
      for (; run < last; run++) {
        const its = runs.chain[run] as number
        if (its >= first + width) break
        budget.spend(1)
        const visible = its === chain[t] ? (position[t] as number) - 1 : clocks.at(t, its)
        const known = from === -1 ? -1 : clocks.at(from, its)
        if (visible <= known) continue
        const found = lastAtMost(runs, run, visible)
        if (found !== -1 && (runs.positions[found] as number) > known) orders.add(runs.slots[found] as number, read)
      }
    }
  }
}

function forceByExtra({ extra }: Facts, { chains }: Causes, clocks: Clocks, orders: ForcedOrders): void {
  for (const { from, to, kind, key } of extra) {
    const its = chains.chain[to] as number
    if (kind !== rw || from === to || its < clocks.first || its >= clocks.first + clocks.width) continue
    if (clocks.at(from, its) >= (chains.position[to] as number)) orders.addMissed(to, from, key)
  }
}
