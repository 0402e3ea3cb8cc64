/** Where searches for cycles of a class begin: at one edge in each component that can have such a cycle, and at some more. */
import type { CyclicPart } from './cycles-part.ts'

/** Of how many components at most one edge is taken. */
const componentsMax = 64
/** How many edges more are taken, evenly among all: at least this many, where there are, and less than twice as many. */
const samplesMin = 128

export interface StartQuestion {
  readonly part: CyclicPart
  /** Kinds of the edges to start from. */
  readonly first: number
  /** Kinds that the component must have an edge of each of. */
  readonly required: readonly number[]
  /** The component that an edge is inside of, or -1. */
  inside(node: number, edge: number): number
  /** How many components there are. */
  readonly components: number
}

export interface StartEdges {
  readonly edges: readonly number[]
  /** The first so many are of different components. */
  readonly distinct: number
}

export function startEdges({ part, first, required, inside, components }: StartQuestion): StartEdges {
  const { graph, transactions } = part
  const forEach = (kinds: number, visit: (edge: number, component: number) => void): void => {
    for (let node = 0; node < transactions; node++) {
      for (let edge = graph.from[node] as number; edge < (graph.from[node + 1] as number); edge++) {
        if (!((graph.kind[edge] as number) & kinds)) continue
        const component = inside(node, edge)
        if (component !== -1) visit(edge, component)
      }
    }
  }
  const missing = new Uint8Array(components).fill(required.reduce((all, kind) => all | kind, 0))
  if (required.length > 0) {
    forEach(missing[0] as number, (edge, component) => {
      missing[component] = (missing[component] as number) & ~(graph.kind[edge] as number)
    })
  }
  const isTaken = new Uint8Array(components)
  const distinct: number[] = []
  let samples: number[] = []
  let stride = 1
  let seen = 0
  forEach(first, (edge, component) => {
    if (missing[component] !== 0) return
    if (isTaken[component] === 0 && distinct.length < componentsMax) {
      isTaken[component] = 1
      distinct.push(edge)
    }
    if (seen++ % stride !== 0) return
    samples.push(edge)
    if (samples.length < 2 * samplesMin) return
    samples = samples.filter((_, i) => i % 2 === 0)
    stride *= 2
  })
  return { edges: [...distinct, ...samples], distinct: distinct.length }
}
