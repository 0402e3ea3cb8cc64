import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fewest } from './core.ts'

describe('fewest', () => {
  it('finds a set that is violated and of which nothing can go', () => {
    const sets = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { minLength: 1 }), { minLength: 1 })
    fc.assert(
      fc.property(sets, (cores) => {
        const violated = (units: readonly number[]): boolean => cores.some((core) => core.every((unit) => units.includes(unit)))
        const found = fewest([...Array(16).keys()], violated)
        expect(violated(found)).toBe(true)
        for (const unit of found) expect(violated(found.filter((other) => other !== unit))).toBe(false)
      }),
    )
  })
})
