/**
 * What must be true of a model: in every state (`always`), in some state (`sometimes`), of every change of a cell
 * (`step`), or of every fair execution as a whole (`eventually`, `leadsTo`, `alwaysEventually`, `stabilizes`).
 */
import { UserError } from '../errors.ts'
import { kindOf } from './actions.ts'
import type { FamilySlot } from './slots.ts'
import type { Layout, StateObject, StateView } from './state.ts'

/** `true` where the property holds. A string says what is wrong in this very state; `false` leaves it at the property's own sentence. */
export type Judgement = boolean | string
export type Check<S> = (s: S) => Judgement

export interface PropertyBuilder<L extends Layout> {
  /** Holds in every reachable state. A record of checks makes a property of named parts; a failure says which part failed. */
  always(sentence: string, check: Check<StateView<L>> | Readonly<Record<string, Check<StateView<L>>>>): Property
  always(check: Check<StateView<L>> | Readonly<Record<string, Check<StateView<L>>>>): Property
  /** Holds in at least one reachable state. Guards against a model that never does anything interesting. */
  sometimes(sentence: string, check: (s: StateView<L>) => boolean): Property
  sometimes(check: (s: StateView<L>) => boolean): Property
  /** Holds for every change of the named cell, or of any cell of the named family: TLA+'s `[][P]_cell`. */
  step<K extends StepKeys<L>>(sentence: string, slot: K, check: (before: CellValue<L[K]>, after: CellValue<L[K]>) => Judgement): Property
  /** Every fair execution reaches such a state: `<>P`. */
  eventually(sentence: string, check: StateTest<L>): Property
  /** After every state that satisfies `from`, in that state or later, comes one that satisfies `to`: `P ~> Q`. */
  leadsTo(sentence: string, from: StateTest<L>, to: StateTest<L>): Property
  /** Every fair execution is in such a state again and again: `[]<>P`. */
  alwaysEventually(sentence: string, check: StateTest<L>): Property
  /** Every fair execution comes to stay in such states, from some moment on for ever: `<>[]P`. */
  stabilizes(sentence: string, check: StateTest<L>): Property
}

type StateTest<L extends Layout> = (s: StateView<L>) => boolean

type CellValue<S> = S extends { kind: 'cell'; alternatives: readonly (infer T)[] }
  ? T
  : S extends FamilySlot<infer V, unknown>
    ? V extends { readonly [index: number]: infer T }
      ? T
      : never
    : never
type StepKeys<L> = { [K in keyof L]: L[K] extends { kind: 'cell' | 'family' } ? K : never }[keyof L] & string

export interface StateProperty {
  readonly kind: 'always' | 'sometimes'
  readonly sentence: string
  /** Part name to check; the only part of an undivided property has the name ''. */
  readonly parts: Readonly<Record<string, (s: StateObject) => unknown>>
}
export interface StepProperty {
  readonly kind: 'step'
  readonly sentence: string
  readonly slot: string
  readonly check: (before: unknown, after: unknown) => unknown
}
/** Properties of whole executions, decided on the graph of all states. */
export type LivenessKind = 'eventually' | 'leadsTo' | 'alwaysEventually' | 'stabilizes'
export interface LivenessProperty {
  readonly kind: LivenessKind
  readonly sentence: string
  /** Where a `leadsTo` begins to ask for `check`; `null` for the others. */
  readonly from: ((s: StateObject) => unknown) | null
  readonly check: (s: StateObject) => unknown
}
/** A property with its types erased. */
export type Property = StateProperty | StepProperty | LivenessProperty
export type PropertyRecord = Readonly<Record<string, Property>>

type Erased = ((s: StateObject) => unknown) | Readonly<Record<string, (s: StateObject) => unknown>>

export const propertyBuilder: PropertyBuilder<Layout> = {
  always: (first: string | Erased, second?: Erased) => stateProperty('always', first, second),
  sometimes: (first: string | Erased, second?: Erased) => stateProperty('sometimes', first, second),
  step: (sentence, slot, check) => ({ kind: 'step', sentence, slot, check: check as StepProperty['check'] }),
  eventually: (sentence, check) => livenessProperty('eventually', sentence, null, check),
  leadsTo: (sentence, from, to) => livenessProperty('leadsTo', sentence, from, to),
  alwaysEventually: (sentence, check) => livenessProperty('alwaysEventually', sentence, null, check),
  stabilizes: (sentence, check) => livenessProperty('stabilizes', sentence, null, check),
}

export const livenessKinds: readonly LivenessKind[] = ['eventually', 'leadsTo', 'alwaysEventually', 'stabilizes']

export function isLiveness(property: Property): property is LivenessProperty {
  return (livenessKinds as readonly string[]).includes(property.kind)
}

function stateProperty(kind: 'always' | 'sometimes', first: string | Erased, second: Erased | undefined): StateProperty {
  const sentence = typeof first === 'string' ? first : ''
  const check = typeof first === 'string' ? second : first
  return { kind, sentence, parts: typeof check === 'function' ? { '': check } : (check ?? {}) }
}

function livenessProperty(
  kind: LivenessKind,
  sentence: string,
  from: LivenessProperty['from'],
  check: LivenessProperty['check'],
): LivenessProperty {
  for (const test of [from, check]) {
    if (test === null || typeof test === 'function') continue
    throw new UserError(
      'bad-model',
      `on.${kind} needs a sentence and then ${kind === 'leadsTo' ? 'two functions' : 'a function'} of the state`,
    )
  }
  return { kind, sentence, from, check }
}

/** @throws UserError `bad-model` where a check answers anything but `true`, `false` or a sentence */
export function requireJudgement(answer: unknown, kind: Property['kind']): Judgement {
  if (typeof answer === 'boolean' || (typeof answer === 'string' && judged.includes(kind))) return answer
  const wanted = !judged.includes(kind) ? 'true or false' : 'true, false or a sentence that says what is wrong'
  throw new UserError('bad-model', `it returned ${kindOf(answer)}; return ${wanted}`)
}

/** The kinds whose checks may say what is wrong. */
const judged: readonly Property['kind'][] = ['always', 'step']
