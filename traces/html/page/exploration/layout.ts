/** Places the states of a graph: one line a depth, and in a line near those that lead there (Sugiyama, Tagawa, Toda 1981, barycenters). */
import type { StateGraph } from '../../document.ts'

export interface Placed {
  readonly x: number
  readonly y: number
}

const gapX = 26
const gapY = 54
/** More sweeps change little. */
const sweeps = 6

/** @returns where each node stands, in the order of the nodes */
export function layOut({ nodes, edges }: Pick<StateGraph, 'nodes' | 'edges'>): readonly Placed[] {
  const lines: number[][] = []
  for (const [i, { depth }] of nodes.entries()) {
    const line = lines[depth] ?? []
    line.push(i)
    lines[depth] = line
  }
  const x = nodes.map(() => 0)
  const spread = (line: readonly number[] | undefined): void => {
    for (const [i, node] of (line ?? []).entries()) x[node] = (i - ((line?.length ?? 1) - 1) / 2) * gapX
  }
  for (const line of lines) spread(line)
  const neighbours = neighboursOf(nodes.length, edges)
  for (let sweep = 0; sweep < sweeps; sweep++)
    for (const line of sweep % 2 === 0 ? lines : lines.toReversed()) {
      if (line === undefined) continue
      const centre = new Map(line.map((node) => [node, mean(neighbours[node] ?? [], x) ?? x[node] ?? 0]))
      line.sort((a, b) => (centre.get(a) ?? 0) - (centre.get(b) ?? 0))
      spread(line)
    }
  return nodes.map(({ depth }, i) => ({ x: x[i] ?? 0, y: depth * gapY }))
}

function neighboursOf(nodes: number, edges: StateGraph['edges']): number[][] {
  const neighbours = Array.from({ length: nodes }, (): number[] => [])
  for (const { from, to } of edges) {
    neighbours[from]?.push(to)
    neighbours[to]?.push(from)
  }
  return neighbours
}

function mean(nodes: readonly number[], x: readonly number[]): number | null {
  if (nodes.length === 0) return null
  return nodes.reduce((sum, node) => sum + (x[node] ?? 0), 0) / nodes.length
}
