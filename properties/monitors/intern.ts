/** Small integers for values, so that hot loops compare and index instead of hashing. */
import { keyOf, type Value } from '../value.ts'

export interface Interner {
  /** The number of the value; a value that has none yet is given the next one, from 0. */
  of(value: Value): number
  /** The number of the value, or -1. */
  find(value: Value): number
  readonly values: readonly Value[]
}

export function interner(): Interner {
  const numbers = new Map<number | string, number>()
  const values: Value[] = []
  return {
    of(value) {
      const key = shortKey(value)
      const known = numbers.get(key)
      if (known !== undefined) return known
      numbers.set(key, values.length)
      return values.push(value) - 1
    },
    find: (value) => numbers.get(shortKey(value)) ?? -1,
    values,
  }
}

/** Integers are keys themselves, which spares a million strings; canonical keys of all else are strings that are no numbers. */
function shortKey(value: Value): number | string {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value === 0 ? 0 : value
  if (typeof value === 'bigint' && value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) return Number(value)
  return keyOf(value)
}
