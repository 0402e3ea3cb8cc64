/**
 * Facts of which the order of the writes is hard to find: blind writes of few keys, and readers that see some of them. Each transaction
 * sees a store as some level would show it, with the writes in an order that is drawn, so that some are at the level and some nearly.
 */
import fc from 'fast-check'
import type { Facts } from '../../facts.ts'
import { infer } from '../../inference/infer.ts'
import { tableOf } from '../../table/table-builder.ts'
import type { Step, Transaction } from '../../table/transaction.ts'

export interface CrossingOptions {
  readonly transactions: number
  readonly keys: number
  readonly sessions: number
  /** Of 100 reads, how many see an older version than the store would show. */
  readonly stalePercent: number
  /** How far back the snapshot of a transaction may lie. */
  readonly lag: number
}

/** Registers without reads of what is overwritten. The same options and seed give the same facts. */
export function crossingFacts({ transactions, keys, sessions, stalePercent, lag }: CrossingOptions, seed: number): Facts {
  let state = seed * 2654435761 + 1
  const below = (bound: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
  const versions: { readonly value: number; readonly at: number }[][] = Array.from({ length: keys }, () => [])
  const all: Transaction[] = []
  for (let t = 0; t < transactions; t++) {
    const snapshot = t - below(lag + 1)
    const written = new Set<number>()
    const steps: Step[] = []
    for (let i = 0; i < 3; i++) {
      const key = below(keys)
      if (written.has(key)) continue
      if (below(2) === 0) {
        written.add(key)
        steps.push({ f: 'write', key, value: t + 1 })
        continue
      }
      if (steps.some((step) => step.key === key)) continue
      const seen = (versions[key] as { value: number; at: number }[]).filter(({ at }) => at < snapshot)
      const back = below(100) < stalePercent ? 2 : 1
      steps.push({ f: 'read', key, value: seen.at(-back)?.value ?? null })
    }
    // What is read and written by one transaction would show the order.
    const blind = steps.filter(({ f, key }) => f === 'write' || !written.has(key as number))
    for (const { f, key } of blind) if (f === 'write') versions[key as number]?.push({ value: t + 1, at: t })
    all.push({ process: t % sessions, status: 'committed', steps: blind, began: null, ended: null })
  }
  return infer(tableOf(all)).facts
}

export function arbitraryCrossing(transactionsMax: number): fc.Arbitrary<{ readonly options: CrossingOptions; readonly seed: number }> {
  return fc.record({
    options: fc.record({
      transactions: fc.integer({ min: 4, max: transactionsMax }),
      keys: fc.integer({ min: 2, max: 6 }),
      sessions: fc.integer({ min: 2, max: 8 }),
      stalePercent: fc.constantFrom(0, 5, 20),
      lag: fc.integer({ min: 0, max: 6 }),
    }),
    seed: fc.nat(1_000_000),
  })
}
