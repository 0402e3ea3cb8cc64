import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rw, so, wr, ww } from '../edge.ts'
import { type Csr, EdgeList } from './csr.ts'
import { sourceOf } from './cycles.ts'
import type { CyclicPart } from './cycles-part.ts'
import { singleAntiDependencies } from './cycles-single.ts'
import { strongComponents } from './strong-components.ts'

type Line = readonly [from: number, to: number, kind: number]

function csrOf(nodes: number, lines: readonly Line[]): Csr {
  const list = new EdgeList()
  for (const [from, to, kind] of lines) list.add(from, to, kind, -1)
  return list.toCsr(nodes)
}

function found(graph: Csr, kinds: number, required: number, max = Number.POSITIVE_INFINITY): number[] {
  const part: CyclicPart = { graph, transactions: graph.nodes, original: Int32Array.from({ length: graph.nodes }, (_, node) => node) }
  const all: number[] = []
  const question = { part, kinds, components: strongComponents(graph, kinds), closed: strongComponents(graph, kinds | rw), required }
  singleAntiDependencies(question, (edge) => all.push(edge) < max)
  return all
}

/** By going along all edges from the target, remembering for each node whether a required edge was on the way. */
function expected(graph: Csr, kinds: number, required: number): number[] {
  return [...graph.to.keys()].filter((first) => {
    if (graph.kind[first] !== rw) return false
    const reached = new Set([`${graph.to[first]} ${required === 0}`])
    for (const at of reached) {
      const [node, has] = at.split(' ') as [string, string]
      for (let edge = graph.from[Number(node)] as number; edge < (graph.from[Number(node) + 1] as number); edge++) {
        const kind = graph.kind[edge] as number
        if (kind & kinds) reached.add(`${graph.to[edge]} ${has === 'true' || (kind & required) !== 0}`)
      }
    }
    return reached.has(`${sourceOf(first, graph.from)} true`)
  })
}

function sorted(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b)
}

describe('anti-dependencies that close a cycle by themselves', () => {
  it('are exactly those whose target reaches their source, with a required edge if one is asked for', () => {
    const node = fc.nat({ max: 11 })
    const lines = fc.array(fc.tuple(node, node, fc.constantFrom(ww, wr, rw, rw, so)), { maxLength: 30, size: 'max' })
    const questions = fc.constantFrom([ww | wr, 0], [ww | wr | so, 0], [ww | wr | so, so])
    let some = 0
    fc.assert(
      fc.property(lines, questions, (all, [kinds, required]) => {
        const graph = csrOf(
          12,
          all.filter(([from, to]) => from !== to),
        )
        const answer = sorted(found(graph, kinds as number, required as number))
        if (answer.length > 0) some++
        expect(answer).toEqual(expected(graph, kinds as number, required as number))
      }),
      { numRuns: 1000 },
    )
    expect(some).toBeGreaterThan(100)
  })

  it('are found among many more targets than are asked about at once, across long distances', () => {
    const size = 300
    // A path forwards; each node is read back from by one before it, or by one after it, which closes a cycle.
    const path = Array.from({ length: size - 1 }, (_, t): Line => [t, t + 1, ww])
    const back = Array.from({ length: size }, (_, t): Line => [t, (7 * t) % size, rw])
    const graph = csrOf(size, [...path, ...back.filter(([from, to]) => from !== to)])
    const closing = found(graph, ww | wr, 0)
    expect(sorted(closing)).toEqual(expected(graph, ww | wr, 0))
    expect(closing.length).toBeGreaterThan(64)
  })

  it('are told apart from those that only might, in a large component', () => {
    const size = 400
    const node = fc.nat({ max: size - 1 })
    const forwards = fc.array(fc.tuple(node, fc.integer({ min: 1, max: 40 })), { minLength: 500, maxLength: 500 })
    const around = fc.array(fc.tuple(node, fc.integer({ min: -100, max: 100 })), { minLength: 1200, maxLength: 1200 })
    fc.assert(
      fc.property(forwards, around, (near, reads) => {
        const writes = near.map(([from, step]): Line => [from, Math.min(from + step, size - 1), ww])
        const graph = csrOf(
          size,
          [...writes, ...reads.map(([from, step]): Line => [from, Math.max(0, Math.min(from + step, size - 1)), rw])].filter(
            ([from, to]) => from !== to,
          ),
        )
        expect(sorted(found(graph, ww, 0))).toEqual(expected(graph, ww, 0))
      }),
      { numRuns: 20 },
    )
  })

  it('are told of until that is enough', () => {
    const graph = csrOf(4, [
      [0, 1, ww],
      [1, 0, rw],
      [2, 3, ww],
      [3, 2, rw],
      [3, 2, rw],
    ])
    expect(found(graph, ww, 0)).toHaveLength(3)
    expect(found(graph, ww, 0, 2)).toHaveLength(2)
  })
})
