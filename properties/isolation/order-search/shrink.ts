/** Small sets that are still violated (delta debugging: Zeller and Hildebrandt, TSE 28, 2002; only leaving parts out). */
import type { Budget } from '../../budget.ts'

export interface Shrunk {
  readonly part: Int32Array
  /** Whether no single one can be left out; else there was no time to tell. */
  readonly isMinimal: boolean
}

/**
 * Leaves out halves, quarters and so on down to single ones while the rest is violated, as long as there is time.
 * @param isViolated of the whole it is true
 */
export function shrink(whole: Int32Array, isViolated: (part: Int32Array) => boolean, budget: Budget): Shrunk {
  let part = whole
  for (let size = Math.ceil(whole.length / 2); ; size = Math.ceil(size / 2)) {
    const before = part.length
    for (let start = 0; start < part.length && part.length > size; ) {
      if (budget.exhausted()) return { part, isMinimal: false }
      const rest = part.filter((_, i) => i < start || i >= start + size)
      if (isViolated(rest)) part = rest
      else start += size
    }
    if (size <= 1 && part.length === before) return { part, isMinimal: true }
  }
}
