import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Operation } from '../../properties/operation.ts'
import { isOpen, layOut } from './picture-layout.ts'
import { arbitraryOperations, drawn } from './testing/pictured.ts'

const widthOf = ({ id }: Operation): number => 3 + (id % 5) * 3

describe('the layout of operations', () => {
  it('gives every operation its room, in parts of the width, and calls it in exactly one', () => {
    fc.assert(
      fc.property(arbitraryOperations, fc.integer({ min: 18, max: 80 }), (operations, columns) => {
        const bars = layOut(operations, columns, widthOf).flatMap(({ lanes }) => lanes.flatMap((lane) => lane.bars))
        for (const { operation, from, to } of bars) {
          expect(to - from + 1).toBeGreaterThanOrEqual(widthOf(operation))
          expect(from).toBeGreaterThanOrEqual(0)
          expect(to).toBeLessThan(columns)
        }
        const called = bars.filter(({ begun }) => !begun).map(({ operation }) => operation.id)
        expect(called.sort((a, b) => a - b)).toEqual(operations.map(({ id }) => id))
        const returned = bars.filter(({ continues, operation }) => !continues && !isOpen(operation)).map(({ operation }) => operation.id)
        expect(returned.sort((a, b) => a - b)).toEqual(operations.filter((operation) => !isOpen(operation)).map(({ id }) => id))
      }),
    )
  })

  it('puts what happened earlier further left, and bars of a lane apart', () => {
    fc.assert(
      fc.property(arbitraryOperations, fc.integer({ min: 18, max: 80 }), (operations, columns) => {
        let before = -1
        for (const { lanes } of layOut(operations, columns, widthOf)) {
          const events = lanes.flatMap(({ bars }) =>
            bars.flatMap(({ operation, from, to, begun, continues }) => [
              ...(begun ? [] : [{ at: operation.call, column: from }]),
              ...(continues || isOpen(operation) ? [] : [{ at: operation.return, column: to }]),
            ]),
          )
          const last = Math.max(...events.map(({ column }) => column))
          for (const { to, continues } of lanes.flatMap(({ bars }) => bars)) if (continues) expect(to).toBeGreaterThan(last)
          events.sort((a, b) => a.column - b.column)
          expect(new Set(events.map(({ column }) => column)).size).toBe(events.length)
          for (const { at } of events) {
            expect(at).toBeGreaterThanOrEqual(before)
            before = at
          }
          for (const { process, bars } of lanes)
            for (const [i, { operation, from }] of bars.entries()) {
              expect(operation.process).toBe(process)
              expect(from).toBeGreaterThan((bars[i - 1]?.to ?? -2) + 1)
            }
        }
      }),
    )
  })

  it('draws operations that meet at one time as concurrent', () => {
    const [band] = layOut(drawn([0, 'write', 1, 1, 0, 2], [1, 'read', null, 1, 2, 3]), 80, () => 4)
    const [write, read] = band?.lanes.map(({ bars }) => bars[0]) ?? []
    expect(read?.from).toBeLessThan(write?.to ?? 0)
  })

  it('gives a process two lanes, one below the other, where its operations overlap', () => {
    const operations = drawn([0, 'write', 1, 1, 0, 5], [1, 'read', null, 1, 1, 2], [0, 'write', 2, 2, 3, 4])
    expect(layOut(operations, 80, () => 4).map(({ lanes }) => lanes.map(({ process }) => process))).toEqual([[0, 0, 1]])
  })

  it('breaks where few operations are running', () => {
    const four = (first: number) => [0, 1, 2, 3].map((i) => [i, 'write', i, i, first + i, first + i + 4] as const)
    for (const columns of [21, 22, 23]) {
      const bands = layOut(drawn(...four(0), ...four(10)), columns, () => 9)
      expect(bands).toHaveLength(2)
      expect(bands.flatMap(({ lanes }) => lanes.flatMap(({ bars }) => bars.filter(({ continues }) => continues)))).toEqual([])
    }
  })
})
