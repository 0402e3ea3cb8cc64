/** Copies of values as histories keep them: what the program does with the value afterwards must not change what was recorded. */
import { HistoryError } from '../../properties/errors.ts'
import { keyOf, type Value } from '../../properties/value.ts'

/**
 * A copy of plain data; `undefined` becomes null.
 * @param what the value's name in the error
 * @throws HistoryError `not-plain-data`
 */
export function plainCopy(value: unknown, what: string): Value {
  if (value === undefined) return null
  try {
    keyOf(value, what)
  } catch (error) {
    if (error instanceof RangeError) throw new HistoryError('not-plain-data', `${what} is nested too deeply, or contains itself`)
    throw error
  }
  return structuredClone(value) as Value
}
