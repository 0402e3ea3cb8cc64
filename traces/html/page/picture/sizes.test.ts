import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { around } from '../around.ts'
import { pngHeight, pngPart, pngScale, titleHeightMax } from './png-size.ts'

const sides = fc.integer({ min: 1, max: 5_000_000 })

describe('the size of a picture', () => {
  it('is one that browsers draw, never smaller than itself', () => {
    fc.assert(
      fc.property(sides, sides, (width, height) => {
        const scale = pngScale({ width, height })
        expect(scale === null).toBe(width > 16_000 || height > 16_000 || width * height > 60_000_000)
        if (scale === null) return
        expect(scale).toBeGreaterThanOrEqual(1)
        expect(scale).toBeLessThanOrEqual(2)
        expect(Math.max(width, height) * scale).toBeLessThanOrEqual(16_001)
        expect(width * height * scale ** 2).toBeLessThanOrEqual(60_000_100)
      }),
    )
  })

  it('leaves room for a title above the largest part of a picture', () => {
    fc.assert(
      fc.property(sides, sides, (width, height) => {
        const part = pngPart({ width, height })
        expect(part.width).toBeLessThanOrEqual(width)
        expect(part.height).toBeLessThanOrEqual(height)
        expect(pngScale({ width: part.width, height: part.height + titleHeightMax })).not.toBeNull()
        if (width <= 16_000) expect(pngScale({ width, height: pngHeight(width) + titleHeightMax })).not.toBeNull()
      }),
    )
  })
})

describe('the part around a place', () => {
  it('is as much as may be, has the place in it, and goes as far to either side as there is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(499), fc.integer({ min: 1, max: 500 }), (count, wanted, most) => {
        const at = Math.min(wanted, count - 1)
        const { from, to } = around(count, at, most)
        expect(to - from + 1).toBe(Math.min(count, most))
        expect(from).toBeGreaterThanOrEqual(0)
        expect(to).toBeLessThan(count)
        expect(at).toBeGreaterThanOrEqual(from)
        expect(at).toBeLessThanOrEqual(to)
        if (from > 0 && to < count - 1) expect(Math.abs(at - from - (to - at))).toBeLessThanOrEqual(1)
      }),
    )
  })
})
