/** Short loops through a fair component: from a state back to it, taking or seeing disabled what fairness asks for on the way. */
import { invariant } from '../errors.ts'
import type { StateGraph } from './graph.ts'

export interface LoopSearch {
  readonly graph: StateGraph
  /** Per state, the number of its fair component. */
  readonly components: Int32Array
  /** A state of which this is true must be on the loop; by default, any will do. */
  readonly wanted: (state: number) => boolean
  readonly reserve: (bytes: number) => void
}

/** Edges by number, each from where the one before it leads. */
type Walk = readonly number[]

/** What a loop must still do. */
interface Debt {
  readonly take: ReadonlySet<number>
  /** Weakly fair units, which it is enough to see disabled. */
  readonly disable: ReadonlySet<number>
  readonly seeWanted: boolean
}

export class Loops {
  readonly #search: LoopSearch
  /** Per state, the edge by which the search for a path met it; -1 before. */
  readonly #via: Int32Array
  readonly #from: Int32Array

  constructor(search: LoopSearch) {
    this.#search = search
    search.reserve(4 * 2 * search.graph.size)
    this.#via = new Int32Array(search.graph.size).fill(-1)
    this.#from = new Int32Array(search.graph.size)
  }

  /** A loop through this state, as instances of actions; an empty one where the execution may as well stop there. */
  through(state: number): number[] {
    const { instances } = this.#search.graph
    return this.#shortened(state, this.#greedy(state)).map((edge) => instances[edge] as number)
  }

  /** Goes to the nearest place that does something that is missing, until nothing is, and then back. */
  #greedy(entry: number): Walk {
    const { targets } = this.#search.graph
    const walk: number[] = []
    for (;;) {
      const at = walk.length === 0 ? entry : (targets[walk.at(-1) as number] as number)
      const debt = this.#debt(entry, walk)
      if (debt !== null) walk.push(...this.#pathTo(at, (edge) => this.#pays(debt, edge)))
      else if (at === entry) return walk
      // The way back may pass by something that is then missing.
      else walk.push(...this.#pathTo(at, (edge) => targets[edge] === entry))
    }
  }

  /** The loop without the rounds in it that can be left out. */
  #shortened(entry: number, walk: Walk): Walk {
    const { targets } = this.#search.graph
    if (walk.length > shortenMax) return walk
    const states = [entry, ...walk.map((edge) => targets[edge] as number)]
    for (let from = 0; from < walk.length; from++) {
      for (let to = walk.length; to > from; to--) {
        if (states[from] !== states[to] || to - from === walk.length) continue
        const rest = [...walk.slice(0, from), ...walk.slice(to)]
        if (this.#debt(entry, rest) === null) return this.#shortened(entry, rest)
      }
    }
    return walk
  }

  #debt(entry: number, walk: Walk): Debt | null {
    const { graph, wanted } = this.#search
    const states = new Set([entry, ...walk.map((edge) => graph.targets[edge] as number)])
    const taken = new Set(walk.map((edge) => this.#unitOf(edge)))
    const [take, disable] = [new Set<number>(), new Set<number>()]
    for (const [unit, { fair }] of graph.units.entries()) {
      if (taken.has(unit)) continue
      const enabled = [...states].filter((state) => this.#isEnabled(state, unit)).length
      if (fair === 'strong' && enabled > 0) take.add(unit)
      if (fair === 'weak' && enabled === states.size) disable.add(unit)
    }
    const seeWanted = ![...states].some(wanted)
    return take.size + disable.size === 0 && !seeWanted ? null : { take, disable, seeWanted }
  }

  #pays({ take, disable, seeWanted }: Debt, edge: number): boolean {
    const target = this.#search.graph.targets[edge] as number
    const unit = this.#unitOf(edge)
    if (take.has(unit) || disable.has(unit)) return true
    if (seeWanted && this.#search.wanted(target)) return true
    for (const weak of disable) if (!this.#isEnabled(target, weak)) return true
    return false
  }

  /** The shortest path inside the component that ends in an edge that will do. */
  #pathTo(start: number, isLast: (edge: number) => boolean): number[] {
    const { graph, components } = this.#search
    const { starts, targets } = graph
    const queue = [start]
    let path: number[] | null = null
    for (let head = 0; head < queue.length && path === null; head++) {
      const state = queue[head] as number
      const end = starts[state + 1] as number
      for (let edge = starts[state] as number; edge < end && path === null; edge++) {
        const target = targets[edge] as number
        if (components[target] !== components[start]) continue
        if (isLast(edge)) path = [...this.#met(start, state), edge]
        else if (target !== start && this.#via[target] === -1) {
          this.#via[target] = edge
          this.#from[target] = state
          queue.push(target)
        }
      }
    }
    for (const state of queue) this.#via[state] = -1
    invariant(path !== null, 'a fair component pays every debt, and its states reach each other')
    return path
  }

  /** The edges by which the search came from its start to a state. */
  #met(start: number, state: number): number[] {
    const edges: number[] = []
    for (let at = state; at !== start; at = this.#from[at] as number) edges.push(this.#via[at] as number)
    return edges.reverse()
  }

  #unitOf(edge: number): number {
    const { unitOf, instances } = this.#search.graph
    return unitOf[instances[edge] as number] as number
  }

  #isEnabled(state: number, unit: number): boolean {
    const { enabled, words } = this.#search.graph
    return (((enabled[words * state + (unit >> 5)] as number) >> (unit & 31)) & 1) === 1
  }
}

// Longer loops are looked at by nobody, and shortening takes the square of their length.
const shortenMax = 200
