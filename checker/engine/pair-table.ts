/**
 * Numbers pairs of 32-bit integers in the order of their first appearance: an append-only array of pairs under an
 * open-addressing index. Exact: a tag of spare hash bits in each index entry only saves most visits to unequal pairs.
 */

const maxLoad = 0.8

export class PairTable {
  /** How many distinct pairs there are; a `put` that raised it has added one. */
  size = 0
  /** Left and right member of pair i at 2i and 2i + 1. */
  pairs: Int32Array
  #index: Int32Array
  #mask: number
  #room: number
  readonly #reserve: (bytes: number) => void

  /** `reserve` is told of every allocation before it happens and may throw. */
  constructor(capacity: number, reserve: (bytes: number) => void) {
    this.#reserve = reserve
    this.pairs = new Int32Array(2 * capacity)
    const slots = 2 ** Math.ceil(Math.log2(capacity / maxLoad))
    this.#index = new Int32Array(slots)
    this.#mask = slots - 1
    this.#room = Math.floor(slots * maxLoad)
  }

  get bytes(): number {
    return this.pairs.byteLength + this.#index.byteLength
  }

  /**
   * Puts `count` pairs, given one after the other in `batch`, writing their numbers to `numbers`. Looking at all index
   * entries before any is needed lets the memory fetch them at the same time; most of the time of a search is spent here.
   */
  putAll(batch: Int32Array, count: number, hashes: Int32Array, numbers: Int32Array): void {
    const index = this.#index
    const mask = this.#mask
    let touched = 0
    for (let i = 0; i < count; i++) {
      const hash = hashPair(batch[2 * i] as number, batch[2 * i + 1] as number)
      hashes[i] = hash
      touched ^= index[hash & mask] as number
    }
    // Never true; without it the loads could be optimized away.
    if (touched === Number.MAX_SAFE_INTEGER) this.#mask = touched
    for (let i = 0; i < count; i++) numbers[i] = this.#putHashed(batch[2 * i] as number, batch[2 * i + 1] as number, hashes[i] as number)
  }

  /** The number of the pair, new or old. */
  put(left: number, right: number): number {
    return this.#putHashed(left, right, hashPair(left, right))
  }

  #putHashed(left: number, right: number, hash: number): number {
    const mask = this.#mask
    const index = this.#index
    const pairs = this.pairs
    let at = hash & mask
    for (let entry = index[at] as number; entry !== 0; entry = index[at] as number) {
      if (((entry ^ hash) & ~mask) === 0) {
        const id = (entry & mask) - 1
        if (pairs[2 * id] === left && pairs[2 * id + 1] === right) return id
      }
      at = (at + 1) & mask
    }
    if (this.size === this.#room || 2 * this.size === pairs.length) {
      this.#grow()
      return this.put(left, right)
    }
    const id = this.size++
    index[at] = (hash & ~mask) | (id + 1)
    pairs[2 * id] = left
    pairs[2 * id + 1] = right
    return id
  }

  /** The number of the pair, or -1 if it is not there. */
  find(left: number, right: number): number {
    const hash = hashPair(left, right)
    const mask = this.#mask
    let at = hash & mask
    for (let entry = this.#index[at] as number; entry !== 0; entry = this.#index[at] as number) {
      if (((entry ^ hash) & ~mask) === 0) {
        const id = (entry & mask) - 1
        if (this.pairs[2 * id] === left && this.pairs[2 * id + 1] === right) return id
      }
      at = (at + 1) & mask
    }
    return -1
  }

  #grow(): void {
    if (2 * this.size === this.pairs.length) {
      const grown = grownCapacity(this.size)
      this.#reserve(8 * grown)
      const pairs = new Int32Array(2 * grown)
      pairs.set(this.pairs)
      this.pairs = pairs
    }
    if (this.size === this.#room) {
      const slots = 2 * this.#index.length
      this.#reserve(4 * slots)
      this.#index = new Int32Array(slots)
      this.#mask = slots - 1
      this.#room = Math.floor(slots * maxLoad)
      const { pairs } = this
      for (let id = 0; id < this.size; id++) {
        const hash = hashPair(pairs[2 * id] as number, pairs[2 * id + 1] as number)
        let at = hash & this.#mask
        while (this.#index[at] !== 0) at = (at + 1) & this.#mask
        this.#index[at] = (hash & ~this.#mask) | (id + 1)
      }
    }
  }
}

/** An eighth more at a time, once it matters: copying is cheap beside the memory that doubling would leave unused. */
export function grownCapacity(size: number): number {
  return Math.ceil(size * (size < 1 << 14 ? 2 : 1.125)) + 1
}

/** A well-mixed 32-bit hash: packed states differ in few bits, and all bits must reach the index and the tag. */
export function hashPair(left: number, right: number): number {
  let hash = Math.imul(left, 0x9e3779b1)
  hash ^= hash >>> 15
  hash = Math.imul((hash + right) | 0, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
