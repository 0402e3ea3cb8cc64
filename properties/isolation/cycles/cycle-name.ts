import type { AnomalyName, CycleStep } from '../anomaly.ts'
import { rt, rw, so, wr } from '../edge.ts'

/** What a cycle is called by the kinds of its edges. */
export function cycleName(cycle: readonly CycleStep[]): AnomalyName {
  const kinds = cycle.map(({ kind }) => kind)
  const antiDependencies = kinds.filter((kind) => kind === rw).length
  const suffix = kinds.includes(rt) ? '-realtime' : kinds.includes(so) ? '-session' : ''
  if (antiDependencies === 0) return `${kinds.includes(wr) ? 'G1c' : 'G0'}${suffix}`
  if (antiDependencies === 1) return `G-single${suffix}`
  if (kinds.every((kind, i) => kind !== rw || kinds.at(i - 1) !== rw)) return `G-nonadjacent${suffix}`
  return cycle.length === 2 && cycle[0]?.key !== cycle[1]?.key ? 'write-skew' : `G2-item${suffix}`
}
