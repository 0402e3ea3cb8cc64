import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FreePositions, groupsOf, orderBy, rank } from './positions.ts'

describe('rank', () => {
  it('numbers positions in order and without gaps, whether they are close together or far apart', () => {
    const position = fc.oneof(fc.integer({ min: -2, max: 30 }), fc.integer({ min: 0, max: 1e12 }), fc.constant(Number.POSITIVE_INFINITY))
    fc.assert(
      fc.property(fc.array(position), fc.array(position), (a, b) => {
        const distinct = [...new Set([...a, ...b])].filter(Number.isFinite).sort((x, y) => x - y)
        const expected = (list: readonly number[]): number[] =>
          list.map((p) => (Number.isFinite(p) ? distinct.indexOf(p) : distinct.length))
        const [first, second] = [Float64Array.from(a), Float64Array.from(b)]
        expect(rank(first, second)).toBe(distinct.length)
        expect([...first, ...second]).toEqual([...expected(a), ...expected(b)])
      }),
    )
  })
})

describe('orderBy', () => {
  it('is a stable sort', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (keys) => {
        expect([...orderBy(keys, 9)]).toEqual([...keys.keys()].sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0)))
      }),
    )
  })
})

describe('groupsOf', () => {
  it('gives the indices of each number', () => {
    const group = groupsOf(Int32Array.from([2, 0, 2]), 3)
    expect([0, 1, 2].map((number) => [...group(number)])).toEqual([[1], [], [0, 2]])
  })
})

describe('FreePositions', () => {
  it('finds the nearest position that is not taken, on both sides', () => {
    const interval = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 }))
    fc.assert(
      fc.property(fc.array(interval), (intervals) => {
        const free = new FreePositions(13)
        const isFree = Array.from({ length: 13 }, () => true)
        for (const [low, high] of intervals) {
          free.takeBetween(low, high)
          for (let p = low + 1; p < high; p++) isFree[p] = false
        }
        for (let p = 0; p < 13; p++) {
          const after = isFree.indexOf(true, p)
          expect(free.atOrAfter(p)).toBe(after < 0 ? 13 : after)
          expect(free.atOrBefore(p)).toBe(isFree.lastIndexOf(true, p))
        }
      }),
    )
  })
})
