/** Facts with much going on, of which sessions and times agree; half of them about are at each weak level. */
import fc from 'fast-check'
import { rw, wr, ww } from '../edge.ts'
import type { Facts } from '../facts.ts'
import { factsOf, type WrittenRead, type WrittenTransaction } from './facts-of.ts'

export interface Shape {
  readonly count: number
  readonly keys: number
  /** How many reads a transaction has, at most. */
  readonly readsMax: number
  /** How many transactions write a key, at most. */
  readonly writesMax: number
  /** How many transactions write every key besides. */
  readonly heavy: number
}

/** Mostly reads of transactions with lower numbers, so that not all histories are cyclic at once. */
export function shapedFacts({ count, keys, readsMax, writesMax, heavy }: Shape): fc.Arbitrary<Facts> {
  const transaction = fc.nat({ max: count - 1 })
  const key = fc.nat({ max: keys - 1 })
  return fc
    .record({
      writers: fc.array(fc.record({ all: fc.uniqueArray(transaction, { maxLength: writesMax }), placed: fc.nat({ max: 5 }) }), {
        minLength: keys,
        maxLength: keys,
      }),
      reads: fc.array(
        fc.array(fc.record({ key, choice: fc.nat({ max: 99 }), isWild: fc.nat({ max: 19 }) }), { maxLength: readsMax, size: 'max' }),
        {
          minLength: count,
          maxLength: count,
        },
      ),
      extra: fc.array(fc.record({ from: transaction, to: transaction, kind: fc.constantFrom(ww, wr, rw), key }), { maxLength: 1 }),
      hasExtra: fc.nat({ max: 3 }),
      fates: fc.array(fc.nat({ max: 9 }), { minLength: count, maxLength: count }),
      sessions: fc.array(fc.nat({ max: 3 }), { minLength: count, maxLength: count }),
      lengths: fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 9 })), { minLength: count, maxLength: count }),
    })
    .map(({ writers, reads, extra, hasExtra, fates, sessions, lengths }) => {
      const happens = (t: number): boolean => fates[t] !== 0
      const written = writers.map(({ all, placed }) => {
        const own = [...new Set([...new Array(heavy).keys(), ...all])].filter(happens)
        const order = placed === 1 ? own.length : placed === 2 ? own.length >> 1 : 0
        return { order: own.slice(0, order), unplaced: own.slice(order) }
      })
      const nameOf = (k: number): string => `k${k}`
      return factsOf({
        transactions: timed(fates, sessions, lengths),
        keys: Object.fromEntries(written.map((own, k) => [nameOf(k), own])),
        reads: reads.flatMap((own, reader) =>
          own.flatMap(({ key: k, choice, isWild }): WrittenRead[] => {
            const { order, unplaced } = written[k] as { order: number[]; unplaced: number[] }
            const seen = [...order, ...unplaced].filter((t) => (isWild === 0 ? t !== reader : t < reader))
            const writer = isWild === 1 ? null : (seen[choice % seen.length] ?? null)
            return happens(reader) ? [[reader, nameOf(k), writer]] : []
          }),
        ),
        extra: hasExtra === 0 ? extra.filter(({ from, to }) => from !== to && happens(from) && happens(to)) : [],
      })
    })
}

/** Transactions begin in order of their numbers, in a session after the one before has ended; some are not seen to end. */
function timed(
  fates: readonly number[],
  sessions: readonly number[],
  lengths: readonly (readonly [number, number])[],
): WrittenTransaction[] {
  const free = [0, 0, 0]
  let now = 0
  return fates.map((fate, t) => {
    const session = sessions[t] as number
    const [pause, length] = lengths[t] as readonly [number, number]
    const began = Math.max(now + pause, free[session] ?? 0)
    const ended = began + 1 + length
    now = began
    if (session < free.length) free[session] = ended + 1
    return {
      fate: fate === 0 ? ('never happened' as const) : ('committed' as const),
      began,
      ...(session < free.length && { session }),
      ...(fate !== 1 && { ended }),
    }
  })
}
