/**
 * The values of histories and of specification states: plain data, with integers of any size. Each has one canonical key,
 * a string that two values share exactly when they are structurally equal, whatever the order of their keys.
 */
import { HistoryError } from './errors.ts'

export type Value = null | boolean | number | bigint | string | readonly Value[] | { readonly [key: string]: Value }

/**
 * The canonical key of a value. Integers are equal whether they are numbers or bigints.
 * @throws HistoryError `not-plain-data`, naming the path inside the value
 */
export function keyOf(value: unknown, path = 'value'): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      if (!Number.isFinite(value)) throw notPlain(path, String(value))
      // A bigint and a number beyond 2^53 that are equal have the same digits.
      return value === 0 ? '0' : Number.isInteger(value) ? integerKey(value) : String(value)
    case 'bigint':
      return value.toString()
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      return value === null ? 'null' : objectKey(value, path)
    default:
      throw notPlain(path, value === undefined ? 'undefined (use null)' : `a ${typeof value}`)
  }
}

export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' && typeof b !== 'object' && typeof a === typeof b) return false
  return keyOf(a) === keyOf(b)
}

/** A value as people write it: `1`, `"a"`, `[1 2]` as `[1, 2]`; `nil` as `null`; shortened to about `width` characters. */
export function showValue(value: Value | undefined, width = 60): string {
  if (value === undefined) return '?'
  const text = shown(value)
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}

function shown(value: Value): string {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string') return isWord(value) ? value : JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (isList(value)) return `[${value.map(shown).join(' ')}]`
  return `{${Object.entries(value)
    .map(([name, member]) => `${name}: ${shown(member)}`)
    .join(', ')}}`
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}

export function isRecord(value: Value | undefined): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isWord(text: string): boolean {
  return /^:?[A-Za-z_][\w.-]*$/.test(text) && !/^(null|nil|true|false)$/.test(text)
}

function integerKey(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString()
}

function objectKey(value: object, path: string): string {
  if (Array.isArray(value)) return `[${value.map((member, i) => keyOf(member, `${path}[${i}]`)).join(',')}]`
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw notPlain(path, `a ${value.constructor?.name ?? 'class instance'}`)
  const record = value as Record<string, unknown>
  const members = Object.keys(record)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${keyOf(record[name], `${path}.${name}`)}`)
  return `{${members.join(',')}}`
}

function notPlain(path: string, what: string): HistoryError {
  return new HistoryError('not-plain-data', `${path} is ${what}; histories and specification states hold plain data only`)
}
