/**
 * Interleavings of a deterministic program in order of their delays: first the clients run one after another, then every way
 * to pass over whose turn it is once, then twice, ... Most bugs need few (Emmi, Qadeer & Rakamaric, Delay-bounded scheduling,
 * POPL 2011; as the preemptions of Musuvathi & Qadeer, PLDI 2007), and the first that is found has the fewest.
 */

/** Chooses among so many steps, the first of which is the one whose turn it is. Returns how many are to be passed over. */
export type Choose = (candidates: number) => number

/**
 * Runs an attempt under one interleaving after another until it returns something.
 * @param attempt must do the same whenever it is given the same choices
 * @param max attempts
 * @returns null if no attempt returned anything
 */
export async function byDelays<R>(attempt: (choose: Choose) => Promise<R | null>, max: number): Promise<R | null> {
  // By number of delays, the interleavings yet to be run: how many steps each of their choices passes over.
  const waiting: (readonly number[])[][] = [[[]]]
  let runs = 0
  for (let delays = 0; delays < waiting.length; delays++) {
    for (const passed of waiting[delays] ?? []) {
      if (runs++ === max) return null
      const seen: number[] = []
      const result = await attempt((candidates) => {
        seen.push(candidates)
        return passed[seen.length - 1] ?? 0
      })
      if (result !== null) return result
      // What follows the last delay has gone as if there were no more, so that each interleaving is reached in one way.
      for (let at = passed.length; at < seen.length; at++)
        for (let skip = 1; skip < (seen[at] ?? 1); skip++) {
          while (waiting.length <= delays + skip) waiting.push([])
          const bucket = waiting[delays + skip] ?? []
          // What cannot have its turn any more is not kept.
          if (bucket.length < max - runs) bucket.push([...passed, ...new Array<number>(at - passed.length).fill(0), skip])
        }
    }
    waiting[delays] = []
  }
  return null
}
