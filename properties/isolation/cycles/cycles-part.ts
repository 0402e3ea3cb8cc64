/** The part of a dependency graph that cycles can be in: its strong components of more than one node, which are usually none. */
import { type Csr, EdgeList } from './csr.ts'
import type { DependencyGraph } from './dependency-graph.ts'
import { strongComponents } from './strong-components.ts'

/**
 * Marks the kind of an edge from a helper node here: what leads into the helper nodes has been followed, and this is only the rest of it.
 * Every mask of kinds that is used on a cyclic part has it.
 */
export const through = 32

export interface CyclicPart {
  readonly graph: Csr
  /** Its first nodes are transactions; those from here on are helper nodes. */
  readonly transactions: number
  /** Of each node: the one that it is in the whole graph. */
  readonly original: Int32Array
}

/** @returns null if there are no cycles */
export function cyclicPart({ csr, transactions }: DependencyGraph): CyclicPart | null {
  const { component, count, from } = strongComponents(csr)
  if (count === csr.nodes) return null
  const part = new Int32Array(csr.nodes).fill(-1)
  let nodes = 0
  let inside = 0
  for (let node = 0; node < csr.nodes; node++) {
    const c = component[node] as number
    if ((from[c + 1] as number) - (from[c] as number) === 1) continue
    part[node] = nodes++
    if (node < transactions) inside = nodes
  }
  const original = new Int32Array(nodes)
  const edges = new EdgeList()
  for (let node = 0; node < csr.nodes; node++) {
    const at = part[node] as number
    if (at === -1) continue
    original[at] = node
    for (let edge = csr.from[node] as number; edge < (csr.from[node + 1] as number); edge++) {
      const target = csr.to[edge] as number
      if (component[target] !== component[node]) continue
      const kind = csr.kind[edge] as number
      edges.add(at, part[target] as number, node < transactions ? kind : kind | through, csr.key[edge] as number)
    }
  }
  return { graph: edges.toCsr(nodes), transactions: inside, original }
}
