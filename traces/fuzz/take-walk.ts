/** Takes a path of a model on a real system, and holds what each step comes to against the model. */
import { isUserError, type Simulation } from '../../checker/index.ts'
import type { Adapter } from '../replay/adapter.ts'
import { misfitOfLast, type TakenStep, takeStep } from '../replay/replayer.ts'
import type { Scenario } from '../replay/scenario.ts'
import { explanation, type Plan, refitted } from './branches.ts'
import { alongSimilar, beginning, type Path } from './path.ts'

export type WalkVerdict =
  /** Every step came to what the model allows. */
  | 'conforms'
  /** The first step that came to something that the model does not allow. */
  | 'diverged'
  /** The system refused a step that the model lets be taken, or made it wait. */
  | 'prevented'
  /** The rest of the walk could not be held against the model. */
  | 'not-comparable'
  /** It was told to stop. */
  | 'stopped'

export interface Walk {
  readonly verdict: WalkVerdict
  /** Why, in a sentence; empty where it conforms. */
  readonly reason: string
  /** The way that was taken in the model, up to the last step that was: another branch where the system has chosen one. */
  readonly path: Path
  readonly scenario: Scenario
  readonly steps: readonly TakenStep[]
  /** How often the system took another branch that the model allows as well. */
  readonly branches: number
  readonly seconds: number
}

/**
 * Takes the steps on a system that has been set up, and leaves it as it is then.
 * @throws what the adapter throws
 */
export async function takeWalk(sim: Simulation, plan: Plan, adapter: Adapter, walked: Planned, signal?: AbortSignal): Promise<Walk> {
  let { path, scenario, missing } = walked
  let steps: TakenStep[] = []
  let branches = 0
  const started = performance.now()
  const ended = (verdict: WalkVerdict, reason = ''): Walk => {
    const of = verdict === 'conforms' ? path.transitions.length : (steps.at(-1)?.planned.of ?? 0)
    return { verdict, reason, path: beginning(path, of), scenario, steps, branches, seconds: (performance.now() - started) / 1000 }
  }
  for (let i = 0; i < scenario.steps.length; i++) {
    if (signal?.aborted) return ended('stopped')
    const next = scenario.steps[i]
    if (next === undefined) break
    if (!adapter.capabilities.has(next.step.kind))
      return ended('not-comparable', `${adapter.name} cannot take a step of kind ${next.step.kind}`)
    steps.push(await takeStep(adapter, next))
    const misfit = misfitOfLast(steps)
    if (misfit === null) continue
    if (misfit.verdict === 'inconclusive') return ended('not-comparable', misfit.reason)
    const other = explanation(sim, plan, beginning(path, next.of), steps)
    if (other === 'too-many') return ended('not-comparable', 'the model has too many other branches to try them all')
    if (other === null) return ended(misfit.verdict, misfit.reason)
    branches++
    const rest = path.transitions.slice(next.of)
    ;({ path, scenario, missing } = planned(plan, alongSimilar(sim, other.path, rest)))
    const again = refitted(scenario.steps, steps)
    if (again === null) return ended('not-comparable', 'after another branch, the target plans the steps before it otherwise')
    steps = [...again]
  }
  return missing === null ? ended('conforms') : ended('not-comparable', missing)
}

export interface Planned {
  /** As much of the path as the target can take. */
  readonly path: Path
  readonly scenario: Scenario
  /** Why it cannot take the rest. */
  readonly missing: string | null
}

/** Plans as much as can be; the first step that cannot is where a walk ends. */
export function planned(plan: Plan, path: Path): Planned {
  let missing: string | null = null
  for (let steps = path.transitions.length; ; steps--) {
    try {
      const kept = beginning(path, steps)
      return { path: kept, scenario: plan(kept), missing }
    } catch (error) {
      if (!isUserError(error) || error.code !== 'bad-option' || steps === 0) throw error
      missing = error.message
    }
  }
}
