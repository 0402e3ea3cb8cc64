/**
 * The strong components of a graph, by the one-pass algorithm of Pearce (A space-efficient algorithm for finding strongly connected
 * components, IPL 116, 2016), which needs three arrays and no recursion.
 */
import type { BareCsr, Csr } from './csr.ts'

export interface StrongComponents {
  /** How many. */
  readonly count: number
  /** Of each node: its component. They are in reverse topological order: an edge never leads to a component with a higher number. */
  readonly component: Int32Array
  /** All nodes, those of a component together and in order of their numbers. */
  readonly nodes: Int32Array
  /** `count + 1` bounds of the components in `nodes`. */
  readonly from: Int32Array
  /** How many nodes a component has. */
  size(component: number): number
  /** The nodes of a component, in order of their numbers. */
  members(component: number): Int32Array
}

/**
 * The strong components of the graph that has the edges of some kinds only. Where edges mostly lead to higher nodes, components are
 * numbered nearly as nodes are, backwards.
 * @param kinds a mask of edge kinds (edge.ts); all, unless told
 * @param helpers nodes from here on come last, so that they do not disturb that; none, unless told
 */
export function strongComponents(graph: BareCsr): StrongComponents
export function strongComponents(graph: Csr, kinds?: number, helpers?: number): StrongComponents
export function strongComponents(graph: BareCsr | Csr, kinds = allKinds, helpers: number = graph.nodes): StrongComponents {
  return new Grouping(...numbered(graph, kinds, helpers))
}

/**
 * Whether the edges of some kinds make no cycle. A loop is one.
 * @param kinds a mask of edge kinds (edge.ts); all, unless told
 */
export function isAcyclic(graph: BareCsr): boolean
export function isAcyclic(graph: Csr, kinds?: number): boolean
export function isAcyclic(graph: BareCsr | Csr, kinds = allKinds): boolean {
  const { nodes, from, to } = graph
  const kind = kindsOf(graph, kinds)
  const incoming = new Int32Array(nodes)
  for (let edge = 0; edge < to.length; edge++) {
    if (kind === null || (kind[edge] as number) & kinds) (incoming[to[edge] as number] as number)++
  }
  const free = new Int32Array(nodes)
  let found = 0
  for (let node = 0; node < nodes; node++) if (incoming[node] === 0) free[found++] = node
  for (let done = 0; done < found; done++) {
    const node = free[done] as number
    const end = from[node + 1] as number
    for (let edge = from[node] as number; edge < end; edge++) {
      if (kind !== null && !((kind[edge] as number) & kinds)) continue
      const next = to[edge] as number
      if (--(incoming[next] as number) === 0) free[found++] = next
    }
  }
  return found === nodes
}

const allKinds = -1

/** The kinds of the edges, or null where they make no difference. */
function kindsOf(graph: BareCsr | Csr, kinds: number): Uint8Array | null {
  return kinds !== allKinds && 'kind' in graph ? graph.kind : null
}

class Grouping implements StrongComponents {
  readonly count: number
  readonly component: Int32Array
  #from: Int32Array | null = null
  #nodes: Int32Array | null = null

  constructor(component: Int32Array, count: number) {
    this.component = component
    this.count = count
  }

  get from(): Int32Array {
    if (this.#from !== null) return this.#from
    const from = new Int32Array(this.count + 1)
    for (let node = 0; node < this.component.length; node++) (from[(this.component[node] as number) + 1] as number)++
    for (let c = 0; c < this.count; c++) from[c + 1] = (from[c] as number) + (from[c + 1] as number)
    this.#from = from
    return from
  }

  get nodes(): Int32Array {
    if (this.#nodes !== null) return this.#nodes
    const next = this.from.slice()
    const nodes = new Int32Array(this.component.length)
    for (let node = 0; node < nodes.length; node++) nodes[(next[this.component[node] as number] as number)++] = node
    this.#nodes = nodes
    return nodes
  }

  size(component: number): number {
    return (this.from[component + 1] as number) - (this.from[component] as number)
  }

  members(component: number): Int32Array {
    return this.nodes.subarray(this.from[component], this.from[component + 1])
  }
}

/** The component of each node, and how many there are. */
function numbered(graph: BareCsr | Csr, kinds: number, helpers: number): [Int32Array, number] {
  const { nodes, from, to } = graph
  const kind = kindsOf(graph, kinds)
  // 0: not visited; on the way: the lowest visiting number known to be reached; at last `nodes` minus the number of the component,
  // which is at least as high as any visiting number still in use, since those of finished nodes are used again.
  const rank = new Int32Array(nodes)
  // Nodes being visited grow from the front; those that are done and wait for the rest of their component from the back.
  const stack = new Int32Array(nodes)
  const cursor = new Int32Array(nodes)
  const isRoot = new Uint8Array(nodes)
  let waiting = nodes
  let visits = 1
  let count = 0
  // Transactions are numbered by time, mostly, and so edges mostly lead to higher numbers: from the last node on, most visits end at once.
  for (let i = nodes - 1; i >= 0; i--) {
    const start = i >= nodes - helpers ? i - (nodes - helpers) : i + helpers
    if (rank[start] !== 0) continue
    let depth = 0
    stack[0] = start
    cursor[0] = from[start] as number
    isRoot[0] = 1
    rank[start] = visits++
    while (depth >= 0) {
      const node = stack[depth] as number
      const end = from[node + 1] as number
      let edge = cursor[depth] as number
      let lowest = rank[node] as number
      let unvisited = -1
      for (; edge < end; edge++) {
        if (kind !== null && !((kind[edge] as number) & kinds)) continue
        const next = to[edge] as number
        const reached = rank[next] as number
        if (reached === 0) {
          unvisited = next
          break
        }
        if (reached < lowest) {
          lowest = reached
          isRoot[depth] = 0
        }
      }
      rank[node] = lowest
      if (unvisited !== -1) {
        // The edge is looked at again when the visit is over, for what was reached by it.
        cursor[depth++] = edge
        stack[depth] = unvisited
        cursor[depth] = from[unvisited] as number
        isRoot[depth] = 1
        rank[unvisited] = visits++
        continue
      }
      if (isRoot[depth--] === 0) {
        stack[--waiting] = node
        continue
      }
      const component = nodes - count++
      while (waiting < nodes && (rank[stack[waiting] as number] as number) >= lowest) {
        rank[stack[waiting++] as number] = component
        visits--
      }
      rank[node] = component
      visits--
    }
  }
  for (let node = 0; node < nodes; node++) rank[node] = nodes - (rank[node] as number)
  return [rank, count]
}
