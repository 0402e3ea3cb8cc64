/**
 * Breadth-first search of the state graph beside a monitor of two phases, 0 and 1: the states that an execution can be in
 * while it owes something (phase 1), and shortest paths to them.
 */
import { invariant } from '../errors.ts'
import type { StateGraph } from './graph.ts'

/** The phase after this state, from the phase before it, or -1 where the path is of no interest any more. */
export type Monitor = (phase: number, state: number) => number

/** A path of edges from an initial state. */
export interface Stem {
  readonly initial: number
  readonly instances: readonly number[]
}

export class Stems {
  readonly #graph: StateGraph
  /** Per state and phase: the node before it, `root`, or `unseen`. A node is twice the state plus the phase. */
  readonly #before: Int32Array
  /** Nodes in the order of their distance. */
  readonly #queue: Int32Array
  #found = 0

  constructor(graph: StateGraph, monitor: Monitor, reserve: (bytes: number) => void) {
    this.#graph = graph
    reserve(4 * 4 * graph.size)
    this.#before = new Int32Array(2 * graph.size).fill(unseen)
    this.#queue = new Int32Array(2 * graph.size)
    const { starts, targets } = graph
    for (const state of graph.initial) this.#meet(state, monitor(0, state), root)
    for (let head = 0; head < this.#found; head++) {
      const node = this.#queue[head] as number
      const end = starts[(node >> 1) + 1] as number
      for (let edge = starts[node >> 1] as number; edge < end; edge++) {
        const target = targets[edge] as number
        this.#meet(target, monitor(node & 1, target), node)
      }
    }
  }

  /** 1 for every state that can be reached in phase 1. */
  region(): Uint8Array {
    const region = new Uint8Array(this.#graph.size)
    for (let state = 0; state < region.length; state++) if (this.#before[2 * state + 1] !== unseen) region[state] = 1
    return region
  }

  /** Those of the states that are nearest, all at the same distance, and at most `most` of them. */
  nearest(isGoal: (state: number) => boolean, most: number): number[] {
    const nearest: number[] = []
    let farthest = Number.POSITIVE_INFINITY
    for (let at = 0; at < this.#found && nearest.length < most; at++) {
      const node = this.#queue[at] as number
      if ((node & 1) === 0 || !isGoal(node >> 1)) continue
      const distance = this.#distance(node)
      if (distance > farthest) break
      farthest = distance
      nearest.push(node >> 1)
    }
    return nearest
  }

  /** The shortest path to a state in phase 1. */
  to(state: number): Stem {
    const instances: number[] = []
    let node = 2 * state + 1
    for (let before = this.#before[node] as number; before !== root; before = this.#before[node] as number) {
      instances.unshift(this.#step(before >> 1, node >> 1))
      node = before
    }
    return { initial: node >> 1, instances }
  }

  #meet(state: number, phase: number, before: number): void {
    const node = 2 * state + phase
    if (phase < 0 || this.#before[node] !== unseen) return
    this.#before[node] = before
    this.#queue[this.#found++] = node
  }

  #distance(node: number): number {
    let distance = 0
    for (let before = this.#before[node] as number; before !== root; before = this.#before[before] as number) distance++
    return distance
  }

  #step(from: number, to: number): number {
    const { starts, targets, instances } = this.#graph
    const range = targets.subarray(starts[from] as number, starts[from + 1] as number)
    const at = range.indexOf(to)
    invariant(at >= 0, 'the search went along an edge')
    return instances[(starts[from] as number) + at] as number
  }
}

const unseen = -2
const root = -1
