/**
 * The slots of a history: for each key those that took effect and wrote it.
 *
 * The last write of a transaction decides its place. An append that no read has seen comes after the whole chain, since the list of all
 * elements of the chain was read without it; so does one of several appends of a transaction of which only the first ones were seen. That
 * it comes directly after the chain is not certain: others that nobody has seen may come between. Hence such slots have no place, and an order
 * of the separated appends goes into the extra edges (see infer-chain-order.ts).
 */

import { appendStep, type TransactionTable, writeStep } from '../table/transaction-table.ts'
import type { Chains } from './chains.ts'

export interface Slots {
  readonly count: number
  /** As in `Facts`. */
  readonly from: Int32Array
  readonly writer: Int32Array
  readonly place: Int32Array
  /** Of each slot: the step of its last write. */
  readonly lastStep: Int32Array
  /** Of each step: the slot of what it writes; -1 if it writes nothing, or did not take effect. */
  readonly ofStep: Int32Array
  /** Of each step that writes and took effect: the write of the same key by the same transaction before it; -1: none. */
  readonly before: Int32Array
}

export function slotsOf(table: TransactionTable, happened: Uint8Array, chains: Chains): Slots {
  const { count: transactions, stepsFrom, kind, key, versions, keys } = table
  const steps = kind.length
  const before = new Int32Array(steps).fill(-1)
  const ofStep = new Int32Array(steps).fill(-1)
  const from = new Int32Array(keys.length + 1)
  /** Of each key: its last write in the transaction that `stamp` says. */
  const lastWrite = new Int32Array(keys.length)
  const stamp = new Int32Array(keys.length).fill(-1)
  for (let t = 0; t < transactions; t++) {
    if (happened[t] === 0) continue
    const end = stepsFrom[t + 1] as number
    for (let step = stepsFrom[t] as number; step < end; step++) {
      if (kind[step] !== writeStep && kind[step] !== appendStep) continue
      const k = key[step] as number
      if (stamp[k] === t) before[step] = lastWrite[k] as number
      else {
        stamp[k] = t
        from[k + 1] = (from[k + 1] as number) + 1
      }
      lastWrite[k] = step
    }
  }
  for (let k = 0; k < keys.length; k++) from[k + 1] = (from[k + 1] as number) + (from[k] as number)
  const count = from[keys.length] as number

  const writer = new Int32Array(count)
  const place = new Int32Array(count).fill(-1)
  const lastStep = new Int32Array(count)
  const next = from.slice(0, keys.length)
  const isOverwritten = new Uint8Array(chains.elements.length === 0 ? 0 : steps)
  for (let step = 0; step < isOverwritten.length; step++) if (before[step] !== -1) isOverwritten[before[step] as number] = 1
  const put = (step: number, transaction: number): number => {
    const k = key[step] as number
    const slot = next[k] as number
    next[k] = slot + 1
    writer[slot] = transaction
    lastStep[slot] = step
    ofStep[step] = slot
    return slot
  }
  for (let k = 0; k < keys.length; k++)
    for (let i = chains.from[k] as number; i < (chains.to[k] as number); i++) {
      const element = chains.elements[i] as number
      const step = versions.writer[element] as number
      const transaction = versions.transaction[element] as number
      if (step === -1 || happened[transaction] === 0 || isOverwritten[step] === 1 || chains.at[element] !== i) continue
      const slot = put(step, transaction)
      place[slot] = slot - (from[k] as number)
    }
  // Backwards: what a transaction overwrites itself has the slot of the write after it.
  for (let t = 0; t < transactions; t++) {
    if (happened[t] === 0) continue
    for (let step = (stepsFrom[t + 1] as number) - 1; step >= (stepsFrom[t] as number); step--) {
      if (kind[step] !== writeStep && kind[step] !== appendStep) continue
      if (ofStep[step] === -1) put(step, t)
      const earlier = before[step] as number
      if (earlier !== -1) ofStep[earlier] = ofStep[step] as number
    }
  }
  return { count, from, writer, place, lastStep, ofStep, before }
}

/** Whether the places of two slots of a key say that the first one comes first. */
export function precedes({ place }: Pick<Slots, 'place'>, first: number, second: number): boolean {
  const before = place[first] as number
  const after = place[second] as number
  return before !== -1 && (after === -1 || before < after)
}
