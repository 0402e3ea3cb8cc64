/**
 * Directed graphs in compressed rows: the edges of a node are together, in the order in which they were added. Ten million edges with
 * their kinds and keys are 90 MB; graphs that only reachability is asked of go without (40 MB).
 */
import { invariant } from '../../errors.ts'

/** A graph of which only the shape is known. */
export interface BareCsr {
  /** How many nodes; they are numbered from 0. */
  readonly nodes: number
  /** `nodes + 1` bounds: the edges of a node are those from `from[node]` to before `from[node + 1]`. */
  readonly from: Int32Array
  /** Of each edge: the node that it leads to. */
  readonly to: Int32Array
}

export interface Csr extends BareCsr {
  /** Of each edge: its kind (edge.ts). */
  readonly kind: Uint8Array
  /** Of each edge: the key that proves it, or -1. */
  readonly key: Int32Array
}

/** Edges in any order, duplicates and loops included. */
export class EdgeList {
  length = 0
  #from: Int32Array
  #to: Int32Array
  #kind: Uint8Array
  #key: Int32Array

  constructor(capacity = 1024) {
    this.#from = new Int32Array(capacity)
    this.#to = new Int32Array(capacity)
    this.#kind = new Uint8Array(capacity)
    this.#key = new Int32Array(capacity)
  }

  add(from: number, to: number, kind: number, key: number): void {
    if (this.length === this.#from.length) this.#grow()
    const edge = this.length++
    this.#from[edge] = from
    this.#to[edge] = to
    this.#kind[edge] = kind
    this.#key[edge] = key
  }

  toCsr(nodes: number): Csr {
    const from = bounds(this.#from.subarray(0, this.length), nodes)
    const next = from.slice()
    const to = new Int32Array(this.length)
    const kind = new Uint8Array(this.length)
    const key = new Int32Array(this.length)
    for (let edge = 0; edge < this.length; edge++) {
      const place = (next[this.#from[edge] as number] as number)++
      to[place] = this.#to[edge] as number
      kind[place] = this.#kind[edge] as number
      key[place] = this.#key[edge] as number
    }
    return { nodes, from, to, kind, key }
  }

  #grow(): void {
    const capacity = Math.max(16, 2 * this.length)
    this.#from = extended(this.#from, capacity)
    this.#to = extended(this.#to, capacity)
    this.#key = extended(this.#key, capacity)
    const kind = new Uint8Array(capacity)
    kind.set(this.#kind)
    this.#kind = kind
  }
}

/** Edges without kinds and keys. */
export class BareEdgeList {
  length = 0
  #from: Int32Array
  #to: Int32Array

  constructor(capacity = 1024) {
    this.#from = new Int32Array(capacity)
    this.#to = new Int32Array(capacity)
  }

  add(from: number, to: number): void {
    if (this.length === this.#from.length) {
      const capacity = Math.max(16, 2 * this.length)
      this.#from = extended(this.#from, capacity)
      this.#to = extended(this.#to, capacity)
    }
    const edge = this.length++
    this.#from[edge] = from
    this.#to[edge] = to
  }

  toCsr(nodes: number): BareCsr {
    const from = bounds(this.#from.subarray(0, this.length), nodes)
    const next = from.slice()
    const to = new Int32Array(this.length)
    for (let edge = 0; edge < this.length; edge++) to[(next[this.#from[edge] as number] as number)++] = this.#to[edge] as number
    return { nodes, from, to }
  }
}

function bounds(sources: Int32Array, nodes: number): Int32Array {
  const from = new Int32Array(nodes + 1)
  for (let edge = 0; edge < sources.length; edge++) (from[(sources[edge] as number) + 1] as number)++
  for (let node = 0; node < nodes; node++) from[node + 1] = (from[node] as number) + (from[node + 1] as number)
  invariant(from[nodes] === sources.length, `every edge leaves one of ${nodes} nodes`)
  return from
}

function extended(array: Int32Array, length: number): Int32Array {
  const longer = new Int32Array(length)
  longer.set(array)
  return longer
}
