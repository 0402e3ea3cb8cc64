import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BareEdgeList, EdgeList } from './csr.ts'

const edges = fc.array(fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 6 }), fc.constantFrom(1, 2, 4, 8, 16), fc.integer({ min: -1, max: 9 })), {
  maxLength: 80,
  size: 'max',
})

describe('a graph in compressed rows', () => {
  it('has every edge with its kind and key, those of a node together and in the order in which they were added', () => {
    fc.assert(
      fc.property(edges, (all) => {
        const list = new EdgeList(0)
        for (const edge of all) list.add(...edge)
        expect(list.length).toBe(all.length)
        const { nodes, from, to, kind, key } = list.toCsr(7)
        const found = Array.from({ length: nodes }, (_, node) =>
          Array.from(to.subarray(from[node], from[node + 1]), (target, i) => {
            const edge = (from[node] as number) + i
            return [node, target, kind[edge], key[edge]]
          }),
        )
        expect(found).toEqual(Array.from({ length: 7 }, (_, node) => all.filter(([source]) => source === node)))
      }),
    )
  })

  it('is the same shape without kinds and keys', () => {
    fc.assert(
      fc.property(edges, (all) => {
        const list = new EdgeList()
        const bare = new BareEdgeList(0)
        for (const edge of all) list.add(...edge)
        for (const [from, to] of all) bare.add(from, to)
        expect(bare.length).toBe(all.length)
        const { nodes, from, to } = list.toCsr(9)
        expect(bare.toCsr(9)).toEqual({ nodes, from, to })
      }),
    )
  })

  it('refuses an edge from a node that it does not have', () => {
    const list = new EdgeList()
    list.add(3, 0, 1, -1)
    expect(() => list.toCsr(3)).toThrow('every edge leaves one of 3 nodes')
  })
})
