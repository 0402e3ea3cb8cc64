/** What a path comes to that is back where it was before, if it goes on like that for ever. */
import { type Finding, judgeLasso, type LassoRun, type Simulation, unfairness } from '../../checker/index.ts'
import { sameJson } from '../../checker/language/json.ts'
import { isLiveness } from '../../checker/language/properties.ts'
import type { Stop, Walker } from './walker.ts'

/** A loop at the end of a path, judged. */
export interface JudgedLoop {
  /** The steps before the loop; as many as there are where nothing can happen any more. */
  readonly loop: number
  /** Why nothing can go on like that for ever, by the fairness that actions declare; null: it can. */
  readonly unfair: string | null
  /** Properties of whole executions that it breaks. */
  readonly findings: readonly Finding[]
}

/** So many earlier visits of a state are looked at. */
const visitsMax = 20

/** The steps after which a path was in its last state before, the latest first. */
export function earlierVisits(stops: readonly Stop[]): number[] {
  const here = stops.at(-1)?.digest
  return stops.flatMap(({ digest }, i) => (digest === here && i < stops.length - 1 ? [i] : [])).reverse()
}

/**
 * The loop at the end of a path: the shortest one that breaks a property, or else the shortest one. Where nothing can happen any more,
 * that is a loop only if it breaks one. Null: there is none.
 */
export function loopOf(walker: Walker, stops: readonly Stop[]): JudgedLoop | null {
  const visits = earlierVisits(stops)
  let shortest: JudgedLoop | null = null
  for (const loop of [...visits.slice(0, visitsMax), ...(isStuck(walker, stops) ? [stops.length - 1] : [])]) {
    const judged = judgedLoop(walker, stops, loop)
    if (judged.findings.length > 0) return judged
    if (visits.length > 0) shortest ??= judged
  }
  return shortest
}

/** @param loop a number of steps after which the path is in its last state */
export function judgedLoop(walker: Walker, stops: readonly Stop[], loop: number): JudgedLoop {
  const sim = remembering(walker, stops)
  const run: LassoRun = {
    states: stops.map(({ state }) => state),
    steps: stops.flatMap(({ transition }) => transition ?? []),
    loop,
  }
  const unfair = unfairness(sim, run)
  if (unfair !== null) return { loop, unfair, findings: [] }
  const findings = [...sim.program.properties].flatMap(([name, property]) => {
    if (!isLiveness(property)) return []
    const judged = judgeLasso(sim, name, run)
    return 'refused' in judged ? [] : [judged]
  })
  return { loop, unfair, findings }
}

function isStuck(walker: Walker, stops: readonly Stop[]): boolean {
  const here = stops.at(-1)
  return here !== undefined && walker.offers(here).every(({ after }) => sameJson(after, here.state))
}

/** What the states of the path offer is known already. */
function remembering(walker: Walker, stops: readonly Stop[]): Simulation {
  const known = new Map(stops.map((stop) => [stop.state, stop]))
  const { simulation } = walker
  return {
    ...simulation,
    transitions: (state) => {
      const stop = known.get(state)
      return stop === undefined ? simulation.transitions(state) : [...walker.offers(stop)]
    },
  }
}
