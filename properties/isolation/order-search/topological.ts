/** Topological orders. */
import type { BareCsr } from '../cycles/csr.ts'

/** The nodes in an order in which no arc leads back; `null` if there is none. */
export function topologicalOrder({ nodes, from, to }: BareCsr): Int32Array | null {
  const incoming = new Int32Array(nodes)
  for (let arc = 0; arc < to.length; arc++) incoming[to[arc] as number] = (incoming[to[arc] as number] as number) + 1
  const order = new Int32Array(nodes)
  let found = 0
  for (let node = 0; node < nodes; node++) if (incoming[node] === 0) order[found++] = node
  for (let done = 0; done < found; done++) {
    const node = order[done] as number
    const end = from[node + 1] as number
    for (let arc = from[node] as number; arc < end; arc++) {
      const next = to[arc] as number
      const left = (incoming[next] as number) - 1
      incoming[next] = left
      if (left === 0) order[found++] = next
    }
  }
  return found === nodes ? order : null
}
