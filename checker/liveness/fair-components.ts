/**
 * Fair strongly connected components: sets of states in which an execution can go round for ever such that every weakly
 * fair unit is taken inside or disabled somewhere inside, and every strongly fair one is taken inside or enabled nowhere
 * inside. A single state is a component too, since an execution may stutter there.
 *
 * Where a component starves a strongly fair unit, the states that enable it are left out and the rest is searched again;
 * where it starves a weakly fair one, so does every part of it.
 *
 * Sources: Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1(2), 1972, without recursion; Emerson &
 * Lei, Modalities for model checking, Science of Computer Programming 8(3), 1987.
 */
import type { StateGraph } from './graph.ts'

export interface FairSearch {
  /** 1 for the states among which components are sought. */
  readonly region: Uint8Array
  /** Components need a state of which this is true; by default, any will do. */
  readonly wanted?: (state: number) => boolean
  /** To be told before an allocation. */
  readonly reserve: (bytes: number) => void
}

/**
 * Finds them all, yielding now and then.
 * @returns per state, minus the number of its fair component, or 0
 */
export function* fairComponents(graph: StateGraph, { region, wanted, reserve }: FairSearch): Generator<void, Int32Array, void> {
  const { size, starts, targets } = graph
  reserve(4 * 5 * size)
  // When a state was first met: 0 for never, `done` for states whose component is known or that are not looked at.
  const order = new Int32Array(size).fill(done)
  // The earliest state on the stack that can be reached from here; later, the state's component.
  const low = new Int32Array(size)
  const next = new Int32Array(size)
  const stack = new Int32Array(size)
  const path = new Int32Array(size)
  for (let state = 0; state < size; state++) if (region[state] === 1) order[state] = 0
  const components = new Components(graph, low, wanted ?? (() => true))
  let ticks = 0

  for (let part: Int32Array | undefined | null = null; part !== undefined; part = components.unsearched.pop()) {
    const count = part?.length ?? size
    if (part) for (const state of part) order[state] = 0
    let [clock, height, depth] = [0, 0, 0]
    for (let i = 0; i < count; i++) {
      const root = part ? (part[i] as number) : i
      if (order[root] !== 0) continue
      let found = root
      for (;;) {
        if (found >= 0) {
          clock++
          order[found] = clock
          low[found] = clock
          next[found] = starts[found] as number
          stack[height++] = found
          path[depth++] = found
          found = -1
        }
        if (++ticks % pauseInterval === 0) yield
        const state = path[depth - 1] as number
        const end = starts[state + 1] as number
        let edge = next[state] as number
        for (; edge < end && found < 0; edge++) {
          const target = targets[edge] as number
          const met = order[target] as number
          if (met === 0) found = target
          else if (met > 0 && met < (low[state] as number)) low[state] = met
        }
        next[state] = edge
        if (found >= 0) continue
        depth--
        if (low[state] === order[state]) {
          const top = height
          do order[stack[--height] as number] = done
          while (stack[height] !== state)
          components.judge(stack, height, top)
        } else {
          const parent = path[depth - 1] as number
          if ((low[state] as number) < (low[parent] as number)) low[parent] = low[state] as number
        }
        if (depth === 0) break
      }
    }
  }
  return low
}

const done = -1
const pauseInterval = 1 << 16

/** Judges components, and numbers those that are fair. */
class Components {
  /** States left over of components that starve a strongly fair unit. */
  readonly unsearched: Int32Array[] = []
  readonly #graph: StateGraph
  readonly #numbers: Int32Array
  readonly #wanted: (state: number) => boolean
  readonly #taken: Int32Array
  readonly #always: Int32Array
  readonly #ever: Int32Array
  #last = 0

  constructor(graph: StateGraph, numbers: Int32Array, wanted: (state: number) => boolean) {
    this.#graph = graph
    this.#numbers = numbers
    this.#wanted = wanted
    this.#taken = new Int32Array(graph.words)
    this.#always = new Int32Array(graph.words)
    this.#ever = new Int32Array(graph.words)
  }

  /** Judges the component of the states from one place of the stack to another. Most have one state, so nothing is allocated. */
  judge(stack: Int32Array, from: number, to: number): void {
    const number = --this.#last
    let isWanted = false
    for (let i = from; i < to; i++) {
      const state = stack[i] as number
      this.#numbers[state] = number
      isWanted ||= this.#wanted(state)
    }
    if (isWanted && this.#isFair(stack, from, to, number)) return
    for (let i = from; i < to; i++) this.#numbers[stack[i] as number] = 0
  }

  #isFair(stack: Int32Array, from: number, to: number, number: number): boolean {
    const { words, weak, strong } = this.#graph
    this.#survey(stack, from, to, number)
    let starved = false
    for (let word = 0; word < words; word++) {
      const idle = ~(this.#taken[word] as number)
      if (((weak[word] as number) & (this.#always[word] as number) & idle) !== 0) return false
      // From here on, what is enabled somewhere and starves.
      this.#ever[word] = (strong[word] as number) & (this.#ever[word] as number) & idle
      if (this.#ever[word] !== 0) starved = true
    }
    if (!starved) return true
    if (to - from === 1) return false
    const rest = stack.subarray(from, to).filter((state) => !this.#enables(state))
    if (rest.length > 0) this.unsearched.push(rest)
    return false
  }

  /** Which units are taken inside, enabled everywhere, and enabled anywhere. */
  #survey(stack: Int32Array, from: number, to: number, number: number): void {
    const { words, starts, targets, instances, unitOf, enabled } = this.#graph
    this.#taken.fill(0)
    this.#always.fill(-1)
    this.#ever.fill(0)
    for (let i = from; i < to; i++) {
      const state = stack[i] as number
      for (let word = 0; word < words; word++) {
        const set = enabled[words * state + word] as number
        this.#always[word] = (this.#always[word] as number) & set
        this.#ever[word] = (this.#ever[word] as number) | set
      }
      if (to - from === 1) return
      const end = starts[state + 1] as number
      for (let edge = starts[state] as number; edge < end; edge++) {
        if (this.#numbers[targets[edge] as number] !== number) continue
        const unit = unitOf[instances[edge] as number] as number
        if (unit >= 0) this.#taken[unit >> 5] = (this.#taken[unit >> 5] as number) | (1 << (unit & 31))
      }
    }
  }

  /** Whether a state enables what starves. */
  #enables(state: number): boolean {
    const { words, enabled } = this.#graph
    for (let word = 0; word < words; word++) {
      if (((this.#ever[word] as number) & (enabled[words * state + word] as number)) !== 0) return true
    }
    return false
  }
}
