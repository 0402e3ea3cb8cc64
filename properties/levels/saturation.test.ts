import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brief, problemOf, registerHistories } from '../testing/levels-histories.ts'
import { unambiguousHistory } from './register-history.ts'
import { type Rules, saturate } from './saturation.ts'

describe('saturation', () => {
  it.each([1, 2, 3])('comes to the same with clocks for %i chains at a time', (blockWidth) => {
    const seen = new Set<boolean>()
    const shape = { operations: 14, processes: 4, keys: 2, lag: 1 }
    fc.assert(
      fc.property(
        registerHistories(shape),
        fc.boolean(),
        fc.constantFrom('once' as const, 'fixpoint' as const),
        (operations, antidependencies, depth) => {
          const history = unambiguousHistory(problemOf(operations))
          if (history === null || 'verdict' in history) return
          const everything = (): boolean => true
          const rules: Rules = { follows: everything, forces: everything, antidependencies, depth }
          const whole = saturate(history, rules).contradiction === null
          expect(`${saturate(history, { ...rules, blockWidth }).contradiction === null}: ${brief(operations)}`).toBe(
            `${whole}: ${brief(operations)}`,
          )
          seen.add(whole)
        },
      ),
      { numRuns: 1000 },
    )
    expect(seen.size).toBe(2)
  })
})
