/** Pairs of runs of a key of which it is not known which comes first: the variables of the search. */
import { GrowingInts } from './growing-ints.ts'
import type { KnownGraph } from './known-graph.ts'

/** Literal `2 * pair` says that the first of the pair comes first, literal `2 * pair + 1` that the second does. */
export interface RunPairs {
  readonly count: number
  readonly first: Int32Array
  readonly second: Int32Array
}

/**
 * @param forEachBefore visits the runs that are known to come before a run
 * @returns null if there are more than `countMax`
 */
export function undecidedPairs(
  { runs }: KnownGraph,
  forEachBefore: (run: number, visit: (earlier: number) => void) => void,
  countMax: number,
): RunPairs | null {
  const first = new GrowingInts()
  const second = new GrowingInts()
  for (let key = 0; key < runs.runsFrom.length - 1; key++) {
    const start = runs.runsFrom[key] as number
    const count = (runs.runsFrom[key + 1] as number) - start
    if (count < 2) continue
    const words = (count + 31) >> 5
    // Of each run of the key: those before it or after it.
    if (words * count > countMax) return null
    const decided = new Int32Array(words * count)
    for (let run = 0; run < count; run++) {
      forEachBefore(start + run, (other) => {
        const earlier = other - start
        decided[run * words + (earlier >> 5)] = (decided[run * words + (earlier >> 5)] as number) | (1 << (earlier & 31))
        decided[earlier * words + (run >> 5)] = (decided[earlier * words + (run >> 5)] as number) | (1 << (run & 31))
      })
    }
    for (let run = 0; run < count; run++) {
      for (let other = run + 1; other < count; other++) {
        if (((decided[run * words + (other >> 5)] as number) >> (other & 31)) & 1) continue
        first.push(start + run)
        second.push(start + other)
      }
    }
    if (first.length > countMax) return null
  }
  return { count: first.length, first: first.at.slice(0, first.length), second: second.at.slice(0, second.length) }
}

/** The run that comes first if the literal is true. */
export function earlierRun({ first, second }: RunPairs, literal: number): number {
  return (literal & 1 ? second : first)[literal >> 1] as number
}

export function laterRun(pairs: RunPairs, literal: number): number {
  return earlierRun(pairs, literal ^ 1)
}
