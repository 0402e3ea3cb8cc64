/**
 * Plain data: the only values that live in states, messages and arguments. Every value has one canonical key, a
 * string that two values share exactly when they are structurally equal, whatever the order of their keys.
 */
import { current, isDraft } from 'immer'
import { UserError } from '../errors.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Replaces an engine's proxy by the data behind it; `undefined` means that the value is no such proxy. */
export type Reveal = (value: object) => unknown

const known = new WeakMap<object, string>()

/**
 * The canonical key of plain data.
 * @throws UserError `not-plain-data`, naming the path inside the value
 */
export function canonicalKey(value: unknown, path = 'value'): string {
  try {
    return keyOf(value, path)
  } catch (error) {
    throw nested(error, value, path)
  }
}

/** Looking for cycles in every value would cost more than being told by the stack. */
function nested(error: unknown, value: unknown, path: string): unknown {
  if (!(error instanceof RangeError)) return error
  return notPlain(cycleIn(value, path, new Set()) ?? path, 'a value that contains itself, or is nested too deeply')
}

function cycleIn(value: unknown, path: string, around: ReadonlySet<unknown>): string | null {
  if (typeof value !== 'object' || value === null) return null
  if (around.has(value)) return path
  const within = new Set(around).add(value)
  for (const [name, member] of Object.entries(value)) {
    const found = cycleIn(member, Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`, within)
    if (found !== null) return found
  }
  return null
}

function keyOf(value: unknown, path: string): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      if (!Number.isFinite(value)) throw notPlain(path, String(value))
      return value === 0 ? '0' : String(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object': {
      if (value === null) return 'null'
      const cached = known.get(value)
      if (cached !== undefined) return cached
      return objectKey(value, path)
    }
    default:
      throw notPlain(path, value === undefined ? 'undefined (use null, or leave the key out)' : `a ${typeof value}`)
  }
}

/** The value with immer drafts and engine proxies replaced by what they stand for, keys in order, deeply frozen. */
export function plain(value: unknown, path = 'value', reveal?: Reveal): Json {
  let resolved: unknown
  let key: string
  try {
    resolved = resolve(value, reveal)
    key = canonicalKey(resolved, path)
  } catch (error) {
    throw nested(error, value, path)
  }
  if (typeof resolved === 'object' && resolved !== null) freezeDeep(resolved, key)
  return resolved as Json
}

export function sameJson(a: unknown, b: unknown): boolean {
  return a === b || canonicalKey(a) === canonicalKey(b)
}

function objectKey(value: object, path: string): string {
  if (Array.isArray(value)) {
    let key = '['
    for (let i = 0; i < value.length; i++) key += `${i ? ',' : ''}${keyOf(value[i], `${path}[${i}]`)}`
    return `${key}]`
  }
  if (!isPlainContainer(value)) {
    throw notPlain(path, `a ${value.constructor?.name ?? 'class instance'}`)
  }
  if (Object.getOwnPropertySymbols(value).length > 0) throw notPlain(path, 'an object with symbol keys')
  const record = value as Record<string, unknown>
  let key = '{'
  for (const name of Object.keys(record).sort()) {
    key += `${key === '{' ? '' : ','}${JSON.stringify(name)}:${keyOf(record[name], `${path}.${name}`)}`
  }
  return `${key}}`
}

/** Arrays and plain objects: what can hold data. */
export function isPlainContainer(value: object): boolean {
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function notPlain(path: string, what: string): UserError {
  return new UserError('not-plain-data', `${path} is ${what}; states, messages and arguments hold plain JSON data only`)
}

function resolve(value: unknown, reveal: Reveal | undefined): unknown {
  if (value === 0) return 0
  if (typeof value !== 'object' || value === null || known.has(value)) return value
  if (isDraft(value)) return resolve(current(value), reveal)
  const revealed = reveal?.(value)
  if (revealed !== undefined) return revealed
  if (!isPlainContainer(value)) return value
  const source = value as Record<string, unknown>
  let copy: Record<string, unknown> | undefined
  for (const name of Object.keys(source)) {
    const member = resolve(source[name], reveal)
    if (Object.is(member, source[name])) continue
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>
    copy[name] = member
  }
  return Array.isArray(value) ? (copy ?? value) : inOrder((copy ?? source) as Record<string, unknown>)
}

/** With its keys sorted: equal values must be alike also to a model that asks for their keys. */
function inOrder(value: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(value)
  if (names.every((name, i) => i === 0 || (names[i - 1] as string) < name)) return value
  return Object.fromEntries(names.sort().map((name) => [name, value[name]]))
}

function freezeDeep(value: object, key: string): void {
  if (known.has(value)) return
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null) freezeDeep(member, canonicalKey(member))
  }
  Object.freeze(value)
  known.set(value, key)
}
