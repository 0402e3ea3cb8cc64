import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rt, so, wr, ww } from '../edge.ts'
import type { Facts } from '../facts.ts'
import { shapedFacts } from '../testing/weak-levels-facts.ts'
import {
  closure,
  extraRelation,
  knownOrder,
  type Relation,
  readRelation,
  sessionRelation,
  timeRelation,
  union,
} from '../testing/weak-levels-literal.ts'
import { baseEdges } from './saturate-base.ts'

const facts = shapedFacts({ count: 8, keys: 3, readsMax: 2, writesMax: 4, heavy: 0 })

function reached(all: Facts, kinds: number): Relation {
  const { nodes, edges } = baseEdges(all, kinds)
  const { from, to } = edges.toCsr(nodes)
  return closure(nodes, (s, t) => to.subarray(from[s], from[s + 1]).includes(t))
}

describe('the known dependencies', () => {
  const relations: readonly (readonly [string, number, (all: Facts) => Relation])[] = [
    ['reads', wr, readRelation],
    ['orders of writes', ww, knownOrder],
    ['session order', so, (all) => union(sessionRelation(all), extraRelation(all, so))],
    ['real-time order', rt, (all) => union(timeRelation(all), extraRelation(all, rt))],
    ['all', ww | wr | so | rt, (all) => union(readRelation(all), knownOrder(all), sessionRelation(all), timeRelation(all))],
  ]

  it.each(relations)('reach what the whole relations reach: %s', (_, kinds, relation) => {
    fc.assert(
      fc.property(facts, (all) => {
        const { count } = all.table
        const [found, expected] = [reached(all, kinds), closure(count, relation(all))]
        for (let s = 0; s < count; s++) for (let t = 0; t < count; t++) expect(found(s, t), `${s} ${t}`).toBe(expected(s, t))
      }),
      { numRuns: 300 },
    )
  })

  it('have a number of edges that grows only with that of the transactions, reads and writes', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const { nodes, edges } = baseEdges(all, ww | wr | so | rt)
        const { count } = all.table
        expect(nodes).toBeLessThanOrEqual(2 * count)
        expect(edges.length).toBeLessThanOrEqual(all.readSlot.length + all.slots + count + 3 * count + all.extra.length)
      }),
    )
  })
})
