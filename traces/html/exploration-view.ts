/** What a check has explored, as the page of a report shows it. */
import { type CheckResult, type Json, type Program, type Simulation, type State, simulation } from '../../checker/index.ts'
import { canonicalKey } from '../../checker/language/json.ts'
import { literal } from '../literal.ts'
import { type Replay, stepText } from '../replay.ts'
import type { ExplorationView, StateGraph, StateNode } from './document.ts'

/** Spaces of more states are shown around the counterexample only. */
const wholeMax = 2000
/** How many states beside those of the trace are shown. */
const besideMax = 400

/** @param replayed the counterexample, or the witness, that the graph leads to; null: there is none */
export function explorationView(result: CheckResult, instance: Program, replayed: Replay | null): ExplorationView {
  const { levels, actions, properties, distinct } = result
  const whole = distinct <= wholeMax ? wholeGraph(simulation(instance), replayed) : null
  return {
    kind: 'exploration',
    levels,
    actions: Object.entries(actions).map(([name, { taken, enabled }]) => ({ name, taken, enabled })),
    properties: Object.entries(properties).map(([name, { kind, verdict, sentence }]) => ({ name, kind, verdict, sentence })),
    graph: whole ?? (replayed === null ? null : graphAround(replayed)),
  }
}

/** The states of a space and the steps between them. */
class Graph {
  readonly #sim: Simulation
  readonly #ids = new Map<string, number>()
  readonly #edges = new Map<string, { from: number; to: number; text: string; isOnTrace: boolean }>()
  readonly nodes: { state: State; depth: number; isInitial: boolean; isOnTrace: boolean; isBad: boolean }[] = []

  constructor(sim: Simulation) {
    this.#sim = sim
  }

  add(state: State, depth: number): number {
    const key = canonicalKey(this.#sim.record(state))
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = this.nodes.length
    this.#ids.set(key, id)
    this.nodes.push({ state, depth, isInitial: depth === 0, isOnTrace: false, isBad: this.#isBad(state) })
    return id
  }

  link(from: number, to: number, text: string): { isOnTrace: boolean } {
    const key = `${from} ${to} ${text}`
    const edge = this.#edges.get(key) ?? { from, to, text, isOnTrace: false }
    this.#edges.set(key, edge)
    return edge
  }

  /** Marks the states and steps of a trace, which are added where they are missing. */
  mark({ states, trace }: Replay): void {
    let previous: number | null = null
    for (const [i, state] of states.entries()) {
      const id = this.add(state, i)
      const node = this.nodes[id]
      if (node !== undefined) node.isOnTrace = true
      const step = trace.steps[i - 1]
      if (previous !== null && step !== undefined) this.link(previous, id, stepText(step)).isOnTrace = true
      previous = id
    }
  }

  toGraph(isWhole: boolean): StateGraph {
    const { slots } = this.#sim.program.shape
    const nodes = this.nodes.map(
      ({ state, ...node }, id): StateNode => ({
        id,
        ...node,
        text: slots.map(({ name }, slot) => `${name}: ${literal(state[slot] as Json, 200)}`).join('\n'),
      }),
    )
    return { isWhole, nodes, edges: [...this.#edges.values()] }
  }

  #isBad(state: State): boolean {
    return this.#sim.judge(state).some(({ kind }) => kind !== 'sometimes')
  }
}

/** Null where there are too many states: a check that found something may have ended long before it had seen them all. */
function wholeGraph(sim: Simulation, replayed: Replay | null): StateGraph | null {
  const graph = new Graph(sim)
  for (const state of sim.initialStates()) if (sim.inside(state)) graph.add(state, 0)
  for (let id = 0; id < graph.nodes.length; id++) {
    expand(graph, sim, id, Number.POSITIVE_INFINITY)
    if (graph.nodes.length > wholeMax) return null
  }
  if (replayed !== null) graph.mark(replayed)
  return graph.toGraph(true)
}

function graphAround(replayed: Replay): StateGraph {
  const { simulation: sim } = replayed
  const graph = new Graph(sim)
  graph.mark(replayed)
  const most = graph.nodes.length + besideMax
  for (let id = 0, own = graph.nodes.length; id < own; id++) expand(graph, sim, id, most)
  return graph.toGraph(false)
}

/** Adds what can follow a state, unless there are too many states then. */
function expand(graph: Graph, sim: Simulation, id: number, most: number): void {
  const node = graph.nodes[id]
  if (node === undefined) return
  for (const transition of sim.transitions(node.state)) {
    if (!sim.inside(transition.after) || graph.nodes.length >= most) continue
    graph.link(id, graph.add(transition.after, node.depth + 1), stepText(transition))
  }
}
