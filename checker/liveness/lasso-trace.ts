/** A lasso as a trace, run once more in the plain simulation, which verifies it and tells in words what is wrong. */
import { UserError } from '../errors.ts'
import { judgeLasso } from '../judge-lasso.ts'
import { canonicalKey } from '../language/json.ts'
import type { Search } from '../search/search.ts'
import { type How, record, stepOf } from '../search/traces.ts'
import { type State, simulation } from '../simulation.ts'
import type { Trace } from '../trace.ts'
import type { Lasso } from './decide.ts'

export function lassoTrace(lasso: Lasso, search: Search, how: How): Trace {
  const { space } = search
  const { program } = space.machine
  const { model, constants, bugs, fairness } = program
  const initial = record(search, space.peek(lasso.initial))
  const steps = [...lasso.stem, ...lasso.loop].map((instance) => stepOf(search, instance))
  const sim = simulation(program)
  const states = sim
    .initialStates()
    .filter((state) => canonicalKey(sim.record(state)) === canonicalKey(initial))
    .slice(0, 1)
  for (const step of steps) {
    const taken = sim.take(states.at(-1) as State, step)
    if ('refused' in taken) throw impure(model.name, taken.refused)
    states.push(taken.after)
  }
  const loop = lasso.stem.length
  const judged = judgeLasso(sim, lasso.property, { states, steps, loop })
  if ('refused' in judged) throw impure(model.name, judged.refused)
  return {
    schema: 1,
    model: model.name,
    constants,
    bugs,
    ...how,
    property: lasso.property,
    kind: lasso.kind,
    message: judged.message,
    ...(!fairness && { fairness: false as const }),
    loop,
    initial,
    steps,
  }
}

function impure(model: string, what: string): UserError {
  return new UserError(
    'impure',
    `model ${model}: an execution that was found, run once more, is another one (${what}); some function of the model is impure`,
  )
}
