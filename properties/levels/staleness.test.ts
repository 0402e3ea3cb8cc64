import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brief, columns, problemOf, registerHistories } from '../testing/levels-histories.ts'
import * as reference from '../testing/levels-reference.ts'
import { boundedStaleness, deltaAtomic, smallestStaleness } from './bounded-staleness.ts'
import { kAtomic, smallestK } from './k-atomic.ts'
import type { Problem } from './problem.ts'

const shapes = {
  'two processes': { operations: 6, processes: 2, keys: 1 },
  'three processes, two keys': { operations: 6, processes: 3, keys: 2 },
  'compare-and-set': { operations: 5, processes: 3, keys: 1, cas: true },
}

/** The same history without times, so that staleness is counted in events. */
function untimed(problem: Problem): Problem {
  return { ...problem, operations: problem.operations.map(({ callTime: _, returnTime: __, ...operation }) => operation) }
}

describe('the smallest bounds', () => {
  it.each(Object.entries(shapes))('are the smallest for which the definition holds: %s', (_, shape) => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(registerHistories(shape), (operations) => {
        const problem = problemOf(operations)
        const k = smallestK(problem)
        const delta = smallestStaleness(problem)
        const expectedK = Array.from({ length: 8 }, (__, i) => i + 1).find((bound) => reference.isKAtomic(problem, bound))
        expect(`${k}: ${brief(operations)}`).toBe(`${expectedK ?? null}: ${brief(operations)}`)
        seen.add(`k ${k}`).add(`delta ${delta === 0 || delta === null ? delta : '> 0'}`)
        if (delta === null) {
          expect(reference.isDeltaAtomic(problem, 1e6)).toBe(false)
          return
        }
        expect(delta).toBeTypeOf('number')
        expect(`${reference.isDeltaAtomic(problem, delta as number)}: ${brief(operations)}`).toBe(`true: ${brief(operations)}`)
        if (delta !== 0)
          expect(`${reference.isDeltaAtomic(problem, (delta as number) - 1)} below ${delta}: ${brief(operations)}`).toMatch(/^false/)
      }),
      { numRuns: 400 },
    )
    expect([...seen]).toEqual(expect.arrayContaining(['k 1', 'k 2', 'k null', 'delta 0', 'delta > 0', 'delta null']))
  })

  it('agree with the levels that take bounds', () => {
    fc.assert(
      fc.property(registerHistories({ operations: 12, processes: 3, keys: 2 }), (operations) => {
        for (const problem of [problemOf(operations), untimed(problemOf(operations))]) {
          const [k, delta] = [smallestK(problem), smallestStaleness(problem)]
          const unbounded = boundedStaleness()(problem)
          expect(unbounded.verdict).toBe(delta === null ? 'violated' : 'holds')
          if (typeof k === 'number') {
            expect(kAtomic(k)(problem).verdict).toBe('holds')
            if (k > 1) expect(kAtomic(k - 1)(problem).verdict).toBe('violated')
          }
          if (typeof delta === 'number') {
            expect(deltaAtomic(delta)(problem).verdict).toBe('holds')
            if (delta > 0) {
              const tighter = boundedStaleness({ deltaNs: delta - 1 })(problem)
              expect(tighter.verdict).toBe('violated')
              if (tighter.verdict === 'violated') expect(operations.length).toBeGreaterThanOrEqual(tighter.core.length)
            }
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('are told in words', () => {
    const stale = columns('A: wx1 wx2 wx3\nB: . . . rx1')
    const told = (problem: Problem): string | undefined => {
      const decision = boundedStaleness()(problem)
      return decision.verdict === 'holds' ? decision.note : decision.verdict
    }
    expect(told(problemOf(stale))).toBe('every read is at most 152 events stale; every read returns one of the last 3 writes')
    const timed = stale.map((operation) => ({ ...operation, callTime: operation.call * 1e5, returnTime: operation.return * 1e5 }))
    expect(told(problemOf(timed))).toBe('every read is at most 15.2 ms stale; every read returns one of the last 3 writes')
    expect(told(problemOf(columns('A: wx1 rx1')))).toBe('every read is at most 0 events stale; every read returns the last write')
    const decision = kAtomic(2)(problemOf(stale))
    expect(decision).toMatchObject({
      verdict: 'violated',
      sentence:
        'process B read 1 of x, but between process A wrote 1 to x and that came 2 writes: process A wrote 2 to x, process A wrote 3 to x',
    })
  })

  it('are refused where they are no bounds', () => {
    expect(() => kAtomic(0)).toThrow(/k is 0/)
  })
})
