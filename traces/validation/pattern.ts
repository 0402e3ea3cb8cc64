/** What a log says of a value, held against the value: objects may leave fields out, lists are of the same length, all else is equal. */
import type { Json } from '../../checker/index.ts'
import { sameJson } from '../../checker/language/json.ts'

/** Where a value is not as the log says. */
export interface Mismatch {
  /** From where the comparison began: `.message.term`, `[0]`; empty for the whole. */
  readonly path: string
  readonly logged: Json
  /** Absent where the model has no such value. */
  readonly model?: Json
}

/** The first place where a value is not as the pattern says, or `null`. */
export function mismatch(pattern: Json, value: Json | undefined, path = ''): Mismatch | null {
  if (value === undefined) return { path, logged: pattern }
  if (Array.isArray(pattern)) {
    if (!Array.isArray(value) || value.length !== pattern.length) return { path, logged: pattern, model: value }
    return firstOf(pattern, (item, i) => mismatch(item, value[i] as Json, `${path}[${i}]`))
  }
  if (isRecord(pattern)) {
    if (!isRecord(value)) return { path, logged: pattern, model: value }
    return firstOf(Object.entries(pattern), ([name, member]) =>
      mismatch(member, Object.hasOwn(value, name) ? value[name] : undefined, `${path}.${name}`),
    )
  }
  return sameJson(pattern, value) ? null : { path, logged: pattern, model: value }
}

/** The value at a path inside another one; `undefined` where there is none. */
export function valueAt(value: Json, path: readonly (string | number)[]): Json | undefined {
  let at: Json | undefined = value
  for (const key of path) {
    if (typeof key === 'number') at = Array.isArray(at) ? (at as readonly Json[])[key] : undefined
    else at = at !== undefined && isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined
    if (at === undefined) return undefined
  }
  return at
}

export function isRecord(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function firstOf<T>(items: readonly T[], f: (item: T, i: number) => Mismatch | null): Mismatch | null {
  for (const [i, item] of items.entries()) {
    const found = f(item, i)
    if (found !== null) return found
  }
  return null
}
