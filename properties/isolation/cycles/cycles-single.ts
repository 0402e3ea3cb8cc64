/**
 * Which anti-dependencies close a cycle that has no other: those whose target reaches their source by other edges alone. It is asked of all of
 * them, 32 targets in one pass over the part of the graph between these targets and the sources. Since components are numbered
 * nearly by time, and an anti-dependency that may close a cycle is between transactions of about the same time, that part is
 * mostly small.
 */

import { rw } from '../edge.ts'
import type { CyclicPart } from './cycles-part.ts'
import type { StrongComponents } from './strong-components.ts'

export interface SingleQuestion {
  readonly part: CyclicPart
  /** The edges that the path back may have; not rw. */
  readonly kinds: number
  /** The components that those make. */
  readonly components: StrongComponents
  /** The components that they make together with rw edges. */
  readonly closed: StrongComponents
  /** Kinds of which the path back must have an edge; 0: none. */
  readonly required: number
}

/** @param found called with each such edge, until it returns false; with a requirement, the path back may come to a transaction twice */
export function singleAntiDependencies(question: SingleQuestion, found: (edge: number) => boolean): void {
  const { required, components } = question
  const { to } = question.part.graph
  const lineup = lineUp(question)
  const { place } = lineup
  const { edges, sources } = candidatesOf(question, place)
  const fulfils = required === 0 ? null : withInnerEdge(question, place)
  // Of each place: which of the 32 targets lead to it, and which of them by a required edge.
  const reached = new Int32Array(components.count)
  const fulfilled = required === 0 ? reached : new Int32Array(components.count)
  const bits = new Int32Array(edges.length)
  for (let done = 0; done < edges.length; ) {
    // Candidates come in falling order of the places of their targets; edges to the same place share a bit.
    const first = done
    const high = place[to[edges[first] as number] as number] as number
    let low = high
    let last = -1
    for (let bit = -1; done < edges.length; done++) {
      const start = place[to[edges[done] as number] as number] as number
      if (start !== last && ++bit === 32) break
      last = start
      bits[done] = 1 << bit
      reached[start] = (reached[start] as number) | (1 << bit)
      low = Math.min(low, place[sources[done] as number] as number)
    }
    spread(question, lineup, reached, fulfilled, fulfils, low, high)
    for (let i = first; i < done; i++) {
      const isClosed = (fulfilled[place[sources[i] as number] as number] as number) & (bits[i] as number)
      if (isClosed && !found(edges[i] as number)) return
    }
    reached.fill(0, low, high + 1)
    fulfilled.fill(0, low, high + 1)
  }
}

/** The components in a row: those inside one closed component together, and edges inside of it lead to lower places. */
interface Lineup {
  /** Of each node: the place of its component. */
  readonly place: Int32Array
  /** All nodes, by place. */
  readonly nodes: Int32Array
  /** Bounds of the places in `nodes`. */
  readonly from: Int32Array
}

function lineUp({ part, components, closed }: SingleQuestion): Lineup {
  const { component, count } = components
  const closedOf = new Int32Array(count)
  for (let node = 0; node < part.graph.nodes; node++) closedOf[component[node] as number] = closed.component[node] as number
  const next = new Int32Array(closed.count + 1)
  for (let c = 0; c < count; c++) (next[(closedOf[c] as number) + 1] as number)++
  for (let c = 0; c < closed.count; c++) next[c + 1] = (next[c] as number) + (next[c + 1] as number)
  const place = new Int32Array(part.graph.nodes)
  const nodes = new Int32Array(part.graph.nodes)
  const from = new Int32Array(count + 1)
  const placeOf = new Int32Array(count)
  for (let c = 0; c < count; c++) {
    const at = (next[closedOf[c] as number] as number)++
    placeOf[c] = at
    from[at + 1] = components.size(c)
  }
  for (let at = 0; at < count; at++) from[at + 1] = (from[at] as number) + (from[at + 1] as number)
  const filled = from.slice()
  for (let node = 0; node < part.graph.nodes; node++) {
    const at = placeOf[component[node] as number] as number
    place[node] = at
    nodes[(filled[at] as number)++] = node
  }
  return { place, nodes, from }
}

/** From the places with bits to those that they lead to, down to the lowest of interest. */
function spread(
  { part, kinds, closed, required }: SingleQuestion,
  { place, nodes, from: membersFrom }: Lineup,
  reached: Int32Array,
  fulfilled: Int32Array,
  fulfils: Uint8Array | null,
  low: number,
  high: number,
): void {
  const { from, to, kind } = part.graph
  for (let at = high; at >= low; at--) {
    const all = reached[at] as number
    if (all === 0) continue
    if (fulfils?.[at] === 1) fulfilled[at] = all
    const better = fulfilled[at] as number
    for (let i = membersFrom[at] as number; i < (membersFrom[at + 1] as number); i++) {
      const node = nodes[i] as number
      for (let edge = from[node] as number; edge < (from[node + 1] as number); edge++) {
        const target = to[edge] as number
        const next = place[target] as number
        if (!((kind[edge] as number) & kinds) || next === at || next < low || closed.component[target] !== closed.component[node]) continue
        reached[next] = (reached[next] as number) | all
        fulfilled[next] = (fulfilled[next] as number) | ((kind[edge] as number) & required ? all : better)
      }
    }
  }
}

/** The rw edges whose target may reach their source, with their sources, in falling order of the places of their targets. */
function candidatesOf({ part, components, closed }: SingleQuestion, place: Int32Array): { edges: Int32Array; sources: Int32Array } {
  const { nodes, from, to, kind } = part.graph
  const mayClose = (source: number, edge: number): boolean => {
    const target = to[edge] as number
    return (
      kind[edge] === rw && closed.component[source] === closed.component[target] && (place[target] as number) >= (place[source] as number)
    )
  }
  // Where the next candidate into each place goes.
  const next = new Int32Array(components.count + 1)
  for (let node = 0; node < nodes; node++) {
    for (let edge = from[node] as number; edge < (from[node + 1] as number); edge++) {
      if (mayClose(node, edge)) (next[place[to[edge] as number] as number] as number)++
    }
  }
  let total = 0
  for (let at = components.count - 1; at >= 0; at--) {
    const here = next[at] as number
    next[at] = total
    total += here
  }
  const edges = new Int32Array(total)
  const sources = new Int32Array(total)
  for (let node = 0; node < nodes; node++) {
    for (let edge = from[node] as number; edge < (from[node + 1] as number); edge++) {
      if (!mayClose(node, edge)) continue
      const i = (next[place[to[edge] as number] as number] as number)++
      edges[i] = edge
      sources[i] = node
    }
  }
  return { edges, sources }
}

/** Of each place: 1 if a required edge is inside its component. */
function withInnerEdge({ part, components, required }: SingleQuestion, place: Int32Array): Uint8Array {
  const { nodes, from, to, kind } = part.graph
  const has = new Uint8Array(components.count)
  for (let node = 0; node < nodes; node++) {
    for (let edge = from[node] as number; edge < (from[node + 1] as number); edge++) {
      if ((kind[edge] as number) & required && place[node] === place[to[edge] as number]) has[place[node] as number] = 1
    }
  }
  return has
}
