/**
 * Reachability in a graph without cycles, from some of its nodes to all: those nodes are covered with chains, each a walk in the graph,
 * and of each node it is known how far along each chain there are nodes that reach it (Jagadish, A compression technique to materialize
 * transitive closure, TODS 1990). Sessions make few long chains. Where it would take many, each node is a chain of its own, and a bit
 * says whether it reaches. Where that is too much at once, it is worked out for some of the chains at a time.
 */
import type { Budget } from '../../budget.ts'
import type { BareCsr } from '../cycles/csr.ts'

export interface Chains {
  readonly count: number
  /** Of each node: its chain, -1 if it has none, and how far along it is. */
  readonly chain: Int32Array
  readonly position: Int32Array
  /** Each has one node. */
  readonly areSingle: boolean
}

/**
 * @param order a topological order of the nodes
 * @param isSource which nodes must be in chains
 * @param successor of each node the one that follows it in its chain where that is known before, or -1: an arc must lead there
 */
export function chainsOf({ nodes, from, to }: BareCsr, order: Int32Array, isSource: Uint8Array, successor: Int32Array): Chains {
  const chain = new Int32Array(nodes).fill(-1)
  const position = new Int32Array(nodes)
  const isTaken = new Uint8Array(nodes)
  for (const next of successor) if (next !== -1) isTaken[next] = 1
  let count = 0
  for (const node of order) {
    if (chain[node] === -1) chain[node] = count++
    let next = successor[node] as number
    for (let arc = from[node] as number; next === -1 && arc < (from[node + 1] as number); arc++) {
      if (!isTaken[to[arc] as number]) next = to[arc] as number
    }
    if (next === -1) continue
    isTaken[next] = 1
    chain[next] = chain[node] as number
    position[next] = (position[node] as number) + 1
  }
  const sources = isSource.reduce((sum, is) => sum + is, 0)
  const used = renumbered(chain, isSource, count)
  if (used * 32 <= sources || used <= 64) return { count: used, chain, position, areSingle: false }
  let single = 0
  for (let node = 0; node < nodes; node++) chain[node] = isSource[node] ? single++ : -1
  return { count: single, chain, position: position.fill(0), areSingle: true }
}

/** The graph turned round, the arcs to each node from the latest in the order first. */
export function latestFirst({ nodes, from, to }: BareCsr, order: Int32Array): BareCsr {
  const into = new Int32Array(nodes + 1)
  for (let arc = 0; arc < to.length; arc++) into[(to[arc] as number) + 1] = (into[(to[arc] as number) + 1] as number) + 1
  for (let node = 0; node < nodes; node++) into[node + 1] = (into[node + 1] as number) + (into[node] as number)
  const next = into.slice(0, nodes)
  const tails = new Int32Array(to.length)
  for (let i = nodes - 1; i >= 0; i--) {
    const node = order[i] as number
    for (let arc = from[node] as number; arc < (from[node + 1] as number); arc++) tails[(next[to[arc] as number] as number)++] = node
  }
  return { nodes, from: into, to: tails }
}

/** Keeps only chains with a source. */
function renumbered(chain: Int32Array, isSource: Uint8Array, count: number): number {
  const number = new Int32Array(count).fill(-1)
  let used = 0
  for (let node = 0; node < chain.length; node++) {
    if (isSource[node] && number[chain[node] as number] === -1) number[chain[node] as number] = used++
  }
  for (let node = 0; node < chain.length; node++) chain[node] = number[chain[node] as number] as number
  return used
}

/** What reaches which node, of the nodes in some of the chains. */
export class Clocks {
  readonly first: number
  readonly width: number
  readonly #chains: Chains
  /** Of each node: a number for each chain, or a word for 32 of them. */
  readonly #words: number
  readonly #far: Int32Array

  /** How many chains can be worked out at a time in so many bytes; all, or a multiple of 32. */
  static width({ count, areSingle }: Chains, nodes: number, bytes: number): number {
    const numbers = Math.max(1, Math.floor(bytes / 4 / nodes))
    return Math.min(count, areSingle ? 32 * numbers : numbers)
  }

  static bytes({ areSingle }: Chains, nodes: number, width: number): number {
    return 4 * nodes * (areSingle ? (width + 31) >> 5 : width)
  }

  /** @param memory as much as for `width`, to be overwritten */
  constructor(chains: Chains, first: number, width: number, memory: Int32Array) {
    this.#chains = chains
    this.first = first
    this.width = Math.min(width, chains.count - first)
    this.#words = chains.areSingle ? (this.width + 31) >> 5 : this.width
    this.#far = memory
  }

  /**
   * @param predecessors the arcs to each node, from the latest in the order first, so that most are passed over: what leads there by way
   * of a later one is known then
   * @throws LimitReached
   */
  fill({ nodes, from, to }: BareCsr, order: Int32Array, budget: Budget): void {
    const far = this.#far
    const words = this.#words
    const { areSingle } = this.#chains
    far.fill(areSingle ? 0 : -1, 0, nodes * words)
    for (const node of order) {
      const at = node * words
      const end = from[node + 1] as number
      for (let arc = from[node] as number; arc < end; arc++) {
        const previous = to[arc] as number
        if (this.reaches(previous, node)) continue
        const own = previous * words
        if (areSingle) {
          for (let w = 0; w < words; w++) far[at + w] = (far[at + w] as number) | (far[own + w] as number)
          continue
        }
        for (let c = 0; c < words; c++) {
          const its = far[own + c] as number
          if ((far[at + c] as number) < its) far[at + c] = its
        }
      }
      this.#enter(node)
      budget.spend(1 + words * (end - (from[node] as number)))
    }
  }

  /** How far along a chain there is a node that reaches this one, itself included; -1: none does. */
  far(node: number, chain: number): number {
    const own = chain - this.first
    if (!this.#chains.areSingle) return this.#far[node * this.#words + own] as number
    return (((this.#far[node * this.#words + (own >> 5)] as number) >> (own & 31)) & 1) - 1
  }

  /** Whether the one node is known to reach the other: false also where it is in none of these chains. */
  reaches(node: number, other: number): boolean {
    const chain = this.#chains.chain[node] as number
    if (chain < this.first || chain >= this.first + this.width) return false
    return this.far(other, chain) >= (this.#chains.position[node] as number)
  }

  #enter(node: number): void {
    const own = (this.#chains.chain[node] as number) - this.first
    if (own < 0 || own >= this.width) return
    if (this.#chains.areSingle) {
      const at = node * this.#words + (own >> 5)
      this.#far[at] = (this.#far[at] as number) | (1 << (own & 31))
    } else {
      const at = node * this.#words + own
      this.#far[at] = Math.max(this.#far[at] as number, this.#chains.position[node] as number)
    }
  }
}
