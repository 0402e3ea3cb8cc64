import type { KnownGraph } from './known-graph.ts'
import type { NodePairs } from './level-shape.ts'

/** Of each node of a transaction the one that follows it in its session, in the same layer; transactions that only read are passed over. */
export function sessionsAsChains({ facts, nodes, order, shape, readsOnly }: KnownGraph): Int32Array {
  const { happened, table } = facts
  const successor = new Int32Array(nodes).fill(-1)
  const link = (pairs: NodePairs, u: number, v: number, offset: number): void => {
    for (let i = 0; i < pairs.length; i += 2) {
      const next = pairs[i + 1] as number
      if (pairs[i] === offset && shape.isSource[next]) successor[u * shape.stride + offset] = v * shape.stride + next
    }
  }
  for (let offset = 0; offset < shape.stride; offset++) {
    if (!shape.isSource[offset]) continue
    const latest = new Int32Array(table.sessions.length).fill(-1)
    for (let t = 0; t < table.count; t++) {
      if (!happened[t]) continue
      link(shape.inner, t, t, offset)
      const session = table.session[t] as number
      if (order === 'none' || session === -1 || (readsOnly[t] && offset === 0)) continue
      const previous = latest[session] as number
      if (previous !== -1) link(shape.dep[0], previous, t, offset)
      latest[session] = t
    }
  }
  return successor
}
