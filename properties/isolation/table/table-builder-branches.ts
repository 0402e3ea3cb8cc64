/**
 * The lists that were read of one key, as they come. A list that begins or continues one that is known adds nothing but its length,
 * and is compared with it element by element; a list that does neither starts a branch.
 */
import { equal, type Value } from '../../value.ts'

export interface Branch {
  readonly number: number
  readonly key: number
  /** Its longest list. */
  elements: readonly Value[]
  /** How many lists, of any key, were read before that one. */
  since: number
}

/** How many branches of a key a list is compared with: reads that agree with none of many would make it quadratic. */
const comparedMax = 8

/** The branch of a key that a list begins or continues, which is then extended; `undefined`: none. */
export function extendedBranch(branches: readonly Branch[], list: readonly Value[], since: number): Branch | undefined {
  const compared = Math.min(branches.length, comparedMax)
  for (let i = 0; i < compared; i++) {
    // The first ones and the last one: what is read next most often continues one of them.
    const branch = branches[i === comparedMax - 1 ? branches.length - 1 : i] as Branch
    const { elements } = branch
    const length = Math.min(elements.length, list.length)
    if (commonLength(elements, list) < length) continue
    if (list.length > elements.length) {
      branch.elements = list
      branch.since = since
    }
    return branch
  }
  return undefined
}

/** The branch with the longest list; of several that which had it first. */
export function longestBranch(branches: readonly Branch[]): Branch | undefined {
  let longest: Branch | undefined
  for (const branch of branches) {
    const more = branch.elements.length - (longest?.elements.length ?? -1)
    if (more > 0 || (more === 0 && branch.since < (longest?.since ?? 0))) longest = branch
  }
  return longest
}

export function commonLength(a: readonly Value[], b: readonly Value[]): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i] && !equal(a[i], b[i])) return i
  return length
}
