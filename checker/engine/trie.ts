/**
 * Decision trees that remember outcomes by what was read. An inner node names the next probe (a slot, or a part of
 * one) and branches on its value id; a leaf holds an outcome. A deterministic function that has read the same values so
 * far reads the same thing next, which is why one probe a node is enough.
 */
import { UserError } from '../errors.ts'
import { PairMap } from './pair-map.ts'

const unexplored = -1

export class Trie {
  /** Per node: the probe (>= 0), `unexplored`, or leaf n as -2 - n. Node 0 stands for "no such child". */
  #what: Int32Array = new Int32Array(64).fill(unexplored)
  // Children by small value ids lie densely in one pool; the others in a map.
  #base: Int32Array = new Int32Array(64)
  #room: Int32Array = new Int32Array(64)
  #population: Int32Array = new Int32Array(64)
  #nodes = 1
  #pool: Int32Array = new Int32Array(256)
  #poolEnd = 0
  readonly #far: PairMap = new PairMap()

  get bytes(): number {
    return 4 * this.#what.byteLength + this.#pool.byteLength + this.#far.bytes
  }

  /** A fresh tree in the same tables. */
  root(): number {
    const node = this.#nodes++
    if (node === this.#what.length) {
      const grow = (old: Int32Array, fill: number) => {
        const grown = new Int32Array(2 * node).fill(fill, node)
        grown.set(old)
        return grown
      }
      this.#what = grow(this.#what, unexplored)
      this.#base = grow(this.#base, 0)
      this.#room = grow(this.#room, 0)
      this.#population = grow(this.#population, 0)
    }
    return node
  }

  /** The leaf for these values of the probes, or -1. */
  find(root: number, values: Int32Array): number {
    let node = root
    for (;;) {
      const what = this.#what[node] as number
      if (what < 0) return what === unexplored ? -1 : -2 - what
      node = this.#child(node, values[what] as number)
      if (node === 0) return -1
    }
  }

  /** As `find`, for probes that are computed, and listing the probes on the way. */
  findBy(root: number, valueOf: (probe: number) => number, path: number[]): number {
    let node = root
    for (;;) {
      const what = this.#what[node] as number
      if (what < 0) return what === unexplored ? -1 : -2 - what
      path.push(what)
      node = this.#child(node, valueOf(what))
      if (node === 0) return -1
    }
  }

  /**
   * Remembers a leaf under the probes that were read, in the order in which they were read.
   * @throws UserError `impure` if the order contradicts what was seen before
   */
  record(root: number, path: readonly number[], valueOf: (probe: number) => number, leaf: number): void {
    let node = root
    for (const probe of path) {
      if (this.#what[node] === unexplored) this.#what[node] = probe
      if (this.#what[node] !== probe) throw new UserError('impure', 'given the same values, it read a different part of the state than before')
      const value = valueOf(probe)
      let child = this.#child(node, value)
      if (child === 0) {
        child = this.root()
        this.#setChild(node, value, child)
      }
      node = child
    }
    if ((this.#what[node] as number) >= 0) throw new UserError('impure', 'given the same values, it read less of the state than before')
    this.#what[node] = -2 - leaf
  }

  #child(node: number, value: number): number {
    if (value < (this.#room[node] as number)) return this.#pool[(this.#base[node] as number) + value] as number
    const far = this.#far.get(node, value)
    return far < 0 ? 0 : far
  }

  #setChild(node: number, value: number, child: number): void {
    const population = ((this.#population[node] as number) + 1) as number
    this.#population[node] = population
    // Dense where at least an eighth of it is in use, so that no model can blow the pool up.
    if (value >= (this.#room[node] as number) && value < Math.max(16, 8 * population)) this.#widen(node, value)
    if (value < (this.#room[node] as number)) this.#pool[(this.#base[node] as number) + value] = child
    else this.#far.set(node, value, child)
  }

  #widen(node: number, value: number): void {
    const room = 2 ** Math.max(2, Math.ceil(Math.log2(value + 1)))
    const old = this.#room[node] as number
    const base = this.#poolEnd
    this.#poolEnd += room
    if (this.#poolEnd > this.#pool.length) {
      const grown = new Int32Array(2 * this.#poolEnd)
      grown.set(this.#pool)
      this.#pool = grown
    }
    this.#pool.copyWithin(base, this.#base[node] as number, (this.#base[node] as number) + old)
    for (let v = old; v < room; v++) {
      const far = this.#far.get(node, v)
      if (far >= 0) this.#pool[base + v] = far
    }
    this.#base[node] = base
    this.#room[node] = room
  }
}
