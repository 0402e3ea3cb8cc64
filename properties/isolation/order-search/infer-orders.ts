/**
 * Orders of runs that follow from what is known: a run comes before another if the other way round would close a forbidden walk. What
 * follows is added to the graph, and so on until nothing new does (the pruning of Tan et al., Cobra, OSDI 2020, and of Huang et al.,
 * PolySI, VLDB 2023, along chains instead of for each pair).
 */
import type { Budget } from '../../budget.ts'
import type { BareCsr } from '../cycles/csr.ts'
import { type Chains, Clocks, chainsOf, latestFirst } from './chains.ts'
import type { KnownGraph } from './known-graph.ts'
import type { NodePairs } from './level-shape.ts'
import { RunSources } from './run-sources.ts'
import { sessionsAsChains } from './session-chains.ts'
import { topologicalOrder } from './topological.ts'

/** Orders that were found: if `run` did not come before `next`, a walk would be forbidden. */
export interface FoundOrders {
  readonly run: number[]
  readonly next: number[]
  /** The nodes where the walk begins and ends, and the arc before which are all that it uses. */
  readonly walkFrom: number[]
  readonly walkTo: number[]
  readonly arcsBefore: number[]
  /** The first arc that follows from the order; it has all up to that of the next order. */
  readonly firstArc: number[]
}

export class OrderInference {
  readonly graph: KnownGraph
  readonly found: FoundOrders = { run: [], next: [], walkFrom: [], walkTo: [], arcsBefore: [], firstArc: [] }
  rounds = 0
  /** A topological order of the graph, where there is one. */
  order: Int32Array | null = null
  readonly #budget: Budget
  #chains: Chains | null = null
  #sources: RunSources | null = null

  constructor(graph: KnownGraph, budget: Budget) {
    this.graph = graph
    this.#budget = budget
  }

  /**
   * Goes on until nothing new follows.
   * @returns whether the orders can be: false if they make a cycle
   * @throws LimitReached
   */
  run(): boolean {
    const { graph, found } = this
    for (;;) {
      const before = found.run.length
      const rows = graph.arcs.rows(graph.nodes)
      this.order = topologicalOrder(rows)
      if (this.order === null) return false
      this.#round(rows, this.order)
      this.rounds++
      if (found.run.length === before) return true
    }
  }

  #round(rows: BareCsr, order: Int32Array): void {
    const { graph } = this
    this.#chains ??= chainsOf(rows, order, sourcesOf(graph), sessionsAsChains(graph))
    this.#sources ??= new RunSources(graph, this.#chains)
    const width = Clocks.width(this.#chains, graph.nodes, this.#budget.bytes / 4)
    const bytes = Clocks.bytes(this.#chains, graph.nodes, width)
    this.#budget.requireBytes(4 * this.#sources.reached.length + bytes + 4 * graph.arcs.bytes)
    const memory = new Int32Array(bytes / 4)
    const predecessors = latestFirst(rows, order)
    const arcsBefore = graph.arcs.length
    for (let first = 0; first < this.#chains.count; first += width) {
      const clocks = new Clocks(this.#chains, first, width, memory)
      clocks.fill(predecessors, order, this.#budget)
      for (let key = 0; key < graph.runs.runsFrom.length - 1; key++) this.#applyTo(key, this.#sources, clocks, arcsBefore)
    }
  }

  #applyTo(key: number, sources: RunSources, clocks: Clocks, arcsBefore: number): void {
    const { facts, runs, shape, readsOnly } = this.graph
    const { from, of } = runs.readers
    const start = runs.runsFrom[key] as number
    const end = runs.runsFrom[key + 1] as number
    if (end - start < 2) return
    for (let run = start; run < end; run++) {
      const last = runs.last[run] as number
      this.#applyWalks(run, facts.writer[last] as number, shape.closings.ww[0], sources, clocks, arcsBefore)
      for (let i = from[last] as number; i < (from[last + 1] as number); i++) {
        const reader = of[i] as number
        const closings = shape.closings.rw[2 * (readsOnly[reader] as number)] as NodePairs
        this.#applyWalks(run, reader, closings, sources, clocks, arcsBefore)
      }
    }
  }

  /** Walks from runs of the key of `run` to a transaction, from which, if such a run came after `run`, a dependency would lead there. */
  #applyWalks(run: number, transaction: number, closings: NodePairs, sources: RunSources, clocks: Clocks, arcsBefore: number): void {
    const { keyOf } = this.graph.runs
    const key = keyOf[run] as number
    const start = sources.tracksFrom[key] as number
    const row = sources.rowOf(run) - start
    this.#budget.spend(1 + (sources.tracksFrom[key + 1] as number) - start)
    for (let pair = 0; pair < closings.length; pair += 2) {
      const node = transaction * this.graph.shape.stride + (closings[pair + 1] as number)
      for (let track = start; track < (sources.tracksFrom[key + 1] as number); track++) {
        const known = sources.reached[row + track] as number
        const end = sources.runsFrom[track + 1] as number
        if (known === end - 1 || sources.offset[track] !== closings[pair]) continue
        const chain = sources.chain[track] as number
        if (chain < clocks.first || chain >= clocks.first + clocks.width) continue
        const far = clocks.far(node, chain)
        let next = known === -1 ? (sources.runsFrom[track] as number) : known + 1
        while (next < end && (sources.position[next] as number) <= far) next++
        if (--next <= known || next < (sources.runsFrom[track] as number)) continue
        sources.reached[row + track] = next
        // A run is no reason for itself; those before it in its chain are.
        if (sources.run[next] === run) next--
        if (next <= known || next < (sources.runsFrom[track] as number)) continue
        this.#find(sources.run[next] as number, run, clocks, closings[pair] as number, node, arcsBefore)
      }
    }
  }

  #find(run: number, next: number, clocks: Clocks, offset: number, walkTo: number, arcsBefore: number): void {
    const { graph, found } = this
    const { facts, runs, shape } = graph
    if (this.#isImplied(run, next, clocks)) return
    found.run.push(run)
    found.next.push(next)
    found.walkFrom.push((facts.writer[runs.first[run] as number] as number) * shape.stride + offset)
    found.walkTo.push(walkTo)
    found.arcsBefore.push(arcsBefore)
    found.firstArc.push(graph.arcs.length)
    graph.addOrder(run, next)
  }

  /** Whether all arcs that follow from an order are there already, as walks. In layers it is enough that those in the first one are. */
  #isImplied(run: number, next: number, clocks: Clocks): boolean {
    const { facts, runs, shape, readsOnly } = this.graph
    const { from, of } = runs.readers
    const last = runs.last[run] as number
    const writer = facts.writer[runs.first[next] as number] as number
    const isThere = (pairs: NodePairs, u: number): boolean => {
      for (let i = 0; i < pairs.length; i += 2) {
        if (!shape.isSource[pairs[i] as number]) continue
        if (!clocks.reaches(u * shape.stride + (pairs[i] as number), writer * shape.stride + (pairs[i + 1] as number))) return false
      }
      return true
    }
    if (!isThere(shape.ww[0], facts.writer[last] as number)) return false
    for (let i = from[last] as number; i < (from[last + 1] as number); i++) {
      const reader = of[i] as number
      if (reader !== writer && !isThere(shape.rw[2 * (readsOnly[reader] as number)] as NodePairs, reader)) return false
    }
    return true
  }
}

/** Nodes where walks back can begin: of the first writes of runs, where a key has several. */
function sourcesOf({ facts, nodes, runs, shape }: KnownGraph): Uint8Array {
  const isSource = new Uint8Array(nodes)
  for (let run = 0; run < runs.count; run++) {
    const key = runs.keyOf[run] as number
    if ((runs.runsFrom[key + 1] as number) - (runs.runsFrom[key] as number) < 2) continue
    const node = (facts.writer[runs.first[run] as number] as number) * shape.stride
    for (let offset = 0; offset < shape.stride; offset++) if (shape.isSource[offset]) isSource[node + offset] = 1
  }
  return isSource
}
