import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrows, type Box, onCircle, type Spot } from './graph-layout.ts'

const size = fc.record({ width: fc.integer({ min: 40, max: 300 }), height: fc.integer({ min: 30, max: 200 }) })
const graphs = fc.array(size, { minLength: 2, maxLength: 9 }).chain((sizes) =>
  fc.record({
    sizes: fc.constant(sizes),
    edges: fc.array(
      fc
        .tuple(fc.nat(sizes.length - 1), fc.integer({ min: 1, max: sizes.length - 1 }))
        .map(([from, by]) => ({ from, to: (from + by) % sizes.length })),
      { maxLength: 12 },
    ),
  }),
)

function isOnBorder({ x, y }: Spot, box: Box): boolean {
  const [dx, dy] = [Math.abs(x - box.x) - box.width / 2, Math.abs(y - box.y) - box.height / 2]
  return Math.max(dx, dy) < 1e-6 && Math.max(dx, dy) > -1e-6
}

describe('the layout of a cycle', () => {
  it('lets no two boxes touch', () => {
    fc.assert(
      fc.property(graphs, ({ sizes }) => {
        const boxes = onCircle(sizes)
        for (const [i, a] of boxes.entries())
          for (const b of boxes.slice(i + 1)) {
            const apart = Math.max(Math.abs(a.x - b.x) - (a.width + b.width) / 2, Math.abs(a.y - b.y) - (a.height + b.height) / 2)
            expect(apart).toBeGreaterThan(0)
          }
      }),
    )
  })

  it('draws each edge from the border of a box to that of the other, and no two in one place', () => {
    fc.assert(
      fc.property(graphs, ({ sizes, edges }) => {
        const boxes = onCircle(sizes)
        const drawn = arrows(boxes, edges)
        for (const [i, { from, to }] of edges.entries()) {
          expect(isOnBorder(drawn[i]?.from as Spot, boxes[from] as Box)).toBe(true)
          expect(isOnBorder(drawn[i]?.to as Spot, boxes[to] as Box)).toBe(true)
        }
        for (const [i, a] of drawn.entries())
          for (const [j, b] of drawn.entries())
            if (i < j && [edges[i]?.from, edges[i]?.to].includes(edges[j]?.from) && [edges[i]?.from, edges[i]?.to].includes(edges[j]?.to))
              expect(Math.hypot(a.bend.x - b.bend.x, a.bend.y - b.bend.y)).toBeGreaterThan(20)
      }),
    )
  })

  it('lets the labels of two edges between the same boxes not cover each other', () => {
    const sizes = [
      { width: 200, height: 84 },
      { width: 200, height: 84 },
      { width: 206, height: 66 },
    ]
    for (const back of [true, false])
      for (const [from, to] of [
        [0, 1],
        [1, 2],
        [2, 0],
      ] as const) {
        const [a, b] = arrows(onCircle(sizes), [{ from, to }, back ? { from: to, to: from } : { from, to }]).map(({ middle }) => middle)
        expect(Math.abs((a?.y ?? 0) - (b?.y ?? 0))).toBeGreaterThan(22)
      }
  })

  it('puts one box alone in the middle', () => {
    const [box] = onCircle([{ width: 10, height: 10 }])
    expect([box?.x, box?.y]).toEqual([expect.closeTo(0), expect.closeTo(0)])
  })
})
