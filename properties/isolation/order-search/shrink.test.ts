import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget } from '../../budget.ts'
import { shrink } from './shrink.ts'

describe('shrinking', () => {
  it('leaves what is needed and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.uniqueArray(fc.nat(59), { minLength: 1, maxLength: 6 }), (count, drawn) => {
        const needed = [...new Set(drawn.map((one) => one % count))].sort((a, b) => a - b)
        const whole = Int32Array.from({ length: count }, (_, i) => i)
        const isViolated = (part: Int32Array): boolean => needed.every((one) => part.includes(one))
        expect(shrink(whole, isViolated, new Budget())).toEqual({ part: Int32Array.from(needed), isMinimal: true })
      }),
    )
  })

  it('says that it had no time', () => {
    const whole = Int32Array.of(1, 2, 3)
    expect(shrink(whole, () => true, new Budget({ seconds: 0 }))).toEqual({ part: whole, isMinimal: false })
  })
})
