/** Nodes of which the one with the lowest number of its own is taken out first; of equal ones that with the lowest node number. */
export class NodeHeap {
  readonly #key: Float64Array
  readonly #heap: Int32Array
  #length = 0

  /** @param key of each node; each node is in the heap once at most */
  constructor(key: Float64Array) {
    this.#key = key
    this.#heap = new Int32Array(key.length)
  }

  push(node: number): void {
    let at = this.#length++
    while (at > 0) {
      const parent = (at - 1) >> 1
      const other = this.#heap[parent] as number
      if (this.#isBefore(other, node)) break
      this.#heap[at] = other
      at = parent
    }
    this.#heap[at] = node
  }

  /** -1: it is empty. */
  pop(): number {
    if (this.#length === 0) return -1
    const top = this.#heap[0] as number
    const node = this.#heap[--this.#length] as number
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#length) break
      if (child + 1 < this.#length && this.#isBefore(this.#heap[child + 1] as number, this.#heap[child] as number)) child++
      if (this.#isBefore(node, this.#heap[child] as number)) break
      this.#heap[at] = this.#heap[child] as number
      at = child
    }
    this.#heap[at] = node
    return top
  }

  #isBefore(a: number, b: number): boolean {
    const difference = (this.#key[a] as number) - (this.#key[b] as number)
    return difference < 0 || (difference === 0 && a < b)
  }
}
