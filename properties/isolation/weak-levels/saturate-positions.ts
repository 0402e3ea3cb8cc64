/** Transactions that happened, in order of where they began or ended, or of their sessions. */
import type { Facts } from '../facts.ts'

/** Those with a position, which is not negative, in order of it. */
export function byPosition({ table, happened }: Facts, position: Int32Array): Int32Array {
  const { count } = table
  // One number each, which is exact up to four million transactions with any positions, sorts faster than a comparison of two.
  const ranks = new Float64Array(count)
  let found = 0
  for (let t = 0; t < count; t++)
    if (happened[t] === 1 && (position[t] as number) >= 0) ranks[found++] = (position[t] as number) * count + t
  return Int32Array.from(ranks.subarray(0, found).sort(), (rank) => rank % count)
}

export interface Sessions {
  /** Bounds of the transactions of each session in `members`. */
  readonly from: Int32Array
  /** In session order. */
  readonly members: Int32Array
}

export function bySession({ table, happened }: Facts): Sessions {
  const { count, session } = table
  const sessions = table.sessions.length
  const from = new Int32Array(sessions + 1)
  for (let t = 0; t < count; t++) if (happened[t] === 1 && session[t] !== -1) (from[(session[t] as number) + 1] as number)++
  for (let s = 0; s < sessions; s++) from[s + 1] = (from[s] as number) + (from[s + 1] as number)
  const next = from.slice()
  const members = new Int32Array(from[sessions] as number)
  for (let t = 0; t < count; t++) if (happened[t] === 1 && session[t] !== -1) members[(next[session[t] as number] as number)++] = t
  return { from, members }
}
