import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalKey, type Json } from '../language/json.ts'
import { Interner } from './interner.ts'

const value = fc.jsonValue({ maxDepth: 2 }).map((each) => each as Json)

describe('an interner', () => {
  it('numbers distinct values in order of first appearance, and equal ones alike', () => {
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const interner = new Interner()
        const keys = new Map<string, number>()
        for (const each of values) {
          const key = canonicalKey(each)
          if (!keys.has(key)) keys.set(key, keys.size)
          expect(interner.id(each)).toBe(keys.get(key))
        }
        expect(interner.size).toBe(keys.size)
        for (const [key, id] of keys) expect(canonicalKey(interner.value(id))).toBe(key)
      }),
    )
  })

  it('returns the first of equal values, frozen', () => {
    const interner = new Interner()
    const first = { a: 1, b: [2] }
    interner.id(first)
    interner.id({ b: [2], a: 1 })
    expect(interner.value(0)).toBe(first)
    expect(Object.isFrozen(first.b)).toBe(true)
  })

  it('numbers nothing that it refuses', () => {
    const interner = new Interner()
    expect(() => interner.id([1, undefined], 'n')).toThrow('n[1] is undefined')
    expect(interner.size).toBe(0)
    expect(interner.id(null)).toBe(0)
  })
})
