/** A cycle of dependencies as a contradiction in words. */
import type { CycleStep } from '../anomaly.ts'
import type { Edge } from '../edge.ts'
import type { Cast } from './explain-cast.ts'
import { type Reason, reasonOf } from './explain-edges.ts'
import type { Scene } from './explain-orders.ts'

export interface ReasonedEdge extends Edge, Reason {}

/** The edges of a cycle, the last one back to its beginning, with their reasons. */
export function reasonedEdges(scene: Scene, cycle: readonly CycleStep[]): ReasonedEdge[] {
  return reasonedPath(scene, cycle, (cycle[0] as CycleStep).transaction)
}

/** The edges of a path that the last edge leads to an end of. */
export function reasonedPath(scene: Scene, path: readonly CycleStep[], end: number): ReasonedEdge[] {
  return path.map(({ transaction: from, kind, key }, i) => {
    const edge: Edge = { from, to: path[i + 1]?.transaction ?? end, kind, key }
    return { ...edge, ...reasonOf(scene, edge) }
  })
}

/** `T1 < T2, because ...`, the last one with the contradiction. */
export function cycleSentences(cast: Cast, edges: readonly ReasonedEdge[]): string[] {
  return edges.map(({ from, to, text }, i) => {
    const claim = `${cast.name(from)} < ${cast.name(to)}, because ${text}`
    return i === edges.length - 1 ? `However, ${claim}: a contradiction.` : `${claim}.`
  })
}
