/** Walks between the layers of a level's graph (level-shape.ts), from a transaction's first node to its second. */
import type { Budget } from '../../budget.ts'
import type { BareCsr } from '../cycles/csr.ts'
import { strongComponents } from '../cycles/strong-components.ts'
import { ArcList } from './arc-list.ts'
import { type Chains, Clocks, chainsOf, latestFirst } from './chains.ts'
import type { KnownGraph } from './known-graph.ts'
import { sessionsAsChains } from './session-chains.ts'
import { topologicalOrder } from './topological.ts'

/**
 * A transaction that has such a walk; -1 if none has. Such a walk is a cycle of transactions, so only
 * strong components of those are looked at. The graph has no cycles.
 * @throws LimitReached
 */
export function transactionBetweenLayers(graph: KnownGraph, budget: Budget): number {
  const { arcs, facts, shape } = graph
  const transactions = new ArcList(arcs.length)
  for (let arc = 0; arc < arcs.length; arc++) transactions.add(wholeOf(graph, arcs.from, arc), wholeOf(graph, arcs.to, arc))
  const components = strongComponents(transactions.rows(graph.nodes / shape.stride))
  const { component } = components
  const kept = new ArcList()
  for (let arc = 0; arc < arcs.length; arc++) {
    const from = transactions.from[arc] as number
    if (component[from] === component[transactions.to[arc] as number] && components.size(component[from] as number) > 1) {
      kept.add(arcs.from[arc] as number, arcs.to[arc] as number)
    }
  }
  if (kept.length === 0) return -1
  const isSource = new Uint8Array(graph.nodes)
  for (let t = 0; t < facts.table.count; t++) {
    if (components.size(component[t] as number) > 1 && !graph.readsOnly[t]) isSource[t * shape.stride] = 1
  }
  const successor = sessionsAsChains(graph).map((next, node) => {
    const isKept = next !== -1 && component[Math.floor(next / shape.stride)] === component[Math.floor(node / shape.stride)]
    return isKept ? next : -1
  })
  return firstBetween(graph, kept.rows(graph.nodes), isSource, successor, budget)
}

function firstBetween(graph: KnownGraph, rows: BareCsr, isSource: Uint8Array, successor: Int32Array, budget: Budget): number {
  const order = topologicalOrder(rows)
  if (order === null) throw new Error('invariant violated: a graph with cycles has been refused before')
  const { shape, facts } = graph
  const chains: Chains = chainsOf(rows, order, isSource, successor)
  const predecessors = latestFirst(rows, order)
  const width = Clocks.width(chains, graph.nodes, budget.bytes / 4)
  const memory = new Int32Array(Clocks.bytes(chains, graph.nodes, width) / 4)
  for (let first = 0; first < chains.count; first += width) {
    const clocks = new Clocks(chains, first, width, memory)
    clocks.fill(predecessors, order, budget)
    for (let t = 0; t < facts.table.count; t++) {
      if (isSource[t * shape.stride] && clocks.reaches(t * shape.stride, t * shape.stride + 1)) return t
    }
  }
  return -1
}

/** The number of the transaction or helper that an end of an arc belongs to. */
function wholeOf({ shape }: KnownGraph, ends: Int32Array, arc: number): number {
  return Math.floor((ends[arc] as number) / shape.stride)
}
