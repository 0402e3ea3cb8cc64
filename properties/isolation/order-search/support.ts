/**
 * The transactions that a violation found by the search rests on, or somewhat more: those on the walks that closed, and on the walks by
 * which the orders were found out that those use.
 */
import type { Budget } from '../../budget.ts'
import { strongComponents } from '../cycles/strong-components.ts'
import { initialSlot } from '../facts.ts'
import { ArcList } from './arc-list.ts'
import type { FoundOrders } from './infer-orders.ts'
import type { KnownGraph } from './known-graph.ts'
import type { Restrictions } from './restrict-facts.ts'
import type { RunPairs } from './run-pairs.ts'

/** What was found. */
export type Violation =
  /** A cycle in the graph. */
  | { readonly kind: 'cycle' }
  /** A walk of this transaction from its first node to its second. */
  | { readonly kind: 'layers'; readonly transaction: number }
  /** Sets of literals that cannot be true together, of which every assignment makes one true. */
  | { readonly kind: 'lemmas'; readonly lemmas: readonly (readonly number[])[]; readonly pairs: RunPairs }

/** How many transactions of a strong component are tried as the beginning of a shortest cycle. */
const startsMax = 64

/** @throws LimitReached */
export function supportOf(graph: KnownGraph, found: FoundOrders, slots: Restrictions, violation: Violation, budget: Budget): Int32Array {
  const support = new Support(graph, found, slots, budget)
  switch (violation.kind) {
    case 'cycle':
      support.addCycle()
      break
    case 'layers':
      support.addWalk(violation.transaction * graph.shape.stride, violation.transaction * graph.shape.stride + 1, graph.arcs.length)
      break
    case 'lemmas':
      for (const lemma of violation.lemmas) support.addLemma(lemma, violation.pairs)
  }
  return support.transactions()
}

class Support {
  readonly #graph: KnownGraph
  readonly #found: FoundOrders
  readonly #slots: Restrictions
  readonly #members = new Set<number>()
  readonly #explained = new Set<number>()
  readonly #open: number[] = []
  readonly #runs = new Set<number>()
  readonly #parent: Int32Array
  #rows: { readonly before: number; readonly from: Int32Array; readonly arc: Int32Array } | null = null

  readonly #budget: Budget

  constructor(graph: KnownGraph, found: FoundOrders, slots: Restrictions, budget: Budget) {
    this.#budget = budget
    this.#graph = graph
    this.#found = found
    this.#slots = slots
    this.#parent = new Int32Array(graph.nodes)
  }

  /** In order of their numbers. */
  transactions(): Int32Array {
    for (let order = this.#open.pop(); order !== undefined; order = this.#open.pop()) {
      const { run, next, walkFrom, walkTo, arcsBefore } = this.#found
      this.#addRun(run[order] as number)
      this.#addRun(next[order] as number)
      this.addWalk(walkFrom[order] as number, walkTo[order] as number, arcsBefore[order] as number)
    }
    return Int32Array.from(this.#members).sort()
  }

  /** A short cycle in a small strong component. */
  addCycle(): void {
    const { arcs, nodes } = this.#graph
    const components = strongComponents(arcs.rows(nodes))
    let smallest = -1
    for (let c = 0; c < components.count; c++) {
      const size = components.size(c)
      if (size > 1 && (smallest === -1 || size < components.size(smallest))) smallest = c
    }
    const members = components.members(smallest)
    let shortest: readonly number[] = []
    for (let i = 0; i < members.length; i += Math.ceil(members.length / startsMax)) {
      const node = members[i] as number
      const walk = this.#walk(node, node, arcs.length) ?? []
      if (shortest.length === 0 || walk.length < shortest.length) shortest = walk
    }
    this.#addArcs(shortest, arcs.length)
  }

  /** A shortest walk by the arcs before one. */
  addWalk(from: number, to: number, arcsBefore: number): void {
    this.#addArcs(this.#walk(from, to, arcsBefore) ?? [], arcsBefore)
  }

  /** The walk that closes if all literals of the lemma are true. */
  addLemma(literals: readonly number[], pairs: RunPairs): void {
    const graph = this.#graph
    const known = graph.arcs.length
    for (const literal of literals) {
      this.#addRun(pairs.earlier(literal))
      this.#addRun(pairs.later(literal))
      graph.addOrder(pairs.earlier(literal), pairs.later(literal))
    }
    // Arcs after those that were known, and rows made of them, are of this lemma only.
    this.#rows = null
    const closings = new ArcList(16)
    const first = literals[0] as number
    graph.addClosings(pairs.earlier(first), pairs.later(first), closings)
    for (let i = 0; i < closings.length; i++) {
      const walk = this.#walk(closings.from[i] as number, closings.to[i] as number, graph.arcs.length)
      if (walk === null) continue
      this.#addArcs(walk, known)
      break
    }
    graph.arcs.length = known
    this.#rows = null
  }

  #addArcs(walk: readonly number[], known: number): void {
    const { arcs } = this.#graph
    let previous = -1
    for (const arc of walk) {
      for (const node of [arcs.from[arc] as number, arcs.to[arc] as number]) {
        const transaction = this.#graph.transactionOf(node)
        if (transaction === -1 || transaction === previous) continue
        this.#members.add(transaction)
        if (previous !== -1) this.#addReasons(previous, transaction)
        previous = transaction
      }
      if (arc < known) this.#explain(arc)
    }
  }

  /** What two transactions on a walk may have to do with each other: the versions that the first read and the second overwrites. */
  #addReasons(from: number, to: number): void {
    const { facts } = this.#graph
    const keys = new Set(Array.from(this.#slots.slotsOf(to), (slot) => this.#slots.keyOf(slot)))
    for (let read = facts.readsFrom[from] as number; read < (facts.readsFrom[from + 1] as number); read++) {
      const slot = facts.readSlot[read] as number
      if (slot === initialSlot || !keys.has(facts.readKey[read] as number)) continue
      this.#members.add(facts.writer[slot] as number)
      this.#addRunOf(slot)
    }
    for (const slot of this.#slots.slotsOf(from)) if (keys.has(this.#slots.keyOf(slot))) this.#addRunOf(slot)
    for (const slot of this.#slots.slotsOf(to)) if (keys.has(this.#slots.keyOf(slot))) this.#addRunOf(slot)
  }

  /** The order that an arc follows from is to be explained too. */
  #explain(arc: number): void {
    const { firstArc } = this.#found
    let low = 0
    let high = firstArc.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((firstArc[middle] as number) <= arc) low = middle + 1
      else high = middle
    }
    const order = low - 1
    if (order < 0 || this.#explained.has(order)) return
    this.#explained.add(order)
    this.#open.push(order)
  }

  #addRun(run: number): void {
    this.#addRunOf(this.#graph.runs.first[run] as number)
  }

  /** The writes that follow one another for no other reason than that each read the one before. */
  #addRunOf(slot: number): void {
    const { facts, runs } = this.#graph
    const run = runs.runOf[slot] as number
    const key = this.#slots.keyOf(slot)
    const name = run === -1 ? -1 - key : run
    if (this.#runs.has(name)) return
    this.#runs.add(name)
    for (let at = (run === -1 ? runs.headFirst[key] : runs.first[run]) as number; at !== -1; at = runs.after[at] as number) {
      const next = runs.after[at] as number
      if (facts.place[at] === -1 || (next !== -1 && facts.place[next] === -1)) this.#members.add(facts.writer[at] as number)
    }
  }

  /** The arcs of a shortest walk, of an arc or more, by those before one; null: there is none. */
  #walk(from: number, to: number, arcsBefore: number): number[] | null {
    const { arcs } = this.#graph
    const rows = this.#rowsBefore(arcsBefore)
    const parent = this.#parent.fill(-1)
    let near = [from]
    this.#budget.spend(parent.length >> 3)
    while (near.length > 0) {
      this.#budget.spend(16 * near.length)
      const far: number[] = []
      for (const node of near) {
        for (let i = rows.from[node] as number; i < (rows.from[node + 1] as number); i++) {
          const arc = rows.arc[i] as number
          const next = arcs.to[arc] as number
          if (parent[next] !== -1) continue
          parent[next] = arc
          if (next === to) return this.#walkTo(from, to)
          far.push(next)
        }
      }
      near = far
    }
    return null
  }

  #walkTo(from: number, to: number): number[] {
    const { arcs } = this.#graph
    const walk: number[] = []
    for (let node = to; walk.length === 0 || node !== from; node = arcs.from[walk.at(-1) as number] as number) {
      walk.push(this.#parent[node] as number)
    }
    return walk.toReversed()
  }

  #rowsBefore(before: number): { readonly from: Int32Array; readonly arc: Int32Array } {
    if (this.#rows?.before === before) return this.#rows
    const { arcs, nodes } = this.#graph
    this.#budget.spend(nodes + 3 * before)
    const from = new Int32Array(nodes + 1)
    for (let arc = 0; arc < before; arc++) from[(arcs.from[arc] as number) + 1] = (from[(arcs.from[arc] as number) + 1] as number) + 1
    for (let node = 0; node < nodes; node++) from[node + 1] = (from[node + 1] as number) + (from[node] as number)
    const next = from.slice(0, nodes)
    const arc = new Int32Array(before)
    for (let i = 0; i < before; i++) arc[(next[arcs.from[i] as number] as number)++] = i
    this.#rows = { before, from, arc }
    return this.#rows
  }
}
