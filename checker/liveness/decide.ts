/**
 * Decides properties of whole executions (`eventually`, `leadsTo`, `alwaysEventually`, `stabilizes`) after a search that
 * saw every state. Each is violated iff some fair execution owes something for ever, that is, iff the graph has a lasso:
 * a stem that leads to a fair component in which the execution can stay and owe.
 *
 * Fairness is that of TLA+ (Lamport, Specifying Systems, 2002, chapter 8): an execution may stutter anywhere for ever, unless
 * that passes over a fair unit.
 */
import type { Remembered } from '../engine/remembered.ts'
import { isLiveness, type LivenessKind, type LivenessProperty, requireJudgement } from '../language/properties.ts'
import type { Limit, Progress } from '../result.ts'
import { isOutOfMemory } from '../search/limits.ts'
import type { Exploration, Search } from '../search/search.ts'
import { fairComponents } from './fair-components.ts'
import { buildGraph, graphBytes, type StateGraph } from './graph.ts'
import { Loops } from './loops.ts'
import { type Monitor, Stems } from './stems.ts'

/** A counterexample, as instances of actions. */
export interface Lasso {
  readonly property: string
  readonly kind: LivenessKind
  readonly initial: number
  readonly stem: readonly number[]
  /** Repeated for ever; nothing at all where the execution stops. */
  readonly loop: readonly number[]
}

export interface Liveness {
  /** What ended the work before every property was decided. */
  readonly limit: Limit | null
  /** Per property that was decided, a counterexample, or `null` where it holds. */
  readonly decided: ReadonlyMap<string, Lasso | null>
  readonly graphBytes: number
}

/**
 * Decides all liveness properties of a program; the exploration must have been complete.
 * @param size looks at the states before this number only: a lasso among them is one; that there is none says nothing
 */
export function* decideLiveness(
  search: Search,
  exploration: Exploration,
  size: number = search.space.table.size,
): Generator<Progress, Liveness, void> {
  const decided = new Map<string, Lasso | null>()
  const claims = claimsOf(search)
  let bytes = 0
  try {
    const graph = yield* buildGraph(
      search,
      exploration,
      claims.flatMap(({ tests }) => tests),
      size,
    )
    if (typeof graph === 'string') return { limit: graph, decided, graphBytes: 0 }
    bytes = graphBytes(graph)
    const { limits } = search
    for (const [i, claim] of claims.entries()) {
      const first = claims.slice(0, i).reduce((sum, { tests }) => sum + tests.length, 0)
      const run = decide(graph, claim, graph.satisfied.slice(first, first + claim.tests.length), limits.reserve)
      for (let next = run.next(); ; next = run.next()) {
        const limit = limits.exceeded()
        if (limit !== null) return { limit, decided, graphBytes: bytes }
        if (next.done) {
          decided.set(claim.property, next.value)
          break
        }
        const [distinct, seconds, memoryBytes] = [graph.size, limits.seconds(), limits.memoryBytes()]
        yield { distinct, generated: exploration.generated, frontier: 0, depth: exploration.depth, seconds, memoryBytes }
      }
    }
  } catch (error) {
    if (!isOutOfMemory(error)) throw error
    return { limit: 'memory', decided, graphBytes: bytes }
  }
  return { limit: null, decided, graphBytes: bytes }
}

interface Claim {
  readonly property: string
  readonly kind: LivenessKind
  /** What satisfies it, and before that, for a `leadsTo`, what asks for it. */
  readonly tests: readonly Remembered<boolean>[]
}

function claimsOf({ space: { machine } }: Search): Claim[] {
  return [...machine.program.properties].flatMap(([property, definition]) => {
    if (!isLiveness(definition)) return []
    const { kind, from, check } = definition
    const test = (asked: LivenessProperty['check']): Remembered<boolean> =>
      machine.predicate(`property ${property}`, () => requireJudgement(asked(machine.view), kind) === true)
    return [{ property, kind, tests: from === null ? [test(check)] : [test(from), test(check)] }]
  })
}

function* decide(
  graph: StateGraph,
  { property, kind }: Claim,
  satisfied: readonly Uint8Array[],
  reserve: (bytes: number) => void,
): Generator<void, Lasso | null, void> {
  const [goal, from] = [satisfied.at(-1) as Uint8Array, satisfied[0] as Uint8Array]
  const owes = (state: number): boolean => goal[state] === 0
  const stems = (): Stems => new Stems(graph, monitorOf(kind, goal, from), reserve)
  // Where the whole space is of interest, paths are only needed for a counterexample.
  const early = kind === 'eventually' || kind === 'leadsTo' ? stems() : null
  const region = early?.region() ?? (kind === 'stabilizes' ? new Uint8Array(graph.size).fill(1) : goal.map((bit) => 1 - bit))
  const wanted = kind === 'stabilizes' ? owes : () => true
  const components = yield* fairComponents(graph, { region, wanted, reserve })
  if (!components.some((number) => number < 0)) return null
  const paths = early ?? stems()
  const loops = new Loops({ graph, components, wanted, reserve })
  const lassos = paths
    .nearest((state) => (components[state] as number) < 0, entriesMax)
    .map((state) => ({ state, loop: loops.through(state) }))
    .sort((a, b) => a.loop.length - b.loop.length)
  const { state, loop } = lassos[0] as { state: number; loop: number[] }
  const { initial, instances: stem } = paths.to(state)
  return { property, kind, initial, stem, loop }
}

/** Of equally near states to begin a loop in, so many are tried. */
const entriesMax = 8

function monitorOf(kind: LivenessKind, goal: Uint8Array, from: Uint8Array): Monitor {
  switch (kind) {
    case 'eventually':
      return (_, state) => (goal[state] === 1 ? -1 : 1)
    case 'leadsTo':
      return (phase, state) => (goal[state] === 1 ? 0 : phase === 1 || from[state] === 1 ? 1 : 0)
    case 'alwaysEventually':
    case 'stabilizes':
      return () => 1
  }
}
