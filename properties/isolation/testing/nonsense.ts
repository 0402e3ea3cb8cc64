import fc from 'fast-check'
import type { Step, Transaction, TransactionStatus } from '../table/transaction.ts'

/** Histories in which most reads are nonsense: any lists of what was appended, or perhaps not. */
export const nonsense: fc.Arbitrary<Transaction[]> = fc
  .array(
    fc.record({
      process: fc.constantFrom(1, 2, 3, null),
      status: fc.constantFrom<TransactionStatus>('committed', 'committed', 'committed', 'aborted', 'unknown'),
      steps: fc.array(
        fc.record({
          isRead: fc.boolean(),
          key: fc.constantFrom('x', 'x', 'r'),
          list: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
          sorted: fc.nat(3),
        }),
        {
          maxLength: 4,
        },
      ),
    }),
    { maxLength: 4 },
  )
  .map((drawn) => {
    const written = { x: 0, r: 0 }
    return drawn.map(
      ({ process, status, steps }, t): Transaction => ({
        process,
        status,
        steps: steps.map(({ isRead, key, list, sorted }): Step => {
          const k = key as 'x' | 'r'
          if (!isRead) {
            const value = ++written[k]
            return { f: k === 'x' ? 'append' : 'write', key, value }
          }
          // Reference.ts takes nothing from what a transaction of unknown outcome read; no reader of histories gives any.
          if (status === 'unknown') return { f: 'read', key, value: undefined }
          const seen = sorted > 0 ? [...new Set(list)].sort() : list
          return { f: 'read', key, value: k === 'x' ? seen : (seen[0] ?? null) }
        }),
        began: 2 * t,
        // Those without a session overlap with the next one.
        ended: status === 'unknown' ? null : 2 * t + (process === null ? 3 : 1),
      }),
    )
  })
