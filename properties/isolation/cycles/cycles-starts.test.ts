import { describe, expect, it } from 'vitest'
import { so, wr, ww } from '../edge.ts'
import { EdgeList } from './csr.ts'
import type { CyclicPart } from './cycles-part.ts'
import { startEdges } from './cycles-starts.ts'

/** Pairs of nodes, each a component of a ww edge there and another edge back. */
function pairs(count: number, back: (pair: number) => number): CyclicPart {
  const list = new EdgeList()
  for (let pair = 0; pair < count; pair++) {
    list.add(2 * pair, 2 * pair + 1, ww, -1)
    list.add(2 * pair + 1, 2 * pair, back(pair), -1)
  }
  return { graph: list.toCsr(2 * count), transactions: 2 * count, original: new Int32Array(2 * count) }
}

const inside = (node: number): number => node >> 1

describe('edges to start from', () => {
  it('are one of each component first, of the kinds to be read first', () => {
    const part = pairs(5, () => wr)
    const { edges, distinct } = startEdges({ part, first: wr, required: [], inside, components: 5 })
    expect(edges.slice(0, distinct)).toEqual([1, 3, 5, 7, 9])
    expect(edges.slice(distinct)).toEqual([1, 3, 5, 7, 9])
  })

  it('are of components that have all that is required', () => {
    const part = pairs(5, (pair) => (pair === 3 ? so : wr))
    const { edges } = startEdges({ part, first: ww, required: [so], inside, components: 5 })
    expect([...new Set(edges)]).toEqual([6])
    expect(startEdges({ part, first: ww, required: [so, wr], inside, components: 5 }).edges).toEqual([])
  })

  it('are none of those outside of components', () => {
    const part = pairs(5, () => wr)
    const question = { part, first: ww, required: [], inside: (node: number) => (node < 4 ? -1 : node >> 1), components: 5 }
    expect([...new Set(startEdges(question).edges)]).toEqual([4, 6, 8])
  })

  it('are some of many, from all over', () => {
    const part = pairs(10_000, () => wr)
    const { edges, distinct } = startEdges({ part, first: ww, required: [], inside, components: 10_000 })
    expect(edges.length).toBeLessThan(400)
    const samples = edges.slice(distinct)
    expect(samples.length).toBeGreaterThanOrEqual(128)
    const gaps = new Set(samples.slice(1).map((edge, i) => edge - (samples[i] as number)))
    expect(gaps.size).toBe(1)
    expect(samples.at(-1)).toBeGreaterThan(20_000 - 2 * (20_000 / 128))
  })
})
