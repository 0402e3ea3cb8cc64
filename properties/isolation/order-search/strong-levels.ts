/**
 * The levels that are NP-complete to decide where the order of the writes is not known (Biswas and Enea, On the complexity of checking
 * transactional consistency, OOPSLA 2019): sound and complete decisions with a witness or a proof, `unknown` only at a limit.
 */
import { type Budget, withinLimits } from '../../budget.ts'
import { invariant } from '../../errors.ts'
import type { Facts } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import { fulfils } from './fulfils.ts'
import { type StrongBase, shapeOf } from './level-shape.ts'
import { type OrderProof, renumbered } from './proof.ts'
import { prove } from './prove.ts'
import { type RestrictedFacts, Restrictions } from './restrict-facts.ts'
import { type SearchOptions, type SearchViolated, searchOrders } from './search.ts'
import { shrink } from './shrink.ts'
import { supportOf } from './support.ts'

export type { StrongBase } from './level-shape.ts'
export type { OrderProof } from './proof.ts'

export type StrongDecision = StrongHolds | StrongViolated | StrongUnknown

export interface StrongHolds {
  readonly verdict: 'holds'
  /** What decided: dependencies that are known, orders of writes that follow from them, or a search. */
  readonly algorithm: string
  /** An order of the writes of each key that fulfils the level: of each slot its place among those of its key, from 0. */
  readonly orders: Int32Array
}

export interface StrongViolated {
  readonly verdict: 'violated'
  readonly algorithm: string
  /** Why. That can take longer than the decision, and ends with what there is where a limit is reached. */
  evidence(): StrongEvidence
}

export interface StrongEvidence {
  /** Transactions that are violated by themselves, in order of their numbers. */
  readonly core: Int32Array
  /** Whether the core passes if any one of them is left out; else there was no time to tell. */
  readonly isMinimal: boolean
  /** About the transactions of the core only. */
  readonly proof: OrderProof
}

export interface StrongUnknown {
  readonly verdict: 'unknown'
  readonly algorithm: string
  readonly limit: 'time' | 'memory'
  /** How far it came, in words. */
  readonly reached: string
}

/** Of the time that is left, for the core and for its proof. */
const evidenceShare = 0.3
/** For each of the two: seconds, and how often the time that the search took; and seconds at most. */
const evidenceSeconds = 0.5
const evidenceFactor = 3
const evidenceSecondsMax = 5
/** Transactions beyond which no core is sought among all of them. */
const wholeMax = 100_000

/**
 * Whether some order of the writes of each key, which agrees with what was read, fulfils the condition of the level (level.ts) on
 * dependencies. What makes no dependencies, such as reads of aborted writes, is not looked at here.
 */
export function decideStrong(
  facts: Facts,
  base: StrongBase,
  order: LevelOrder,
  budget: Budget,
  options: SearchOptions = {},
): StrongDecision {
  const started = performance.now()
  const end = searchOrders(facts, base, order, budget, options)
  switch (end.verdict) {
    case 'holds': {
      const checked = withinLimits(() => fulfils(facts, base, order, end.ranks, budget))
      invariant('limit' in checked || checked.value, 'the search ends with orders that close no forbidden walk')
      return { verdict: 'holds', algorithm: end.algorithm, orders: end.ranks }
    }
    case 'violated': {
      const seconds = Math.min(evidenceSecondsMax, evidenceSeconds + (evidenceFactor * (performance.now() - started)) / 1000)
      return {
        verdict: 'violated',
        algorithm: end.algorithm,
        evidence: () => evidence(facts, base, order, budget, seconds, end),
      }
    }
    case 'unknown':
      return end
  }
}

function evidence(facts: Facts, base: StrongBase, order: LevelOrder, budget: Budget, seconds: number, end: SearchViolated): StrongEvidence {
  const whole = new Restrictions(facts)
  const coreBudget = budget.part(evidenceShare, seconds)
  const isViolated = (part: RestrictedFacts): boolean => searchOrders(part.facts, base, order, coreBudget).verdict === 'violated'
  const all = Int32Array.from(facts.happened.keys()).filter((t) => facts.happened[t] === 1)
  const searched: OrderProof = { kind: 'searched', conflicts: end.conflicts }
  const { violation } = end
  const found = violation && withinLimits(() => whole.to(supportOf(end.graph, end.found, whole, violation, coreBudget)))
  const support = found !== null && 'value' in found && isViolated(found.value) ? found.value : null
  if (support === null && all.length > wholeMax) return { core: all, isMinimal: false, proof: searched }
  const start = support ?? whole.to(all)
  const parts = new Restrictions(start.facts)
  const { part, isMinimal } = shrink(
    Int32Array.from(start.transactions.keys()),
    (transactions) => isViolated(parts.to(transactions)),
    coreBudget,
  )
  const core = parts.to(part)
  const transactions = core.transactions.map((t) => start.transactions[t] as number)
  const keys = core.keys.map((key) => start.keys[key] as number)
  const proof = prove(core.facts, shapeOf(base), order, budget.part(evidenceShare, seconds))
  return { core: transactions, isMinimal, proof: proof === null ? searched : renumbered(proof, transactions, keys) }
}
