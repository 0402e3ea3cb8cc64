/** The writes of each key by chains: runs of those of one key and chain, so that the last one before a position is found at once. */
import type { Facts } from '../facts.ts'
import type { Chains } from './saturate-chains.ts'
import type { Written } from './saturate-written.ts'

export interface Runs {
  /** Slots, those of a key by chains, those of a run in order of their positions in the chain. */
  readonly slots: Int32Array
  /** Of each of them: the position of its writer in its chain. */
  readonly positions: Int32Array
  /** `keys + 1` bounds: the runs of each key, in order of their chains. */
  readonly from: Int32Array
  readonly chain: Int32Array
  /** Where each run begins in `slots`, and one more bound: where the last one ends. */
  readonly start: Int32Array
}

export function runsOf({ slots: count, slotsFrom, writer }: Facts, written: Written, { chain, position, members }: Chains): Runs {
  const keys = slotsFrom.length - 1
  const slots = new Int32Array(count)
  const positions = new Int32Array(count)
  const next = slotsFrom.slice(0, keys)
  for (const t of members) {
    for (let i = written.from[t] as number; i < (written.from[t + 1] as number); i++) {
      const slot = written.slot[i] as number
      const key = written.keyOf[slot] as number
      const at = next[key] as number
      next[key] = at + 1
      slots[at] = slot
      positions[at] = position[t] as number
    }
  }
  const from = new Int32Array(keys + 1)
  const chains = new Int32Array(count)
  const start = new Int32Array(count + 1)
  let runs = 0
  for (let key = 0; key < keys; key++) {
    from[key] = runs
    for (let i = slotsFrom[key] as number; i < (slotsFrom[key + 1] as number); i++) {
      const its = chain[writer[slots[i] as number] as number] as number
      if (runs > (from[key] as number) && chains[runs - 1] === its) continue
      chains[runs] = its
      start[runs++] = i
    }
  }
  from[keys] = runs
  start[runs] = count
  return { slots, positions, from, chain: chains.subarray(0, runs), start: start.subarray(0, runs + 1) }
}

/** Where in `slots` the last of a run is whose position is at most some bound; -1: none is. */
export function lastAtMost({ positions, start }: Runs, run: number, bound: number): number {
  const first = start[run] as number
  let low = first
  let high = start[run + 1] as number
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((positions[middle] as number) <= bound) low = middle + 1
    else high = middle
  }
  return low === first ? -1 : low - 1
}
