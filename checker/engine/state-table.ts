/**
 * The visited set, which is also the queue: every distinct state once, numbered in order of discovery, about 8 bytes each.
 *
 * Value ids are packed into 32-bit words, each slot having as many bits as its family's values need so far; the words
 * are folded pairwise through tables of (left, right) -> number, whose root numbers the states. Exact: nothing is
 * hashed away. This is the tree compression of Laarman, van de Pol & Weber (SPIN 2011), with packed leaves: most models
 * need two or three words, so a transition costs one or two table probes instead of one per level over all slots. When a
 * family outgrows its bits, all states are packed anew under their old numbers.
 */
import { PairTable } from './pair-table.ts'

/** Pairs that a new table has room for. */
const smallest = 64

/** Spare bits for families of few and of many values, the most generous first. */
const headroom = [
  { small: 2, large: 8 },
  { small: 1, large: 6 },
  { small: 1, large: 4 },
  { small: 0, large: 3 },
  { small: 0, large: 2 },
  { small: 0, large: 1 },
  { small: 0, large: 0 },
]

export interface Widths {
  /** Per slot: which family's width applies. */
  readonly familyOf: readonly number[]
  /** Distinct values per family so far. */
  readonly sizes: () => readonly number[]
}

export class StateTable {
  /** Words per state, at least 2. */
  words = 2
  /** Where slot i lives: `(word[wordOf[i]] >>> shiftOf[i]) & maskOf[i]`. */
  wordOf: Int32Array
  shiftOf: Int32Array
  maskOf: Int32Array
  /** The same side by side: word, shift and mask of each slot in turn. */
  fields: Int32Array
  readonly #widths: Widths
  readonly #reserve: (bytes: number) => void
  #bits: number[] = []
  #tables: PairTable[] = []
  #leaves = 2
  #root: PairTable
  #fold: Int32Array = new Int32Array(4)

  constructor(widths: Widths, reserve: (bytes: number) => void) {
    this.#widths = widths
    this.#reserve = reserve
    const slots = widths.familyOf.length
    this.wordOf = new Int32Array(slots)
    this.shiftOf = new Int32Array(slots)
    this.maskOf = new Int32Array(slots)
    this.fields = new Int32Array(3 * slots)
    this.#root = new PairTable(smallest, reserve)
    this.#layOut()
  }

  get size(): number {
    return this.#root.size
  }

  get bytes(): number {
    return this.#tables.reduce((sum, table) => sum + table.bytes, 0)
  }

  /** Whether every family's values still fit their bits. */
  fits(): boolean {
    return this.#widths.sizes().every((size, family) => size <= 2 ** (this.#bits[family] ?? 0))
  }

  /** Gives families more bits where they need them, keeping every state's number. */
  widen(): void {
    const old = { tables: this.#tables, leaves: this.#leaves, wordOf: this.wordOf, shiftOf: this.shiftOf, maskOf: this.maskOf }
    const count = this.size
    const before = new Int32Array(2 * this.#leaves)
    this.wordOf = this.wordOf.slice()
    this.shiftOf = this.shiftOf.slice()
    this.maskOf = this.maskOf.slice()
    this.#layOut()
    const words = new Int32Array(this.words)
    for (let id = 0; id < count; id++) {
      unfold(old.tables, old.leaves, before, id)
      words.fill(0)
      for (let slot = 0; slot < this.wordOf.length; slot++) {
        const value =
          ((before[old.leaves + (old.wordOf[slot] as number)] as number) >>> (old.shiftOf[slot] as number)) & (old.maskOf[slot] as number)
        words[this.wordOf[slot] as number] = (words[this.wordOf[slot] as number] as number) | (value << (this.shiftOf[slot] as number))
      }
      this.put(words)
    }
  }

  /** As `put`, for many states of two words, see `PairTable.putAll`. */
  putAll(batch: Int32Array, count: number, hashes: Int32Array, numbers: Int32Array): void {
    this.#root.putAll(batch, count, hashes, numbers)
  }

  /** The number of the state with these words; it is new iff `size` has grown. */
  put(words: Int32Array): number {
    if (this.#leaves === 2) return this.#root.put(words[0] as number, words[1] as number)
    const fold = this.#fold
    const leaves = this.#leaves
    fold.set(words, leaves)
    for (let node = leaves - 1; node > 1; node--) {
      fold[node] = (this.#tables[node] as PairTable).put(fold[2 * node] as number, fold[2 * node + 1] as number)
    }
    return this.#root.put(fold[2] as number, fold[3] as number)
  }

  /** The number of the state with these words, or -1 if it is not known. */
  find(words: Int32Array): number {
    const fold = this.#fold
    const leaves = this.#leaves
    fold.set(words, leaves)
    for (let node = leaves - 1; node > 0; node--) {
      const id = (this.#tables[node] as PairTable).find(fold[2 * node] as number, fold[2 * node + 1] as number)
      if (id < 0) return -1
      fold[node] = id
    }
    return fold[1] as number
  }

  /** Writes the words of a state. */
  get(id: number, words: Int32Array): void {
    if (this.#leaves === 2) {
      const { pairs } = this.#root
      words[0] = pairs[2 * id] as number
      words[1] = pairs[2 * id + 1] as number
      return
    }
    unfold(this.#tables, this.#leaves, this.#fold, id)
    for (let i = 0; i < this.words; i++) words[i] = this.#fold[this.#leaves + i] as number
  }

  #layOut(): void {
    const { familyOf } = this.#widths
    const sizes = this.#widths.sizes()
    const least = sizes.map((size, family) => Math.max(this.#bits[family] ?? 0, Math.ceil(Math.log2(Math.max(1, size)))))
    // As much room to grow as fits without another word, so that widening stays rare.
    const roomy = headroom.map(({ small, large }) =>
      least.map((bits, family) => Math.min(31, bits + ((sizes[family] as number) > 16 ? large : small))),
    )
    const words = wordsNeeded(familyOf, roomy.at(-1) as number[])
    this.#bits = roomy.find((bits) => wordsNeeded(familyOf, bits) === words) as number[]
    for (const [slot, { word, shift, bits }] of placements(familyOf, this.#bits).entries()) {
      this.wordOf[slot] = word
      this.shiftOf[slot] = shift
      this.maskOf[slot] = 2 ** bits - 1
    }
    this.fields = Int32Array.from(
      familyOf.flatMap((_, slot) => [this.wordOf[slot] as number, this.shiftOf[slot] as number, this.maskOf[slot] as number]),
    )
    this.words = Math.max(2, words)
    // A heap-shaped tree: nodes 1 to words - 1 are tables, the next `words` numbers are the words themselves.
    this.#leaves = this.words
    this.#fold = new Int32Array(2 * this.#leaves)
    this.#root = new PairTable(Math.max(smallest, this.#root.size), this.#reserve)
    this.#tables = Array.from({ length: this.#leaves }, (_, node) => (node === 1 ? this.#root : new PairTable(smallest, this.#reserve)))
  }
}

function placements(familyOf: readonly number[], bitsOf: readonly number[]): { word: number; shift: number; bits: number }[] {
  let word = 0
  let used = 0
  return familyOf.map((family) => {
    const bits = bitsOf[family] as number
    if (used + bits > 32) {
      word++
      used = 0
    }
    const shift = used % 32
    used += bits
    return { word, shift, bits }
  })
}

function wordsNeeded(familyOf: readonly number[], bitsOf: readonly number[]): number {
  return (placements(familyOf, bitsOf).at(-1)?.word ?? 0) + 1
}

function unfold(tables: readonly PairTable[], leaves: number, fold: Int32Array, id: number): void {
  fold[1] = id
  for (let node = 1; node < leaves; node++) {
    const { pairs } = tables[node] as PairTable
    const at = fold[node] as number
    fold[2 * node] = pairs[2 * at] as number
    fold[2 * node + 1] = pairs[2 * at + 1] as number
  }
}
