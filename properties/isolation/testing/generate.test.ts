import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type TransactionsOptions, transactionsArb } from './generate.ts'
import { referenceAnomalies, referenceLevels } from './reference.ts'
import { observe } from './reference-observations.ts'

describe.each(['list', 'register', 'mixed'] as const)('generated histories of the kind %s', (kind) => {
  const sample = (options: Partial<TransactionsOptions> = {}, numRuns = 2000) =>
    fc.sample(transactionsArb({ kind, faults: true, ...options }), { numRuns, seed: 1 })

  it('are at every level often, and often not', () => {
    const holding = new Map<string, number>()
    const histories = sample()
    for (const history of histories)
      for (const [level, holds] of Object.entries(referenceLevels(history))) holding.set(level, (holding.get(level) ?? 0) + (holds ? 1 : 0))
    const percent = Object.fromEntries([...holding].map(([level, count]) => [level, (100 * count) / histories.length]))
    console.info(
      kind,
      Object.entries(percent)
        .map(([level, share]) => `${level} ${share.toFixed(0)} %`)
        .join(', '),
    )
    for (const [level, share] of Object.entries(percent)) {
      // No register shows in which order it was written.
      if (kind === 'register' && level.endsWith('read-uncommitted')) expect(share).toBe(100)
      else expect([level, share >= 3 && share <= 97]).toEqual([level, true])
    }
  })

  it('have every anomaly among them', () => {
    const found = new Set(sample({}, 500).flatMap((history) => [...referenceAnomalies(history).possible]))
    const ofLists = ['duplicate-elements', 'incompatible-order', 'dirty-update', 'cyclic-versions']
    const all = [
      'G1a',
      'G1b',
      'internal',
      'future-read',
      'thin-air-read',
      'lost-update',
      'fractured-read',
      'non-repeatable-read',
      'long-fork',
    ]
    const cycles = ['G0', 'G1c', 'G-single', 'G-nonadjacent', 'G2-item'].flatMap((name) => [name, `${name}-session`, `${name}-realtime`])
    for (const name of [...all, 'write-skew', ...cycles, ...(kind === 'register' ? [] : ofLists)]) expect(found).toContain(name)
  })

  it('are such as clients can have seen: sessions do one thing after the other, values are unique, limits are kept', () => {
    for (const history of sample({ transactionsMax: 5, stepsMax: 3, keys: 2, sessions: 2, ordersMax: 6 }, 500)) {
      expect(history.length).toBeLessThanOrEqual(5)
      for (const { steps } of history) expect(steps.length).toBeLessThanOrEqual(3)
      const sessions = new Set(history.map(({ process }) => process))
      expect(sessions.size).toBeLessThanOrEqual(2)
      for (const session of sessions) {
        const times = history.filter(({ process, began }) => process === session && process !== null && began !== null)
        for (const [i, { began }] of times.entries()) expect(began).toBeGreaterThan(times[i - 1]?.ended ?? times[i - 1]?.began ?? -1)
      }
      const writes = history.flatMap(({ steps }) => steps.filter(({ f }) => f !== 'read').map(({ key, value }) => `${key} ${value}`))
      expect(new Set(writes).size).toBe(writes.length)
      for (const { status, ended, steps } of history) {
        if (status === 'unknown') expect(ended).toBeNull()
        if (status !== 'committed') for (const { f, value } of steps) if (f === 'read') expect(value).toBeUndefined()
      }
      const writers = ['"x"', '"y"'].map(
        (key) =>
          new Set(
            observe(history)
              .writes.filter((write) => write.key === key)
              .map((write) => write.transaction),
          ).size,
      )
      expect(writers.reduce((orders, count) => orders * factorial(count), 1)).toBeLessThanOrEqual(6)
    }
  })

  it('are without faults, where none are wished', () => {
    const found = new Set(sample({ faults: false }, 500).flatMap((history) => [...observe(history).anomalies]))
    for (const name of ['G1a', 'thin-air-read', 'future-read', 'duplicate-elements']) expect(found).not.toContain(name)
  })

  it('shrink to little', () => {
    const failure = fc.check(
      fc.property(transactionsArb({ kind }), (history) => referenceLevels(history).serializable),
      { numRuns: 2000, seed: 1 },
    )
    const [history = []] = failure.counterexample ?? []
    expect(history.length).toBeGreaterThan(0)
    expect(history.length).toBeLessThanOrEqual(4)
    expect(history.flatMap(({ steps }) => steps).length).toBeLessThanOrEqual(8)
  })
})

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1)
}
