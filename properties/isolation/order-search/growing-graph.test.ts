import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ArcList } from './arc-list.ts'
import { GrowingGraph } from './growing-graph.ts'
import { topologicalOrder } from './topological.ts'

const nodes = 9

/** Which nodes the arcs lead to from each. */
function reachedBy(arcs: readonly (readonly [number, number])[], from: number): Set<number> {
  const reached = new Set([from])
  for (const node of reached) for (const [tail, head] of arcs) if (tail === node) reached.add(head)
  return reached
}

const arc = fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1))
const change = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), arc }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('shrink' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
)

describe('a growing graph', () => {
  it('refuses arcs that close a cycle and no others, keeps an order, and tells what reaches what', () => {
    fc.assert(
      fc.property(fc.array(arc, { maxLength: 8 }), fc.array(change, { maxLength: 30 }), (drawn, changes) => {
        const known = drawn.filter(([tail, head]) => tail < head)
        const list = new ArcList()
        for (const [tail, head] of known) list.add(tail, head)
        const order = topologicalOrder(list.rows(nodes)) as Int32Array
        const graph = new GrowingGraph(list.rows(nodes), list.rows(nodes, list.length, true), order)
        const added: [number, number][] = []
        for (const one of changes) {
          if (one.kind === 'shrink') {
            added.length = Math.floor(one.share * added.length)
            graph.shrinkTo(added.length)
          } else {
            const [tail, head] = one.arc
            const closes = reachedBy([...known, ...added], head).has(tail)
            expect(graph.add(tail, head, added.length)).toBe(!closes)
            if (!closes) added.push([tail, head])
          }
          const all = [...known, ...added]
          expect(graph.added).toBe(added.length)
          expect(Array.from(graph.place).sort((a, b) => a - b)).toEqual(Array.from({ length: nodes }, (_, i) => i))
          for (const [tail, head] of all) expect(graph.place[tail]).toBeLessThan(graph.place[head] as number)
          for (let from = 0; from < nodes; from++) {
            const reached = reachedBy(all, from)
            for (let to = 0; to < nodes; to++) expect(graph.reaches(from, to)).toBe(reached.has(to))
          }
        }
      }),
      { numRuns: 150 },
    )
  })

  it('explains a walk by as few costly labels as there can be', () => {
    const list = new ArcList()
    list.add(0, 1)
    const graph = new GrowingGraph(list.rows(5), list.rows(5, list.length, true), Int32Array.of(0, 1, 2, 3, 4))
    for (const [i, [tail, head]] of (
      [
        [1, 2],
        [2, 3],
        [3, 4],
        [1, 4],
      ] as const
    ).entries())
      graph.add(tail, head, i)
    expect(graph.labelsOfWalk(0, 4, () => 1)).toEqual([3])
    expect(graph.labelsOfWalk(0, 4, (label) => (label === 3 ? 1 : 0)).sort()).toEqual([0, 1, 2])
  })

  it('says which nodes have moved, until that is forgotten', () => {
    const list = new ArcList()
    const graph = new GrowingGraph(list.rows(3), list.rows(3, 0, true), Int32Array.of(0, 1, 2))
    const moved = (): number[] => Array.from(graph.moved.at.subarray(0, graph.moved.length)).sort()
    graph.add(0, 1, 0)
    expect(moved()).toEqual([])
    graph.add(2, 0, 1)
    const first = moved()
    expect(first).toContain(2)
    graph.forgetMoves()
    expect(moved()).toEqual([])
    graph.add(1, 2, 2)
    expect(graph.added).toBe(2)
  })
})
