import { describe, expect, it } from 'vitest'
import { counted, duration, elapsed, plural, size, sized, whole } from './quantities.ts'

describe('limits as people write them', () => {
  it('are durations', () => {
    expect(['500ms', '30s', '1.5m', '2h'].map(duration)).toEqual([500, 30_000, 90_000, 7_200_000])
    for (const text of ['', '30', 's', '5x', '-5s', '0s', '1e3s', 'constructor', '5 s'])
      expect(() => duration(text), text).toThrow('Expected a duration')
  })

  it('are sizes', () => {
    expect(['64k', '500m', '4g', '4G', '1gb', '1GiB'].map(size)).toEqual([2 ** 16, 500 * 2 ** 20, 2 ** 32, 2 ** 32, 2 ** 30, 2 ** 30])
    for (const text of ['', '4', 'g', '4t', '0g', '-1g']) expect(() => size(text), text).toThrow('Expected a size')
  })

  it('are whole numbers', () => {
    expect(whole(0)('12')).toBe(12)
    expect(whole(Number.MIN_SAFE_INTEGER)('-3')).toBe(-3)
    for (const text of ['', '1.5', 'x', '0x10', '1e3', '-1', '99999999999999999999'])
      expect(() => whole(0)(text), text).toThrow('Expected a whole number of at least 0.')
  })
})

describe('measurements as people read them', () => {
  it('are counts, times and sizes', () => {
    expect([counted(1745408), plural(1, 'state'), plural(0, 'state'), plural(2, 'match', 'matches')]).toEqual([
      '1,745,408',
      '1 state',
      '0 states',
      '2 matches',
    ])
    expect([0.214, 34.27, 125, 3725].map(elapsed)).toEqual(['0.21 s', '34.3 s', '2 min 5 s', '1 h 2 min 5 s'])
    expect([812, 81_200, 1_240_000, 52e9].map(sized)).toEqual(['0.8 kB', '81 kB', '1.2 MB', '52 GB'])
  })
})
