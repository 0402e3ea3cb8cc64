/**
 * Where a step did not come to what the path says, the model may have allowed something else: another step that asks for the same, now or
 * before. Such a path is searched for, as in the validation of traces: it must ask for the same steps, and allow all that came of them.
 */
import { isUserError, type Simulation } from '../../checker/index.ts'
import { canonicalKey, sameJson } from '../../checker/language/json.ts'
import { misfitOfLast, type TakenStep } from '../replay/replayer.ts'
import { isAllowed, type PlannedStep, type Scenario } from '../replay/scenario.ts'
import { beginning, continuations, endOf, type Path } from './path.ts'

/** Plans that one search makes at the most. */
const plansMax = 1000

export type Plan = (path: Path) => Scenario

/** Another path of the same length; `null` if there is none, `too-many` if not all have been tried. */
export type Explanation = { readonly path: Path; readonly steps: readonly TakenStep[] } | null | 'too-many'

/**
 * @param path the path that does not explain the last of the steps taken, up to the step of the model that it is of
 */
export function explanation(sim: Simulation, plan: Plan, path: Path, taken: readonly TakenStep[]): Explanation {
  const length = path.transitions.length
  /** How many of the steps taken are of the first so many steps of the path. */
  const takenBy = (steps: number): number => (steps === length ? taken.length : taken.filter(({ planned: { of } }) => of <= steps).length)
  /** What is possible from a state after so many steps does not depend on the way there. */
  const visited = new Set(path.states.map((state, steps) => canonicalKey([steps, state])))
  let plans = 0

  const goOn = (before: Path): Explanation => {
    const steps = before.transitions.length + 1
    for (const next of continuations(sim, before)) {
      const isLast = steps === length
      const key = canonicalKey([steps, endOf(next)])
      if (!isLast && visited.has(key)) continue
      if (plans++ === plansMax) return 'too-many'
      const planned = plannedOrNone(plan, next)
      const fitting = planned === null ? null : refitted(planned, taken.slice(0, takenBy(steps)))
      if (fitting === null) continue
      if (isLast) return { path: next, steps: fitting }
      visited.add(key)
      const found = goOn(next)
      if (found !== null) return found
    }
    return null
  }

  for (let kept = length - 1; kept >= 0; kept--) {
    const found = goOn(beginning(path, kept))
    if (found !== null) return found
  }
  return null
}

/** The steps taken, as steps of another plan; `null` if that asks for other steps, or does not allow what came of one. */
export function refitted(plan: readonly PlannedStep[], taken: readonly TakenStep[]): readonly TakenStep[] | null {
  if (plan.length < taken.length) return null
  const refit = taken.map((one, i): TakenStep => {
    const planned = plan[i] as PlannedStep
    return { ...one, planned, isAllowed: isAllowed(one.outcome, planned.allowed) }
  })
  const isSame = refit.every(({ planned: { step } }, i) => sameJson(step, taken[i]?.planned.step))
  return isSame && refit.every((_, i) => misfitOfLast(refit.slice(0, i + 1)) === null) ? refit : null
}

/** A step that cannot be planned cannot have been asked for. */
function plannedOrNone(plan: Plan, path: Path): readonly PlannedStep[] | null {
  try {
    return plan(path).steps
  } catch (error) {
    if (isUserError(error)) return null
    throw error
  }
}
