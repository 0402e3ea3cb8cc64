/** A number that reads as the same one: `String` rounds the digits of integers beyond 2^53, and writes 1e21 and more with an exponent. */
export function showDigits(value: number | bigint): string {
  if (typeof value === 'bigint' || Number.isSafeInteger(value) || !Number.isInteger(value)) return String(value)
  return BigInt(value).toString()
}
