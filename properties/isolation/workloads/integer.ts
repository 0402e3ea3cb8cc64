/** Integers of any size: numbers where these are exact, bigints beyond, so that equal ones are identical. */
import type { Value } from '../../value.ts'

export type Integer = number | bigint

/** @returns `null` for what is no integer */
export function integerOf(value: Value | undefined): Integer | null {
  if (typeof value === 'bigint') return narrowed(value)
  if (typeof value !== 'number' || !Number.isInteger(value)) return null
  return Number.isSafeInteger(value) ? value : BigInt(value)
}

export function plus(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return narrowed(BigInt(a) + BigInt(b))
}

export function minus(a: Integer, b: Integer): Integer {
  return plus(a, -b)
}

function narrowed(value: bigint): Integer {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
