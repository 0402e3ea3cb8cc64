/**
 * Monitors: slots that watch what happens in a model and judge it, such as what its clients saw. A monitor is plain data with pure
 * functions, so that whoever knows how to judge need not know of models. Events are blind, as all operations of accumulators are.
 */
import type { Json } from './json.ts'
import { type AccumulatorKind, type AccumulatorSlot, accumulator, type SlotAccess } from './slots.ts'

type Event = (value: never, ...given: never[]) => unknown
type Question = (value: never) => unknown
/** Unlike a Record, this is also what an interface can be. */
type Members<T, F> = { readonly [K in keyof T]: F }

/** All values, and what is given to events, are plain data. */
export interface MonitorKind<E extends Members<E, Event>, Q extends Members<Q, Question>> {
  readonly name: string
  readonly initial: unknown
  /** What it can be told in `then`: from its value and what is given to its next value. */
  readonly events: E
  /** What it can be asked: from its value to an answer. */
  readonly questions: Q
}

export type MonitorView<Q> = { readonly [K in keyof Q]: Q[K] extends (value: never) => infer A ? A : never }
export type MonitorDraft<E, Q> = MonitorView<Q> & {
  readonly [K in keyof E]: E[K] extends (value: never, ...given: infer G) => unknown ? (...given: G) => void : never
}

/**
 * A slot that watches. Events are called on it in `then`, questions are read like properties.
 *
 * @example
 * state: () => ({ ops: monitor(history(register)) }),
 * ... then: (s, i) => { s.ops.invoke(i, 'write', 1) }
 * ... on.always('the register is linearizable', (s) => s.ops.linearizable)
 */
export function monitor<E extends Members<E, Event>, Q extends Members<Q, Question>>(
  kind: MonitorKind<E, Q>,
): AccumulatorSlot<MonitorView<Q>, MonitorDraft<E, Q>> {
  const { name, events, questions } = kind
  const operations = mapped<Event>(events, (event) => (value: Json, given: Json) => apply(event, value, ...(given as readonly Json[])))
  const queries = mapped<Question>(questions, (question) => (value: Json) => apply(question, value))
  return accumulator({ name, operations, queries }, () => kind.initial as Json, handle(Object.keys(events), Object.keys(questions)))
}

function handle(events: readonly string[], questions: readonly string[]): (access: SlotAccess, slot: number) => object {
  return (access, slot) => {
    const made = {}
    for (const name of events) {
      Object.defineProperty(made, name, { value: (...given: unknown[]) => access.operate(slot, name, given), enumerable: true })
    }
    for (const name of questions) Object.defineProperty(made, name, { get: () => access.query(slot, name, null), enumerable: true })
    return made
  }
}

function apply(f: Event, ...given: Json[]): Json {
  return (f as (...given: Json[]) => unknown)(...given) as Json
}

function mapped<F>(members: object, change: (f: F) => (value: Json, given: Json) => Json): AccumulatorKind['operations'] {
  return Object.fromEntries(Object.entries(members).map(([name, f]) => [name, change(f as F)]))
}
