/** A trace of a model as a plan for a real system: what to do in each step, and what the model allows to come of it. */
import type { Json } from '../../checker/index.ts'
import { sameJson } from '../../checker/language/json.ts'
import type { HistoryEvent, Value } from '../../properties/index.ts'
import type { Facts, Outcome, RealStep } from './adapter.ts'
import type { TakenStep } from './replayer.ts'

/** An outcome that is allowed; what it leaves out may be anything. */
export type Pattern =
  | { readonly kind: 'ok'; readonly value?: unknown }
  | { readonly kind: 'error'; readonly codes?: readonly string[] }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'unknown' }

export interface PlannedStep {
  readonly step: RealStep
  /** The step in words, as the picture shows it. */
  readonly text: string
  /** Which step of the trace it is of, from 1; 0 before the first one. */
  readonly of: number
  /** By the model, one of these comes of it. */
  readonly allowed: readonly Pattern[]
  /** Of what is blocked at first, what may come of it in the end; what is allowed, unless told. */
  readonly later?: readonly Pattern[]
  /** What a system does that does not make the mistake of the trace: it prevents what the model lets happen. */
  readonly refusals?: readonly Pattern[]
  /** A value in words; as JSON unless told. */
  readonly show?: (value: unknown) => string
  /** Null is a value like others, and does not say only that the step was taken. */
  readonly showsNull?: true
  /** What the model says of the system's state after it, by the name of the fact; held against what the adapter knows of these. */
  readonly facts?: ExpectedFacts
}

export type ExpectedFacts = Readonly<Record<string, ExpectedFact>>

export interface ExpectedFact {
  /** By the model, it is one of these. */
  readonly allowed: readonly Json[]
  /** What it is in a system that does not make the mistake of the trace. */
  readonly refusals?: readonly Json[]
}

export interface Scenario {
  readonly name: string
  /** How many nodes the system must have, where it is made for the scenario. */
  readonly nodes?: number
  readonly steps: readonly PlannedStep[]
  /** What the clients saw, in the order in which it happened. */
  readonly history: (taken: readonly TakenStep[]) => readonly HistoryEvent<Value>[]
  /**
   * Our own oracle, on what really happened alone: whether the property that the trace violates is violated there. `null` where the trace
   * violates none, as a walk does: it is only asked whether each step is as in the model.
   */
  readonly judge: ((history: readonly HistoryEvent<Value>[]) => Judged) | null
}

export interface Judged {
  readonly violated: boolean
  /** What was judged, and why, such as `serializable: write-skew`. */
  readonly text: string
}

/** A fact that is not as the model says. */
export interface OtherFact {
  readonly name: string
  readonly expected: readonly Json[]
  readonly real: Json
  /** It is as in a system that does not make the mistake of the trace. */
  readonly isRefusal: boolean
}

/** Those that both sides know, and that differ. */
export function otherFacts(expected: ExpectedFacts, facts: Facts): readonly OtherFact[] {
  return Object.entries(expected).flatMap(([name, { allowed, refusals = [] }]) => {
    const real = facts[name]
    const isOneOf = (values: readonly Json[]): boolean => values.some((value) => sameJson(value, real))
    return real === undefined || isOneOf(allowed) ? [] : [{ name, expected: allowed, real, isRefusal: isOneOf(refusals) }]
  })
}

export function isAllowed(outcome: Outcome, allowed: readonly Pattern[]): boolean {
  return allowed.some((pattern) => {
    if (pattern.kind !== outcome.kind) return false
    if (pattern.kind === 'ok' && outcome.kind === 'ok')
      return pattern.value === undefined || JSON.stringify(pattern.value) === JSON.stringify(outcome.value)
    if (pattern.kind === 'error' && outcome.kind === 'error') return pattern.codes === undefined || pattern.codes.includes(outcome.code)
    return true
  })
}
