/** From the values of a stack of which none can be at the bottom, a few of which already none can. */
import type { ContainerTable } from './container-table.ts'
import { at, groupsOf, orderBy } from './positions.ts'

/** From how many values the search for a small conflict starts. */
const startsMax = 24

/**
 * Values each of which has an operation at no moment of which the others leave the stack to it; closed, so that they are
 * violated by themselves. The smallest such set found from some starts.
 */
export function blockedValues(table: ContainerTable, stuck: Int32Array): readonly number[] {
  const blockers = blockersAmong(table, stuck)
  let best: readonly number[] = Array.from(stuck)
  const stride = Math.max(1, Math.floor(stuck.length / startsMax))
  for (let i = 0; i < stuck.length; i += stride) best = closure(at(stuck, i), blockers, best)
  return best
}

/** The value, what blocks it, what blocks that, and so on; or the best set known, once this one is no smaller. */
function closure(start: number, blockers: (value: number) => readonly number[], best: readonly number[]): readonly number[] {
  const found = new Set([start])
  for (const value of found) {
    for (const blocker of blockers(value)) found.add(blocker)
    if (found.size >= best.length) return best
  }
  return [...found]
}

/** Of a stuck value: the fewest others that together block one of its operations. */
function blockersAmong(table: ContainerTable, stuck: Int32Array): (value: number) => readonly number[] {
  const { end, insertCall, insertReturn, removeCall, removeReturn, observers, observed } = table
  const byLow = orderBy(
    stuck.map((value) => at(insertReturn, value)),
    end,
  ).map((i) => at(stuck, i))
  const lows = byLow.map((value) => at(insertReturn, value))
  // The last to end, and the second to last, among those that begin up to each place.
  const first = new Int32Array(byLow.length)
  const second = new Int32Array(byLow.length)
  let [one, two] = [-1, -1]
  const endOf = (value: number): number => (value < 0 ? -1 : at(removeCall, value))
  for (const [place, value] of byLow.entries()) {
    if (endOf(value) > endOf(one)) [one, two] = [value, one]
    else if (endOf(value) > endOf(two)) two = value
    first[place] = one
    second[place] = two
  }
  const chain = (value: number, from: number, to: number): number[] | null => {
    const found: number[] = []
    for (let reached = from; reached <= to; reached = endOf(found.at(-1) ?? -1)) {
      const place = lastBelow(lows, reached)
      const longest = place < 0 ? -1 : at(first, place)
      const next = longest === value ? at(second, place) : longest
      if (endOf(next) <= reached) return null
      found.push(next)
    }
    return found
  }
  const observersOf = groupsOf(observed, insertCall.length)
  return (value) => {
    const seen = Array.from(observersOf(value), (i) => [at(observers.call, i), at(observers.return, i)] as const)
    const push = [at(insertCall, value), at(insertReturn, value)] as const
    const pop = [at(removeCall, value), at(removeReturn, value)] as const
    const chains = [push, pop, ...seen].map(([from, to]) => chain(value, from, to)).filter((found) => found !== null)
    return chains.reduce((least, next) => (next.length < least.length ? next : least), chains[0] ?? [])
  }
}

/** The last index whose entry is below the bound; -1 where there is none. */
function lastBelow(sorted: Int32Array, bound: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at(sorted, middle) < bound) low = middle + 1
    else high = middle
  }
  return low - 1
}
