/**
 * A set of configurations without those that another makes superfluous. A configuration is a state with the open operations
 * that have been linearized to reach it, and how many crashed operations of each class were needed. Of two with the same
 * state and the same linearized mutators, the one that has linearized more observers and used fewer crashed operations can
 * do whatever the other can.
 *
 * Rows of one Int32Array: state, end of the path, words of the mask, counts of used crashed operations.
 */
export const stateColumn = 0
export const pathColumn = 1
export const maskColumn = 2

export class ConfigurationSet {
  rows: Int32Array
  count = 0
  readonly words: number
  readonly crashed: number
  readonly stride: number
  #hashes: Int32Array
  #chain: Int32Array
  #heads: Int32Array

  /**
   * @param words 32-bit words of the mask of open operations
   * @param crashed classes of crashed operations
   */
  constructor(words: number, crashed: number, capacity = 16) {
    this.words = words
    this.crashed = crashed
    this.stride = maskColumn + words + crashed
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
   * @returns the row's index, or -1
   */
  insert(row: Int32Array, mutators: Int32Array): number {
    const { words, stride } = this
    let hash = Math.imul((row[stateColumn] as number) + 1, 0x9e3779b1)
    for (let w = 0; w < words; w++) {
      hash = Math.imul(hash ^ ((row[maskColumn + w] as number) & (mutators[w] as number)), 0x85ebca6b)
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
    const { rows, words, crashed } = this
    if (rows[offset + stateColumn] !== row[stateColumn]) return 'apart'
    let more = true
    let less = true
    for (let w = maskColumn; w < maskColumn + words; w++) {
      const mine = rows[offset + w] as number
      const its = row[w] as number
      if (mine === its) continue
      if ((mine ^ its) & (mutators[w - maskColumn] as number)) return 'apart'
      if (its & ~mine) more = false
      if (mine & ~its) less = false
    }
    for (let c = maskColumn + words; c < maskColumn + words + crashed; c++) {
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
