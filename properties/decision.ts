/** What an oracle says: a verdict, and the evidence for it. */
import type { LevelName } from './levels/names.ts'
import type { Operation } from './operation.ts'
import type { Value } from './value.ts'

export type OracleVerdict = 'holds' | 'violated' | 'unknown'

/** What a search may use up; ends in `unknown`. */
export interface Limits {
  /** Of one file or history, all its keys together. */
  readonly seconds?: number
  /** Memory for the configurations of a search, in units of 2^20 bytes; 1,024 by default. */
  readonly megabytes?: number
}

export type Decision = Holds | Violated | Unknown | Inapplicable

export interface Holds {
  readonly verdict: 'holds'
  /** The procedure that decided, such as `just-in-time linearization`. */
  readonly algorithm: string
  /** The operations in an order that explains them, each with those that happened; `null` where the level has no single order. */
  readonly witness: readonly Operation[] | null
  /** A sentence for levels that measure, such as the smallest bound that explains every stale read. */
  readonly note?: string
}

export interface Violated {
  readonly verdict: 'violated'
  readonly algorithm: string
  /** Why, in one sentence that names operations. */
  readonly sentence: string
  /** The operation that cannot be explained. */
  readonly failing: Operation | null
  /** Of linearizability: how many events, from the first on, are violated; one event less is not, unless that took too long to tell. */
  readonly prefix?: number
  /**
   * The operations that matter: if nobody knew of any one of them when it began, whether it happened and what it returned, the
   * rest would pass. Where that takes too long to tell, what ran at the same time as the one that fails.
   */
  readonly core: readonly Operation[]
  /** Whether that was told for every operation of the core. */
  readonly isMinimal?: boolean
  /** Of a long history: the event since which operations are in the core, and the states that were possible then. */
  readonly since?: { readonly event: number; readonly states: readonly string[] }
  /** The longest linearization found of what comes before. */
  readonly longest?: readonly Operation[]
  /** The states that were possible when it failed, at most ten. */
  readonly states?: readonly string[]
}

export interface Unknown {
  readonly verdict: 'unknown'
  readonly algorithm: string
  readonly limit: 'time' | 'configurations' | 'memory'
  /** How far the search came, in words. */
  readonly reached: string
}

/** The level says nothing about such operations, as causal consistency about a queue. */
export interface Inapplicable {
  readonly verdict: 'inapplicable'
  readonly algorithm: string
  readonly reason: string
}

/** The judgement of a history at one level: the decision of all its objects together, the worst first. */
export interface Judgement {
  readonly model: string
  readonly level: LevelName
  readonly verdict: OracleVerdict | 'inapplicable'
  /** Operations judged; those that did not happen are not among them. */
  readonly operations: number
  /** Independent objects (keys) judged. */
  readonly objects: number
  readonly algorithm: string
  readonly seconds: number
  /** The object that the decision is about: one that fails, where one does. */
  readonly key?: Value
  readonly decision: Decision
}
