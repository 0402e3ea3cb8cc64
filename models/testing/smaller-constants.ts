/**
 * Looks for constants smaller than those that a known bug brings, at which it violates the same property. One constant is changed at a
 * time: a number to each lower value, a flag to its other value, and a choice of what clients do to each other one. (The other choices
 * say which protocol is checked, what is asked of it, or, as the workloads of transactions, which anomaly can show: none is smaller than
 * another.) What makes them smaller is the corrected model,
 * which has to hold there: with a number lowered it has no more states than before, for some numbers stand for "without a bound" at 0;
 * with a flag or a choice changed, which have no order of their own, it has fewer. A number that the bug leaves at its default, and
 * that makes no difference to the corrected model, is none of the bug's constants.
 */
import isEqual from 'lodash/isEqual.js'
import { type CheckOptions, type CheckResult, check, isUserError, type Model, program } from '../../checker/index.ts'

type Constants = Readonly<Record<string, number | boolean | string>>

/** One constant with another value. */
export interface Change {
  readonly constant: string
  readonly value: number | boolean | string
}

export interface Smaller {
  /** States of the corrected model at the constants that the bug brings. */
  readonly distinct: number
  /** The changes that make these smaller. */
  readonly tried: readonly Change[]
  /** Those at which the bug still violates its property. */
  readonly found: readonly Change[]
  /** Those at which a limit was reached before it did. */
  readonly undecided: readonly Change[]
}

/** The choices of what clients do. */
const workloads: ReadonlySet<string> = new Set(['clients'])

/** @param limits of each search for the bug */
export function smallerConstants(model: Model, bug: string, limits: Pick<CheckOptions, 'maxStates' | 'timeMs'> = {}): Smaller {
  const { constants } = program(model, { bugs: [bug] })
  const { violates = '', constants: named = {} } = model.bugs[bug] ?? { about: '' }
  const now = check(model, { constants, checkPurity: false })
  if (now.verdict !== 'holds') throw new Error(`${model.name} without the bug ${bug} does not hold at the constants that the bug brings`)
  const tried: Change[] = []
  const found: Change[] = []
  const undecided: Change[] = []
  for (const change of changes(model, constants)) {
    const there = { ...constants, [change.constant]: change.value }
    const corrected = checkIfAccepted(model, { constants: there, maxStates: now.distinct + 1, checkPurity: false })
    if (corrected?.verdict !== 'holds' || !isSmaller(change, corrected, now, Object.hasOwn(named, change.constant))) continue
    tried.push(change)
    const isAsked = corrected.properties[violates] !== undefined
    const { verdict } = isAsked
      ? check(model, { constants: there, bugs: [bug], properties: [violates], checkPurity: false, ...limits })
      : { verdict: 'holds' }
    if (verdict === 'violated') found.push(change)
    if (verdict === 'inconclusive') undecided.push(change)
  }
  return { distinct: now.distinct, tried, found, undecided }
}

/** States of the corrected model at the constants that a bug brings, as the catalogue tells them. */
export function correctedStates(model: Model, bug: string): number {
  const { constants } = program(model, { bugs: [bug] })
  const instance = model.instances.find(
    ({ constants: own = {}, bugs = [], expect }) =>
      bugs.length === 0 && expect === 'holds' && isEqual(program(model, { constants: own }).constants, constants),
  )
  if (instance?.distinct === undefined)
    throw new Error(`${model.name} has no instance without the bug ${bug} at the constants that it brings`)
  return instance.distinct
}

function changes(model: Model, constants: Constants): Change[] {
  return Object.entries(constants).flatMap(([constant, value]) => {
    const decl = model.constants[constant]
    const { min = 0, oneOf = [] } = typeof decl === 'object' ? (decl as { readonly min?: number; readonly oneOf?: readonly string[] }) : {}
    const others =
      typeof value === 'number'
        ? Array.from({ length: Math.max(0, value - min) }, (_, i) => value - 1 - i)
        : typeof value === 'boolean'
          ? [!value]
          : oneOf.filter((other) => workloads.has(constant) && other !== value)
    return others.map((other) => ({ constant, value: other }))
  })
}

function isSmaller({ value }: Change, there: CheckResult, now: CheckResult, isNamed: boolean): boolean {
  if (typeof value !== 'number') return there.distinct < now.distinct
  const makesNoDifference = isEqual([there.distinct, there.generated], [now.distinct, now.generated])
  return there.distinct <= now.distinct && (isNamed || !makesNoDifference)
}

/** `null` where the model refuses the constants. */
function checkIfAccepted(model: Model, options: CheckOptions): CheckResult | null {
  try {
    return check(model, options)
  } catch (error) {
    if (isUserError(error)) return null
    throw error
  }
}
