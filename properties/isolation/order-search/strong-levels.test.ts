import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget } from '../../budget.ts'
import type { Facts } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import { arbitraryFacts } from '../testing/arbitrary-facts.ts'
import type { SearchOptions } from './search.ts'
import { decideStrong, type StrongBase, type StrongDecision } from './strong-levels.ts'
import { checkEvidence } from './testing/check-evidence.ts'
import { literalOrders } from './testing/literal-levels.ts'

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

describe('strong levels', () => {
  const searches: readonly (readonly [string, SearchOptions])[] = [
    ['with all parts', {}],
    ['without a likely order', { guesses: false }],
    ['without inference', { infers: false, guesses: false }],
    ['without stronger variants', { strengthens: false }],
    ['by the search alone', { infers: false, strengthens: false, guesses: false }],
  ]
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
})
