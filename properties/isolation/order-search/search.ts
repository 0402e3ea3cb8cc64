/**
 * Whether the writes of each key can be ordered so that a level is fulfilled, each part cheaper than the next: what is known, what follows
 * from it, a search.
 */
import type { Budget } from '../../budget.ts'
import type { Facts } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import { type FoundOrders, OrderInference } from './infer-orders.ts'
import { KnownGraph } from './known-graph.ts'
import { transactionBetweenLayers } from './layer-walks.ts'
import { type StrongBase, shapeOf } from './level-shape.ts'
import { OrderSolver } from './order-solver.ts'
import { OrderTheory } from './order-theory.ts'
import { undecidedPairs } from './run-pairs.ts'
import type { Violation } from './support.ts'
import { topologicalOrder } from './topological.ts'

/** Parts that can be left out, for tests. */
export interface SearchOptions {
  /** Orders that follow from what is known are found before the search; by default they are. */
  readonly infers?: boolean
  /** Where the variant adds no order, that with session order is tried first, since its search is shorter; by default it is. */
  readonly strengthens?: boolean
}

/** Of the time that is left, and in seconds at most, for the stronger variant. */
const strongerShare = 0.3
const strongerSeconds = 20

export type SearchEnd = SearchHolds | SearchViolated | SearchUnknown

export interface SearchHolds {
  readonly verdict: 'holds'
  readonly algorithm: string
  /** Of each slot its place among those of its key. */
  readonly ranks: Int32Array
}

export interface SearchViolated {
  readonly verdict: 'violated'
  readonly algorithm: string
  readonly graph: KnownGraph
  readonly found: FoundOrders
  /** null: it was too much to keep. */
  readonly violation: Violation | null
  readonly conflicts: number
}

export interface SearchUnknown {
  readonly verdict: 'unknown'
  readonly algorithm: string
  readonly limit: 'time' | 'memory'
  /** How far it came, in words. */
  readonly reached: string
}

const known = 'dependency cycles'
const inferred = 'inference of write orders'
const searched = 'search of write orders'

export function searchOrders(facts: Facts, base: StrongBase, order: LevelOrder, budget: Budget, options: SearchOptions = {}): SearchEnd {
  const shape = shapeOf(base)
  const unknown = (algorithm: string, limit: 'time' | 'memory', reached: string): SearchEnd => ({
    verdict: 'unknown',
    algorithm,
    limit,
    reached,
  })
  if (32 * shape.stride * (facts.table.count + facts.slots + facts.readSlot.length) > budget.bytes) {
    return unknown(known, 'memory', `nothing: the dependencies of ${facts.table.count} transactions do not fit`)
  }
  const graph = new KnownGraph(facts, shape, order)
  const inference = new OrderInference(graph, budget)
  const violated = (algorithm: string, violation: Violation | null, conflicts = 0): SearchEnd => {
    return { verdict: 'violated', algorithm, graph, found: inference.found, violation, conflicts }
  }
  const check = (algorithm: string): SearchEnd | null => {
    if (!shape.hasLayers) return null
    const between = transactionBetweenLayers(graph, budget)
    if (between === 'time') return unknown(algorithm, 'time', 'dependencies without cycles; anti-dependencies were being looked at')
    return between === -1 ? null : violated(algorithm, { kind: 'layers', transaction: between })
  }

  const first = topologicalOrder(graph.arcs.rows(graph.nodes))
  if (first === null) return violated(known, { kind: 'cycle' })
  const early = check(known)
  if (early !== null) return early
  if (graph.isOrdered()) return { verdict: 'holds', algorithm: known, ranks: graph.ranksBy(first) }
  if (order === 'none' && facts.table.sessions.length > 0 && options.strengthens !== false) {
    const stronger = searchOrders(facts, base, 'session', budget.part(strongerShare, strongerSeconds), options)
    if (stronger.verdict === 'holds') return stronger
  }

  let latest = first
  if (options.infers !== false) {
    const end = inference.run()
    if (end === 'cycle') return violated(inferred, { kind: 'cycle' })
    const reached = `${inference.found.run.length} orders of writes found in ${inference.rounds} rounds of inference`
    if (end === 'time' || end === 'memory') return unknown(inferred, end, reached)
    latest = inference.order ?? first
    const late = check(inferred)
    if (late !== null) return late
  }
  const pairs = undecidedPairs(graph, (run, visit) => inference.forEachBefore(run, visit), budget.bytes / 512)
  if (pairs === null) return unknown(searched, 'memory', `${inference.found.run.length} orders of writes found; too many are left open`)
  if (pairs.count === 0) return { verdict: 'holds', algorithm: inferred, ranks: graph.ranksBy(latest) }
  const theory = new OrderTheory(graph, pairs, latest)
  const solver = new OrderSolver(theory, pairs.count, budget)
  const end = solver.solve()
  if (end === 'time' || end === 'memory') {
    return unknown(searched, end, `${pairs.count} pairs of writes with an open order, ${solver.conflicts} conflicts`)
  }
  if (end === 'solved') return { verdict: 'holds', algorithm: searched, ranks: graph.ranksBy(theory.order()) }
  const lemmas = solver.lemmas()
  return violated(searched, lemmas && { kind: 'lemmas', lemmas, pairs }, solver.conflicts)
}
