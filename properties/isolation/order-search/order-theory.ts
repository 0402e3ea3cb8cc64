/** What orders of pairs of runs mean for the graph of a level: which of them cannot be true together. */
import { type Written, writtenSlots } from '../weak-levels/saturate-written.ts'
import { ArcList } from './arc-list.ts'
import { GrowingGraph } from './growing-graph.ts'
import { GrowingInts } from './growing-ints.ts'
import type { KnownGraph } from './known-graph.ts'
import { RunPairs } from './run-pairs.ts'

export class OrderTheory {
  readonly graph: GrowingGraph
  /** Those of which the order has been asked. */
  readonly pairs: RunPairs
  readonly #known: KnownGraph
  readonly #written: Written
  /** Keys whose runs may be in another order than they were, or of which that has not been looked at yet. */
  readonly #touched: GrowingInts
  readonly #isTouched: Uint8Array
  /** How many arcs had been added before each literal that was asserted. */
  readonly #addedBefore: number[] = []
  readonly #arcs = new ArcList(16)
  readonly #walks = new ArcList(16)

  /** @param order a topological order of what is known */
  constructor(known: KnownGraph, order: Int32Array) {
    const keys = known.runs.runsFrom.length - 1
    this.#known = known
    this.pairs = new RunPairs(known.runs.count)
    this.graph = new GrowingGraph(known.arcs.rows(known.nodes), known.arcs.rows(known.nodes, known.arcs.length, true), order)
    this.#written = writtenSlots(known.facts)
    this.#touched = new GrowingInts(keys)
    this.#isTouched = new Uint8Array(keys)
    for (let key = 0; key < keys; key++) this.#touch(key)
  }

  /**
   * Adds pairs of runs whose order has to be decided, for they are neighbours in the order of the graph, but not all that would follow
   * from their order agrees with it. All pairs so far are decided.
   * @returns whether there are any; else the order of the graph fulfils the level
   */
  addOpenPairs(): boolean {
    this.#touchMoved()
    const open: [run: number, next: number][] = []
    for (let i = 0; i < this.#touched.length; i++) {
      const key = this.#touched.at[i] as number
      this.#isTouched[key] = 0
      this.#collectOpenPairsOf(key, open)
    }
    this.#touched.length = 0
    // Neighbours have to do with one another, and are decided one after another.
    open.sort(([a], [b]) => this.#placeOf(a) - this.#placeOf(b))
    for (const [run, next] of open) this.pairs.add(run, next)
    return open.length > 0
  }

  /**
   * Adds what follows from a literal.
   * @param cost of a literal in the reason for a conflict: 0 or 1
   * @returns null, or literals asserted before that cannot be true together with this one, which is then not asserted
   */
  assert(literal: number, cost: (literal: number) => 0 | 1): number[] | null {
    const { graph } = this
    const before = graph.added
    const earlier = this.pairs.earlier(literal)
    const later = this.pairs.later(literal)
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
    return this.#placeOf(this.pairs.earlier(2 * pair)) < this.#placeOf(this.pairs.later(2 * pair)) ? 2 * pair : 2 * pair + 1
  }

  /** The nodes in a topological order of all that is asserted. */
  order(): Int32Array {
    const order = new Int32Array(this.graph.place.length)
    for (let node = 0; node < order.length; node++) order[this.graph.place[node] as number] = node
    return order
  }

  #placeOf(run: number): number {
    const { facts, runs, shape } = this.#known
    return this.graph.place[(facts.writer[runs.first[run] as number] as number) * shape.stride + shape.writeNode] as number
  }

  #collectOpenPairsOf(key: number, open: [run: number, next: number][]): void {
    const { runsFrom } = this.#known.runs
    const start = runsFrom[key] as number
    const sorted = Array.from({ length: (runsFrom[key + 1] as number) - start }, (_, i) => start + i)
    sorted.sort((a, b) => this.#placeOf(a) - this.#placeOf(b))
    for (let i = 1; i < sorted.length; i++) {
      const run = sorted[i - 1] as number
      const next = sorted[i] as number
      // In layers walks count too, which only literals tell.
      const isOpen = this.#known.shape.hasLayers || !this.#agrees(run, next)
      if (isOpen && !this.pairs.has(run, next)) open.push([run, next])
    }
  }

  #agrees(run: number, next: number): boolean {
    const { place } = this.graph
    const arcs = this.#arcs
    arcs.length = 0
    this.#known.addOrder(run, next, arcs)
    for (let arc = 0; arc < arcs.length; arc++) {
      if ((place[arcs.from[arc] as number] as number) > (place[arcs.to[arc] as number] as number)) return false
    }
    return true
  }

  /** Keys that a transaction which has moved reads or writes. */
  #touchMoved(): void {
    const { facts } = this.#known
    const { moved } = this.graph
    const { from, slot, keyOf } = this.#written
    for (let i = 0; i < moved.length; i++) {
      const t = this.#known.transactionOf(moved.at[i] as number)
      if (t === -1) continue
      for (let at = from[t] as number; at < (from[t + 1] as number); at++) this.#touch(keyOf[slot[at] as number] as number)
      for (let read = facts.readsFrom[t] as number; read < (facts.readsFrom[t + 1] as number); read++)
        this.#touch(facts.readKey[read] as number)
    }
    this.graph.forgetMoves()
  }

  #touch(key: number): void {
    if (this.#isTouched[key] === 1) return
    this.#isTouched[key] = 1
    this.#touched.push(key)
  }

  #conflict(from: number, to: number, before: number, cost: (literal: number) => 0 | 1): number[] {
    const labels = this.graph.labelsOfWalk(from, to, cost)
    this.graph.shrinkTo(before)
    return [...new Set(labels)]
  }
}
