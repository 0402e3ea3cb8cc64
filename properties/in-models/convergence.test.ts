import { describe, expect, it } from 'vitest'
import { atomic, available, converged, durable } from './convergence.ts'

describe('what a state is asked', () => {
  it('converged: whether all replicas hold the same, whatever the order of keys', () => {
    expect(converged([])).toBe(true)
    expect(
      converged([
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ]),
    ).toBe(true)
    expect(converged([1, 1, null])).toBe('replica 0 holds 1 and replica 2 holds null')
  })

  it('durable: whether everything that was acknowledged is kept', () => {
    expect(durable([1, 2], (write) => write < 3)).toBe(true)
    expect(durable([1, 3], (write) => write < 3)).toBe('3 was acknowledged, and is lost')
  })

  it('available: whether everybody who waits can be helped', () => {
    expect(available([], () => false)).toBe(true)
    expect(available([0, 1], (client) => client === 0)).toBe('1 waits for an answer that cannot come before the fault ends')
  })

  it('atomic: whether nothing took effect in part; what is open may go either way', () => {
    expect(atomic([true, null, true])).toBe(true)
    expect(atomic([false, null])).toBe(true)
    expect(atomic([null, true, false])).toBe('part 1 has taken effect and part 2 has not')
  })
})
