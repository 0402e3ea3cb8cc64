/** An implementation of one's own as a target: what each action of a model is on the real thing, and what of it can be seen. */
import { type Json, type Model, type Simulation, type State, UserError } from '../../checker/index.ts'
import { literal } from '../literal.ts'
import type { PlannedStep, Scenario } from '../replay/scenario.ts'
import { openInProcess, type Target } from '../replay/target.ts'
import { type Replay, stepText } from '../replay.ts'
import { CallAdapter, type CalledSystem, plainOf } from './call-adapter.ts'

/** A step of the model, as the functions below see it. `before` and `after` are states as the model's own functions see them. */
export interface StepSeen<State> {
  readonly before: State
  readonly after: State
  /** The arguments of the action: that of `each`, if it has one, and that of `over`. */
  readonly args: readonly Json[]
}

/** What an action of the model is on the real thing: a function that does it, with the action's arguments. */
export type Call<System> = (system: System, ...args: readonly never[]) => unknown

/** An action with more to say than what it does. */
export interface CallSpec<System, State> {
  readonly do: Call<System>
  /** What the model says that the function returns, or what its promise comes to; not compared, where this is left out. */
  readonly returns?: (step: StepSeen<State>) => unknown
  /**
   * The arguments for the function: those of the action unless told. Steps that call the same function with the same arguments are
   * alternatives: the implementation may choose among them.
   */
  readonly with?: (...args: readonly never[]) => readonly Json[]
}

/** An action that is another outcome of the call that the action `of` makes. */
export interface OutcomeSpec<State> {
  readonly of: string
  readonly returns?: (step: StepSeen<State>) => unknown
  readonly with?: (...args: readonly never[]) => readonly Json[]
}

export interface ImplementationSpec<System, State> {
  /** What it is called in reports. */
  readonly name: string
  readonly model: Model
  /** Makes a new one for each walk, in the model's initial state. */
  readonly start: (constants: Readonly<Record<string, number | boolean | string>>) => System | Promise<System>
  /** For each action of the model; `null` where nothing is to be done. */
  readonly actions: Readonly<Record<string, Call<System> | CallSpec<System, State> | OutcomeSpec<State> | null>>
  /** What can be seen of the real thing after each step, and what the model's state says that it is. */
  readonly see?: { readonly real: (system: System) => unknown; readonly model: (state: State) => unknown }
  /** Whether an error says that the step was refused, with no effect, such as a serialization failure: then the walk is prevented. */
  readonly isRefusal?: (error: unknown) => boolean
  /** Ends the real thing after a walk. */
  readonly stop?: (system: System) => void | Promise<void>
}

/**
 * @example
 * export default implementation<Lock, LockState>({
 *   name: 'my lock',
 *   model: lock,
 *   start: () => new Lock(),
 *   actions: { acquire: (lock, client: number) => lock.acquire(client), release: (lock, client: number) => lock.release(client) },
 *   see: { real: (lock) => lock.holder, model: (s) => s.holder },
 * })
 *
 * @throws UserError `bad-option` for actions that do not fit together
 */
export function implementation<System, State>(spec: ImplementationSpec<System, State>): Target {
  const { name, model } = spec
  const actions = new Map(Object.entries(spec.actions).map(([action, given]) => [action, resolved(spec as Erased, action, given)]))
  return {
    name,
    about: `an implementation of ${model.name}`,
    models: [model.name],
    levels: [],
    isInProcess: true,
    missing: () => null,
    plan: (replay) => planOf(spec as Erased, actions, replay),
    open: async (options, _, { trace }) =>
      openInProcess(name, options, () => {
        const { see, isRefusal, stop } = spec as Erased
        return new CallAdapter(name, { start: () => spec.start(trace.constants), calls: callsOf(actions), see: see?.real, isRefusal, stop })
      }),
  }
}

/** Recognizes targets across copies of this package: what `implementation` returns, and those that are written by hand. */
export function isTarget(value: unknown): value is Target {
  const { name, models, plan, open } = (value ?? {}) as Partial<Target>
  return typeof name === 'string' && Array.isArray(models) && typeof plan === 'function' && typeof open === 'function'
}

type Erased = ImplementationSpec<unknown, unknown>

/** An action, with the call that it is an outcome of. */
interface Resolved {
  readonly call: string
  readonly do: Call<unknown> | null
  readonly returns: ((step: StepSeen<unknown>) => unknown) | null
  readonly with: ((...args: readonly never[]) => readonly Json[]) | null
}

function resolved({ name, actions }: Erased, action: string, given: unknown): Resolved {
  if (given === null) return { call: action, do: null, returns: null, with: null }
  if (typeof given === 'function') return { call: action, do: given as Call<unknown>, returns: null, with: null }
  const { do: own, of, returns = null, with: args = null } = given as Partial<CallSpec<unknown, unknown> & OutcomeSpec<unknown>>
  if (of === undefined) {
    if (own !== undefined) return { call: action, do: own, returns, with: args }
    throw new UserError('bad-option', `${name}: action ${action} has neither do nor of; say what it does`)
  }
  const called = actions[of]
  if (called === undefined || called === null || (typeof called === 'object' && !('do' in called)))
    throw new UserError('bad-option', `${name}: action ${action} is of ${of}, which does nothing; name an action with a function`)
  const isCompared = typeof called === 'object' && called.returns !== undefined
  if (isCompared !== (returns !== null))
    throw new UserError('bad-option', `${name}: only one of ${of} and ${action} says what is returned; both must, or neither`)
  return { call: of, do: null, returns, with: args }
}

function callsOf(actions: ReadonlyMap<string, Resolved>): CalledSystem['calls'] {
  const called = [...actions].filter(([action, { call }]) => call === action)
  return new Map(called.map(([action, { do: own, returns }]) => [action, { do: own, isCompared: returns !== null }]))
}

function planOf(spec: Erased, actions: ReadonlyMap<string, Resolved>, { trace, simulation: sim, states, transitions }: Replay): Scenario {
  return {
    name: `${trace.property} of ${trace.model}`,
    steps: transitions.map(({ action, args, process }, i): PlannedStep => {
      const one = actions.get(action)
      if (one === undefined)
        throw new UserError(
          'bad-option',
          `${spec.name} does not say what action ${action} of ${trace.model} is; add it to actions, or null where nothing is to be done`,
        )
      const given = plainOf(one.with?.(...(args as readonly never[])) ?? args, `${spec.name}: with of ${action}`)
      return {
        step: { kind: 'operation', actor: process === null ? 'environment' : String(process), operation: one.call, argument: given },
        text: stepText({ action, args }),
        of: i + 1,
        allowed: [{ kind: 'ok', value: expected(spec, one, { before: viewAt(sim, states[i]), after: viewAt(sim, states[i + 1]), args }) }],
        show: shown,
      }
    }),
    history: () => [],
    judge: null,
  }
}

function viewAt(sim: Simulation, state: State | undefined): unknown {
  return sim.view(state ?? [])
}

function expected({ name, see }: Erased, { call, returns }: Resolved, step: StepSeen<unknown>): Json {
  return {
    ...(returns !== null && { returned: plainOf(returns(step), `${name}: returns of ${call}`) }),
    ...(see !== undefined && { seen: plainOf(see.model(step.after), `${name}: see.model`) }),
  }
}

function shown(value: unknown): string {
  const { returned, seen } = value as { readonly returned?: Json; readonly seen?: Json }
  const parts = [...(returned === undefined ? [] : [literal(returned)]), ...(seen === undefined ? [] : [`shows ${literal(seen)}`])]
  return parts.join(', ') || 'ok'
}
