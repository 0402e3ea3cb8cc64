/** How far chains of transactions happened before each transaction: vector clocks, of some chains and some transactions at a time. */
import type { Budget } from '../../budget.ts'
import type { BareCsr } from '../cycles/csr.ts'
import type { Chains } from './saturate-chains.ts'

export interface Causes {
  /** Paths are what happens before: transactions, and after them other nodes. */
  readonly graph: BareCsr
  /** Its nodes in topological order. */
  readonly order: Int32Array
  readonly chains: Chains
}

/** Chains that are kept at a time, at most: of longer rows little is gained. */
const widthMax = 64

/** The clocks of a block: of the chains from `first` to before `first + width`, of the nodes from rank `begin` to before rank `end`. */
export class Clocks {
  /** Where each node is in the topological order. */
  readonly rank: Int32Array
  first = 0
  width = 0
  begin = 0
  end = 0
  readonly #causes: Causes
  readonly #widthMax: number
  /** Of each node: a row of `#widthMax` positions. */
  readonly #rows: Int32Array

  /** @param ints how many integers the rows may take */
  constructor(causes: Causes, ints: number) {
    const { graph, order, chains } = causes
    this.#causes = causes
    this.#widthMax = Math.max(1, Math.min(chains.count, widthMax, Math.floor(ints / graph.nodes)))
    this.#rows = new Int32Array(this.#widthMax * graph.nodes)
    this.rank = new Int32Array(graph.nodes)
    for (const [i, node] of order.entries()) this.rank[node] = i
  }

  /** The next block of chains, of which it has to be said which nodes matter; false after the last. */
  next(): boolean {
    this.first += this.width
    this.width = Math.min(this.#widthMax, this.#causes.chains.count - this.first)
    return this.width > 0
  }

  /** Each node's row is complete, and has the node itself, when it is passed on to those that the node happens before. */
  fill(begin: number, end: number, budget: Budget): void {
    this.begin = begin
    this.end = end
    const { graph, order, chains } = this.#causes
    const { from, to } = graph
    const { rank, first, width } = this
    const stride = this.#widthMax
    const rows = this.#rows
    for (let i = begin; i < end; i++) {
      const row = (order[i] as number) * stride
      rows.fill(-1, row, row + width)
    }
    for (let i = begin; i < end; i++) {
      const node = order[i] as number
      const row = node * stride
      if (node < chains.chain.length) {
        const column = (chains.chain[node] as number) - first
        if (column >= 0 && column < width) rows[row + column] = chains.position[node] as number
      }
      const last = from[node + 1] as number
      budget.spend(width * (last - (from[node] as number)))
      for (let edge = from[node] as number; edge < last; edge++) {
        const next = to[edge] as number
        if ((rank[next] as number) >= end) continue
        const other = next * stride
        for (let c = 0; c < width; c++) {
          const known = rows[row + c] as number
          if (known > (rows[other + c] as number)) rows[other + c] = known
        }
      }
    }
  }

  /** The last position of a chain of the block that happened before a node, or is the node; -1: none. */
  at(node: number, chain: number): number {
    const rank = this.rank[node] as number
    return rank < this.begin || rank >= this.end ? -1 : (this.#rows[node * this.#widthMax + chain - this.first] as number)
  }
}
