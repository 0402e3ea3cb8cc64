/**
 * The reference explorer: slow and obviously right. A state is an array of plain values, the visited set is a Map keyed by
 * canonical JSON, and every function of the model runs for every state. The engine must agree with it on everything.
 */
import { canonicalKey } from '../language/json.ts'
import { type Program, requireInitial } from '../language/program.ts'
import { type Finding, type State, simulation } from '../simulation.ts'

export interface ReferenceResult {
  readonly states: ReadonlyMap<string, State>
  readonly distinct: number
  readonly generated: number
  readonly depth: number
  readonly levels: readonly number[]
  readonly terminal: number
  readonly outside: number
  readonly complete: boolean
  readonly actions: Readonly<Record<string, { taken: number; enabled: number }>>
  /** The first finding per property, with its level. */
  readonly found: Readonly<Record<string, Finding & { depth: number }>>
}

/** Breadth-first search of the whole space, or until `maxStates` states are known. */
export function referenceExplore(program: Program, maxStates: number = Number.POSITIVE_INFINITY): ReferenceResult {
  const model = simulation(program)
  const states = new Map<string, State>()
  const found: Record<string, Finding & { depth: number }> = {}
  const actions = Object.fromEntries(program.actions.map(({ name }) => [name, { taken: 0, enabled: 0 }]))
  const levels: number[] = []
  let [generated, terminal, outside, complete] = [0, 0, 0, true]

  const note = (findings: Finding[], depth: number): void => {
    for (const finding of findings) found[finding.property] ??= { ...finding, depth }
  }
  const visit = (state: State, next: State[]): void => {
    generated++
    if (!model.inside(state)) outside++
    else if (!states.has(canonicalKey(state))) {
      states.set(canonicalKey(state), state)
      next.push(state)
    }
  }

  let level: State[] = []
  for (const state of model.initialStates()) visit(state, level)
  requireInitial(program, states.size > 0, 'boundary')
  while (level.length > 0 && complete) {
    levels.push(level.length)
    const next: State[] = []
    for (const state of level) {
      if (states.size >= maxStates) {
        complete = false
        break
      }
      note(model.judge(state), levels.length)
      const transitions = model.transitions(state)
      if (transitions.length === 0) terminal++
      for (const { action, after } of transitions) {
        const counts = actions[action]
        if (counts) counts.taken++
        if (model.inside(after)) note(model.judgeStep(state, after), levels.length + 1)
        visit(after, next)
      }
      for (const name of new Set(transitions.map(({ action }) => action))) {
        const counts = actions[name]
        if (counts) counts.enabled++
      }
    }
    level = next
  }
  return { states, distinct: states.size, generated, depth: levels.length, levels, terminal, outside, complete, actions, found }
}
