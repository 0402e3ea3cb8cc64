/**
 * `counterpoint/fast-check`: arbitraries. `walks(model)` generates random paths of a model, which shrink to shorter ones:
 * test cases for an implementation that is to do what the model does.
 *
 * @example
 * fc.assert(fc.property(walks(lock), (steps) => run(new RealLock(), steps)))
 */
import fc from 'fast-check'
import { type Model, type ProgramOptions, program, type State, type Step, simulation } from '../checker/index.ts'

/** A step of a walk, with the state that it leads to: slot name to value. */
export interface WalkStep extends Step {
  readonly after: Readonly<Record<string, unknown>>
}

export interface WalkOptions extends ProgramOptions {
  /** Steps at the most; 30 by default. */
  readonly maxLength?: number
}

/** Random paths from an initial state, within the boundary, ending early where no action is enabled. */
export function walks(model: Model, options: WalkOptions = {}): fc.Arbitrary<readonly WalkStep[]> {
  const run = simulation(program(model, options))
  const initial = run.initialStates().filter(run.inside)
  // Each number chooses among what is enabled by then, so that any shorter list of them is a walk too.
  return fc.tuple(fc.nat(), fc.array(fc.nat(), { maxLength: options.maxLength ?? 30 })).map(([start, choices]) => {
    let state = initial[start % initial.length] as State
    const steps: WalkStep[] = []
    for (const choice of choices) {
      const enabled = run.transitions(state).filter(({ after }) => run.inside(after))
      const taken = enabled[choice % enabled.length]
      if (taken === undefined) break
      state = taken.after
      steps.push({ action: taken.action, args: taken.args, process: taken.process, after: run.record(state) })
    }
    return steps
  })
}
