/**
 * Leaves by the whole slots that they depend on: a decision tree, and in front of it, where the slots concerned have few
 * values, a flat table indexed by those values side by side, which answers with a single load.
 */
import type { Trie } from './trie.ts'

const bitsMax = 18

export class Lookup {
  readonly #trie: Trie
  readonly #sizeOf: (slot: number) => number
  #root: number
  /** Every slot that a leaf has depended on so far. */
  #slots: number[] = []
  #widths: number[] = []
  /** Slot and shift, in turn. */
  #fields: Int32Array = new Int32Array(0)
  /** The first of the slots, which is not shifted. */
  #first = 0
  /** Leaf plus 1, or 0; `null` where the slots have too many values. */
  #table: Int32Array | null = null

  /** `sizeOf` tells how many values a slot has had so far. */
  constructor(trie: Trie, sizeOf: (slot: number) => number) {
    this.#trie = trie
    this.#sizeOf = sizeOf
    this.#root = trie.root()
  }

  get bytes(): number {
    return this.#table?.byteLength ?? 0
  }

  /** The leaf for a state, or -1. */
  find(state: Int32Array): number {
    const table = this.#table
    if (table === null) return this.#trie.find(this.#root, state)
    const fields = this.#fields
    let key = state[this.#first] as number
    for (let i = 2; i < fields.length; i += 2) key |= (state[fields[i] as number] as number) << (fields[i + 1] as number)
    const known = table[key] as number
    if (known !== 0) return known - 1
    const leaf = this.#trie.find(this.#root, state)
    if (leaf >= 0) table[key] = leaf + 1
    return leaf
  }

  /** Remembers a leaf, and which slots it depends on, in an order that what was read before decides. */
  record(slots: readonly number[], state: Int32Array, leaf: number): void {
    this.#trie.record(this.#root, slots, (slot) => state[slot] as number, leaf)
    const more = slots.filter((slot) => !this.#slots.includes(slot))
    if (more.length === 0) return
    this.#slots = [...this.#slots, ...more]
    this.#arrange()
  }

  /** To be called when there are new values, before a state has one of them. */
  adapt(): void {
    if (this.#slots.some((slot, i) => this.#sizeOf(slot) > 2 ** (this.#widths[i] as number))) this.#arrange()
  }

  clear(): void {
    this.#root = this.#trie.root()
    this.#slots = []
    this.#table = null
  }

  #arrange(): void {
    this.#widths = this.#slots.map((slot) => Math.ceil(Math.log2(this.#sizeOf(slot) + 1)))
    const bits = this.#widths.reduce((sum, width) => sum + width, 0)
    this.#table = bits > bitsMax || this.#slots.length === 0 ? null : new Int32Array(2 ** bits)
    this.#first = this.#slots[0] ?? 0
    this.#fields = Int32Array.from(
      this.#slots.flatMap((slot, i) => [slot, this.#widths.slice(0, i).reduce((sum, width) => sum + width, 0)]),
    )
  }
}
