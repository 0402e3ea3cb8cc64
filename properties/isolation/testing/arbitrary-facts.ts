/** Small facts with much going on: any order of writes, any reads, sessions and times that agree with each other. */
import fc from 'fast-check'
import type { Facts } from '../facts.ts'
import { factsOf, type WrittenKey, type WrittenRead, type WrittenTransaction } from './facts-of.ts'

export interface ArbitraryFactsOptions {
  readonly transactionsMax?: number
  readonly keysMax?: number
  readonly readsMax?: number
  /** How likely it is that each writes each key, of 10. */
  readonly writes?: number
}

const keyNames = ['x', 'y', 'z', 'u', 'v', 'w']

/** Three sessions; some have no session, some no end, some did not happen (and neither write nor read). */
export function arbitraryFacts({
  transactionsMax = 6,
  keysMax = 3,
  readsMax = 8,
  writes = 4,
}: ArbitraryFactsOptions = {}): fc.Arbitrary<Facts> {
  return fc.integer({ min: 2, max: transactionsMax }).chain((count) =>
    fc
      .record({
        keys: fc.array(
          fc.record({
            /** A rank for each transaction; those below `writes` write. */
            rolls: fc.array(fc.nat({ max: 9 }), { minLength: count, maxLength: count }),
            ranks: fc.shuffledSubarray([...new Array(count).keys()], { minLength: count }),
            placed: fc.oneof(fc.constant(count), fc.constant(0), fc.nat({ max: count })),
          }),
          { minLength: 1, maxLength: keysMax },
        ),
        reads: fc.array(fc.tuple(fc.nat({ max: count - 1 }), fc.nat({ max: keysMax - 1 }), fc.nat({ max: count })), {
          maxLength: readsMax,
          size: 'max',
        }),
        fates: fc.array(fc.constantFrom('committed', 'committed', 'committed', 'committed', 'unknown', 'never happened'), {
          minLength: count,
          maxLength: count,
        }),
        sessions: fc.array(fc.nat({ max: 3 }), { minLength: count, maxLength: count }),
        lengths: fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 9 })), { minLength: count, maxLength: count }),
      })
      .map(({ keys, reads, fates, sessions, lengths }) => {
        const happens = (t: number): boolean => fates[t] !== 'never happened'
        const written = keys.map(({ rolls, ranks, placed }): Required<WrittenKey> => {
          const writers = ranks.filter((t) => (rolls[t] as number) < writes && happens(t))
          return { order: writers.slice(0, placed), unplaced: writers.slice(placed) }
        })
        return factsOf({
          transactions: timed(fates, sessions, lengths),
          keys: Object.fromEntries(written.map((key, k) => [keyNames[k] as string, key])),
          reads: reads.flatMap(([reader, k, choice]): WrittenRead[] => {
            const key = written[k]
            if (key === undefined || !happens(reader)) return []
            const writers = [...key.order, ...key.unplaced].filter((writer) => writer !== reader)
            return [[reader, keyNames[k] as string, writers[choice % (writers.length + 1)] ?? null]]
          }),
        })
      }),
  )
}

/** Transactions begin in order of their numbers, in a session after the one before has ended. */
function timed(
  fates: readonly ('committed' | 'unknown' | 'never happened')[],
  sessions: readonly number[],
  lengths: readonly (readonly [pause: number, length: number])[],
): WrittenTransaction[] {
  const free = [0, 0, 0]
  let now = 0
  return fates.map((fate, t) => {
    const session = sessions[t] as number
    const [pause, length] = lengths[t] as readonly [number, number]
    const began = Math.max(now + pause, free[session] ?? 0)
    now = began
    const ended = began + 1 + length
    if (session < free.length) free[session] = ended + 1
    const isSeenToEnd = fate !== 'unknown' && length < 9
    return { fate, began, ...(session < free.length && { session }), ...(isSeenToEnd && { ended }) }
  })
}
