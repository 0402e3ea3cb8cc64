import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BareEdgeList } from '../cycles/csr.ts'
import { isAcyclic } from '../cycles/strong-components.ts'
import { topologicalOrder } from './saturate-topology.ts'

type Pairs = readonly (readonly [number, number])[]

function graphOf(nodes: number, pairs: Pairs) {
  const edges = new BareEdgeList()
  for (const [from, to] of pairs) edges.add(from, to)
  return edges.toCsr(nodes)
}

const graphs = fc
  .integer({ min: 1, max: 12 })
  .chain((nodes) =>
    fc.tuple(fc.constant(nodes), fc.array(fc.tuple(fc.nat({ max: nodes - 1 }), fc.nat({ max: nodes - 1 })), { maxLength: 14 })),
  )

describe('a topological order', () => {
  it('has every node after those that lead to it, unless there is a cycle', () => {
    fc.assert(
      fc.property(graphs, ([nodes, pairs]) => {
        const order = topologicalOrder(graphOf(nodes, pairs))
        expect(order !== null).toBe(isAcyclic(graphOf(nodes, pairs)))
        if (order === null) return
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: nodes }, (_, node) => node))
        for (const [from, to] of pairs) expect(order.indexOf(from)).toBeLessThan(order.indexOf(to))
      }),
      { numRuns: 1000 },
    )
  })

  it('is that of the numbers where it can be', () => {
    expect([
      ...(topologicalOrder(
        graphOf(5, [
          [0, 4],
          [1, 2],
          [0, 3],
        ]),
      ) as Int32Array),
    ]).toEqual([0, 1, 2, 3, 4])
    expect([
      ...(topologicalOrder(
        graphOf(5, [
          [3, 0],
          [0, 1],
        ]),
      ) as Int32Array),
    ]).toEqual([2, 3, 0, 1, 4])
  })
})
