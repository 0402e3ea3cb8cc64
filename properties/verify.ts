/** Judges a recorded history: is it what the clients of such an object may see at this level of consistency, and why not? */
import { Budget } from './budget.ts'
import type { Decision, Judgement, Limits } from './decision.ts'
import { HistoryError } from './errors.ts'
import type { History } from './history.ts'
import { type LevelOptions, levels } from './levels/index.ts'
import { type LevelName, levelNames } from './levels/names.ts'
import { byKey } from './levels/problem.ts'
import { linearizable } from './linearizability/linearizable.ts'
import { type Operation, operationsOf, type Reading } from './operation.ts'
import type { Spec } from './spec.ts'
import type { Value } from './value.ts'

export interface JudgeOptions extends LevelOptions {
  /** One of `levelNames`; `linearizable` by default. */
  readonly level?: LevelName
  /** `general`: linearizability is decided by search alone, without the polynomial monitors of some types. */
  readonly algorithm?: 'auto' | 'general'
  /** The state at the start, instead of the specification's own. */
  readonly initial?: Value
  readonly limits?: Limits
  /** `any`: no time is spent on making the evidence of a violation small; `small` by default. */
  readonly evidence?: 'small' | 'any'
}

export interface VerifyOptions extends JudgeOptions {
  /** What the history leaves open. */
  readonly reading?: Reading
}

/** What a level promises, in one sentence. */
export function aboutLevel(level: LevelName): string {
  return level === 'linearizable'
    ? 'every operation seems to happen at one moment between its call and its return (Herlihy & Wing 1990)'
    : `${required(level).about} (${required(level).source})`
}

/**
 * Judges a history of one object, or of several that have keys.
 * @throws HistoryError for events that no clients can have produced, and for operations that the specification does not have
 */
export function verify<S extends Value>(history: History, spec: Spec<S>, options: VerifyOptions = {}): Judgement {
  const { reading = {} } = options
  const initial = options.initial ?? reading.initial
  const read = initial === undefined ? reading : { ...reading, initial }
  return judge(operationsOf(history, spec as unknown as Spec, read), spec, { ...options, ...(initial === undefined ? {} : { initial }) })
}

/** Judges operations, in order of invocation, as `operationsOf` reads them from a history. */
export function judge<S extends Value>(operations: readonly Operation[], spec: Spec<S>, options: JudgeOptions = {}): Judgement {
  const started = performance.now()
  const { level = 'linearizable' } = options
  const { decision, key } = decided(operations, spec as unknown as Spec, level, options)
  return {
    model: spec.name,
    level,
    verdict: decision.verdict,
    operations: operations.length,
    objects: byKey(operations).length,
    algorithm: decision.algorithm,
    seconds: (performance.now() - started) / 1000,
    ...(key === undefined ? {} : { key }),
    decision,
  }
}

function decided(
  operations: readonly Operation[],
  spec: Spec,
  level: LevelName,
  options: JudgeOptions,
): { readonly decision: Decision; readonly key?: Value | undefined } {
  const { limits = {}, initial = spec.initial, evidence = 'small' } = options
  if (level === 'linearizable') return linearizable(operations, spec, initial, new Budget(limits), options)
  const decision = required(level).decide({ spec, operations, initial, limits, evidence }, options)
  return { decision, ...(decision.verdict === 'violated' ? { key: decision.failing?.key } : {}) }
}

function required(level: string): (typeof levels)[string] {
  const found = Object.hasOwn(levels, level) ? levels[level] : undefined
  if (found) return found
  throw new HistoryError('option', `there is no level ${level}; the levels are ${levelNames.join(', ')}`)
}
