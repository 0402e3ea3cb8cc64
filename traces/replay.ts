/**
 * Re-executes a trace in its model, by the simulation, which shares nothing with the engine: what the engine claims is
 * thereby verified independently. A trace that no longer fits the model is refused with the step where it stops fitting.
 */
import {
  type Finding,
  isUserError,
  type Json,
  judgeLasso,
  type Model,
  type Program,
  program,
  type Simulation,
  type State,
  type Step,
  simulation,
  type Transition,
  UserError,
} from '../checker/index.ts'
import { canonicalKey, sameJson } from '../checker/language/json.ts'
import { deadlockProperty } from '../checker/language/program.ts'
import { livenessKinds } from '../checker/language/properties.ts'
import { propertiesOf, type TraceDocument } from './format.ts'
import { literal } from './literal.ts'
import { clip } from './text.ts'

/** A trace with its states, rebuilt. */
export interface Replay {
  readonly trace: TraceDocument
  readonly program: Program
  readonly simulation: Simulation
  /** The initial state and the state after each step: one more than there are steps. */
  readonly states: readonly State[]
  readonly transitions: readonly Transition[]
  /** What the trace claims, found again at its end: its violation, or its witness. `null` if that no longer occurs, and of a `path`, which claims nothing. */
  readonly finding: Finding | null
  /** Of a lasso that is no counterexample any more, why it is not. */
  readonly refused?: string
}

/** What a trace says about its end: this property, and this part of it if it has parts. */
export interface Claim {
  readonly property: string
  readonly part: string | null
}

/**
 * Rebuilds every state of a trace.
 * @throws UserError `bad-trace` where the trace does not fit the model (any more)
 */
export function replay(model: Model, trace: TraceDocument): Replay {
  const instance = programOf(model, trace)
  const sim = simulation(instance)
  const states = [initialState(sim, trace)]
  const transitions: Transition[] = []
  for (const [i, step] of trace.steps.entries()) {
    const taken = sim.take(states[i] as State, step)
    if ('refused' in taken) throw refuse(trace, `step ${i + 1}, ${stepText(step)}, does not fit: ${taken.refused}`)
    // A real run, which a path may explain, is not bound by what keeps a search finite.
    if (trace.kind !== 'path' && !sim.inside(taken.after))
      throw refuse(trace, `step ${i + 1}, ${stepText(step)}, does not fit: it leaves the model's boundary`)
    transitions.push(taken)
    states.push(taken.after)
  }
  if (trace.kind === 'path') {
    if (trace.loop !== undefined && !sameJson(states[trace.loop] as State, states.at(-1) as State))
      throw refuse(trace, `its last state is not the one after step ${trace.loop} again`)
    return { trace, program: instance, simulation: sim, states, transitions, finding: null }
  }
  if (trace.loop !== undefined) {
    const judged = judgeLasso(sim, trace.property, { states, steps: trace.steps, loop: trace.loop })
    const outcome = 'refused' in judged ? { finding: null, refused: judged.refused } : { finding: judged }
    return { trace, program: instance, simulation: sim, states, transitions, ...outcome }
  }
  const claim: Claim = { property: trace.property, part: trace.part ?? null }
  const finding = findClaim(sim, claim, states.at(-2) ?? null, states.at(-1) as State)
  return { trace, program: instance, simulation: sim, states, transitions, finding }
}

/** The finding that a claim speaks of, in a state or in the step that led there; `null` if it is not so. */
export function findClaim(sim: Simulation, claim: Claim, before: State | null, after: State): Finding | null {
  const step = sim.program.properties.get(claim.property)?.kind === 'step'
  const findings = step ? (before === null ? [] : sim.judgeStep(before, after)) : sim.judge(after)
  return findings.find(({ property, part }) => property === claim.property && (claim.part === null || part === claim.part)) ?? null
}

/** What is wrong, with the part of the property that failed. */
export function findingText({ property, part, message }: Pick<Finding, 'property' | 'part' | 'message'>): string {
  if (part === null || message.startsWith(part)) return message === '' ? property : message
  return message === '' ? part : `${part}: ${message}`
}

/** A step as text: `receive(1, {from: 0, message: ping})`. */
export function stepText({ action, args }: Pick<Step, 'action' | 'args'>, max = 60): string {
  return `${action}(${clip(args.map((arg) => literal(arg)).join(', '), max)})`
}

function programOf(model: Model, trace: TraceDocument): Program {
  if (trace.model !== model.name) throw new UserError('bad-trace', `the trace is of model ${trace.model}, not of model ${model.name}`)
  const { constants, bugs, property, kind, fairness = true, loop, steps } = trace
  const instance = fitting(trace, () => program(model, { constants, bugs, properties: propertiesOf(trace), fairness }))
  const now = instance.properties.get(property)?.kind ?? (property === deadlockProperty ? 'deadlock' : kind)
  if (now !== kind) throw refuse(trace, `property ${property} is of kind ${now} now, and of kind ${kind} in the trace`)
  const forEver = (livenessKinds as readonly string[]).includes(kind)
  if (forEver && loop === undefined) throw new UserError('bad-trace', `the trace has no loop, which a property of kind ${kind} needs`)
  if (!forEver && kind !== 'path' && loop !== undefined)
    throw new UserError('bad-trace', `the trace has a loop, but its property is of kind ${kind}`)
  if (loop !== undefined && loop > steps.length)
    throw new UserError(
      'bad-trace',
      `loop: ${loop} is beyond the ${steps.length} steps of the trace; write the trace again with counterpoint check --out`,
    )
  return instance
}

function fitting<T>(trace: TraceDocument, f: () => T): T {
  try {
    return f()
  } catch (error) {
    if (!isUserError(error) || error.code === 'model-threw' || error.code === 'bad-model') throw error
    throw refuse(trace, error.message)
  }
}

function initialState(sim: Simulation, trace: TraceDocument): State {
  const states = sim.initialStates()
  const wanted = canonicalKey(trace.initial)
  const match = states.find((state) => canonicalKey(sim.record(state)) === wanted)
  if (match === undefined) throw refuse(trace, `its initial state is none of the model's${difference(sim, states, trace.initial)}`)
  if (trace.kind !== 'path' && !sim.inside(match)) throw refuse(trace, "its initial state is outside of the model's boundary")
  return match
}

/** Names the first slot that tells the trace's initial state from all of the model's. */
function difference(sim: Simulation, states: readonly State[], initial: Readonly<Record<string, Json>>): string {
  const names = sim.program.shape.slots.map(({ name }) => name)
  const gone = Object.keys(initial).find((name) => !names.includes(name))
  if (gone !== undefined) return `: the model has no slot ${gone}`
  for (const [slot, name] of names.entries()) {
    if (!Object.hasOwn(initial, name)) return `: the trace has no slot ${name}`
    const value = initial[name] as Json
    if (states.some((state) => sameJson(state[slot], value))) continue
    const now = states[0] === undefined ? '' : `, now ${literal(states[0][slot] as Json, 60)}`
    return `: ${name} is ${literal(value, 60)} in the trace${now}`
  }
  return ''
}

function refuse(trace: TraceDocument, what: string): UserError {
  return new UserError('bad-trace', `the trace does not fit model ${trace.model} any more: ${what}; check the model again for a new trace`)
}
