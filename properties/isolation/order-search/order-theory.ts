/** What orders of pairs of runs mean for the graph of a level: which of them cannot be true together. */
import { ArcList } from './arc-list.ts'
import { GrowingGraph } from './growing-graph.ts'
import type { KnownGraph } from './known-graph.ts'
import { earlierRun, laterRun, type RunPairs } from './run-pairs.ts'

export class OrderTheory {
  readonly graph: GrowingGraph
  readonly #known: KnownGraph
  readonly #pairs: RunPairs
  /** How many arcs had been added before each literal that was asserted. */
  readonly #addedBefore: number[] = []
  readonly #arcs = new ArcList(16)
  readonly #walks = new ArcList(16)

  /** @param order a topological order of what is known */
  constructor(known: KnownGraph, pairs: RunPairs, order: Int32Array) {
    this.#known = known
    this.#pairs = pairs
    this.graph = new GrowingGraph(known.arcs.rows(known.nodes), known.arcs.rows(known.nodes, known.arcs.length, true), order)
  }

  /**
   * Adds what follows from a literal.
   * @param cost of a literal in the reason for a conflict: 0 or 1
   * @returns null, or literals asserted before that cannot be true together with this one, which is then not asserted
   */
  assert(literal: number, cost: (literal: number) => 0 | 1): number[] | null {
    const { graph } = this
    const before = graph.added
    const earlier = earlierRun(this.#pairs, literal)
    const later = laterRun(this.#pairs, literal)
    this.#arcs.length = 0
    this.#known.addOrder(earlier, later, this.#arcs)
    for (let arc = 0; arc < this.#arcs.length; arc++) {
      const tail = this.#arcs.from[arc] as number
      const head = this.#arcs.to[arc] as number
      if (!graph.add(tail, head, literal)) return this.#conflict(head, tail, before, cost)
    }
    if (this.#known.shape.hasLayers) {
      this.#walks.length = 0
      this.#known.addWalksBack(earlier, later, this.#walks)
      for (let walk = 0; walk < this.#walks.length; walk++) {
        const from = this.#walks.from[walk] as number
        const to = this.#walks.to[walk] as number
        if (graph.reaches(from, to)) return this.#conflict(from, to, before, cost)
      }
    }
    this.#addedBefore.push(before)
    return null
  }

  /** Takes back the literals asserted after the first `count`. */
  shrinkTo(count: number): void {
    if (count >= this.#addedBefore.length) return
    this.graph.shrinkTo(this.#addedBefore[count] as number)
    this.#addedBefore.length = count
  }

  /** Which literal of a pair agrees with the order of the graph: that with the run first which now is. */
  likely(pair: number): number {
    const { facts, runs, shape } = this.#known
    const placeOf = (run: number): number =>
      this.graph.place[(facts.writer[runs.first[run] as number] as number) * shape.stride + shape.writeNode] as number
    return placeOf(this.#pairs.first[pair] as number) < placeOf(this.#pairs.second[pair] as number) ? 2 * pair : 2 * pair + 1
  }

  /** The nodes in a topological order of all that is asserted. */
  order(): Int32Array {
    const order = new Int32Array(this.graph.place.length)
    for (let node = 0; node < order.length; node++) order[this.graph.place[node] as number] = node
    return order
  }

  #conflict(from: number, to: number, before: number, cost: (literal: number) => 0 | 1): number[] {
    const labels = this.graph.labelsOfWalk(from, to, cost)
    this.graph.shrinkTo(before)
    return [...new Set(labels)]
  }
}
