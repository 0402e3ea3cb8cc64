/** What must be true of a model: in every state (`always`), in some state (`sometimes`), of every change of a cell (`step`). */
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
}

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
/** A property with its types erased. */
export type Property = StateProperty | StepProperty
export type PropertyRecord = Readonly<Record<string, Property>>

type Erased = ((s: StateObject) => unknown) | Readonly<Record<string, (s: StateObject) => unknown>>

export const propertyBuilder: PropertyBuilder<Layout> = {
  always: (first: string | Erased, second?: Erased) => stateProperty('always', first, second),
  sometimes: (first: string | Erased, second?: Erased) => stateProperty('sometimes', first, second),
  step: (sentence, slot, check) => ({ kind: 'step', sentence, slot, check: check as StepProperty['check'] }),
}

function stateProperty(kind: 'always' | 'sometimes', first: string | Erased, second: Erased | undefined): StateProperty {
  const sentence = typeof first === 'string' ? first : ''
  const check = typeof first === 'string' ? second : first
  return { kind, sentence, parts: typeof check === 'function' ? { '': check } : (check ?? {}) }
}

/** @throws UserError `bad-model` where a check answers anything but `true`, `false` or a sentence */
export function requireJudgement(answer: unknown, kind: Property['kind']): Judgement {
  if (typeof answer === 'boolean' || (typeof answer === 'string' && kind !== 'sometimes')) return answer
  const wanted = kind === 'sometimes' ? 'true or false' : 'true, false or a sentence that says what is wrong'
  throw new UserError('bad-model', `it returned ${kindOf(answer)}; return ${wanted}`)
}
