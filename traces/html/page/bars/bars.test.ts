import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BarItem, type BarLayout, layOutBars } from './layout.ts'
import { barsBetween, barsByRow, nearestBeside, pointsBetween } from './search.ts'
import { fitted, shortened, textPixels, timeText, wrapped } from './text.ts'

const choice = fc.record({ process: fc.nat(3), label: fc.string({ maxLength: 12 }), advance: fc.nat(1), crashes: fc.boolean() })

/** Calls and returns of a few processes, some at the same position, some operations without end, after which another process goes on. */
const histories: fc.Arbitrary<BarItem[]> = fc.array(choice, { maxLength: 40 }).map((choices) => {
  const items: { -readonly [Name in keyof BarItem]: BarItem[Name] }[] = []
  const lives = [0, 0, 0, 0]
  const lastOf = new Map<string, number>()
  let at = 0
  for (const { process, label, advance, crashes } of choices) {
    const name = `${process}.${lives[process]}`
    const open = items.find((item) => item.process === name && item.return === null)
    at = Math.max(at + advance, (lastOf.get(name) ?? -1) + 1)
    lastOf.set(name, at)
    if (open === undefined) items.push({ id: items.length, process: name, label, call: at, return: null, callTime: at, returnTime: null })
    else if (crashes) lives[process] = (lives[process] ?? 0) + 1
    else open.return = at
  }
  return items
})

const eventsOf = ({ bars }: BarLayout) =>
  bars.flatMap(({ item, from, to }) => [
    { at: item.call, rank: 0, x: from },
    ...(item.return === null ? [] : [{ at: item.return, rank: 1, x: to }]),
  ])

/** Whether an order can be that of moments in time, told from every pair of operations. */
function agreesWithTime(order: readonly BarItem[]): boolean {
  return order.every((later, j) => order.slice(0, j).every(({ call }) => later.return === null || later.return >= call))
}

describe('the layout of bars', () => {
  it('keeps the order of calls and returns, a call before a return at the same position', () => {
    fc.assert(
      fc.property(histories, (items) => {
        const events = eventsOf(layOutBars(items, []))
        for (const a of events) for (const b of events) if (a.at < b.at || (a.at === b.at && a.rank < b.rank)) expect(a.x).toBeLessThan(b.x)
      }),
    )
  })

  it('has room for every label, and in a row no bar that touches another', () => {
    fc.assert(
      fc.property(histories, (items) => {
        const layout = layOutBars(items, [])
        expect(layout.bars.map(({ item }) => item.id).sort((a, b) => a - b)).toEqual(items.map(({ id }) => id))
        for (const { item, from, to } of layout.bars) {
          expect(to - from).toBeGreaterThan(textPixels(item.label))
          expect(to).toBeLessThanOrEqual(layout.width)
        }
        for (const row of barsByRow(layout)) for (const [i, bar] of row.entries()) expect(bar.from).toBeGreaterThan(row[i - 1]?.to ?? 0)
      }),
    )
  })

  it('gives overlapping operations of a process rows of their own', () => {
    const item = (id: number, call: number, end: number): BarItem => ({
      id,
      process: 'p',
      label: 'x',
      call,
      return: end,
      callTime: null,
      returnTime: null,
    })
    const { rows, bars } = layOutBars([item(0, 0, 2), item(1, 1, 3), item(2, 4, 5)], [])
    expect(rows).toEqual(['p', 'p'])
    expect(bars.map(({ row }) => row)).toEqual([0, 1, 0])
  })

  it('puts the points of an order inside their bars, one after the other, exactly where the order agrees with time', () => {
    fc.assert(
      fc.property(
        histories.chain((items) => fc.tuple(fc.constant(items), fc.shuffledSubarray(items))),
        ([items, shuffled]) => {
          for (const order of [shuffled, [...shuffled].sort((a, b) => (a.return ?? 1e9) - (b.return ?? 1e9))]) {
            const { points, bars, isInTime } = layOutBars(
              items,
              order.map(({ id }) => id),
            )
            expect(isInTime).toBe(agreesWithTime(order))
            expect(points.map(({ id }) => id)).toEqual(order.map(({ id }) => id))
            for (const [i, { id, x, row }] of points.entries()) {
              const bar = bars.find(({ item }) => item.id === id)
              expect(row).toBe(bar?.row)
              expect(x).toBeGreaterThan(bar?.from ?? 0)
              expect(x).toBeLessThan(bar?.to ?? 0)
              if (isInTime) expect(x).toBeGreaterThan(points[i - 1]?.x ?? 0)
            }
          }
        },
      ),
    )
  })
})

describe('finding bars and points', () => {
  it('is the same as looking at all of them', () => {
    fc.assert(
      fc.property(histories, fc.nat(2000), fc.nat(900), (items, from, wide) => {
        const to = from + wide
        const order = [...items].sort((a, b) => (a.return ?? 1e9) - (b.return ?? 1e9)).map(({ id }) => id)
        const layout = layOutBars(items, order)
        for (const row of barsByRow(layout))
          expect(barsBetween(row, from, to)).toEqual(row.filter((bar) => bar.to >= from && bar.from <= to))
        const found = pointsBetween(layout.points, from, to)
        for (const point of layout.points.filter(({ x }) => x >= from && x <= to)) expect(found).toContain(point)
      }),
    )
  })

  it('goes up and down to the nearest bar, and not out of the picture', () => {
    const item = (id: number, process: string, call: number): BarItem => ({
      id,
      process,
      label: 'label',
      call,
      return: call + 1,
      callTime: null,
      returnTime: null,
    })
    const layout = layOutBars([item(0, 'a', 0), item(1, 'b', 2), item(2, 'a', 4), item(3, 'a', 6)], [])
    const byRow = barsByRow(layout)
    const bar = (id: number) => layout.bars.find((one) => one.item.id === id) as (typeof layout.bars)[number]
    expect(nearestBeside(byRow, bar(3), 1)?.item.id).toBe(1)
    expect([0, 2]).toContain(nearestBeside(byRow, bar(1), -1)?.item.id)
    expect(nearestBeside(byRow, bar(1), 1)).toBeNull()
    expect(nearestBeside(byRow, bar(0), -1)).toBeNull()
  })
})

describe('texts of bars', () => {
  it('are never wider than asked, and whole where they fit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(400), (text, pixels) => {
        const short = fitted(text, pixels)
        if (textPixels(text) <= pixels) expect(short).toBe(text)
        else expect(textPixels(short)).toBeLessThanOrEqual(pixels)
        expect(Array.from(shortened(text, 10)).length).toBeLessThanOrEqual(10)
      }),
    )
    expect(shortened('abcdefghijkl', 5)).toBe('ab…kl')
  })

  it('go on in the next line, between words where there are any, with nothing left out while there are lines', () => {
    expect(wrapped('the read returned 1', 80, 3)).toEqual(['the read', 'returned 1'])
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 20, max: 400 }),
        fc.integer({ min: 1, max: 4 }),
        (text, pixels, most) => {
          const lines = wrapped(text, pixels, most)
          expect(lines.length).toBeLessThanOrEqual(most)
          for (const line of lines) expect(textPixels(line)).toBeLessThanOrEqual(pixels)
          if (lines.length < most) expect(lines.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''))
        },
      ),
    )
  })

  it('say times in the unit that they are in', () => {
    expect([4e6, 1.25e9, 900, 1500, 0, -2e6].map(timeText)).toEqual(['4 ms', '1.25 s', '900 ns', '1.5 µs', '0 ns', '-2 ms'])
  })
})
