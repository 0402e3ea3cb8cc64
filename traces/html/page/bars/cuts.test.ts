import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { merged } from './crowd.ts'
import { chunk, cutsOf, withRows } from './cuts.ts'
import { type BarItem, type BarLayout, layOutBars } from './layout.ts'

const layouts: fc.Arbitrary<BarLayout> = fc
  .array(
    fc.record({ process: fc.nat(3), label: fc.string({ maxLength: 30 }), call: fc.nat(200), lasts: fc.integer({ min: 1, max: 40 }) }),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((choices) =>
    layOutBars(
      choices.map(
        ({ process, label, call, lasts }, id): BarItem => ({
          id,
          process: String(process),
          label,
          call,
          return: lasts > 38 ? null : call + lasts,
          callTime: null,
          returnTime: null,
        }),
      ),
      [],
    ),
  )

describe('the parts of a long picture', () => {
  it('follow each other without a gap, and each has its room', () => {
    fc.assert(
      fc.property(layouts, fc.integer({ min: 100, max: 2000 }), (layout, room) => {
        const cuts = cutsOf(layout, room)
        expect(cuts[0]?.from).toBe(0)
        expect(cuts.at(-1)?.to).toBe(layout.width)
        for (const [i, { from, to }] of cuts.entries()) {
          expect(to - from).toBeLessThan(room + 1e-6)
          expect(to).toBeGreaterThan(from)
          if (i > 0) expect(from).toBe(cuts[i - 1]?.to)
        }
      }),
    )
  })

  it('end between bars where there is such a place', () => {
    const item = (id: number): BarItem => ({
      id,
      process: 'p',
      label: 'a label',
      call: 2 * id,
      return: 2 * id + 1,
      callTime: null,
      returnTime: null,
    })
    const layout = layOutBars(
      Array.from({ length: 40 }, (_, id) => item(id)),
      [],
    )
    for (const { to } of cutsOf(layout, 400))
      expect(layout.bars.filter((bar) => bar.from < to && bar.to > to && to < layout.width)).toEqual([])
  })

  it('keep the rows that are asked for, with all their bars, in their order', () => {
    fc.assert(
      fc.property(layouts, fc.array(fc.boolean(), { maxLength: 80 }), (layout, asked) => {
        const rows = layout.rows.flatMap((_, row) => (asked[row] ? [row] : []))
        const kept = withRows(layout, rows)
        expect(kept.rows).toEqual(rows.map((row) => layout.rows[row]))
        expect(kept.bars.map(({ item, row }) => [item.id, rows[row]])).toEqual(
          layout.bars.filter(({ row }) => rows.includes(row)).map(({ item, row }) => [item.id, row]),
        )
      }),
    )
  })

  it('are of a size at most, and together the whole', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 9 }), (all, size) => {
        const parts = chunk(all, size)
        expect(parts.flat()).toEqual(all)
        for (const part of parts) expect(part.length).toBeLessThanOrEqual(size)
      }),
    )
  })
})

describe('bars too small to tell apart', () => {
  it('cover what each of them covers, in shapes with a pixel between them', () => {
    const spans = fc
      .array(fc.tuple(fc.double({ min: 0, max: 50, noNaN: true }), fc.double({ min: 0, max: 5, noNaN: true })))
      .map((all) => all.map(([from, wide]) => ({ from, to: from + wide })).sort((a, b) => a.from - b.from))
    fc.assert(
      fc.property(spans, (all) => {
        const shapes = merged(all)
        for (const { from, to } of all) expect(shapes.some((shape) => shape.from <= from && shape.to >= Math.max(to, from + 1))).toBe(true)
        for (const [i, { from, to }] of shapes.entries()) {
          expect(all.some((one) => one.from === from)).toBe(true)
          expect(to - from).toBeGreaterThanOrEqual(1 - 1e-9)
          if (i > 0) expect(from - (shapes[i - 1]?.to ?? 0)).toBeGreaterThanOrEqual(1 - 1e-9)
        }
      }),
    )
  })
})
