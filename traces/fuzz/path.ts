/** Paths of a model that violate nothing in particular: how they are drawn, and how they get shorter. */
import type { Json, Simulation, State, Transition } from '../../checker/index.ts'
import { canonicalKey } from '../../checker/language/json.ts'

export interface Path {
  /** The initial state and the state after each step: one more than there are steps. */
  readonly states: readonly State[]
  readonly transitions: readonly Transition[]
}

export function initialPaths(sim: Simulation): readonly Path[] {
  return sim
    .initialStates()
    .filter(sim.inside)
    .map((state) => ({ states: [state], transitions: [] }))
}

/** The ways on, within the boundary. */
export function continuations(sim: Simulation, path: Path): readonly Path[] {
  return sim
    .transitions(endOf(path))
    .filter(({ after }) => sim.inside(after))
    .map((transition) => extended(path, transition))
}

export function beginning(path: Path, steps: number): Path {
  return { states: path.states.slice(0, steps + 1), transitions: path.transitions.slice(0, steps) }
}

/** Takes those of the steps that are possible when their turn comes. */
function along(sim: Simulation, path: Path, steps: readonly Transition[]): Path {
  return follow(sim, path, steps, () => null)
}

/** The same with a similar step in the place of one that is not possible: of the same action, by the same process, with other arguments. */
export function alongSimilar(sim: Simulation, path: Path, steps: readonly Transition[]): Path {
  return follow(sim, path, steps, (before, { action, process }) => {
    const similar = continuations(sim, before).find(({ transitions }) => {
      const last = transitions.at(-1)
      return last?.action === action && last.process === process
    })
    return similar ?? null
  })
}

function follow(
  sim: Simulation,
  path: Path,
  steps: readonly Transition[],
  otherwise: (before: Path, step: Transition) => Path | null,
): Path {
  return steps.reduce((before, step) => {
    const taken = sim.take(endOf(before), step)
    const isPossible = !('refused' in taken) && sim.inside(taken.after)
    return isPossible ? extended(before, taken) : (otherwise(before, step) ?? before)
  }, path)
}

/** Tells paths apart. */
export function pathKey({ states, transitions }: Path): string {
  return canonicalKey([states[0] as readonly Json[], transitions.map(({ action, args }) => [action, args])])
}

/**
 * Shorter paths, the shortest first: without runs of steps, from all of them to single ones, where those that are then impossible are left
 * out as well, or similar ones take their places; then with one step in the place of two.
 *
 * @param isThorough last with two steps in the place of four and of three, which are many
 */
export function* shorter(sim: Simulation, path: Path, isThorough: boolean): Generator<Path, void, undefined> {
  const { transitions } = path
  const count = transitions.length
  const seen = new Set([pathKey(path)])
  const isNew = (candidate: Path): boolean => {
    const key = pathKey(candidate)
    return candidate.transitions.length < count && !seen.has(key) && seen.add(key) !== undefined
  }
  for (let size = count; size >= 1; size = Math.floor(size / 2))
    for (let end = count; end > 0; end -= size) {
      const from = Math.max(0, end - size)
      for (const way of [along, alongSimilar]) {
        const candidate = way(sim, beginning(path, from), transitions.slice(end))
        if (isNew(candidate)) yield candidate
      }
    }
  for (let at = 0; at + 2 <= count; at++)
    for (const other of continuations(sim, beginning(path, at))) {
      const candidate = along(sim, other, transitions.slice(at + 2))
      if (isNew(candidate)) yield candidate
    }
  if (!isThorough) return
  for (let at = 0; at + 3 <= count; at++)
    for (const one of continuations(sim, beginning(path, at)))
      for (const other of continuations(sim, one))
        for (const size of [4, 3]) {
          const candidate = along(sim, other, transitions.slice(at + size))
          if (candidate.transitions.length === count - size + 2 && isNew(candidate)) yield candidate
        }
}

export function endOf({ states }: Path): State {
  return states.at(-1) as State
}

function extended({ states, transitions }: Path, transition: Transition): Path {
  return { states: [...states, transition.after], transitions: [...transitions, transition] }
}
