import { describe, expect, it } from 'vitest'
import { Budget, LimitReached, withinLimits } from './budget.ts'

describe('a budget', () => {
  it('ends work of many steps once its time is up, and not before', () => {
    expect(withinLimits(() => new Budget({ seconds: 0 }).spend(1))).toEqual({ value: undefined })
    expect(withinLimits(() => new Budget({ seconds: 0 }).spend(1 << 21))).toEqual({ limit: 'time' })
    expect(withinLimits(() => new Budget({ seconds: 60 }).spend(1 << 21))).toEqual({ value: undefined })
  })

  it('sums up small steps', () => {
    const budget = new Budget({ seconds: 0 })
    const work = (): void => {
      for (let i = 0; i < 1 << 21; i++) budget.spend(1)
    }
    expect(withinLimits(work)).toEqual({ limit: 'time' })
  })

  it('refuses more memory than it has', () => {
    const budget = new Budget({ megabytes: 1 })
    expect(withinLimits(() => budget.requireBytes(2 ** 20))).toEqual({ value: undefined })
    expect(withinLimits(() => budget.requireBytes(2 ** 20 + 1))).toEqual({ limit: 'memory' })
  })

  it('tells whenever the time is looked at, also in its parts', () => {
    let looks = 0
    const budget = new Budget({}, () => looks++)
    budget.part(0.5, 1).exhausted()
    budget.requireTime()
    expect(looks).toBe(2)
  })

  it('takes what the engine refuses as a limit, and no other error', () => {
    expect(withinLimits(() => new Int32Array(2 ** 40))).toEqual({ limit: 'memory' })
    expect(withinLimits(() => 'value')).toEqual({ value: 'value' })
    expect(() =>
      withinLimits(() => {
        throw new TypeError('a defect')
      }),
    ).toThrow('a defect')
    expect(new LimitReached('time').message).toBe('the time limit is reached')
  })
})
