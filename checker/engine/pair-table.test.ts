import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashPair, PairTable } from './pair-table.ts'

const int32 = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }))
const unlimited = (): void => {}

describe('a pair table', () => {
  it('numbers pairs as a Map does, from any capacity', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(int32, int32), { maxLength: 200 }), fc.integer({ min: 1, max: 64 }), (pairs, capacity) => {
        const table = new PairTable(capacity, unlimited)
        const naive = new Map<string, number>()
        for (const [left, right] of pairs) {
          const key = `${left} ${right}`
          if (!naive.has(key)) naive.set(key, naive.size)
          expect(table.put(left, right)).toBe(naive.get(key))
          expect(table.size).toBe(naive.size)
        }
        for (const [key, id] of naive) expect(`${table.pairs[2 * id]} ${table.pairs[2 * id + 1]}`).toBe(key)
      }),
    )
  })

  it('keeps the numbers of 200,000 pairs while it grows, and tells left from right', () => {
    const table = new PairTable(1, unlimited)
    const sides = 450
    for (let i = 0; i < sides * sides; i++) table.put(Math.floor(i / sides), i % sides)
    expect(table.size).toBe(sides * sides)
    for (let i = 0; i < sides * sides; i += 7)
      if (table.put(Math.floor(i / sides), i % sides) !== i) expect.fail(`pair ${i} has another number`)
    expect(table.size).toBe(sides * sides)
  })

  it('finds pairs that were there from the start after each growth', () => {
    const table = new PairTable(1, unlimited)
    for (let i = 0; i < 3000; i++) {
      expect(table.put(i, -i)).toBe(i)
      expect(table.put(0, -0)).toBe(0)
      expect(table.put(i >> 1, -(i >> 1))).toBe(i >> 1)
    }
  })

  it('tells of each large allocation first, and is as it was where that is refused', () => {
    const asked: number[] = []
    let refuse = false
    const table = new PairTable(4, (bytes) => {
      asked.push(bytes)
      if (refuse) throw new Error('no room')
    })
    for (let i = 0; i < 5000; i++) table.put(i, i)
    expect(asked.length).toBeGreaterThan(2)
    expect(asked.every((bytes) => bytes > 0)).toBe(true)
    refuse = true
    expect(() => {
      for (let i = 5000; i < 100_000; i++) table.put(i, i)
    }).toThrow('no room')
    const { size } = table
    for (let i = 0; i < size; i++) if (table.put(i, i) !== i) expect.fail(`pair ${i} is lost`)
    refuse = false
    expect(table.put(-1, -1)).toBe(size)
  })

  it('reports bytes that cover what it stores', () => {
    const table = new PairTable(1, unlimited)
    for (let i = 0; i < 10_000; i++) table.put(i, 0)
    expect(table.bytes).toBeGreaterThanOrEqual(10_000 * 8 + 10_000 * 4)
  })
})

describe('hashPair', () => {
  it('spreads neighbouring pairs evenly over low and high bits', () => {
    for (const shift of [0, 24]) {
      const buckets = new Array<number>(256).fill(0)
      for (let left = 0; left < 256; left++) {
        for (let right = 0; right < 256; right++) {
          const at = (hashPair(left, right) >>> shift) & 255
          buckets[at] = (buckets[at] as number) + 1
        }
      }
      // 256 expected in each, with a standard deviation of 16.
      expect(Math.max(...buckets)).toBeLessThan(256 + 6 * 16)
      expect(Math.min(...buckets)).toBeGreaterThan(256 - 6 * 16)
    }
  })
})
