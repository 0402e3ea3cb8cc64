import { crc32, deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPng, smallPng } from './small-png.ts'

/** A picture as browsers write it: three bytes a pixel, each row with a filter of its own. */
function rgbPng(width: number, pixels: readonly number[], filters: readonly number[]): Buffer {
  const height = pixels.length / width
  const byte = (x: number, y: number, channel: number): number =>
    x < 0 || y < 0 ? 0 : ((pixels[y * width + x] ?? 0) >> (16 - 8 * channel)) & 0xff
  const rows = Array.from({ length: height }, (_, y) => {
    const filter = filters[y % filters.length] ?? 0
    const bytes = Array.from({ length: 3 * width }, (_, i) => {
      const [x, channel] = [Math.floor(i / 3), i % 3]
      const [left, up, corner] = [byte(x - 1, y, channel), byte(x, y - 1, channel), byte(x - 1, y - 1, channel)]
      return (byte(x, y, channel) - ([0, left, up, Math.floor((left + up) / 2), nearestOf(left, up, corner)][filter] ?? 0)) & 0xff
    })
    return Buffer.from([filter, ...bytes])
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const chunk = (type: string, data: Buffer): Buffer => {
    const [length, check, body] = [Buffer.alloc(4), Buffer.alloc(4), Buffer.concat([Buffer.from(type), data])]
    length.writeUInt32BE(data.length)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), ...parts])
}

/** Section 9.4 of the specification, word for word. */
function nearestOf(a: number, b: number, c: number): number {
  const p = a + b - c
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)]
  if (pa <= pb && pa <= pc) return a
  return pb <= pc ? b : c
}

describe('a small PNG', () => {
  it('draws the same, where a palette holds all colours', () => {
    const colour = fc.nat(0xffffff)
    const picture = fc.integer({ min: 1, max: 12 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        rows: fc.array(fc.array(colour, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }),
        filters: fc.array(fc.nat(4), { minLength: 1, maxLength: 12 }),
      }),
    )
    fc.assert(
      fc.property(picture, ({ width, rows, filters }) => {
        const drawn = { width, height: rows.length, pixels: Uint32Array.from(rows.flat()) }
        const png = rgbPng(width, rows.flat(), filters)
        expect(readPng(png)).toEqual(drawn)
        expect(readPng(smallPng(png))).toEqual(drawn)
      }),
      { seed: 2026 },
    )
  })

  it('draws nearly the same of more colours, and keeps one that is rare but like no other', () => {
    const pixels = Array.from({ length: 64 * 64 }, (_, i) => (i === 77 ? 0xb3201f : (i & 0xff) * 0x010101 + ((i >> 8) & 1)))
    const { pixels: drawn } = readPng(smallPng(rgbPng(64, pixels, [0])))
    expect(new Set(pixels).size).toBeGreaterThan(500)
    expect(new Set(drawn).size).toBeLessThanOrEqual(256)
    expect(drawn[77]).toBe(0xb3201f)
    const off = (i: number, shift: number): number => Math.abs((((drawn[i] ?? 0) >> shift) & 0xff) - (((pixels[i] ?? 0) >> shift) & 0xff))
    for (const i of pixels.keys()) expect(Math.max(off(i, 16), off(i, 8), off(i, 0))).toBeLessThanOrEqual(2)
  })

  it('is made of a PNG and of nothing else', () => {
    expect(() => smallPng(Buffer.from('GIF89a, and so on'))).toThrow('this is not a PNG')
  })
})
