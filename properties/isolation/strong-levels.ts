/**
 * The levels that are NP-complete to decide where the order of the writes is not known (Biswas and Enea, OOPSLA 2019). What the reads
 * show is a graph; a cycle in it that the level forbids is a violation. Where the reads leave no order open, as of lists, its absence
 * proves the level. Where they do, the order in which the transactions ended is tried, and another that agrees with what is known:
 * one that makes no forbidden cycle proves the level too. What is left is `unknown`.
 */
import type { Budget } from '../budget.ts'
import type { CycleStep } from './anomaly.ts'
import type { BareCsr } from './csr.ts'
import type { Facts } from './facts.ts'
import type { LevelOrder } from './level.ts'
import { dependencyBetween } from './order-search/dependency-between.ts'
import { forbiddenWalk } from './order-search/forbidden-walk.ts'
import { KnownGraph } from './order-search/known-graph.ts'
import { type StrongBase, shapeOf } from './order-search/level-shape.ts'
import { topologicalOrder } from './order-search/topological.ts'

export type { StrongBase } from './order-search/level-shape.ts'

export type StrongDecision =
  | { readonly verdict: 'holds'; readonly algorithm: string }
  | { readonly verdict: 'violated'; readonly algorithm: string; readonly cycle: readonly CycleStep[] }
  | { readonly verdict: 'unknown'; readonly algorithm: string; readonly limit: 'time' | 'orders'; readonly reached: string }

/** Whether some order of the writes, which agrees with what was read, fulfils the condition of a level on dependencies (level.ts). */
export function decideStrong(facts: Facts, base: StrongBase, order: LevelOrder, budget: Budget): StrongDecision {
  const known = new KnownGraph(facts, shapeOf(base), order)
  const graph = known.arcs.rows(known.nodes)
  const walk = forbiddenWalk(known, graph, budget)
  if (walk === 'time')
    return { verdict: 'unknown', algorithm: 'dependency cycles', limit: 'time', reached: 'not all cycles were looked for' }
  if (walk !== null) return { verdict: 'violated', algorithm: 'dependency cycles', cycle: cycleOf(known, walk) }
  if (known.runs.count === 0) return { verdict: 'holds', algorithm: 'dependency cycles' }
  const algorithm = 'guessed orders'
  for (const guess of guesses(known, graph)) {
    if (budget.exhausted() !== null) return { verdict: 'unknown', algorithm, limit: 'time', reached: 'not all guesses were tried' }
    if (fulfils(facts, base, order, guess, budget)) return { verdict: 'holds', algorithm }
  }
  const open = known.runs.count.toLocaleString('en-US')
  const reached = `no forbidden cycle in what the reads show, but they leave the order of ${open} writes open, and no order that was tried fulfils the level`
  return { verdict: 'unknown', algorithm, limit: 'orders', reached }
}

/** By transaction: when its writes are to take their places. */
type Guess = (transaction: number) => number

/** @yields orders of the transactions in which a system is likely to have run them */
function* guesses(known: KnownGraph, graph: BareCsr): Generator<Guess> {
  const { table } = known.facts
  if (table.hasTimes) {
    yield (t) => (table.ended[t] === -1 ? Number.POSITIVE_INFINITY : (table.ended[t] as number))
    yield (t) => table.began[t] as number
  }
  const order = topologicalOrder(graph)
  if (order !== null) {
    const position = new Int32Array(known.nodes)
    for (const [i, node] of order.entries()) position[node] = i
    const { stride } = known.shape
    const commit = stride === 2 && !known.shape.hasLayers ? 1 : 0
    yield (t) => position[t * stride + commit] as number
  }
  yield (t) => t
}

function fulfils(facts: Facts, base: StrongBase, order: LevelOrder, guess: Guess, budget: Budget): boolean {
  const graph = new KnownGraph(facts, shapeOf(base), order)
  const { runs } = graph
  const when = (run: number): number => guess(facts.writer[runs.first[run] as number] as number)
  for (let key = 0; key + 1 < runs.runsFrom.length; key++) {
    const from = runs.runsFrom[key] as number
    const ordered = Array.from({ length: (runs.runsFrom[key + 1] as number) - from }, (_, i) => from + i).sort(
      (a, b) => when(a) - when(b) || a - b,
    )
    for (let i = 1; i < ordered.length; i++) graph.addOrder(ordered[i - 1] as number, ordered[i] as number)
  }
  return forbiddenWalk(graph, graph.arcs.rows(graph.nodes), budget) === null
}

/** The transactions of a walk that comes back to where it began, and what each of them depends on. */
function cycleOf(known: KnownGraph, walk: readonly number[]): CycleStep[] {
  const nodes = walk.filter((node) => known.transactionOf(node) !== -1)
  const { stride } = known.shape
  const steps: CycleStep[] = []
  for (const [i, node] of nodes.entries()) {
    const next = nodes[(i + 1) % nodes.length] as number
    const [from, to] = [known.transactionOf(node), known.transactionOf(next)]
    if (from !== to) steps.push({ transaction: from, ...dependencyBetween(known, from, node % stride, to, next % stride) })
  }
  return steps
}
