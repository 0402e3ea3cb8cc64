/**
 * Integers that stand for values: two values have the same code exactly when they are structurally equal. Small integers stand for
 * themselves and cost nothing; of other values the first that is met is kept.
 */
import { keyOf, type Value } from '../../value.ts'

const ownCodeMax = 0x7fffffff

/** V8 copies shorter strings anyway. */
const cutFrom = 13

export class Codes {
  readonly #values: Value[] = []
  readonly #ofScalar = new Map<Value, number>()
  readonly #ofObject = new Map<string, number>()

  /** @throws HistoryError `not-plain-data` */
  codeOf(value: Value): number {
    if (typeof value === 'number' && value >= 0 && value <= ownCodeMax && Number.isInteger(value)) return value
    if (typeof value === 'string') return this.#ofScalar.get(value) ?? this.#codeOfNew(value)
    if (typeof value === 'bigint') return this.#codeOfInteger(value)
    if (value === null || typeof value === 'boolean') return this.#coded(this.#ofScalar, value, value)
    if (typeof value === 'number' && Number.isFinite(value)) {
      const isLarge = Number.isInteger(value) && !Number.isSafeInteger(value)
      return this.#coded(this.#ofScalar, isLarge ? BigInt(value) : value, value)
    }
    return this.#coded(this.#ofObject, keyOf(value), value)
  }

  value(code: number): Value {
    return code >= 0 ? code : (this.#values[~code] as Value)
  }

  /** A long string that was cut from a text keeps all of it alive: a copy does not. */
  #codeOfNew(text: string): number {
    const copy = text.length < cutFrom ? text : ` ${text}`.slice(1)
    return this.#coded(this.#ofScalar, copy, copy)
  }

  /** A bigint that a number can hold is that number. */
  #codeOfInteger(value: bigint): number {
    const number = Number(value)
    if (!Number.isSafeInteger(number)) return this.#coded(this.#ofScalar, value, value)
    return number >= 0 && number <= ownCodeMax ? number : this.#coded(this.#ofScalar, number, value)
  }

  #coded<K>(codes: Map<K, number>, key: K, value: Value): number {
    const known = codes.get(key)
    if (known !== undefined) return known
    const code = ~this.#values.length
    this.#values.push(value)
    codes.set(key, code)
    return code
  }
}
