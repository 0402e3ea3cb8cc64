/** The nearest state that is looked for, by a breadth-first search of the engine. What it finds, the simulation walks to afterwards. */
import { Machine } from '../../checker/engine/machine.ts'
import { Space } from '../../checker/engine/space.ts'
import { invariant } from '../../checker/errors.ts'
import type { Json, Limit, Program, State, Step } from '../../checker/index.ts'
import { isOutOfMemory, type Limits } from '../../checker/search/limits.ts'
import { Pacer, PerState } from '../../checker/search/search.ts'

export interface NearestOptions {
  readonly from: State
  /** The first of some states that is looked for, or -1. */
  readonly accepts: (states: readonly State[]) => number
  readonly limits: Limits
}

export interface Nearest {
  /** The steps to it; null: it was not found. */
  readonly steps: readonly Step[] | null
  /** How many states were looked at. */
  readonly states: number
  /** What ended the search before it was found; null: there are no more states. */
  readonly limit: Limit | null
}

/** States that are judged at once. */
const batch = 64

/** In slices: yields a few times a second. */
export function* nearest(program: Program, { from, accepts, limits }: NearestOptions): Generator<void, Nearest, void> {
  const machine = new Machine({ ...program, properties: new Map(), done: null }, { checkPurity: false, memoize: true })
  const space = new Space(machine, limits.reserve)
  const parents = new PerState(limits.reserve)
  const pacer = new Pacer()
  const { table } = space
  let judged = 0
  try {
    const start = space.add(Int32Array.from(from, (value, slot) => machine.intern(slot, value)))
    invariant(start === 0, 'the explorer stays within the boundary')
    parents.set(start, -1)
    for (let head = 0; ; head++) {
      if (head === table.size || table.size - judged >= batch) {
        const news = Array.from({ length: Math.min(table.size, limits.maxStates) - judged }, (_, i) => stateAt(space, judged + i))
        const at = accepts(news)
        if (at >= 0) return { steps: stepsTo(space, parents, judged + at), states: judged + at + 1, limit: null }
        judged += news.length
      }
      if (head === table.size) return { steps: null, states: judged, limit: null }
      if (judged >= limits.maxStates) return { steps: null, states: judged, limit: 'states' }
      if (pacer.due()) {
        yield
        const limit = limits.exceeded()
        if (limit !== null) return { steps: null, states: judged, limit }
      }
      let known = table.size
      space.load(head)
      const count = space.expand(false)
      for (let i = 0; i < count; i++) {
        const successor = space.successors[i] as number
        if (successor < known) continue
        parents.set(successor, head)
        known = successor + 1
      }
    }
  } catch (error) {
    if (!isOutOfMemory(error)) throw error
    return { steps: null, states: judged, limit: 'memory' }
  }
}

function stateAt(space: Space, id: number): State {
  return Array.from(space.peek(id), (value, slot): Json => space.machine.value(slot, value))
}

function stepsTo(space: Space, parents: PerState, found: number): Step[] {
  const { instances, program } = space.machine
  const steps: Step[] = []
  for (let state = found, parent = parents.get(state); parent >= 0; state = parent, parent = parents.get(state)) {
    space.load(parent)
    const at = space.successors.subarray(0, space.revisit()).indexOf(state)
    const instance = instances[space.instances[at] as number]
    invariant(instance !== undefined, 'a state is among the successors of its parent')
    steps.unshift({ action: program.actions[instance.action]?.name as string, args: instance.args, process: instance.process })
  }
  return steps
}
