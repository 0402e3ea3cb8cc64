/** What changed between two values of a cell, path by path: `log[2]: + {term: 3}` rather than the whole log twice. */
import type { Json } from '../checker/index.ts'
import { sameJson } from '../checker/language/json.ts'
import { literal, tagOf } from './literal.ts'

/** A change at a path inside a value; `before` or `after` is absent where something came or went. */
export interface Change {
  readonly path: string
  readonly before?: Json
  readonly after?: Json
}

/** The changes that lead from one value to another, in the order of the keys. */
export function diff(before: Json, after: Json, path: string): Change[] {
  if (sameJson(before, after)) return []
  if (Array.isArray(before) && Array.isArray(after)) return arrays(before, after, path)
  if (isRecord(before) && isRecord(after)) return records(before, after, path)
  return [{ path, before, after }]
}

// Up to this width, an array is easier to read as a whole than as its parts.
const wholeMax = 24

function arrays(before: readonly Json[], after: readonly Json[], path: string): Change[] {
  const whole = { path, before, after }
  if (literal(before).length <= wholeMax && literal(after).length <= wholeMax) return [whole]
  const shared = Math.min(before.length, after.length)
  const changed = Array.from({ length: shared }, (_, i) => i).filter((i) => !sameJson(before[i], after[i]))
  if (before.length !== after.length && changed.length > 0) return [whole]
  if (changed.length > Math.max(1, shared / 2)) return [whole]
  return [
    ...changed.flatMap((i) => diff(before[i] as Json, after[i] as Json, `${path}[${i}]`)),
    ...before.slice(shared).map((gone, i) => ({ path: `${path}[${shared + i}]`, before: gone })),
    ...after.slice(shared).map((come, i) => ({ path: `${path}[${shared + i}]`, after: come })),
  ]
}

type JsonRecord = Readonly<Record<string, Json>>

function records(before: JsonRecord, after: JsonRecord, path: string): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const shared = names.filter((name) => Object.hasOwn(before, name) && Object.hasOwn(after, name))
  const tag = tagOf(after)
  // Another variant is another value altogether.
  if (shared.length === 0 || (tag !== undefined && before[tag] !== after[tag] && names.length > 1)) return [{ path, before, after }]
  return names.flatMap((name): Change[] => {
    const inside = /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`
    if (!Object.hasOwn(after, name)) return [{ path: inside, before: before[name] as Json }]
    if (!Object.hasOwn(before, name)) return [{ path: inside, after: after[name] as Json }]
    return diff(before[name] as Json, after[name] as Json, inside)
  })
}

function isRecord(value: Json): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
