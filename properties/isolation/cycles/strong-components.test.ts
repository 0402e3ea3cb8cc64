import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BareEdgeList, type Csr, EdgeList } from './csr.ts'
import { isAcyclic, strongComponents } from './strong-components.ts'

interface Graph {
  readonly nodes: number
  readonly edges: readonly (readonly [from: number, to: number, kind: number])[]
}

/** From sparse ones, whose components are many, to dense ones, whose components are few. */
const graphs: fc.Arbitrary<Graph> = fc.integer({ min: 1, max: 9 }).chain((nodes) => {
  const node = fc.nat({ max: nodes - 1 })
  return fc.record({
    nodes: fc.constant(nodes),
    edges: fc.array(fc.tuple(node, node, fc.constantFrom(1, 2, 4)), { maxLength: 2 * nodes, size: 'max' }),
  })
})

function csrOf({ nodes, edges }: Graph): Csr {
  const list = new EdgeList()
  for (const [from, to, kind] of edges) list.add(from, to, kind, -1)
  return list.toCsr(nodes)
}

/** Whether a path of at least one edge leads from one node to another, by Warshall's algorithm. */
function closure({ nodes, edges }: Graph): boolean[][] {
  const reaches = Array.from({ length: nodes }, () => new Array<boolean>(nodes).fill(false))
  for (const [from, to] of edges) (reaches[from] as boolean[])[to] = true
  for (let via = 0; via < nodes; via++) {
    for (const row of reaches) {
      if (row[via]) for (const [to, reached] of (reaches[via] as boolean[]).entries()) row[to] ||= reached
    }
  }
  return reaches
}

function only({ nodes, edges }: Graph, kinds: number): Graph {
  return { nodes, edges: edges.filter(([, , kind]) => kind & kinds) }
}

/** Node i to i + 1, and from the last one back to the first. */
function ring(nodes: number): Csr {
  const list = new EdgeList(nodes)
  for (let node = 0; node < nodes; node++) list.add(node, (node + 1) % nodes, node === nodes - 1 ? 2 : 1, -1)
  return list.toCsr(nodes)
}

describe('strong components', () => {
  it('hold together exactly the nodes that reach each other', () => {
    fc.assert(
      fc.property(graphs, fc.constantFrom(1, 3, 5, 7), (graph, kinds) => {
        const { component, count } = strongComponents(csrOf(graph), kinds)
        const reaches = closure(only(graph, kinds))
        for (let a = 0; a < graph.nodes; a++) {
          for (let b = 0; b < graph.nodes; b++) {
            expect(component[a] === component[b]).toBe(a === b || Boolean(reaches[a]?.[b] && reaches[b]?.[a]))
          }
        }
        expect(new Set(component)).toEqual(new Set(Array.from({ length: count }, (_, i) => i)))
      }),
      { numRuns: 500 },
    )
  })

  it('are numbered in reverse topological order', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { component } = strongComponents(csrOf(graph))
        for (const [from, to] of graph.edges) expect(component[from]).toBeGreaterThanOrEqual(component[to] as number)
      }),
    )
  })

  it('tell their members and how many those are', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const found = strongComponents(csrOf(graph))
        for (let c = 0; c < found.count; c++) {
          const expected = [...found.component.keys()].filter((node) => found.component[node] === c)
          expect([...found.members(c)]).toEqual(expected)
          expect(found.size(c)).toBe(expected.length)
        }
      }),
    )
  })

  it('of a graph without kinds are those of all its edges', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const bare = new BareEdgeList()
        for (const [from, to] of graph.edges) bare.add(from, to)
        expect(strongComponents(bare.toCsr(graph.nodes)).component).toEqual(strongComponents(csrOf(graph)).component)
        expect(isAcyclic(bare.toCsr(graph.nodes))).toBe(isAcyclic(csrOf(graph)))
      }),
    )
  })

  it('of a ring of a million nodes are found without recursion', () => {
    const graph = ring(1_000_000)
    expect(strongComponents(graph).count).toBe(1)
    expect(strongComponents(graph, 1).count).toBe(1_000_000)
    expect(isAcyclic(graph)).toBe(false)
    expect(isAcyclic(graph, 1)).toBe(true)
  })

  it('of nothing are none', () => {
    expect(strongComponents(new EdgeList().toCsr(0)).count).toBe(0)
    expect(isAcyclic(new EdgeList().toCsr(0))).toBe(true)
  })
})

describe('a graph is acyclic', () => {
  it('exactly if no node reaches itself, by a loop neither', () => {
    fc.assert(
      fc.property(graphs, fc.constantFrom(1, 3, 5, 7), (graph, kinds) => {
        const reaches = closure(only(graph, kinds))
        expect(isAcyclic(csrOf(graph), kinds)).toBe(reaches.every((row, node) => !row[node]))
      }),
      { numRuns: 500 },
    )
  })
})
