/**
 * The cycles among the dependencies of a history, by class (cycles-class.ts) and by the names that some of them have. Almost all histories
 * have none, which one pass for strong components tells; all else looks only at the components that have cycles.
 *
 * What is found is a simple cycle of its class in any case. G0, G1c and G-single are found exactly if there is one. So is every other class,
 * and every variant of a class, unless a stronger class, or the same or a stronger class with less of session and real-time order, is there
 * too: then the level that it would violate is violated anyway, and a bounded search looks for it. That one finds all there is in small
 * histories, but not always in large ones, since to tell whether a graph has a simple cycle through two given nodes is NP-complete
 * (Fortune, Hopcroft and Wyllie, The directed subgraph homeomorphism problem, TCS 10, 1980).
 *
 * A variant is told of beside the class without it: it may have another cause, and is sometimes shorter.
 *
 * The dependencies are those that every order of the writes has which agrees with what was read, each to the next write that is known: a
 * cycle by a later write is told of as one by way of the next, which can be of a stronger class. What is certain by cases only, a
 * cycle in one order and another in the other, has no name here: it is found when a level is decided. A long fork is of two keys, in each
 * of which one reader saw the write that the other one missed.
 */
import { Budget } from '../../budget.ts'
import type { Anomaly, AnomalyName, CycleStep, CycleVariant, PatternName } from '../anomaly.ts'
import { rt, rw, so, wr, ww } from '../edge.ts'
import type { Facts } from '../facts.ts'
import { CycleSearch, direct } from './cycles.ts'
import { type CycleAutomaton, classOfCycle, cycleAutomaton, type PatternEdge, patternAutomaton } from './cycles-class.ts'
import { type CyclicPart, cyclicPart, through } from './cycles-part.ts'
import { singleAntiDependencies } from './cycles-single.ts'
import { type StartEdges, startEdges } from './cycles-starts.ts'
import { type DependencyOptions, dependencyGraph, startCommitGraph } from './dependency-graph.ts'
import { type StrongComponents, strongComponents } from './strong-components.ts'

export interface CycleOptions extends DependencyOptions {
  /** How many cycles of each name there may be at most; 3, unless told. */
  readonly cyclesMax?: number
  /** Where it is used up, some that there are may not be found. */
  readonly budget?: Budget
}

/** Those without session and real-time order first, the strongest class first, and of each name the shortest cycle first. */
export function cycleAnomalies(facts: Facts, options: CycleOptions): readonly Anomaly[] {
  const part = cyclicPart(dependencyGraph(facts, options))
  if (part === null) return []
  const finder = new CycleFinder(part, options.cyclesMax ?? 3, options.budget ?? new Budget())
  const found = finder.find('', 0, [])
  if (options.order !== 'none') found.push(...finder.find('-session', so, [so]))
  if (options.order === 'real-time') found.push(...finder.find('-realtime', so | rt, [rt]))
  return found
}

/** How many edges the searches for one name look at, once they have tried each component. */
const effortMax = 1_000_000
/** How many searches there are for one name, where each would find a cycle. */
const searchesMax = 256

class CycleFinder {
  readonly #part: CyclicPart
  readonly #search: CycleSearch
  readonly #cyclesMax: number
  readonly #budget: Budget

  constructor(part: CyclicPart, cyclesMax: number, budget: Budget) {
    this.#part = part
    this.#search = new CycleSearch(part)
    this.#cyclesMax = cyclesMax
    this.#budget = budget
  }

  /**
   * @param order kinds of edges besides ww, wr and rw
   * @param required those of which each cycle must have an edge
   */
  find(variant: CycleVariant, order: number, required: readonly number[]): Anomaly[] {
    const { graph } = this.#part
    const dependencies = ww | wr | order | through
    const writes = ww | order | through
    const all = this.#components(dependencies | rw)
    if (all.count === graph.nodes) return []
    const single = this.#components(dependencies)
    const hasCycles = single.count < graph.nodes
    const found = [
      ...(hasCycles ? this.#withoutAntiDependencies(`G0${variant}`, this.#components(writes), writes, required, required[0] ?? ww) : []),
      ...(hasCycles ? this.#withoutAntiDependencies(`G1c${variant}`, single, dependencies, [wr, ...required], wr) : []),
      ...this.#single(`G-single${variant}`, single, all, dependencies, required),
      ...this.#nonadjacent(`G-nonadjacent${variant}`, all.component, dependencies, required),
      ...this.#adjacent(`G2-item${variant}`, all, dependencies, required),
    ]
    for (const [name, edges] of Object.entries(patterns) as [PatternName, readonly PatternEdge[]][])
      found.push(...this.#pattern(`${name}${variant}`, patternAutomaton(edges, order, required[0]), all.component))
    return found
  }

  #withoutAntiDependencies(
    name: AnomalyName,
    components: StrongComponents,
    kinds: number,
    required: readonly number[],
    first: number,
  ): Anomaly[] {
    const starts = startEdges({ part: this.#part, first, required, ...this.#within(components) })
    return this.#collect(name, cycleAutomaton('none', kinds, required), components.component, starts)
  }

  #single(
    name: AnomalyName,
    components: StrongComponents,
    closed: StrongComponents,
    kinds: number,
    required: readonly number[],
  ): Anomaly[] {
    const automaton = cycleAutomaton('one', kinds, required)
    const found = new Found(name, this.#cyclesMax)
    const limit = this.#search.spent + effortMax
    let searches = 0
    singleAntiDependencies({ part: this.#part, kinds, components, closed, required: required[0] ?? 0 }, (edge) => {
      found.add(this.#search.through(edge, automaton, closed.component))
      return ++searches < searchesMax && this.#search.spent < limit && !found.isEnough && this.#budget.exhausted() === null
    })
    return found.anomalies
  }

  /** Closed walks without adjacent anti-dependencies are in the components of the graph of starts and commits. */
  #nonadjacent(name: AnomalyName, closed: Int32Array, kinds: number, required: readonly number[]): Anomaly[] {
    const { graph, transactions } = this.#part
    const { component, count } = strongComponents(startCommitGraph(graph, transactions, kinds | rw))
    if (count === component.length) return []
    const inside = (node: number, edge: number): number => {
      const isRw = graph.kind[edge] === rw
      const target = graph.to[edge] as number
      const from = component[isRw ? 2 * node : 2 * node + 1] as number
      return from === component[isRw && target < transactions ? 2 * target + 1 : 2 * target] ? from : -1
    }
    const starts = startEdges({ part: this.#part, first: rw, required, inside, components: count })
    return this.#collect(name, cycleAutomaton('nonadjacent', kinds, required), closed, starts)
  }

  #adjacent(name: AnomalyName, components: StrongComponents, kinds: number, required: readonly number[]): Anomaly[] {
    const { graph, transactions } = this.#part
    const { component } = components
    const within = this.#within(components)
    const isFollowed = new Uint8Array(graph.nodes).fill(1, transactions)
    for (let node = 0; node < transactions; node++) {
      for (let edge = graph.from[node] as number; edge < (graph.from[node + 1] as number); edge++) {
        if (graph.kind[edge] === rw && within.inside(node, edge) !== -1) isFollowed[node] = 1
      }
    }
    const insideFollowed = (node: number, edge: number): number =>
      graph.kind[edge] === rw && isFollowed[graph.to[edge] as number] === 0 ? -1 : within.inside(node, edge)
    const question = { part: this.#part, first: rw, required, ...within }
    const found = this.#collect(
      name,
      cycleAutomaton('adjacent', kinds, required),
      component,
      startEdges({ ...question, inside: insideFollowed }),
    )
    return found.length > 0 ? found : this.#collect(name, cycleAutomaton('some', kinds, required), component, startEdges(question))
  }

  #pattern(name: AnomalyName, automaton: CycleAutomaton, closed: Int32Array): Anomaly[] {
    const { graph, transactions } = this.#part
    const found = new Found(name, this.#cyclesMax)
    const limit = this.#search.spent + effortMax
    for (let node = 0; node < transactions; node++) {
      for (let edge = graph.from[node] as number; edge < (graph.from[node + 1] as number); edge++) {
        if (graph.kind[edge] !== rw || closed[node] !== closed[graph.to[edge] as number]) continue
        found.add(this.#search.through(edge, automaton, closed))
        if (found.isEnough || this.#search.spent > limit || this.#budget.exhausted() !== null) return found.anomalies
      }
    }
    return found.anomalies
  }

  #collect(name: AnomalyName, automaton: CycleAutomaton, component: Int32Array, { edges, distinct }: StartEdges): Anomaly[] {
    const found = new Found(name, this.#cyclesMax)
    const limit = this.#search.spent + effortMax
    for (const [i, edge] of edges.entries()) {
      if (found.isEnough || (i >= distinct && this.#search.spent > limit) || this.#budget.exhausted() !== null) break
      found.add(this.#search.through(edge, automaton, component))
    }
    return found.anomalies
  }

  #components(kinds: number): StrongComponents {
    return strongComponents(this.#part.graph, kinds, this.#part.transactions)
  }

  #within({ component, count }: StrongComponents): { inside(node: number, edge: number): number; components: number } {
    const { to } = this.#part.graph
    return {
      inside: (node, edge) => (component[node] === component[to[edge] as number] ? (component[node] as number) : -1),
      components: count,
    }
  }
}

const patterns: Readonly<Record<PatternName, readonly PatternEdge[]>> = {
  'fractured-read': [{ kind: rw }, { kind: wr, key: 'other', isSpread: true }],
  // One reader missed the write that the other one saw, and saw the one that this one missed.
  'long-fork': [
    { kind: rw },
    { kind: wr, key: 'first', isSpread: true },
    { kind: rw, key: 'other' },
    { kind: wr, key: 'previous', isSpread: true },
  ],
  'write-skew': [
    { kind: rw, isSpread: true },
    { kind: rw, key: 'other', isSpread: true },
  ],
}

/** The shortest cycles of one name, each once. */
class Found {
  readonly #name: AnomalyName
  readonly #max: number
  readonly #shortest: number
  readonly #isPattern: boolean
  readonly #known = new Set<string>()
  #cycles: (readonly CycleStep[])[] = []

  constructor(name: AnomalyName, max: number) {
    this.#name = name
    this.#max = max
    this.#isPattern = isPattern(name)
    this.#shortest = shortestOf(name)
  }

  /** Whether more would not be better. */
  get isEnough(): boolean {
    return this.#cycles.length === this.#max && this.#cycles.every(({ length }) => length === this.#shortest)
  }

  get anomalies(): Anomaly[] {
    return this.#cycles.map((cycle) => ({
      name: this.#name,
      transactions: cycle.map(({ transaction }) => transaction),
      cycle,
      key: onlyKeyOf(cycle),
    }))
  }

  add(found: readonly CycleStep[] | null): void {
    if (found === null || (!this.#isPattern && classOfCycle(found) !== this.#name)) return
    const cycle = direct(found)
    const transactions = cycle.map(({ transaction }) => transaction)
    const first = transactions.indexOf(Math.min(...transactions))
    const identity = [...transactions.slice(first), ...transactions.slice(0, first)].join()
    if (this.#known.has(identity)) return
    this.#known.add(identity)
    this.#cycles = [...this.#cycles, cycle].sort((a, b) => a.length - b.length).slice(0, this.#max)
  }
}

function isPattern(name: AnomalyName): boolean {
  return Object.keys(patterns).some((pattern) => name.startsWith(pattern))
}

/** How many edges a cycle of that name has at least. Two edges that are not adjacent take four; two of one kind and one of another, three. */
function shortestOf(name: AnomalyName): number {
  const isVariant = name.endsWith('-session') || name.endsWith('-realtime')
  if (name.startsWith('long-fork')) return isVariant ? 5 : 4
  if (name.startsWith('G-nonadjacent')) return 4
  return isVariant && (isPattern(name) || name.startsWith('G2-item')) ? 3 : 2
}

/** The key of all its dependencies on keys, or -1. */
function onlyKeyOf(cycle: readonly CycleStep[]): number {
  const keys = new Set(cycle.flatMap(({ key }) => (key === -1 ? [] : [key])))
  const [key = -1] = keys
  return keys.size === 1 ? key : -1
}
