/** Two segment trees of the stack's monitor: how many intervals hold each position, and which intervals hold a position. */
import { at, orderBy } from './positions.ts'

/** Larger than any count: what has been served never comes again. */
const served = 2 ** 29

/**
 * How many of the given intervals hold each position, as intervals leave. Positions are served in two stages: when at most
 * one interval is left, with its index, and when none is.
 */
export class PositionCounts {
  readonly #leaves: number
  /** Of a node: the least count below it, and what was added to all of it; at a leaf both are in the first. */
  readonly #least: Int32Array
  readonly #added: Int32Array
  /** The exclusive or of the indices of the intervals that hold all of a node: of a single one, its index. */
  readonly #indices: Int32Array
  readonly #stage: Uint8Array
  readonly #low: Int32Array
  readonly #high: Int32Array

  /** The open intervals (low, high) among positions 0..size-1; those for which there is none, with low >= high, hold nothing. */
  constructor(low: Int32Array, high: Int32Array, size: number, withOwners: boolean) {
    let leaves = 1
    while (leaves < size) leaves *= 2
    this.#leaves = leaves
    this.#least = new Int32Array(2 * leaves).fill(served)
    this.#added = new Int32Array(leaves)
    this.#indices = new Int32Array(2 * leaves)
    this.#stage = new Uint8Array(size).fill(withOwners ? 1 : 2)
    this.#low = low
    this.#high = high
    const change = new Int32Array(size + 1)
    const turn = new Int32Array(size + 1)
    for (let i = 0; i < low.length; i++) {
      const [first, last] = [at(low, i) + 1, at(high, i) - 1]
      if (first > last) continue
      change[first] = at(change, first) + 1
      change[last + 1] = at(change, last + 1) - 1
      turn[first] = at(turn, first) ^ i
      turn[last + 1] = at(turn, last + 1) ^ i
    }
    let count = withOwners ? -1 : 0
    let index = 0
    for (let p = 0; p < size; p++) {
      count += at(change, p)
      index ^= at(turn, p)
      this.#least[leaves + p] = count
      this.#indices[leaves + p] = index
    }
    for (let node = leaves - 1; node > 0; node--) this.#pull(node)
  }

  leave(index: number): void {
    const [first, last] = [at(this.#low, index) + 1, at(this.#high, index) - 1]
    if (first > last) return
    let left = first + this.#leaves
    let right = last + this.#leaves + 1
    for (; left < right; left >>= 1, right >>= 1) {
      if (left & 1) this.#bump(left++, -1, index)
      if (right & 1) this.#bump(--right, -1, index)
    }
    this.#pullAbove(first + this.#leaves)
    this.#pullAbove(last + this.#leaves)
  }

  /** The next position to be served, with the index of the only interval that holds it, or -1 where none does; `null`: no more. */
  next(): { readonly position: number; readonly owner: number } | null {
    if (at(this.#least, 1) > 0) return null
    let node = 1
    let owner = 0
    while (node < this.#leaves) {
      owner ^= at(this.#indices, node)
      node = 2 * node + (at(this.#least, 2 * node) <= at(this.#least, 2 * node + 1) ? 0 : 1)
    }
    owner ^= at(this.#indices, node)
    const isHeld = this.#stage[node - this.#leaves] === 1 && at(this.#least, 1) === 0
    const position = node - this.#leaves
    this.#least[node] = isHeld ? at(this.#least, node) + 1 : served
    this.#stage[position] = 2
    this.#pullAbove(node)
    return { position, owner: isHeld ? owner : -1 }
  }

  #bump(node: number, by: number, index: number): void {
    this.#least[node] = at(this.#least, node) + by
    this.#indices[node] = at(this.#indices, node) ^ index
    if (node < this.#leaves) this.#added[node] = at(this.#added, node) + by
  }

  #pull(node: number): void {
    this.#least[node] = Math.min(at(this.#least, 2 * node), at(this.#least, 2 * node + 1)) + at(this.#added, node)
  }

  #pullAbove(leaf: number): void {
    for (let node = leaf >> 1; node > 0; node >>= 1) this.#pull(node)
  }
}

/** Closed intervals in groups, each found at most once by a position that it holds. */
export class WaitingIntervals {
  readonly #leaves: number
  /** Of a node: the last end among the intervals below it that still wait. */
  readonly #last: Int32Array
  /** The intervals, ordered by group and then by begin. */
  readonly #order: Int32Array
  readonly #begin: Int32Array
  readonly #groupStart: Int32Array

  /** Groups are numbers below `groups`; an interval in no group has the number -1 and is not looked for. */
  constructor(intervals: { group: Int32Array; begin: Int32Array; finish: Int32Array }, groups: number, end: number) {
    const { group, begin, finish } = intervals
    const byBegin = orderBy(begin, end)
    const byGroup = orderBy(
      byBegin.map((i) => at(group, i) + 1),
      groups,
    )
    this.#order = byGroup.map((i) => at(byBegin, i))
    this.#begin = this.#order.map((i) => at(begin, i))
    this.#groupStart = new Int32Array(groups + 2)
    for (const number of group) this.#groupStart[number + 2] = at(this.#groupStart, number + 2) + 1
    for (let number = 1; number < groups + 2; number++)
      this.#groupStart[number] = at(this.#groupStart, number) + at(this.#groupStart, number - 1)
    let leaves = 1
    while (leaves < group.length) leaves *= 2
    this.#leaves = leaves
    this.#last = new Int32Array(2 * leaves).fill(-1)
    for (const [place, i] of this.#order.entries()) this.#last[leaves + place] = at(finish, i)
    for (let node = leaves - 1; node > 0; node--) this.#pull(node)
  }

  /** Takes an interval of the group that holds the position; -1: none waits. */
  take(group: number, position: number): number {
    const place = this.#firstEndingFrom(at(this.#groupStart, group + 1), position)
    if (place >= at(this.#groupStart, group + 2) || at(this.#begin, place) > position) return -1
    this.#last[this.#leaves + place] = -1
    for (let node = (this.#leaves + place) >> 1; node > 0; node >>= 1) this.#pull(node)
    return at(this.#order, place)
  }

  /** The first place, from one on, of an interval that ends at the position or later. */
  #firstEndingFrom(from: number, position: number): number {
    if (from >= this.#order.length) return this.#order.length
    let node = from + this.#leaves
    while (at(this.#last, node) < position) {
      while (node & 1) node >>= 1
      if (node === 0) return this.#order.length
      node++
    }
    while (node < this.#leaves) node = 2 * node + (at(this.#last, 2 * node) < position ? 1 : 0)
    return node - this.#leaves
  }

  #pull(node: number): void {
    this.#last[node] = Math.max(at(this.#last, 2 * node), at(this.#last, 2 * node + 1))
  }
}
