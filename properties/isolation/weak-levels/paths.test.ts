import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rt, so, wr, ww } from '../edge.ts'
import { factsOf } from '../testing/facts-of.ts'
import { shapedFacts } from '../testing/weak-levels-facts.ts'
import { knownOrder, type Relation, readRelation, sessionRelation, timeRelation, union } from '../testing/weak-levels-literal.ts'
import { flawsOf } from '../testing/weak-levels-proof.ts'
import { Paths } from './paths.ts'
import { ForcedOrders } from './saturate-orders.ts'
import { writtenSlots } from './saturate-written.ts'

/** How many steps of a relation lead from one to another, at least one; infinitely many where none do. */
function distance(count: number, relation: Relation, source: number, target: number): number {
  let reached = new Set([source])
  for (let steps = 1; steps <= count; steps++) {
    const before = reached
    reached = new Set(Array.from({ length: count }, (_, t) => t).filter((t) => [...before].some((s) => relation(s, t))))
    if (reached.has(target)) return steps
  }
  return Number.POSITIVE_INFINITY
}

describe('a shortest path', () => {
  it('is as short as the whole relations make it, each search on its own', () => {
    fc.assert(
      fc.property(shapedFacts({ count: 7, keys: 3, readsMax: 2, writesMax: 4, heavy: 0 }), (facts) => {
        const { count } = facts.table
        const paths = new Paths(facts, writtenSlots(facts), ww | wr | so | rt, new ForcedOrders(facts))
        const relation = union(readRelation(facts), knownOrder(facts), sessionRelation(facts), timeRelation(facts))
        const happened = (t: number): boolean => facts.happened[t] === 1
        for (let s = 0; s < count; s++)
          for (let t = 0; t < count; t++) {
            if (!happened(s) || !happened(t)) continue
            const path = paths.shortest(s, t)
            expect(path?.length ?? Number.POSITIVE_INFINITY).toBe(distance(count, relation, s, t))
            // A path to its own beginning is a cycle, whose edges can be checked as those of a proof.
            if (s !== t || path === null) continue
            expect(flawsOf(facts, 'read-committed', 'real-time', { holds: false, proof: 'cycle', cycle: path, forced: [] })).toEqual([])
          }
      }),
      { numRuns: 200 },
    )
  })

  it('goes only through the transactions that it may go through', () => {
    fc.assert(
      fc.property(
        shapedFacts({ count: 7, keys: 3, readsMax: 2, writesMax: 4, heavy: 0 }),
        fc.array(fc.nat({ max: 1 }), { minLength: 7, maxLength: 7 }),
        (facts, groups) => {
          const paths = new Paths(facts, writtenSlots(facts), ww | wr | so | rt, new ForcedOrders(facts))
          const component = Int32Array.from(groups, (group, t) => group * (facts.happened[t] as number))
          const all = union(readRelation(facts), knownOrder(facts), sessionRelation(facts), timeRelation(facts))
          const relation: Relation = (s, t) => component[s] === 1 && component[t] === 1 && all(s, t)
          for (const s of groups.keys())
            for (const t of groups.keys()) {
              if (component[s] !== 1 || component[t] !== 1) continue
              const path = paths.shortest(s, t, { component, number: 1 })
              expect(path?.length ?? Number.POSITIVE_INFINITY).toBe(distance(7, relation, s, t))
            }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('is found by few looks at each transaction, however many follow it', () => {
    const count = 400
    const transactions = Array.from({ length: count }, (_, t) => ({ session: 'a', began: 2 * t, ended: 2 * t + 1 }))
    const facts = factsOf({ transactions, keys: { x: { order: [...transactions.keys()] } } })
    const paths = new Paths(facts, writtenSlots(facts), ww | wr | so | rt, new ForcedOrders(facts))
    expect(paths.shortest(0, 0)).toBeNull()
    expect(paths.looks).toBeLessThan(4 * count)
  })
})
