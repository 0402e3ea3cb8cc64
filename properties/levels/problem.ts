/** What a consistency level judges, and what a level is. */
import type { Decision, Inapplicable, Limits, Unknown } from '../decision.ts'
import type { Operation, Reading } from '../operation.ts'
import type { Spec } from '../spec.ts'
import { keyOf, type Value } from '../value.ts'
import type { LevelName } from './names.ts'

export interface Problem {
  readonly spec: Spec
  /**
   * In order of invocation. Those that did not happen are gone; one with the completion `info` may have happened at any time
   * after its call, or never.
   */
  readonly operations: readonly Operation[]
  /** The state in which each key starts. */
  readonly initial: Value
  readonly limits?: Limits
  /** What a register's read of a value says that nothing writes: that it is wrong (the default), or nothing. */
  readonly neverWritten?: Reading['neverWritten']
  /** `any`: no time is spent on making the evidence of a violation small. */
  readonly evidence?: 'small' | 'any'
}

export interface LevelOptions {
  /** How many of the latest writes a read may return. */
  readonly k?: number
  /** How stale a read may be, in nanoseconds (in events where the history has no times). */
  readonly deltaNs?: number
  /** How long after the last write the reads have to agree. */
  readonly quietNs?: number
}

export interface Level {
  readonly name: LevelName
  /** What it promises, in one sentence. */
  readonly about: string
  /** The paper that defines it. */
  readonly source: string
  readonly decide: (problem: Problem, options?: LevelOptions) => Decision
}

/** The operations on each object, in order of invocation. */
export function byKey(operations: readonly Operation[]): Operation[][] {
  const groups = new Map<string, Operation[]>()
  for (const operation of operations) {
    const name = keyName(operation)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [operation])
    else group.push(operation)
  }
  return [...groups.values()]
}

/** Tells the keys apart; the object of a history with only one has the name ''. */
export function keyName(operation: Operation): string {
  return operation.key === undefined ? '' : keyOf(operation.key)
}

/** The moment at which a search has to end, in the milliseconds of `performance.now()`. */
export function deadlineOf(limits: Limits | undefined): number {
  return performance.now() + (limits?.seconds ?? 10) * 1000
}

export function inapplicable(algorithm: string, reason: string): Inapplicable {
  return { verdict: 'inapplicable', algorithm, reason }
}

export function outOfTime(algorithm: string, reached: string): Unknown {
  return { verdict: 'unknown', algorithm, limit: 'time', reached }
}
