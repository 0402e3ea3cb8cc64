import { describe, expect, it } from 'vitest'
import type { IsolationLevel } from '../level.ts'
import { generateTransactions, type LargeOptions } from './generate-large.ts'
import { referenceLevels } from './reference.ts'

const isolations = [
  { isolation: 'serializable', promises: ['strict-serializable'], breaks: [] },
  { isolation: 'stale', promises: ['serializable'], breaks: ['strong-read-atomic'] },
  { isolation: 'snapshot', promises: ['strong-snapshot-isolation'], breaks: ['serializable'] },
  { isolation: 'read-committed', promises: ['strong-monotonic-atomic-view'], breaks: ['item-cut-isolation', 'read-atomic'] },
] as const satisfies readonly {
  isolation: LargeOptions['isolation']
  promises: readonly IsolationLevel[]
  breaks: readonly IsolationLevel[]
}[]

describe.each(['list', 'register'] as const)('large histories of the kind %s', (kind) => {
  it.each(isolations)('are as isolated as $isolation says, and no more', ({ isolation, promises, breaks }) => {
    const broken = new Set<IsolationLevel>()
    for (let seed = 0; seed < 300; seed++) {
      const shares = seed % 2 === 0 ? {} : { abortedPerMille: 100, unknownPerMille: 100 }
      const options: LargeOptions = { kind, isolation, seed, count: 6, sessions: 3, keys: 2, rotateKeysAfter: 5, ...shares }
      const levels = referenceLevels([...generateTransactions(options)])
      for (const level of promises) expect([seed, level, levels[level]]).toEqual([seed, level, true])
      for (const level of breaks) if (!levels[level]) broken.add(level)
    }
    expect([...broken]).toHaveLength(breaks.length)
  })

  it('are the same for the same seed, and others for another', () => {
    const history = (seed: number): string => JSON.stringify([...generateTransactions({ kind, count: 200, seed })])
    expect(history(3)).toBe(history(3))
    expect(history(3)).not.toBe(history(4))
  })

  it('write a value once, keep lists short, and have as many transactions as wished', () => {
    const transactions = [...generateTransactions({ kind, count: 5000, rotateKeysAfter: 10, abortedPerMille: 50, unknownPerMille: 20 })]
    expect(transactions).toHaveLength(5000)
    const steps = transactions.flatMap((transaction) => transaction.steps)
    const writes = steps.filter(({ f }) => f !== 'read').map(({ key, value }) => `${key} ${value}`)
    expect(new Set(writes).size).toBe(writes.length)
    expect(Math.max(...steps.map(({ value }) => (Array.isArray(value) ? value.length : 0)))).toBe(kind === 'list' ? 10 : 0)
    const share = (status: string): number => transactions.filter((transaction) => transaction.status === status).length / 5000
    expect(share('aborted')).toBeCloseTo(0.05, 1)
    expect(share('unknown')).toBeCloseTo(0.02, 1)
  })

  it('begin and end at positions that rise, one transaction of a process at a time', () => {
    const endOf = new Map<unknown, number>()
    let latest = -1
    for (const { process, began, ended } of generateTransactions({ kind, count: 1000, unknownPerMille: 50 })) {
      expect(began).toBeGreaterThan(endOf.get(process) ?? -1)
      if (ended !== null) {
        expect(ended).toBeGreaterThan(Math.max(latest, began ?? 0))
        latest = ended
      }
      endOf.set(process, ended ?? Number.POSITIVE_INFINITY)
    }
  })
})
