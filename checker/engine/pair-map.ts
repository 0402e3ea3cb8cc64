/** Maps pairs of non-negative integers to non-negative integers, in one flat array of (left, right, value + 1) entries. */
import { hashPair } from './pair-table.ts'

export class PairMap {
  size = 0
  #entries: Int32Array = new Int32Array(3 * 64)
  #mask = 63

  get bytes(): number {
    return this.#entries.byteLength
  }

  /** The value, or -1. */
  get(left: number, right: number): number {
    const entries = this.#entries
    let at = hashPair(left, right) & this.#mask
    for (let value = entries[3 * at + 2] as number; value !== 0; value = entries[3 * at + 2] as number) {
      if (entries[3 * at] === left && entries[3 * at + 1] === right) return value - 1
      at = (at + 1) & this.#mask
    }
    return -1
  }

  /** Adds a pair that is not there yet. */
  set(left: number, right: number, value: number): void {
    if (this.size > 0.6 * this.#mask) this.#grow()
    this.size++
    this.#insert(left, right, value + 1)
  }

  #insert(left: number, right: number, stored: number): void {
    const entries = this.#entries
    let at = hashPair(left, right) & this.#mask
    while (entries[3 * at + 2] !== 0) at = (at + 1) & this.#mask
    entries[3 * at] = left
    entries[3 * at + 1] = right
    entries[3 * at + 2] = stored
  }

  #grow(): void {
    const old = this.#entries
    this.#mask = 2 * this.#mask + 1
    this.#entries = new Int32Array(3 * (this.#mask + 1))
    for (let at = 0; at < old.length; at += 3) {
      if (old[at + 2] !== 0) this.#insert(old[at] as number, old[at + 1] as number, old[at + 2] as number)
    }
  }
}
