/**
 * Makes a schedule small: leaves steps out as long as the same kind of thing goes wrong (delta debugging: Zeller & Hildebrandt, Simplifying
 * and Isolating Failure-Inducing Input, IEEE TSE 2002). Operations first, since what they cause goes with them.
 */
import type { Step } from './schedule.ts'

export interface ShrinkOptions {
  /** Runs at the most. */
  readonly runsMax: number
  /** Asked before each run. */
  readonly mayGoOn: () => boolean
}

export interface Shrunk<R> {
  readonly found: R
  readonly runs: number
  /** No step of it can be left out. */
  readonly isMinimal: boolean
}

/**
 * @param found what went wrong
 * @param attempt runs some of the steps; what went wrong if it is of the same kind, with the steps that were possible
 */
export async function shrink<R extends { readonly steps: readonly Step[] }>(
  found: R,
  attempt: (steps: readonly Step[]) => Promise<R | null>,
  options: ShrinkOptions,
): Promise<Shrunk<R>> {
  let best = found
  let runs = 0
  let isCut = false
  const passes: ((step: Step) => boolean)[] = [({ do: what }) => what === 'invoke', () => true]
  for (const isOf of passes) {
    let size = Math.ceil(best.steps.filter(isOf).length / 2)
    while (size >= 1 && !isCut) {
      const before = best.steps.length
      await leaveOut(size, isOf)
      // At the size of one, until no single step can be left out.
      if (size === 1 && best.steps.length === before) break
      size = Math.max(1, Math.floor(size / 2))
    }
  }
  return { found: best, runs, isMinimal: !isCut }

  /** From the end on, so that what is kept keeps its meaning. */
  async function leaveOut(size: number, isOf: (step: Step) => boolean): Promise<void> {
    let end = best.steps.filter(isOf).length
    while (end > 0) {
      if (runs >= options.runsMax || !options.mayGoOn()) {
        isCut = true
        return
      }
      const at = best.steps.flatMap((step, i) => (isOf(step) ? [i] : []))
      end = Math.min(end, at.length)
      const left = new Set(at.slice(Math.max(0, end - size), end))
      if (left.size === 0) return
      runs++
      const smaller = await attempt(best.steps.filter((_, i) => !left.has(i)))
      if (smaller !== null && smaller.steps.length < best.steps.length) best = smaller
      end -= size
    }
  }
}
