import fc from 'fast-check'
import isEqual from 'lodash/isEqual.js'
import { describe, expect, it } from 'vitest'
import { HistoryError } from './errors.ts'
import { equal, isList, isRecord, keyOf, showValue, type Value } from './value.ts'

const values = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Value>

describe('the key of a value', () => {
  it('is shared by two values exactly when they are structurally equal', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        // Zeros of both signs are one integer.
        const plain = (value: Value): unknown => JSON.parse(JSON.stringify(value))
        expect(keyOf(a) === keyOf(b)).toBe(isEqual(plain(a), plain(b)))
        expect(equal(a, b)).toBe(keyOf(a) === keyOf(b))
        expect(equal(a, plain(a))).toBe(true)
      }),
    )
  })

  it('does not depend on the order in which a record was written', () => {
    expect(keyOf({ b: [1], a: { d: 1, c: 2 } })).toBe(keyOf({ a: { c: 2, d: 1 }, b: [1] }))
  })

  it.each<[Value, Value, boolean]>([
    [1, 1n, true],
    [2 ** 53, 2n ** 53n, true],
    [2n ** 64n, 2 ** 64, true],
    [2n ** 64n, 2n ** 64n + 1n, false],
    [0, -0, true],
    [1, '1', false],
    [1n, '1', false],
    [null, 'null', false],
    [null, false, false],
    [1, true, false],
    [[1, [2]], [1, 2], false],
    [['a,b'], ['a', 'b'], false],
    [{ a: 1 }, { a: 1, b: null }, false],
    [[], {}, false],
    [0.5, 0.5, true],
    [1e21, 10n ** 21n, true],
  ])('of %s and %s is the same: %s', (a, b, expected) => {
    expect(keyOf(a) === keyOf(b)).toBe(expected)
    expect(equal(a, b)).toBe(expected)
    expect(equal(b, a)).toBe(expected)
  })

  it.each<[unknown, string]>([
    [undefined, 'value is undefined (use null)'],
    [{ a: [1, undefined] }, 'value.a[1] is undefined'],
    [Number.NaN, 'value is NaN'],
    [[Number.POSITIVE_INFINITY], 'value[0] is Infinity'],
    [new Map(), 'value is a Map'],
    [{ at: new Date(0) }, 'value.at is a Date'],
    [() => 1, 'value is a function'],
    [Symbol('s'), 'value is a symbol'],
  ])('is refused for what is no plain data: %s', (value, message) => {
    expect(() => keyOf(value)).toThrow(HistoryError)
    expect(() => keyOf(value)).toThrow(message)
  })

  it('accepts records without a prototype', () => {
    expect(keyOf(Object.assign(Object.create(null), { a: 1 }))).toBe(keyOf({ a: 1 }))
  })
})

describe('a shown value', () => {
  it.each<[Value | undefined, string]>([
    [undefined, '?'],
    [null, 'null'],
    [1, '1'],
    [2n ** 70n, '1180591620717411303424'],
    ['word', 'word'],
    [':nil', ':nil'],
    ['two words', '"two words"'],
    ['null', '"null"'],
    ['true', '"true"'],
    ['1', '"1"'],
    ['', '""'],
    [[1, ['a b']], '[1 ["a b"]]'],
    [{ a: 1, b: [2] }, '{a: 1, b: [2]}'],
  ])('of %s is %s', (value, text) => {
    expect(showValue(value)).toBe(text)
  })

  it('is shortened to a width', () => {
    expect(showValue('a'.repeat(100), 10)).toBe(`${'a'.repeat(9)}…`)
  })
})

describe('lists and records', () => {
  it('are told apart', () => {
    expect([[1], {}, null, 'a', undefined].map((value) => [isList(value), isRecord(value)])).toEqual([
      [true, false],
      [false, true],
      [false, false],
      [false, false],
      [false, false],
    ])
  })
})
