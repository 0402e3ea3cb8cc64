/** Guarded actions: `each` is a static family of arguments, `over` a dynamic one, `when` guards, `then` changes a draft of the state. */
import { onlyKeys, UserError } from '../errors.ts'
import type { Party } from './roles.ts'
import type { Id, Slot } from './slots.ts'
import type { Layout, StateDraft, StateObject, StateView } from './state.ts'

// biome-ignore format: one line per case
type Args<E, X> = [E] extends [never]
  ? [X] extends [never] ? [] : [x: X]
  : [X] extends [never] ? [e: E] : [e: E, x: X]

/**
 * Whether an action, per element of `each`, may be passed over for ever: `weak` says not while it is enabled without a
 * break, `strong` not while it is enabled again and again. Only steps that change the state count, as in TLA+'s WF_vars
 * and SF_vars (Lamport, Specifying Systems, 2002, sections 8.4 and 8.6).
 */
export type Fairness = 'weak' | 'strong'

export interface ActionSpec<L extends Layout, E, X> {
  /** One instance of the action per element, for example one per node. */
  readonly each?: Iterable<E>
  /** Arguments read from the state, for example the messages that a node could receive. A bag, set or fifo front returned as it is costs nothing. */
  readonly over?: (s: StateView<L>, ...args: Args<E, never>) => Iterable<X>
  /** Enabled iff this is true (always, where it is left out). */
  readonly when?: (s: StateView<L>, ...args: Args<NoInfer<E>, NoInfer<X>>) => boolean
  /** The effect. Runs only where enabled; must depend on nothing but its arguments. */
  readonly then: (s: StateDraft<L>, ...args: Args<NoInfer<E>, NoInfer<X>>) => void
  /** Whether it must happen in the end; without it, it may be passed over for ever. */
  readonly fair?: Fairness
  /**
   * Who acts, for pictures alone: the role of which the number in `each` is, or a party that depends on the state. Without it, the number
   * counts through all roles. A role without numbers needs none.
   */
  readonly by?: string | ((s: StateView<L>, ...args: Args<NoInfer<E>, NoInfer<X>>) => Party)
}

export interface ReceiveSpec<L extends Layout, M> {
  /** A message that this refuses stays in the network. */
  readonly when?: (s: StateView<L>, to: Id, message: M, from: Id) => boolean
  readonly then: (s: StateDraft<L>, to: Id, message: M, from: Id) => void
  /** Whether an inbox, or a channel of a `fifo` network, that can deliver must deliver in the end; without it, it may wait for ever. */
  readonly fair?: Fairness
}

export interface ActionBuilder<L extends Layout> {
  action<const E = never, X = never>(spec: ActionSpec<L, E, X>): Action
  /** Delivery of the messages of a network slot: takes one deliverable message out and hands it to `then`. */
  receive<K extends NetworkKeys<L>>(network: K, spec: ReceiveSpec<L, MessageOf<L[K]>>): Action
}

/** An action with its types erased. `each` absent means a single instance without that argument. */
export interface Action {
  readonly each: readonly unknown[] | null
  readonly over: ((s: StateObject, ...args: unknown[]) => unknown) | null
  readonly when: ((s: StateObject, ...args: unknown[]) => unknown) | null
  readonly then: (s: StateObject, ...args: unknown[]) => unknown
  /** The number of who acts: the process for PCT, the unit of memoization, and, with `by`, the lane in a picture. `null` stands for the environment. */
  readonly process: ((each: unknown) => number | null) | null
  readonly fair: Fairness | null
  /** Whose number that is, for pictures. */
  readonly by: string | ((s: StateObject, ...args: unknown[]) => unknown) | null
}
export type ActionRecord = Readonly<Record<string, Action>>

/** The phantom by which `receive` finds the message type of a network slot. */
export interface NetworkTag<M> {
  readonly '~message'?: M
}
type NetworkKeys<L> = { [K in keyof L]: L[K] extends { kind: 'composite' } & NetworkTag<infer _M> ? K : never }[keyof L] & string
type MessageOf<S> = S extends NetworkTag<infer M> ? M : never

/** Composite slots that deliver messages and bring fault actions implement this. */
export interface NetworkActions {
  receive(name: string, spec: ReceiveSpec<Layout, unknown>): Action
  faults(name: string): Readonly<Record<string, Action>>
}

export function actionBuilder(layout: Layout): ActionBuilder<Layout> {
  return {
    action: (spec) => eraseAction(spec),
    receive: (name, spec) => {
      const slot = layout[name] as (Slot<unknown, unknown> & NetworkActions) | undefined
      if (slot?.receive === undefined) throw new UserError('bad-model', `receive("${name}") needs a network slot of that name`)
      onlyKeys(`receive("${name}")`, spec, ['when', 'then', 'fair'])
      return slot.receive(name, spec as ReceiveSpec<Layout, unknown>)
    },
  }
}

export function eraseAction<L extends Layout, E, X>(spec: ActionSpec<L, E, X>): Action {
  onlyKeys('an action', spec, ['each', 'over', 'when', 'then', 'fair', 'by'])
  return {
    each: spec.each === undefined ? null : [...spec.each],
    over: (spec.over as Action['over'] | undefined) ?? null,
    when: (spec.when as Action['when'] | undefined) ?? null,
    then: spec.then as unknown as Action['then'],
    process: null,
    fair: fairness(spec.fair),
    by: (spec.by as Action['by'] | undefined) ?? null,
  }
}

/** @throws UserError `bad-model` for anything but the two words, which a model in JavaScript may well say */
export function fairness(given: Fairness | undefined): Fairness | null {
  if (given === undefined || given === 'weak' || given === 'strong') return given ?? null
  throw new UserError('bad-model', `fair must be 'weak' or 'strong', not ${JSON.stringify(given)}`)
}

/** What a function stands for that a slot has made out of a model's own, or all by itself. */
export interface Wrapped {
  /** The model's own part; null: there is none. */
  readonly own: ((...given: never[]) => unknown) | null
  /** What the slot asks for besides, in words. */
  readonly also: string
}

// Symbol.for: a user's model file may load a second copy of this module.
const wraps: unique symbol = Symbol.for('counterpoint.wraps') as never

/** Notes what a slot's own guard or domain stands for: its text would say nothing to who wrote the model. */
export function wrapping<F extends (...given: never[]) => unknown>(f: F, wrapped: Wrapped): F {
  return Object.assign(f, { [wraps]: wrapped })
}

/** What a slot has noted of a guard or a domain; `undefined` where the function is the model's own. */
export function wrappedBy(f: (...given: never[]) => unknown): Wrapped | undefined {
  return (f as { [wraps]?: Wrapped })[wraps]
}

/** Where the action does not say who acts: a number is a node, the first of an array of numbers too. */
export function defaultProcess(each: unknown): number | null {
  const first: unknown = Array.isArray(each) ? each[0] : each
  return typeof first === 'number' ? first : null
}

/** The answer of a guard. */
export function requireBoolean(answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer
  throw new UserError('bad-model', `\`when\` returned ${kindOf(answer)}; return true or false`)
}

/** An effect that returns a promise would go on after the state has been taken. */
export function requireNothing(answer: unknown): void {
  if (kindOf(answer) !== 'a promise') return
  throw new UserError('bad-model', '`then` returned a promise; an effect must be complete when it returns')
}

export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  return typeof (value as { then?: unknown }).then === 'function' ? 'a promise' : Array.isArray(value) ? 'an array' : 'an object'
}
