/** Judges a recorded history: is it what the clients of such an object may see at this level of consistency, and why not? */
import { Budget } from './budget.ts'
import type { Judgement, Limits } from './decision.ts'
import type { History } from './history.ts'
import { type LinearizableOptions, linearizable } from './linearizability/linearizable.ts'
import { type Operation, operationsOf, type Reading } from './operation.ts'
import type { Spec } from './spec.ts'
import type { Value } from './value.ts'

export interface JudgeOptions extends LinearizableOptions {
  /** A level of consistency, `linearizable` by default. */
  readonly level?: string
  /** The state at the start, instead of the specification's own. */
  readonly initial?: Value
  readonly limits?: Limits
}

export interface VerifyOptions extends JudgeOptions {
  /** What the history leaves open. */
  readonly reading?: Reading
}

/**
 * Judges a history of one object, or of several that have keys.
 * @throws HistoryError for events that no clients can have produced, and for operations that the specification does not have
 */
export function verify<S extends Value>(history: History, spec: Spec<S>, options: VerifyOptions = {}): Judgement {
  const { reading = {} } = options
  const operations = operationsOf(history, spec as unknown as Spec, reading)
  const initial = options.initial ?? reading.initial
  return judge(operations, spec, { ...options, ...(initial === undefined ? {} : { initial }) })
}

/** Judges operations, in order of invocation, as `operationsOf` reads them from a history. */
export function judge<S extends Value>(operations: readonly Operation[], spec: Spec<S>, options: JudgeOptions = {}): Judgement {
  const started = performance.now()
  const { level = 'linearizable', limits = {} } = options
  const general = spec as unknown as Spec
  const initial = options.initial ?? general.initial
  const { decision, objects, ...about } = linearizable(operations, general, initial, new Budget(limits), options)
  return {
    model: spec.name,
    level,
    verdict: decision.verdict,
    operations: operations.length,
    objects,
    algorithm: decision.algorithm,
    seconds: (performance.now() - started) / 1000,
    ...about,
    decision,
  }
}
