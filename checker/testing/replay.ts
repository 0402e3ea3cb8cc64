/** Replays a trace in the plain simulation, which shares nothing with the engine that found it. */
import { canonicalKey } from '../language/json.ts'
import type { Program } from '../language/program.ts'
import { type Finding, type Simulation, type State, simulation } from '../simulation.ts'
import type { Trace } from '../trace.ts'

export interface Replayed {
  readonly states: readonly State[]
  /** What the simulation finds at the end: in the last state, or in the last step for a `step` property. */
  readonly findings: readonly Finding[]
}

/** @throws Error naming the first step that the model refuses, that leaves the boundary, or whose process is another */
export function replay(program: Program, trace: Trace): Replayed {
  const model = simulation(program)
  const states = [initialState(model, trace)]
  for (const [i, step] of trace.steps.entries()) {
    const taken = model.take(states[i] as State, step)
    if ('refused' in taken) throw new Error(`step ${i + 1} of the trace does not replay: ${taken.refused}`)
    if (!model.inside(taken.after)) throw new Error(`step ${i + 1} of the trace leaves the boundary`)
    if (taken.process !== step.process)
      throw new Error(`step ${i + 1} of the trace is by ${step.process}, in the model by ${taken.process}`)
    states.push(taken.after)
  }
  const last = states.at(-1) as State
  const findings = trace.kind === 'step' ? model.judgeStep(states.at(-2) ?? last, last) : model.judge(last)
  return { states, findings: findings.filter(({ property }) => property === trace.property) }
}

function initialState(model: Simulation, trace: Trace): State {
  const wanted = canonicalKey(trace.initial)
  const found = model.initialStates().find((state) => model.inside(state) && canonicalKey(model.record(state)) === wanted)
  if (found === undefined) throw new Error('the trace does not begin in an initial state')
  return found
}
