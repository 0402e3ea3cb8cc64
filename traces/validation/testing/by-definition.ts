/** Validation by its definition, on plain states and without any sharing with the search: every state that may be, event by event. */
import { type Model, program, type State, simulation, type Transition } from '../../../checker/index.ts'
import { canonicalKey } from '../../../checker/language/json.ts'

/** An event as a test knows it. */
export interface Seen {
  /** What was done; `null` where only the state was looked at. */
  readonly step: { readonly action: string; readonly rule: number | null } | null
  /** What was seen afterwards: counters and their values. */
  readonly state: readonly (readonly [counter: number, value: number])[]
}

export interface ByDefinition {
  /** How many events, from the first, can be explained. */
  readonly explained: number
  /** What can happen where the log stops being explained, as keys. */
  readonly allowed: ReadonlySet<string>
  readonly states: number
}

/** @param maxHidden how many unlogged steps there may be between events */
export function byDefinition(
  model: Model,
  events: readonly Seen[],
  hidden: readonly string[],
  maxHidden: number = Number.POSITIVE_INFINITY,
): ByDefinition {
  const sim = simulation(program(model))
  const closure = (from: ReadonlyMap<string, State>): Map<string, State> => {
    const all = new Map(from)
    let edge: ReadonlyMap<string, State> = from
    for (let run = 0; run < maxHidden && edge.size > 0; run++) {
      const next = new Map<string, State>()
      for (const state of edge.values())
        for (const { action, after } of sim.transitions(state))
          if (hidden.includes(action) && !all.has(canonicalKey(after))) next.set(canonicalKey(after), after)
      for (const [key, state] of next) all.set(key, state)
      edge = next
    }
    return all
  }
  let states = closure(keyed(sim.initialStates()))
  for (const [i, event] of events.entries()) {
    const after = [...states.values()].flatMap((state) =>
      event.step === null ? [state] : sim.transitions(state).flatMap((taken) => (isStep(event, taken) ? [taken.after] : [])),
    )
    const fitting = after.filter((state) => isSeen(event, state))
    if (fitting.length === 0) {
      const transitions = [...states.values()].flatMap((state) => sim.transitions(state))
      return { explained: i, allowed: new Set(transitions.map(({ action, args }) => canonicalKey([action, args]))), states: states.size }
    }
    states = i + 1 === events.length ? keyed(fitting) : closure(keyed(fitting))
  }
  return { explained: events.length, allowed: new Set(), states: states.size }
}

export function isStep({ step }: Seen, { action, args }: Pick<Transition, 'action' | 'args'>): boolean {
  return step !== null && step.action === action && (step.rule === null || step.rule === args[0])
}

export function isSeen({ state: seen }: Seen, state: State): boolean {
  return seen.every(([counter, value]) => state[counter] === value)
}

function keyed(states: readonly State[]): Map<string, State> {
  return new Map(states.map((state) => [canonicalKey(state), state]))
}
