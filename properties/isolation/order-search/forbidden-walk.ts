/** Finds a walk that a level forbids in its graph (level-shape.ts): a cycle, or from a transaction's first layer to its second. */
import type { Budget } from '../../budget.ts'
import type { BareCsr } from '../csr.ts'
import { strongComponents } from '../strong-components.ts'
import type { KnownGraph } from './known-graph.ts'
import { topologicalOrder } from './topological.ts'

/** The nodes of one, a short one; `null` if there is none, `time` where the budget does not suffice to tell. */
export function forbiddenWalk(known: KnownGraph, graph: BareCsr, budget: Budget): readonly number[] | null | 'time' {
  const order = topologicalOrder(graph)
  if (order === null) return cycleIn(graph)
  return known.shape.hasLayers ? walkBetweenLayers(known, graph, order, budget) : null
}

function cycleIn(graph: BareCsr): readonly number[] {
  const { component } = strongComponents(graph)
  const search = new PathSearch(graph)
  for (let node = 0; node < graph.nodes; node++) {
    for (let arc = graph.from[node] as number; arc < (graph.from[node + 1] as number); arc++) {
      const next = graph.to[arc] as number
      if (component[next] !== component[node]) continue
      const path = search.between(next, node, (other) => component[other] === component[node])
      if (path !== null) return path
    }
  }
  return []
}

/** In an acyclic graph: from node 0 of some transaction to its node 1. No path leaves what is between the two in topological order. */
function walkBetweenLayers(known: KnownGraph, graph: BareCsr, order: Int32Array, budget: Budget): readonly number[] | null | 'time' {
  const position = new Int32Array(graph.nodes)
  for (const [i, node] of order.entries()) position[node] = i
  const { stride } = known.shape
  const search = new PathSearch(graph)
  for (let t = 0; t < known.facts.table.count; t++) {
    const end = position[t * stride + 1] as number
    if ((position[t * stride] as number) > end) continue
    const path = search.between(t * stride, t * stride + 1, (node) => (position[node] as number) <= end)
    if (path !== null) return path
    if (t % 64 === 0 && budget.exhausted() !== null) return 'time'
  }
  return null
}

class PathSearch {
  readonly #graph: BareCsr
  readonly #previous: Int32Array
  readonly #queue: Int32Array

  constructor(graph: BareCsr) {
    this.#graph = graph
    this.#previous = new Int32Array(graph.nodes).fill(-1)
    this.#queue = new Int32Array(graph.nodes)
  }

  /** A shortest path, both ends included; `null` if there is none. */
  between(start: number, goal: number, isAllowed: (node: number) => boolean): number[] | null {
    const { from, to } = this.#graph
    const previous = this.#previous
    const queue = this.#queue
    previous[start] = start
    queue[0] = start
    let found = 1
    let path: number[] | null = start === goal ? [start] : null
    for (let done = 0; done < found && path === null; done++) {
      const node = queue[done] as number
      for (let arc = from[node] as number; arc < (from[node + 1] as number); arc++) {
        const next = to[arc] as number
        if (previous[next] !== -1 || !isAllowed(next)) continue
        previous[next] = node
        queue[found++] = next
        if (next === goal) path = this.#pathTo(goal)
      }
    }
    for (let i = 0; i < found; i++) previous[queue[i] as number] = -1
    return path
  }

  #pathTo(goal: number): number[] {
    const path = [goal]
    for (let node = goal; this.#previous[node] !== node; ) {
      node = this.#previous[node] as number
      path.push(node)
    }
    return path.reverse()
  }
}
