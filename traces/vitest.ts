/**
 * `counterpoint/vitest`: matchers for models and for recorded histories. Importing this module adds them to vitest's `expect`.
 *
 * @example
 * import 'counterpoint/vitest'
 * expect(raft).toHold({ constants: { servers: 2 } })
 * expect(raft).toBreak('electionSafety', { bugs: ['vote-not-persisted'] })
 * expect(record.history).toBeLinearizable(register, { save: 'history.edn' })
 * expect(log).toBeExplainedBy(raft, { hidden: ['drop'] })
 */
import { type AsymmetricMatchersContaining, expect, type MatcherState } from 'vitest'
import { type CheckOptions, type CheckResult, check, isModel, type Model } from '../checker/index.ts'
import type { IsolationLevel } from '../properties/isolation/level.ts'
import type { WorkloadName } from '../properties/isolation/workloads/index.ts'
import type { Spec } from '../properties/spec.ts'
import type { Value } from '../properties/value.ts'
import { type ConsistencyLevel, type ConsistencyOptions, consistency } from './histories/consistency.ts'
import { type InvariantOptions, invariantOf } from './histories/invariant.ts'
import { type IsolationMatcherOptions, isolation } from './histories/isolation.ts'
import { workloadLevel } from './histories/show-workload.ts'
import { showTrace } from './show.ts'
import type { LogEvent } from './validation/log.ts'
import { showValidation } from './validation/show-validation.ts'
import { type ValidateOptions, validate } from './validation/validate.ts'

export type { ConsistencyLevel, ConsistencyOptions } from './histories/consistency.ts'
export type { InvariantOptions } from './histories/invariant.ts'
export type { IsolationMatcherOptions } from './histories/isolation.ts'

// Without type parameters, since vitest 4 and 5 have different ones, all of them with defaults.
declare module 'vitest' {
  interface Matchers {
    /** Every property of the model holds; a search that a limit has ended is not enough. */
    toHold(options?: CheckOptions): void
    /** The property is violated. */
    toBreak(property: string, options?: CheckOptions): void
    /** Of the events that a real run has logged: a path of the model explains them; a search that a limit has ended is not enough. */
    toBeExplainedBy(model: Model, options?: ValidateOptions): void
    /** Of a history or its recorder: each operation seems to happen at one moment between its call and its return. */
    toBeLinearizable<S extends Value>(spec: Spec<S>, options?: ConsistencyOptions): void
    /** Of a history or its recorder: one order of all operations, which keeps the order of each process, explains it. */
    toBeSequentiallyConsistent<S extends Value>(spec: Spec<S>, options?: ConsistencyOptions): void
    /** Of a history of transactions or its recorder: some serial order of the transactions explains it. */
    toBeSerializable(options?: IsolationMatcherOptions): void
    /** Of a history of transactions or its recorder: some serial order explains it, in which what ended earlier comes earlier. */
    toBeStrictSerializable(options?: IsolationMatcherOptions): void
    /** Of a history of transactions or its recorder: each read a snapshot, and of two at the same time that write a key one aborted. */
    toBeSnapshotIsolated(options?: IsolationMatcherOptions): void
    /** Of a history of transactions or its recorder: it is at this isolation level. */
    toSatisfyIsolation(level: IsolationLevel, options?: IsolationMatcherOptions): void
    /** Of a history or its recorder: its reads keep the invariant of this workload of Jepsen's, such as the total of a bank. */
    toKeepInvariant<Name extends WorkloadName>(workload: Name, options?: InvariantOptions<Name>): void
  }
  interface Assertion {
    /** Of a history or its recorder, with a level and a specification: it is consistent at this level. With a function: vitest's own. */
    toSatisfy: AsymmetricMatchersContaining['toSatisfy'] & ToSatisfyLevel
  }
}

type ToSatisfyLevel = <S extends Value>(level: ConsistencyLevel, spec: Spec<S>, options?: ConsistencyOptions) => void

interface Outcome {
  readonly pass: boolean
  readonly message: () => string
}

/** `expect(model).toHold(options)` */
export function toHold(model: unknown, options: CheckOptions = {}): Outcome {
  const result = check(requireModel(model), options)
  return { pass: result.verdict === 'holds', message: () => told(requireModel(model), result) }
}

/** `expect(model).toBreak(property, options)` */
export function toBreak(model: unknown, property: string, options: CheckOptions = {}): Outcome {
  const result = check(requireModel(model), { ...options, properties: [property] })
  return { pass: result.properties[property]?.verdict === 'violated', message: () => told(requireModel(model), result) }
}

/** `expect(log).toBeExplainedBy(model, options)` */
export function toBeExplainedBy(this: MatcherState, log: unknown, model: Model, options: ValidateOptions = {}): Outcome {
  if (!Array.isArray(log)) throw new TypeError('expected a list of events, such as { action, args, state }')
  const validation = validate(requireModel(model), log as readonly LogEvent[], options)
  // Vitest leaves it undefined where there is no `.not`; an inconclusive search fails both ways.
  const pass = validation.verdict === 'explained' || (validation.verdict === 'inconclusive' && this.isNot === true)
  return { pass, message: () => showValidation(validation, options.where === undefined ? {} : { where: options.where }) }
}

/** `expect(history).toBeLinearizable(spec, options)` */
export function toBeLinearizable(this: MatcherState, recorded: unknown, spec: Spec, options?: ConsistencyOptions): Outcome {
  return judged(this, recorded, 'linearizable', spec, options)
}

/** `expect(history).toBeSequentiallyConsistent(spec, options)` */
export function toBeSequentiallyConsistent(this: MatcherState, recorded: unknown, spec: Spec, options?: ConsistencyOptions): Outcome {
  return judged(this, recorded, 'sequential', spec, options)
}

/** `expect(history).toSatisfy(level, spec, options)`; and `expect(value).toSatisfy(predicate, message)`, which vitest has had before. */
export function toSatisfy(
  this: MatcherState,
  received: unknown,
  level: ConsistencyLevel | ((value: unknown) => boolean),
  spec?: Spec | string,
  options?: ConsistencyOptions,
): Outcome {
  if (typeof level === 'function') return satisfied(this, received, level, spec)
  if (typeof spec !== 'object') throw new TypeError('expected a specification, such as register of counterpoint/properties')
  return judged(this, received, level, spec, options)
}

/** `expect(history).toBeSerializable(options)` */
export function toBeSerializable(this: MatcherState, recorded: unknown, options?: IsolationMatcherOptions): Outcome {
  return isolated(this, recorded, 'serializable', options)
}

/** `expect(history).toBeStrictSerializable(options)` */
export function toBeStrictSerializable(this: MatcherState, recorded: unknown, options?: IsolationMatcherOptions): Outcome {
  return isolated(this, recorded, 'strict-serializable', options)
}

/** `expect(history).toBeSnapshotIsolated(options)` */
export function toBeSnapshotIsolated(this: MatcherState, recorded: unknown, options?: IsolationMatcherOptions): Outcome {
  return isolated(this, recorded, 'snapshot-isolation', options)
}

/** `expect(history).toSatisfyIsolation(level, options)` */
export function toSatisfyIsolation(
  this: MatcherState,
  recorded: unknown,
  level: IsolationLevel,
  options?: IsolationMatcherOptions,
): Outcome {
  return isolated(this, recorded, level, options)
}

/** `expect(history).toKeepInvariant(workload, options)` */
export function toKeepInvariant<Name extends WorkloadName>(
  this: MatcherState,
  recorded: unknown,
  workload: Name,
  options: InvariantOptions<Name> = {} as InvariantOptions<Name>,
): Outcome {
  const { decision, text, save } = invariantOf(recorded, workload, options)
  return outcome(this, workloadLevel(workload), decision.verdict, text, save)
}

expect.extend({
  toHold,
  toBreak,
  toBeExplainedBy,
  toBeLinearizable,
  toBeSequentiallyConsistent,
  toSatisfy,
  toBeSerializable,
  toBeStrictSerializable,
  toBeSnapshotIsolated,
  toSatisfyIsolation,
  toKeepInvariant,
})

function judged(state: MatcherState, recorded: unknown, level: ConsistencyLevel, spec: Spec, options?: ConsistencyOptions): Outcome {
  const { judgement, text, save } = consistency(recorded, level, spec, options)
  return outcome(state, level, judgement.verdict, text, save)
}

function isolated(state: MatcherState, recorded: unknown, level: IsolationLevel, options?: IsolationMatcherOptions): Outcome {
  const { judgement, text, save } = isolation(recorded, level, options)
  return outcome(state, level, judgement.levels[0]?.verdict ?? 'unknown', text, save)
}

/** An unknown is neither: it fails both ways, as does a level that says nothing of such operations. */
function outcome({ isNot }: MatcherState, level: string, verdict: string, text: () => string, save: () => string): Outcome {
  // Vitest leaves it undefined where there is no `.not`.
  const negated = isNot === true
  const pass = verdict === 'holds' || (verdict !== 'violated' && negated)
  const saved = pass === negated ? save() : ''
  const expected = verdict === 'holds' ? `expected a history that does not satisfy ${level}, but this one does\n` : ''
  return { pass, message: () => `${expected}${text()}${saved}` }
}

function satisfied({ isNot, utils }: MatcherState, received: unknown, predicate: (value: unknown) => boolean, message: unknown): Outcome {
  const satisfies = typeof message === 'string' ? message : utils.printExpected(predicate)
  const expected = `expected the value ${isNot ? 'not ' : ''}to satisfy: ${satisfies}\nreceived: ${utils.printReceived(received)}`
  return {
    pass: predicate(received),
    message: () => `${utils.matcherHint(`${isNot ? '.not' : ''}.toSatisfy`, 'received', '')}\n\n${expected}`,
  }
}

function requireModel(model: unknown): Model {
  if (isModel(model)) return model
  throw new TypeError('expected a model, made by defineModel')
}

function told(model: Model, result: CheckResult): string {
  const verdicts = Object.entries(result.properties).map(
    ([name, { verdict, message }]) => `${name}: ${verdict}${verdict === 'violated' ? ` (${message})` : ''}`,
  )
  const [violation] = result.violations
  const why = result.limit === null ? '' : `; the search ended at its limit on ${result.limit}`
  return [
    `${model.name}: ${result.verdict}, ${result.distinct} states${why}`,
    ...verdicts,
    ...(violation ? ['', showTrace(model, violation.trace)] : []),
  ].join('\n')
}
