/**
 * Hash trees over the keys of a range (the paper, section 4.7). Two nodes compare their roots; where the hashes differ, they go on
 * with the children, until they come to the leaves that are out of sync. What is equal is not transferred.
 *
 * A hash stands for the content that it is made of: two are equal iff that is.
 */

/** Of the leaves of a sub-tree, in order; the hash of a leaf is made of what a node keeps of a key. */
type Hash = string

/** The keys in which two nodes differ. */
export function differing(mine: readonly unknown[], theirs: readonly unknown[]): number[] {
  return descend(mine.map(leaf), theirs.map(leaf), 0)
}

/** Enters a sub-tree, the first of whose leaves has this number, only where its hashes differ. */
function descend(mine: readonly Hash[], theirs: readonly Hash[], first: number): number[] {
  if (root(mine) === root(theirs)) return []
  if (mine.length <= 1) return [first]
  const half = Math.ceil(mine.length / 2)
  return [...descend(mine.slice(0, half), theirs.slice(0, half), first), ...descend(mine.slice(half), theirs.slice(half), first + half)]
}

function leaf(content: unknown): Hash {
  return JSON.stringify(content)
}

function root(leaves: readonly Hash[]): Hash {
  return leaves.join()
}
