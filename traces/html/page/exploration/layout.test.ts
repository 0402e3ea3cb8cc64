import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StateGraph, StateNode } from '../../document.ts'
import { layOut } from './layout.ts'

const node = (id: number, depth: number): StateNode => ({ id, depth, text: '', isInitial: depth === 0, isOnTrace: false, isBad: false })
const edge = (from: number, to: number) => ({ from, to, text: '', isOnTrace: false })

describe('the layout of a graph', () => {
  it('has a line for each depth, and no two states in one place', () => {
    const graphs = fc.array(fc.nat(5), { minLength: 1, maxLength: 40 }).chain((depths) =>
      fc.record({
        nodes: fc.constant(depths.map((depth, id) => node(id, depth))),
        edges: fc.array(fc.tuple(fc.nat(depths.length - 1), fc.nat(depths.length - 1)).map(([from, to]) => edge(from, to))),
      }),
    )
    fc.assert(
      fc.property(graphs, (graph) => {
        const placed = layOut(graph)
        expect(new Set(placed.map(({ x, y }) => `${x} ${y}`)).size).toBe(graph.nodes.length)
        for (const [i, { depth }] of graph.nodes.entries())
          for (const [j, other] of graph.nodes.entries()) expect((placed[i]?.y ?? 0) < (placed[j]?.y ?? 0)).toBe(depth < other.depth)
      }),
      { seed: 2026 },
    )
  })

  it('crosses no edges where two chains need not cross', () => {
    const graph: Pick<StateGraph, 'nodes' | 'edges'> = {
      nodes: [node(0, 0), node(1, 0), node(2, 1), node(3, 1)],
      edges: [edge(0, 3), edge(1, 2)],
    }
    const [a, b, c, d] = layOut(graph).map(({ x }) => x)
    expect(Math.sign((a ?? 0) - (b ?? 0))).toBe(Math.sign((d ?? 0) - (c ?? 0)))
  })
})
