/**
 * Decision trees that remember outcomes by what was read. An inner node names the next probe (a slot, or a part of
 * one) and branches on its value id; a leaf holds an outcome. A deterministic function that has read the same values so
 * far reads the same thing next, which is why one probe a node is enough.
 */
import { UserError } from '../errors.ts'
import { PairMap } from './pair-map.ts'

const unexplored = -1

/** Computes what a probe reads of a state. */
export interface ProbeValues {
  value(probe: number, state: Int32Array): number
}

export class Trie {
  // Four integers a node: what (the probe, `unexplored`, or leaf n as -2 - n), where its children by small value ids
  // start in the pool, how many of those there is room for, and how many children there are. Other children are in a map.
  // Node 0 stands for "no such child".
  #nodes: Int32Array = new Int32Array(4 * 64)
  #size = 1
  #pool: Int32Array = new Int32Array(256)
  #poolEnd = 0
  readonly #far: PairMap = new PairMap()

  get bytes(): number {
    return this.#nodes.byteLength + this.#pool.byteLength + this.#far.bytes
  }

  /** A fresh tree in the same tables. */
  root(): number {
    const node = this.#size++
    if (4 * node === this.#nodes.length) {
      const grown = new Int32Array(8 * node)
      grown.set(this.#nodes)
      this.#nodes = grown
    }
    this.#nodes[4 * node] = unexplored
    return node
  }

  /** The leaf for these values of the probes, or -1. */
  find(root: number, values: Int32Array): number {
    const nodes = this.#nodes
    const pool = this.#pool
    let node = root
    for (;;) {
      const at = 4 * node
      const what = nodes[at] as number
      if (what < 0) return what === unexplored ? -1 : -2 - what
      const value = values[what] as number
      node = value < (nodes[at + 2] as number) ? (pool[(nodes[at + 1] as number) + value] as number) : this.#distant(node, value)
      if (node === 0) return -1
    }
  }

  /** As `find`, for probes that are computed; lists those on the way in `path`, if given. */
  findBy(root: number, probes: ProbeValues, state: Int32Array, path: number[] | null): number {
    let node = root
    for (;;) {
      const what = this.#nodes[4 * node] as number
      if (what < 0) return what === unexplored ? -1 : -2 - what
      if (path !== null) path.push(what)
      node = this.#child(node, probes.value(what, state))
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
      if (this.#nodes[4 * node] === unexplored) this.#nodes[4 * node] = probe
      if (this.#nodes[4 * node] !== probe)
        throw new UserError('impure', 'given the same values, it read a different part of the state than before')
      const value = valueOf(probe)
      let child = this.#child(node, value)
      if (child === 0) {
        child = this.root()
        this.#adopt(node, value, child)
      }
      node = child
    }
    if ((this.#nodes[4 * node] as number) >= 0)
      throw new UserError('impure', 'given the same values, it read less of the state than before')
    this.#nodes[4 * node] = -2 - leaf
  }

  #child(node: number, value: number): number {
    if (value < (this.#nodes[4 * node + 2] as number)) return this.#pool[(this.#nodes[4 * node + 1] as number) + value] as number
    return this.#distant(node, value)
  }

  #distant(node: number, value: number): number {
    const child = this.#far.get(node, value)
    return child < 0 ? 0 : child
  }

  #adopt(node: number, value: number, child: number): void {
    const nodes = this.#nodes
    const at = 4 * node
    const children = (nodes[at + 3] as number) + 1
    nodes[at + 3] = children
    // Dense where at least an eighth of it is in use, so that no model can blow the pool up.
    if (value >= (nodes[at + 2] as number) && value < Math.max(16, 8 * children)) this.#widen(node, value)
    if (value < (nodes[at + 2] as number)) this.#pool[(nodes[at + 1] as number) + value] = child
    else this.#far.set(node, value, child)
  }

  #widen(node: number, value: number): void {
    const at = 4 * node
    const room = 2 ** Math.max(2, Math.ceil(Math.log2(value + 1)))
    const [start, old] = [this.#nodes[at + 1] as number, this.#nodes[at + 2] as number]
    const base = this.#poolEnd
    this.#poolEnd += room
    if (this.#poolEnd > this.#pool.length) {
      const grown = new Int32Array(2 * this.#poolEnd)
      grown.set(this.#pool)
      this.#pool = grown
    }
    this.#pool.copyWithin(base, start, start + old)
    for (let v = old; v < room; v++) this.#pool[base + v] = this.#distant(node, v)
    this.#nodes[at + 1] = base
    this.#nodes[at + 2] = room
  }
}
