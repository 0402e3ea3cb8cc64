/** Proofs that a few transactions are not at a level: what follows from what is known, then a case at a time. */
import { type Budget, withinLimits } from '../../budget.ts'
import type { Facts } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import type { LevelShape } from './level-shape.ts'
import type { OrderProof } from './proof.ts'
import type { ProofEdge, SlotOrder } from './proof-edges.ts'
import { ProofState } from './proof-state.ts'

/** Transactions beyond which a proof of every dependency by itself takes too much. */
const transactionsMax = 400
/** Cases in cases, and all cases that are tried. */
const depthMax = 100
const casesMax = 2000
/** Pairs that are tried for the next case. */
const candidatesMax = 40

/** @returns null if there is no proof, or none that is short enough */
export function prove(facts: Facts, shape: LevelShape, order: LevelOrder, budget: Budget): OrderProof | null {
  if (facts.table.count > transactionsMax) return null
  const proof = withinLimits(() => refute(ProofState.of(facts, shape, order, budget), facts, { cases: casesMax, budget }, depthMax))
  return 'value' in proof ? proof.value : null
}

interface Effort {
  cases: number
  readonly budget: Budget
}

function refute(state: ProofState, facts: Facts, effort: Effort, depth: number): OrderProof | null {
  const done = follow(state, facts, effort)
  if (done !== null) return done
  if (depth === 0) return null
  const split = bestSplit(state, facts, effort)
  if (split === null) return null
  const [before, after] = split.states
  const ifBefore = split.proofs[0] ?? refute(before, facts, effort, depth - 1)
  const ifAfter = ifBefore && (split.proofs[1] ?? refute(after, facts, effort, depth - 1))
  return ifAfter && eitherOf(split.pair, facts, ifBefore as OrderProof, ifAfter)
}

/** Adds all orders that follow, until there is a contradiction; null if there comes none. */
function follow(state: ProofState, facts: Facts, effort: Effort): OrderProof | null {
  for (;;) {
    const cycle = state.forbiddenCycle()
    if (cycle !== null) return state.proof(cycle)
    const forced: { readonly order: SlotOrder; readonly otherwise: readonly ProofEdge[] }[] = []
    let shortest: readonly [SlotOrder, readonly ProofEdge[], readonly ProofEdge[]] | null = null
    for (const pair of state.open) {
      const before = state.refusal(pair)
      const after = state.refusal(turned(pair))
      if (before !== null && after !== null) {
        if (shortest === null || before.length + after.length < shortest[1].length + shortest[2].length) shortest = [pair, before, after]
      } else if (before !== null) forced.push({ order: turned(pair), otherwise: before })
      else if (after !== null) forced.push({ order: pair, otherwise: after })
    }
    if (shortest !== null) return eitherOf(shortest[0], facts, state.proof(shortest[1]), state.proof(shortest[2]))
    if (forced.length === 0 || effort.budget.exhausted()) return null
    for (const { order, otherwise } of forced) state.force(order, otherwise)
  }
}

interface Split {
  readonly pair: SlotOrder
  readonly states: readonly [ProofState, ProofState]
  /** Where a case is refuted without further cases. */
  readonly proofs: readonly [OrderProof | null, OrderProof | null]
}

/** The pair of which most cases are refuted at once, and then the one that leaves the fewest pairs open. */
function bestSplit(state: ProofState, facts: Facts, effort: Effort): Split | null {
  let best: Split | null = null
  for (const pair of state.open.slice(0, candidatesMax)) {
    if (--effort.cases < 0 || effort.budget.exhausted()) return null
    const states = [state.copy(), state.copy()] as const
    states[0].assume(pair)
    states[1].assume(turned(pair))
    const split: Split = { pair, states, proofs: [follow(states[0], facts, effort), follow(states[1], facts, effort)] }
    if (split.proofs[0] !== null && split.proofs[1] !== null) return split
    if (best === null || cost(split) < cost(best)) best = split
  }
  return best
}

function cost({ states, proofs }: Split): number {
  return Math.max(...states.map(({ open }, i) => (proofs[i] === null ? open.length : 0))) + (proofs.includes(null) ? 1 : 0)
}

function turned({ key, first, second }: SlotOrder): SlotOrder {
  return { key, first: second, second: first }
}

function eitherOf(pair: SlotOrder, { writer }: Facts, ifBefore: OrderProof, ifAfter: OrderProof): OrderProof {
  return { kind: 'either', key: pair.key, first: writer[pair.first] as number, second: writer[pair.second] as number, ifBefore, ifAfter }
}
