/** The dependencies that a graph stands for, from transaction to transaction, whether through helper nodes or not. */
import type { DependencyGraph } from '../cycles/dependency-graph.ts'
import type { Edge, EdgeKind } from '../edge.ts'

/** Each once. */
export function dependenciesOf({ csr, transactions }: DependencyGraph): readonly Edge[] {
  const found = new Map<string, Edge>()
  for (let from = 0; from < transactions; from++) {
    for (let first = csr.from[from] as number; first < (csr.from[from + 1] as number); first++) {
      const kind = csr.kind[first] as EdgeKind
      const key = csr.key[first] as number
      const nodes = new Set([csr.to[first] as number])
      for (const node of nodes) {
        if (node < transactions) found.set(`${from} ${kind} ${key} ${node}`, { from, to: node, kind, key })
        else for (const next of csr.to.subarray(csr.from[node], csr.from[node + 1])) nodes.add(next)
      }
    }
  }
  return [...found.values()]
}
