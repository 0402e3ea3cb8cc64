/** Which presences together leave no moment of an interval free. */
import { at, orderBy } from './positions.ts'

/**
 * The fewest of the open intervals (low, high) that together hold all positions of [from, to], for the indices that may be
 * used; empty where they do not.
 */
export function cover(
  [from, to]: readonly [from: number, to: number],
  { low, high, end }: { readonly low: Int32Array; readonly high: Int32Array; readonly end: number },
  mayUse: (index: number) => boolean = () => true,
): number[] {
  const chain: number[] = []
  const byLow = orderBy(low, end)
  let next = 0
  let best = -1
  for (let reached = from; reached <= to; reached = at(high, best)) {
    for (; next < byLow.length && at(low, at(byLow, next)) < reached; next++) {
      const index = at(byLow, next)
      if (mayUse(index) && (best < 0 || at(high, index) > at(high, best))) best = index
    }
    if (best < 0 || at(high, best) <= reached) return []
    chain.push(best)
  }
  return chain
}
