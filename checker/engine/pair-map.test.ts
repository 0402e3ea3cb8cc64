import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PairMap } from './pair-map.ts'

const number = fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 2 ** 31 - 2 }))

describe('a pair map', () => {
  it('answers as a Map does, -1 for what is absent', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, number, number), { maxLength: 300 }),
        fc.array(fc.tuple(number, number)),
        (entries, questions) => {
          const map = new PairMap()
          const naive = new Map<string, number>()
          for (const [left, right, value] of entries) {
            const key = `${left} ${right}`
            if (naive.has(key)) continue
            expect(map.get(left, right)).toBe(-1)
            map.set(left, right, value)
            naive.set(key, value)
          }
          expect(map.size).toBe(naive.size)
          for (const [left, right] of [...entries, ...questions]) expect(map.get(left, right)).toBe(naive.get(`${left} ${right}`) ?? -1)
        },
      ),
    )
  })

  it('keeps 100,000 entries while it grows', () => {
    const map = new PairMap()
    for (let i = 0; i < 100_000; i++) map.set(i % 317, i, i)
    for (let i = 0; i < 100_000; i++) if (map.get(i % 317, i) !== i) expect.fail(`entry ${i} is lost`)
    expect(map.get(1, 0)).toBe(-1)
    expect(map.bytes).toBeGreaterThanOrEqual(100_000 * 12)
  })

  it('stores 0 as a value', () => {
    const map = new PairMap()
    map.set(0, 0, 0)
    expect(map.get(0, 0)).toBe(0)
  })
})
