/**
 * What the steps of a trace come to in its model without the bugs: what a system does that does not make the mistake. A step is taken both
 * where the trace is, and where the correct model alone has come to by the steps before; what is sent there may differ from the trace, and
 * so a message is known by whom it is from, and by its kind.
 */
import { type Json, type Model, program, type Simulation, type State, type Step, simulation } from '../../checker/index.ts'
import { sameJson } from '../../checker/language/json.ts'
import { propertiesOf } from '../format.ts'
import type { Replay } from '../replay.ts'

/** After each step, the states that a correct system may be in. The state of the model must not depend on its bugs. */
export function correctStates(model: Model, { trace, states }: Replay): readonly (readonly State[])[] {
  const { constants, steps } = trace
  const correct = simulation(program(model, { constants, bugs: [], properties: propertiesOf(trace) }))
  let alone = states[0] ?? []
  return steps.map((step, i) => {
    const fromHere = take(correct, states[i] ?? [], step)
    alone = take(correct, alone, step) ?? takeSimilar(correct, alone, step) ?? alone
    return fromHere === null ? [alone] : [alone, fromHere]
  })
}

function take(correct: Simulation, before: State, step: Step): State | null {
  if (!correct.program.actions.some(({ name }) => name === step.action)) return null
  const taken = correct.take(before, step)
  return 'refused' in taken ? null : taken.after
}

function takeSimilar(correct: Simulation, before: State, { action, args }: Step): State | null {
  const similar = correct.transitions(before).find((one) => one.action === action && sameJson(sender(one.args), sender(args)))
  return similar?.after ?? null
}

/** To whom a message is, from whom and of which kind. */
function sender([to = null, envelope]: readonly Json[]): Json {
  const { from = null, message } = (envelope ?? {}) as { from?: Json; message?: { kind?: Json } }
  return [to, from, message?.kind ?? null]
}
