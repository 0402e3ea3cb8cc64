/** Constants of a model: declared with a default and a range, overridden by callers, validated in one place. */
import { suggest, UserError } from '../errors.ts'

interface NumberConstant {
  readonly default: number
  readonly min?: number
  readonly max?: number
  readonly about?: string
}
interface FlagConstant {
  readonly default: boolean
  readonly about?: string
}
interface ChoiceConstant {
  readonly default: string
  readonly oneOf: readonly string[]
  readonly about?: string
}

/** `3`, `true`, or a record with a default, a range (`min`, `max`, inclusive) or choices (`oneOf`), and a gloss. A number without a range is a whole number of at least 0. */
export type ConstantDecl = number | boolean | NumberConstant | FlagConstant | ChoiceConstant
export type ConstantDecls = Readonly<Record<string, ConstantDecl>>
export type ConstantValue = number | boolean | string

type ValueOf<D> = D extends { oneOf: readonly (infer S)[] }
  ? S
  : D extends number | { default: number }
    ? number
    : D extends boolean | { default: boolean }
      ? boolean
      : never

/** The values that a model's functions receive for its declared constants. */
export type Constants<C> = { readonly [K in keyof C]: ValueOf<C[K]> }

export interface ConstantInfo {
  readonly name: string
  readonly default: ConstantValue
  readonly range: string
  readonly about: string
}

export function describeConstants(decls: ConstantDecls): ConstantInfo[] {
  return Object.entries(decls).map(([name, decl]) => ({
    name,
    default: defaultOf(decl),
    range: rangeOf(decl),
    about: (typeof decl === 'object' && decl.about) || '',
  }))
}

/**
 * The declared defaults with `overrides` applied. Strings are read as the command line gives them.
 * @throws UserError `unknown-constant` or `bad-constant`
 */
export function resolveConstants(
  model: string,
  decls: ConstantDecls,
  overrides: Readonly<Record<string, unknown>>,
): Record<string, ConstantValue> {
  const values: Record<string, ConstantValue> = {}
  for (const [name, decl] of Object.entries(decls)) values[name] = accept(model, name, decl, defaultOf(decl))
  for (const [name, given] of Object.entries(overrides)) {
    const decl = Object.hasOwn(decls, name) ? decls[name] : undefined
    if (decl === undefined) {
      throw new UserError('unknown-constant', `model ${model} has no constant "${name}"${suggest(name, Object.keys(decls))}`)
    }
    values[name] = accept(model, name, decl, given)
  }
  return values
}

/** The constants as the model sees them: reading one that is not declared is an error, not `undefined`. */
export function guardedConstants(model: string, values: Readonly<Record<string, ConstantValue>>): object {
  return new Proxy(Object.freeze({ ...values }), {
    get(target, name) {
      // JSON.stringify asks for toJSON.
      if (typeof name === 'symbol' || name === 'toJSON' || Object.hasOwn(target, name)) return Reflect.get(target, name)
      throw new UserError('unknown-constant', `model ${model} reads the undeclared constant "${name}"${suggest(name, Object.keys(target))}`)
    },
  })
}

function defaultOf(decl: ConstantDecl): ConstantValue {
  return typeof decl === 'object' ? decl.default : decl
}

function rangeOf(decl: ConstantDecl): string {
  if (typeof decl === 'object' && 'oneOf' in decl) return decl.oneOf.join(' | ')
  if (typeof defaultOf(decl) === 'boolean') return 'true | false'
  const { min, max } = numberRange(decl)
  return max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`
}

function numberRange(decl: ConstantDecl): { min: number; max: number } {
  const range = typeof decl === 'object' ? (decl as NumberConstant) : { default: 0 }
  return { min: range.min ?? 0, max: range.max ?? Number.POSITIVE_INFINITY }
}

function accept(model: string, name: string, decl: ConstantDecl, given: unknown): ConstantValue {
  const refuse = () =>
    new UserError(
      'bad-constant',
      `constant ${name} of model ${model} is ${rangeOf(decl)}, not ${typeof given === 'string' || typeof given === 'object' ? JSON.stringify(given) : String(given)}`,
    )
  const initial = defaultOf(decl)
  if (typeof initial === 'number') {
    const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
    const { min, max } = numberRange(decl)
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) throw refuse()
    return value
  }
  if (typeof initial === 'boolean') {
    if (given === true || given === 'true') return true
    if (given === false || given === 'false') return false
    throw refuse()
  }
  if (typeof given !== 'string' || !(decl as ChoiceConstant).oneOf.includes(given)) throw refuse()
  return given
}
