/** A topological order that stays near the order of the numbers of the nodes, which of transactions is roughly the order of time. */
import type { BareCsr } from '../cycles/csr.ts'

/** The nodes in topological order, or null where the graph has a cycle. */
export function topologicalOrder({ nodes, from, to }: BareCsr): Int32Array | null {
  const incoming = new Int32Array(nodes)
  for (const node of to) incoming[node] = (incoming[node] as number) + 1
  const order = new Int32Array(nodes)
  const ready = new Int32Array(nodes)
  let found = 0
  for (let next = 0; next < nodes; next++) {
    if (incoming[next] !== 0) continue
    let waiting = 1
    ready[0] = next
    while (waiting > 0) {
      const node = ready[--waiting] as number
      order[found++] = node
      // Not to be found again when its turn comes.
      incoming[node] = -1
      for (let edge = from[node] as number; edge < (from[node + 1] as number); edge++) {
        const later = to[edge] as number
        incoming[later] = (incoming[later] as number) - 1
        // Those with higher numbers are found in their turn.
        if (incoming[later] === 0 && later < next) ready[waiting++] = later
      }
    }
  }
  return found === nodes ? order : null
}
