/**
 * Sequential specifications: what an object does when its operations come one at a time. A specification is a small pure
 * implementation of the object; the oracles look for an order of the recorded operations in which it returns what the
 * clients saw.
 */
import { HistoryError } from './errors.ts'
import type { Operation } from './operation.ts'
import { keyOf, type Value } from './value.ts'

/** One way in which an operation can go. */
export interface Outcome<S = Value> {
  /** The state after it; absent: unchanged. */
  readonly state?: S
  /** What it returns, or a test of what was returned; absent: whatever was returned is right. */
  readonly returns?: Value | ((output: Value) => boolean)
  /** How it completes; `fail` is a failure that the client observed, such as the mismatch of a compare-and-set. `ok` by default. */
  readonly completes?: 'ok' | 'fail'
  /** Why it goes this way, for explanations. */
  readonly because?: string
}

/**
 * What an operation does in a state: its outcome, or several where it is nondeterministic, or in words why it cannot happen
 * (an acquisition of a lock that is held). `operation.output` is `undefined` where nobody knows what it returned.
 */
export type Apply<S = Value> = (state: S, input: never, operation: Operation) => Outcome<S> | readonly Outcome<S>[] | string

/** How an operation on a register-like object touches its value: what it saw of it, and what it made of it. */
export interface Access {
  /** The value that it observed; absent where it observed nothing, or nobody knows. */
  readonly reads?: Value
  /** The value that it left. */
  readonly writes?: Value
}

/** A polynomial decision procedure for one data type, where the history allows it (such as unique written values). */
export interface Monitor {
  /** The algorithm and its source, such as `zones (Gibbons & Korach 1997)`. */
  readonly name: string
  /** Judges the operations on one object, in order of invocation. */
  judge(operations: readonly Operation[], initial: Value): MonitorDecision
}

export type MonitorDecision =
  | { readonly verdict: 'holds'; readonly order: readonly Operation[] }
  | { readonly verdict: 'violated'; readonly core: readonly Operation[]; readonly failing: Operation; readonly sentence: string }
  | { readonly verdict: 'inapplicable'; readonly reason: string }

export interface SpecDefinition<S extends Value = Value> {
  readonly name: string
  /** One sentence. */
  readonly about?: string
  readonly initial: S
  readonly operations: Readonly<Record<string, Apply<S>>>
  /** The operations that never change the state; saying so makes searches fast. */
  readonly observers?: readonly string[]
  /** The specification looks at `operation.process`, as locks do. */
  readonly perProcess?: boolean
  /** The specification looks at the times of operations, as leases do. */
  readonly timed?: boolean
  /**
   * For register-like objects, where reads return what was last written: what causal consistency and sessions are judged by. An
   * operation that only writes has to be possible in every state, and to leave the same state in all of them.
   */
  readonly access?: (operation: Operation) => Access
  readonly monitors?: readonly Monitor[]
  /**
   * Of all operations on one object, which states can occur where they can be explained; null: any. An append-only text, for one,
   * is at every time the beginning of what is read last, or begins with it.
   */
  readonly foresight?: (operations: readonly Operation[], initial: S) => ((state: S) => boolean) | null
}

export interface Spec<S extends Value = Value> {
  readonly name: string
  readonly about: string
  readonly initial: S
  readonly operations: Readonly<Record<string, Apply<S>>>
  readonly observers: ReadonlySet<string>
  readonly perProcess: boolean
  readonly timed: boolean
  readonly access: ((operation: Operation) => Access) | null
  readonly monitors: readonly Monitor[]
  readonly foresight: ((operations: readonly Operation[], initial: S) => ((state: S) => boolean) | null) | null
}

/** A state that starts as 0 is a number, and not always 0. */
export type Widened<S> = S extends number ? number : S extends string ? string : S extends boolean ? boolean : S

/**
 * Defines a sequential specification.
 *
 * @example
 * const register = defineSpec({
 *   name: 'register',
 *   initial: null,
 *   operations: {
 *     read: (value) => ({ returns: value }),
 *     write: (_, value) => ({ state: value }),
 *   },
 *   observers: ['read'],
 * })
 * @throws HistoryError `specification`
 */
export function defineSpec<S extends Value>(
  definition: Omit<SpecDefinition<Widened<S>>, 'initial'> & { readonly initial: S },
): Spec<Widened<S>> {
  const {
    name,
    about = '',
    initial,
    operations,
    observers = [],
    perProcess = false,
    timed = false,
    access = null,
    monitors = [],
    foresight = null,
  } = definition
  if (Object.keys(operations).length === 0) throw new HistoryError('specification', `${name} has no operations`)
  const unknown = observers.find((f) => !Object.hasOwn(operations, f))
  if (unknown !== undefined)
    throw new HistoryError('specification', `${name}: observers name ${unknown}, which is not one of ${Object.keys(operations).join(', ')}`)
  keyOf(initial, `${name}.initial`)
  return {
    name,
    about,
    initial: initial as Widened<S>,
    operations,
    observers: new Set(observers),
    perProcess,
    timed,
    access,
    monitors,
    foresight,
  }
}

/** The specification from another initial state. */
export function startingFrom<S extends Value>(spec: Spec<S>, initial: S): Spec<S> {
  keyOf(initial, 'initial')
  return { ...spec, initial }
}

/** Whether a value is what `defineSpec` returns, also by another copy of this package. */
export function isSpec(value: unknown): value is Spec {
  if (typeof value !== 'object' || value === null) return false
  const { name, operations, observers, monitors } = value as Partial<Spec>
  return typeof name === 'string' && typeof operations === 'object' && observers instanceof Set && Array.isArray(monitors)
}
