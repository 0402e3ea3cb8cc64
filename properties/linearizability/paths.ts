/** Linearizations as a tree of nodes from the leaves to the root: each node an operation and the node before it. */

/** What an entry of a path says, in its two lowest bits: an operation, a blind write, or one that came before the last blind write. */
export const plain = 0
export const blind = 1
export const overwritten = 2

export class Paths {
  static readonly root = 0

  #operations: Int32Array = new Int32Array(64)
  #parents: Int32Array = new Int32Array(64)
  #count = 1
  #limit = 1 << 16
  /** Operations that every live path begins with, and that the tree no longer holds; null: they are forgotten. */
  readonly #settled: number[] | null

  constructor(keepsAll: boolean) {
    this.#settled = keepsAll ? [] : null
  }

  add(parent: number, operation: number): number {
    if (this.#count === this.#operations.length) this.#grow()
    const node = this.#count++
    this.#operations[node] = operation
    this.#parents[node] = parent
    return node
  }

  get bytes(): number {
    return 8 * this.#operations.length
  }

  get isFull(): boolean {
    return this.#count >= this.#limit
  }

  /** How many operations of a path the tree still holds: what all paths begin with is not counted. */
  length(node: number): number {
    let length = 0
    for (let at = node; at !== Paths.root; at = this.#parents[at] as number) length++
    return length
  }

  /** The operations from the first to that of a node, or the last of them where the first are forgotten. */
  list(node: number): number[] {
    const found: number[] = []
    for (let at = node; at !== Paths.root; at = this.#parents[at] as number) found.push(this.#operations[at] as number)
    found.reverse()
    return this.#settled?.concat(found) ?? found
  }

  /** Forgets what no live path has, and settles what all of them begin with; answers the new names of the live ends. */
  collect(live: readonly number[]): Map<number, number> {
    const used = new Uint8Array(this.#count)
    const children = new Int32Array(this.#count)
    for (const end of live) {
      for (let at = end; at !== Paths.root && used[at] === 0; at = this.#parents[at] as number) {
        used[at] = 1
        const parent = this.#parents[at] as number
        children[parent] = (children[parent] as number) + 1
      }
    }
    const ends = new Set(live)
    const names = new Int32Array(this.#count)
    let kept = 1
    let trunk: number = Paths.root
    for (let node = 1; node < this.#count; node++) {
      if (used[node] === 0) continue
      const parent = this.#parents[node] as number
      // Parents come before their children, so the trunk grows in this one pass.
      if (parent === trunk && children[trunk] === 1 && !ends.has(trunk)) {
        this.#settled?.push(this.#operations[node] as number)
        trunk = node
        continue
      }
      names[node] = kept
      this.#operations[kept] = this.#operations[node] as number
      this.#parents[kept] = names[parent] as number
      kept++
    }
    this.#count = kept
    this.#limit = Math.max(1 << 16, 4 * kept)
    return new Map(live.map((end) => [end, names[end] as number]))
  }

  #grow(): void {
    const operations = new Int32Array(2 * this.#count)
    const parents = new Int32Array(2 * this.#count)
    operations.set(this.#operations)
    parents.set(this.#parents)
    this.#operations = operations
    this.#parents = parents
  }
}

/** The operations of a path, with those that were overwritten at once where they belong: before the last blind write that comes before. */
export function inOrder(path: readonly number[]): number[] {
  const reversed: number[] = []
  let waiting: number[] = []
  for (let at = path.length - 1; at >= 0; at--) {
    const entry = path[at] as number
    if ((entry & 3) === overwritten) {
      waiting.push(entry >> 2)
      continue
    }
    reversed.push(entry >> 2)
    if ((entry & 3) !== blind || waiting.length === 0) continue
    for (const operation of waiting) reversed.push(operation)
    waiting = []
  }
  return reversed.reverse()
}
