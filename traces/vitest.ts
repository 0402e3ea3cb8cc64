/**
 * `counterpoint/vitest`: matchers for models. Importing this module adds them to vitest's `expect`.
 *
 * @example
 * import 'counterpoint/vitest'
 * expect(raft).toHold({ constants: { servers: 2 } })
 * expect(raft).toBreak('electionSafety', { bugs: ['vote-not-persisted'] })
 */
import { expect } from 'vitest'
import { type CheckOptions, type CheckResult, check, isModel, type Model } from '../checker/index.ts'
import { showTrace } from './show.ts'

declare module 'vitest' {
  interface Matchers<T> {
    /** Every property of the model holds; a search that a limit has ended is not enough. */
    toHold(options?: CheckOptions): T
    /** The property is violated. */
    toBreak(property: string, options?: CheckOptions): T
  }
}

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

expect.extend({ toHold, toBreak })

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
