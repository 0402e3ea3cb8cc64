import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget } from '../../budget.ts'
import type { Facts } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import { arbitraryFacts } from '../testing/arbitrary-facts.ts'
import type { SearchOptions } from './search.ts'
import { decideStrong, type StrongBase, type StrongDecision } from './strong-levels.ts'
import { checkEvidence, isProven } from './testing/check-evidence.ts'
import { arbitraryCrossing, crossingFacts } from './testing/crossing-facts.ts'
import { fulfilsLiterally, literalOrders } from './testing/literal-levels.ts'

const bases: readonly StrongBase[] = [
  'prefix',
  'parallel-snapshot-isolation',
  'snapshot-isolation',
  'update-serializable',
  'repeatable-read',
  'serializable',
]
const orders: readonly LevelOrder[] = ['none', 'session', 'real-time']
const variants = bases.flatMap((base) => orders.map((order) => ({ base, order })))

function decide(facts: Facts, base: StrongBase, order: LevelOrder, options: SearchOptions = {}): StrongDecision {
  return decideStrong(facts, base, order, new Budget({ seconds: 60 }), options)
}

const searches: readonly (readonly [string, SearchOptions])[] = [
  ['with all parts', {}],
  ['without a likely order', { guesses: false }],
  ['without inference', { infers: false, guesses: false }],
  ['without stronger variants', { strengthens: false }],
  ['by the search alone', { infers: false, strengthens: false, guesses: false }],
]

describe('strong levels', () => {
  describe.each(searches)('%s', (_, options) => {
    it.each(variants)('$base ($order) is decided as all orders of the writes decide it', ({ base, order }) => {
      fc.assert(
        fc.property(arbitraryFacts({ transactionsMax: 5, writes: 6 }), (facts) => {
          const decision = decide(facts, base, order, options)
          expect(decision.verdict).toBe(literalOrders(facts, base, order) === null ? 'violated' : 'holds')
        }),
        { numRuns: 150 },
      )
    })
  })

  it('come with an order of the writes that fulfils them, or with a core and a proof', () => {
    fc.assert(
      fc.property(arbitraryFacts({ transactionsMax: 6, writes: 5 }), fc.constantFrom(...variants), (facts, { base, order }) => {
        checkEvidence(facts, base, order, decide(facts, base, order))
        checkEvidence(facts, base, order, decide(facts, base, order, { infers: false, strengthens: false }))
      }),
      { numRuns: 1000 },
    )
  })

  it('are decided alike by all parts where blind writes cross, with orders and proofs that hold good', () => {
    const found = { holds: 0, violated: 0, byCases: 0 }
    fc.assert(
      fc.property(arbitraryCrossing(30), fc.constantFrom(...variants), ({ options, seed }, { base, order }) => {
        const facts = crossingFacts(options, seed)
        const decisions = searches.map(([, parts]) => decide(facts, base, order, parts))
        const [{ verdict }] = decisions as [StrongDecision]
        expect(decisions.map((decision) => decision.verdict)).toEqual(searches.map(() => verdict))
        for (const decision of decisions) {
          if (decision.verdict === 'holds') expect(fulfilsLiterally(facts, base, order, decision.orders)).toBe(true)
          if (decision.verdict !== 'violated') continue
          const evidence = decision.evidence()
          expect(isProven(facts, base, order, evidence)).toBe(true)
          if (evidence.proof.kind === 'either') found.byCases++
        }
        if (verdict !== 'unknown') found[verdict]++
      }),
      { numRuns: 120 },
    )
    expect(Math.min(...Object.values(found))).toBeGreaterThan(10)
  })

  it.each(['serializable', 'snapshot-isolation', 'prefix'] as const)('%s is decided in time of 1,000 crossing transactions', (base) => {
    const kinds = [0, 1, 20].map((stalePercent) => {
      const facts = crossingFacts({ transactions: 1000, keys: 6, sessions: 8, stalePercent, lag: 4 }, 3)
      const decision = decide(facts, base, 'session')
      if (decision.verdict === 'violated') expect(isProven(facts, base, 'session', decision.evidence())).toBe(true)
      return decision.verdict
    })
    expect(kinds).not.toContain('unknown')
  })
})
