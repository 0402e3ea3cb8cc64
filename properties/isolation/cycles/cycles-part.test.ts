import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rt, rw, wr, ww } from '../edge.ts'
import { factsOf } from '../testing/facts-of.ts'
import { cyclicPart, through } from './cycles-part.ts'
import { dependencyGraph, startCommitGraph } from './dependency-graph.ts'
import { isAcyclic } from './strong-components.ts'

describe('the cyclic part of a graph', () => {
  it('is nothing where there is no cycle', () => {
    const facts = factsOf({ transactions: 3, keys: { x: { order: [0, 1, 2] } } })
    expect(cyclicPart(dependencyGraph(facts, { order: 'none' }))).toBeNull()
  })

  it('has what is on a cycle, with kinds and keys, and knows what it was', () => {
    const facts = factsOf({ transactions: 6, keys: { x: { order: [5, 2, 3] }, y: { order: [4, 3, 2] }, z: { order: [1, 0, 5] } } })
    const part = cyclicPart(dependencyGraph(facts, { order: 'none' }))
    expect([...(part?.original ?? [])]).toEqual([2, 3])
    expect(part?.transactions).toBe(2)
    expect(part?.graph).toEqual({
      nodes: 2,
      from: Int32Array.of(0, 1, 2),
      to: Int32Array.of(1, 0),
      kind: Uint8Array.of(ww, ww),
      key: Int32Array.of(0, 1),
    })
  })

  it('tells what comes from helper nodes from what leads into them', () => {
    const facts = factsOf({
      transactions: [
        { began: 0, ended: 1 },
        { began: 2, ended: 3 },
        { began: 4, ended: 5 },
      ],
      keys: { x: { order: [1, 0] } },
    })
    const part = cyclicPart(dependencyGraph(facts, { order: 'real-time' }))
    expect([...(part?.original ?? [])].slice(0, 2)).toEqual([0, 1])
    expect(part?.transactions).toBe(2)
    expect([...(part?.graph.kind ?? [])]).toEqual([rt, ww, rt | through])
  })

  it('has as much of snapshot isolation as the whole, also where anti-dependencies go through helper nodes', () => {
    const all = Array.from({ length: 16 }, (_, t) => t)
    const node = fc.constantFrom(...all)
    const readers = fc.shuffledSubarray(all, { minLength: 6 })
    const others = fc.array(fc.record({ from: node, to: node, kind: fc.constantFrom(ww, wr, rw), key: fc.constant(1) }), {
      maxLength: 12,
      size: 'max',
    })
    const seen = { fine: 0, broken: 0 }
    fc.assert(
      fc.property(readers, others, (reading, extra) => {
        const reads = reading.map((t) => [t, 'x', null] as const)
        const whole = dependencyGraph(factsOf({ transactions: 16, keys: { x: { unplaced: all.slice(8) } }, reads, extra }), {
          order: 'none',
        })
        expect(whole.csr.nodes).toBeGreaterThan(whole.transactions)
        const isFine = isAcyclic(startCommitGraph(whole.csr, whole.transactions, ww | wr | rw))
        const part = cyclicPart(whole)
        if (part === null) return
        seen[isFine ? 'fine' : 'broken']++
        expect(isAcyclic(startCommitGraph(part.graph, part.transactions, ww | wr | rw | through))).toBe(isFine)
      }),
      { numRuns: 500 },
    )
    expect(Math.min(seen.fine, seen.broken)).toBeGreaterThan(20)
  })
})
