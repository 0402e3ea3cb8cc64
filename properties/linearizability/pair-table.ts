/**
 * A table from pairs of non-negative integers to integers: a square for small ones, which grows with them, and for the others
 * a hash table in one typed array with open addressing.
 */
export class PairTable {
  /** What `get` answers for pairs that are not there; never a value. */
  static readonly absent = -2147483648

  #size = 0
  #hashed = 0
  #mask: number
  #cells: Int32Array
  #side = 8
  #square: Int32Array = absentSquare(8)

  constructor(capacity = 16) {
    this.#mask = capacity - 1
    this.#cells = empty(capacity)
  }

  get size(): number {
    return this.#size
  }

  get(left: number, right: number): number {
    const side = this.#side
    if (left < side && right < side) return this.#square[left * side + right] as number
    const cells = this.#cells
    for (let i = hash(left, right) & this.#mask; ; i = (i + 1) & this.#mask) {
      const at = 3 * i
      if (cells[at] === left && cells[at + 1] === right) return cells[at + 2] as number
      if (cells[at] === -1) return PairTable.absent
    }
  }

  /** Adds a pair that is not there. */
  put(left: number, right: number, value: number): void {
    this.#size++
    if (left < sideMax && right < sideMax) {
      if (left >= this.#side || right >= this.#side) this.#widen(Math.max(left, right))
      this.#square[left * this.#side + right] = value
      return
    }
    if (2 * ++this.#hashed > this.#mask) this.#grow()
    this.#place(left, right, value)
  }

  #widen(index: number): void {
    const old = this.#square
    const before = this.#side
    while (this.#side <= index) this.#side *= 2
    this.#square = absentSquare(this.#side)
    for (let row = 0; row < before; row++) this.#square.set(old.subarray(row * before, (row + 1) * before), row * this.#side)
  }

  #place(left: number, right: number, value: number): void {
    const cells = this.#cells
    let i = hash(left, right) & this.#mask
    while (cells[3 * i] !== -1) i = (i + 1) & this.#mask
    cells[3 * i] = left
    cells[3 * i + 1] = right
    cells[3 * i + 2] = value
  }

  #grow(): void {
    const old = this.#cells
    const capacity = 2 * (this.#mask + 1)
    this.#mask = capacity - 1
    this.#cells = empty(capacity)
    for (let at = 0; at < old.length; at += 3) {
      if (old[at] !== -1) this.#place(old[at] as number, old[at + 1] as number, old[at + 2] as number)
    }
  }
}

const sideMax = 256

function absentSquare(side: number): Int32Array {
  return new Int32Array(side * side).fill(PairTable.absent)
}

function empty(capacity: number): Int32Array {
  return new Int32Array(3 * capacity).fill(-1)
}

function hash(left: number, right: number): number {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right + 0x7f4a7c15, 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}
