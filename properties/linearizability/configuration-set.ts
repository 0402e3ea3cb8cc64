/**
 * A set of configurations without those that another makes superfluous. A configuration is a state with the open operations
 * that have been linearized to reach it, and how many crashed operations of each class were needed. Of two with the same
 * state and the same linearized mutators, the one that has linearized more observers and used fewer crashed operations can
 * do whatever the other can. So can one in which an open mutator is free, which is to say that it may or may not have been
 * linearized already (see just-in-time.ts).
 *
 * Rows of one Int32Array: state, end of the path, words of the mask of what is linearized, counts of used crashed operations,
 * words of the mask of what is free.
 */
export const stateColumn = 0
export const pathColumn = 1
export const maskColumn = 2

export class ConfigurationSet {
  rows: Int32Array
  count = 0
  readonly words: number
  readonly crashed: number
  /** Where the mask of free operations begins, and how many words it has: none, or as many as that of the linearized ones. */
  readonly freeColumn: number
  readonly freeWords: number
  readonly stride: number
  #hashes: Int32Array
  #chain: Int32Array
  #heads: Int32Array

  /**
   * @param words 32-bit words of the mask of open operations
   * @param crashed classes of crashed operations
   * @param canBeFree whether open mutators can be
   */
  constructor(words: number, crashed: number, capacity = 16, canBeFree = false) {
    this.words = words
    this.crashed = crashed
    this.freeColumn = maskColumn + words + crashed
    this.freeWords = canBeFree ? words : 0
    this.stride = this.freeColumn + this.freeWords
    this.rows = new Int32Array(capacity * this.stride)
    this.#hashes = new Int32Array(capacity)
    this.#chain = new Int32Array(capacity)
    this.#heads = new Int32Array(2 * capacity).fill(-1)
  }

  get bytes(): number {
    return 4 * (this.rows.length + this.#hashes.length + this.#chain.length + this.#heads.length)
  }

  clear(): void {
    const mask = this.#heads.length - 1
    if (this.count * 8 > this.#heads.length) this.#heads.fill(-1)
    else for (let row = 0; row < this.count; row++) this.#heads[(this.#hashes[row] as number) & mask] = -1
    this.count = 0
  }

  isDead(row: number): boolean {
    return this.rows[row * this.stride + stateColumn] === -1
  }

  /**
   * Adds a row laid out as those of this set, unless one that is there makes it superfluous; rows that it makes superfluous die.
   * @param mutators words of the mask of the open operations that may change the state
   * @param overwriting words of the mask of those of them that can be free, where any can
   * @returns the row's index, or -1
   */
  insert(row: Int32Array, mutators: Int32Array, overwriting: Int32Array = mutators): number {
    const { words, stride, freeWords } = this
    let hash = Math.imul((row[stateColumn] as number) + 1, 0x9e3779b1)
    for (let w = 0; w < words; w++) {
      const decisive = freeWords === 0 ? (mutators[w] as number) : (mutators[w] as number) & ~(overwriting[w] as number)
      hash = Math.imul(hash ^ ((row[maskColumn + w] as number) & decisive), 0x85ebca6b)
      hash ^= hash >>> 15
    }
    for (let other = this.#heads[hash & (this.#heads.length - 1)] as number; other !== -1; other = this.#chain[other] as number) {
      if (this.#hashes[other] !== hash) continue
      const order = this.#compare(other * stride, row, mutators)
      if (order === 'covers') return -1
      if (order === 'covered') this.rows[other * stride + stateColumn] = -1
    }
    return this.#append(row, hash)
  }

  /** How the row at an offset stands to another one. */
  #compare(offset: number, row: Int32Array, mutators: Int32Array): 'covers' | 'covered' | 'apart' {
    const { rows, words, freeColumn, freeWords } = this
    if (rows[offset + stateColumn] !== row[stateColumn]) return 'apart'
    let more = true
    let less = true
    for (let w = 0; w < words; w++) {
      const mine = rows[offset + maskColumn + w] as number
      const its = row[maskColumn + w] as number
      const mineFree = freeWords === 0 ? 0 : (rows[offset + freeColumn + w] as number)
      const itsFree = freeWords === 0 ? 0 : (row[freeColumn + w] as number)
      if (mine === its && mineFree === itsFree) continue
      const mutating = mutators[w] as number
      const different = ((mine ^ its) | (mineFree ^ itsFree)) & mutating
      if (different & ~mineFree || its & ~mine & ~mutating) more = false
      if (different & ~itsFree || mine & ~its & ~mutating) less = false
      if (!more && !less) return 'apart'
    }
    for (let c = maskColumn + words; c < freeColumn; c++) {
      const mine = rows[offset + c] as number
      const its = row[c] as number
      if (mine > its) more = false
      if (mine < its) less = false
    }
    return more ? 'covers' : less ? 'covered' : 'apart'
  }

  #append(row: Int32Array, hash: number): number {
    if (this.count === this.#hashes.length) this.#grow()
    const index = this.count++
    const { rows, stride } = this
    const offset = index * stride
    for (let c = 0; c < stride; c++) rows[offset + c] = row[c] as number
    const bucket = hash & (this.#heads.length - 1)
    this.#hashes[index] = hash
    this.#chain[index] = this.#heads[bucket] as number
    this.#heads[bucket] = index
    return index
  }

  #grow(): void {
    const capacity = 2 * this.#hashes.length
    this.rows = extended(this.rows, capacity * this.stride)
    this.#hashes = extended(this.#hashes, capacity)
    this.#chain = extended(this.#chain, capacity)
    this.#heads = new Int32Array(2 * capacity).fill(-1)
    for (let row = 0; row < this.count; row++) {
      const bucket = (this.#hashes[row] as number) & (2 * capacity - 1)
      this.#chain[row] = this.#heads[bucket] as number
      this.#heads[bucket] = row
    }
  }
}

function extended(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length)
  longer.set(array)
  return longer
}
