import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget } from '../../budget.ts'
import { infer } from '../inference/infer.ts'
import { tableOf } from '../table/table-builder.ts'
import { arbitraryFacts } from '../testing/arbitrary-facts.ts'
import { generateTransactions, type LargeOptions } from '../testing/generate-large.ts'
import { KnownGraph } from './known-graph.ts'
import { type StrongBase, shapeOf } from './level-shape.ts'
import { likelyOrder } from './likely-order.ts'
import { decideStrong } from './strong-levels.ts'
import { topologicalOrder } from './topological.ts'

describe('a likely order', () => {
  it.each(['serializable', 'snapshot-isolation', 'prefix', 'parallel-snapshot-isolation', 'update-serializable'] as const)(
    'has each node once, and after those before it: %s',
    (base) => {
      fc.assert(
        fc.property(arbitraryFacts({ transactionsMax: 8, writes: 8 }), fc.constantFrom('none', 'session', 'real-time'), (facts, order) => {
          const graph = new KnownGraph(facts, shapeOf(base), order)
          const rows = graph.arcs.rows(graph.nodes)
          fc.pre(topologicalOrder(rows) !== null)
          const places = new Map(Array.from(likelyOrder(graph, rows), (node, place) => [node, place]))
          expect([...places.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: graph.nodes }, (_, node) => node))
          const { from, to, length } = graph.arcs
          for (let arc = 0; arc < length; arc++)
            expect(places.get(from[arc] as number)).toBeLessThan(places.get(to[arc] as number) as number)
        }),
        { numRuns: 200 },
      )
    },
  )

  const stores: readonly (readonly [StrongBase, LargeOptions['isolation']])[] = [
    ['serializable', 'serializable'],
    ['serializable', 'stale'],
    ['snapshot-isolation', 'snapshot'],
  ]
  it.each(stores)('is one that fulfils %s where the store is %s', (base, isolation) => {
    const { facts } = infer(tableOf([...generateTransactions({ kind: 'register', count: 5000, ...(isolation && { isolation }) })]))
    const decision = decideStrong(facts, base, 'none', new Budget())
    expect(decision).toMatchObject({ verdict: 'holds', algorithm: 'likely order of writes' })
  })
})
