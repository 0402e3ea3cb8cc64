/**
 * Whether the writes of each key can be ordered so that a level is fulfilled, each part cheaper than the next: what is known, what follows
 * from it, a search.
 */
import { type Budget, LimitReached, withinLimits } from '../../budget.ts'
import type { Facts } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import { type FoundOrders, OrderInference } from './infer-orders.ts'
import { KnownGraph } from './known-graph.ts'
import { transactionBetweenLayers } from './layer-walks.ts'
import { type StrongBase, shapeOf } from './level-shape.ts'
import { likelyOrder } from './likely-order.ts'
import { OrderSolver } from './order-solver.ts'
import { OrderTheory } from './order-theory.ts'
import type { Violation } from './support.ts'
import { topologicalOrder } from './topological.ts'

/** Parts that can be left out, for tests. */
export interface SearchOptions {
  /** Only the search from a likely order, and no other; by default it is one part of all. */
  readonly isAttempt?: boolean
  /** A search from a likely order comes first, and is soon given up; by default it does. */
  readonly guesses?: boolean
  /** Orders that follow from what is known are found before the search; by default they are. */
  readonly infers?: boolean
  /** Stronger levels whose search is shorter are tried too: what fulfils them fulfils this one; by default they are. */
  readonly strengthens?: boolean
}

/** Of the time that is left, and in seconds at most, for a stronger level. */
const strongerShare = 0.2
const strongerSeconds = 5

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
const likely = 'likely order of writes'
const inferred = 'inference of write orders'
const searched = 'search of write orders'

/** How much a search may do that begins before the inference: somewhat, and more for each arc. */
const earlyWork = 1 << 22
const earlyWorkPerArc = 400

/** What is found sooner, since the graph is smaller or no walks between layers are forbidden, and implies the level. */
const strongerBases: Partial<Readonly<Record<StrongBase, StrongBase>>> = {
  prefix: 'snapshot-isolation',
  'parallel-snapshot-isolation': 'snapshot-isolation',
  'snapshot-isolation': 'serializable',
  'update-serializable': 'serializable',
}

export function searchOrders(facts: Facts, base: StrongBase, order: LevelOrder, budget: Budget, options: SearchOptions = {}): SearchEnd {
  const reached: Reached = { algorithm: known, text: `nothing: the dependencies of ${facts.table.count} transactions were being collected` }
  const end = withinLimits(() => search(facts, base, order, budget, options, reached))
  if ('value' in end) return end.value
  return { verdict: 'unknown', algorithm: reached.algorithm, limit: end.limit, reached: reached.text }
}

/** How far the search is, for whoever asks when it ends without a result. */
interface Reached {
  algorithm: string
  text: string
}

function search(facts: Facts, base: StrongBase, order: LevelOrder, budget: Budget, options: SearchOptions, reached: Reached): SearchEnd {
  const shape = shapeOf(base)
  budget.requireTime()
  budget.requireBytes(32 * shape.stride * (facts.table.count + facts.slots + facts.readSlot.length))
  const graph = new KnownGraph(facts, shape, order)
  const inference = new OrderInference(graph, budget)
  const violated = (algorithm: string, violation: Violation | null, conflicts = 0): SearchEnd => {
    return { verdict: 'violated', algorithm, graph, found: inference.found, violation, conflicts }
  }
  const betweenLayers = (): number => (shape.hasLayers ? transactionBetweenLayers(graph, budget) : -1)
  const solve = (workMax?: number): SearchEnd | null => {
    const theory = new OrderTheory(graph, likelyOrder(graph, graph.arcs.rows(graph.nodes)))
    const solver = new OrderSolver(theory, budget)
    const end = solver.solve(workMax)
    const algorithm = solver.conflicts > 0 ? searched : inference.rounds > 0 ? inferred : likely
    if (end === 'solved') return { verdict: 'holds', algorithm, ranks: graph.ranksBy(theory.order()) }
    if (end === 'given up') return null
    if (end === 'contradiction') {
      const lemmas = solver.lemmas()
      return violated(searched, lemmas && { kind: 'lemmas', lemmas, pairs: theory.pairs }, solver.conflicts)
    }
    const text = `${theory.pairs.count} pairs of writes with an open order, ${solver.conflicts} conflicts`
    return { verdict: 'unknown', algorithm: searched, limit: end, reached: text }
  }

  const first = topologicalOrder(graph.arcs.rows(graph.nodes))
  if (first === null) return violated(known, { kind: 'cycle' })
  reached.text = 'dependencies without cycles'
  const early = betweenLayers()
  if (early !== -1) return violated(known, { kind: 'layers', transaction: early })
  if (graph.isOrdered()) return { verdict: 'holds', algorithm: known, ranks: graph.ranksBy(first) }
  const hasStronger = options.strengthens !== false
  const hasSessions = order === 'none' && facts.table.sessions.length > 0
  const tryStronger = (stronger: StrongBase, variant: LevelOrder): SearchHolds | null => {
    const attempt: SearchOptions = { infers: false, strengthens: false, isAttempt: true }
    const end = searchOrders(facts, stronger, variant, budget.part(strongerShare, strongerSeconds), attempt)
    return end.verdict === 'holds' ? end : null
  }
  const strongerBase = strongerBases[base]
  if (hasStronger && strongerBase !== undefined) {
    const end = (hasSessions ? tryStronger(strongerBase, 'session') : null) ?? tryStronger(strongerBase, order)
    if (end !== null) return end
  }
  if (options.guesses !== false) {
    const end = solve(earlyWork + earlyWorkPerArc * graph.arcs.length)
    if (end !== null) return end
  }
  if (options.isAttempt) throw new LimitReached('time')
  const ofSessions = hasStronger && hasSessions ? tryStronger(base, 'session') : null
  if (ofSessions !== null) return ofSessions
  if (options.infers !== false) {
    reached.algorithm = inferred
    const isPossible = withinLimits(() => inference.run())
    reached.text = `${inference.found.run.length} orders of writes found in ${inference.rounds} rounds of inference`
    if ('limit' in isPossible) throw new LimitReached(isPossible.limit)
    if (!isPossible.value) return violated(inferred, { kind: 'cycle' })
    const late = betweenLayers()
    if (late !== -1) return violated(inferred, { kind: 'layers', transaction: late })
  }
  reached.algorithm = searched
  return solve() as SearchEnd
}
