import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rt, rw, so, wr, ww } from '../edge.ts'
import type { Facts } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import { tableOf } from '../table/table-builder.ts'
import type { Transaction } from '../table/transaction.ts'
import { factsOf } from '../testing/facts-of.ts'
import { shapedFacts } from '../testing/weak-levels-facts.ts'
import { literally } from '../testing/weak-levels-literal.ts'
import { flawsOf } from '../testing/weak-levels-proof.ts'
import { bySaturation } from '../testing/weak-levels-saturation.ts'
import { decideWeak } from './weak-levels.ts'

const bases = ['read-uncommitted', 'read-committed', 'monotonic-atomic-view', 'read-atomic', 'causal'] as const
const orders: readonly LevelOrder[] = ['none', 'session', 'real-time']
/** Each small history is tried with every order of its writes; FUZZ_RUNS=5000 looks further. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 600)
const variants = bases.flatMap((base) => orders.map((order) => ({ base, order })))

describe.each(variants)('$base in the variant $order', ({ base, order }) => {
  const small = fc
    .record({
      count: fc.integer({ min: 2, max: 5 }),
      keys: fc.integer({ min: 1, max: 3 }),
      readsMax: fc.constant(4),
      writesMax: fc.constant(3),
      heavy: fc.constant(0),
    })
    .chain(shapedFacts)
  const larger = fc
    .record({
      count: fc.integer({ min: 8, max: 16 }),
      keys: fc.integer({ min: 4, max: 20 }),
      readsMax: fc.constantFrom(1, 2, 5),
      writesMax: fc.constantFrom(1, 2, 4),
      heavy: fc.nat({ max: 2 }),
    })
    .chain(shapedFacts)

  it('is decided as every order of the writes decides it, and every violation is proven', () => {
    let holding = 0
    let all = 0
    fc.assert(
      fc.property(small, (facts) => {
        const decision = decideWeak(facts, base, order)
        expect(decision.holds).toBe(literally(facts, base, order))
        if (!decision.holds) expect(flawsOf(facts, base, order, decision)).toEqual([])
        all++
        if (decision.holds) holding++
      }),
      { numRuns },
    )
    expect(holding / all).toBeGreaterThan(0.5)
    expect(holding / all).toBeLessThan(1)
  })

  it('is decided as all forced orders decide it, of more transactions that write and read more', () => {
    fc.assert(
      fc.property(larger, (facts) => {
        const decision = decideWeak(facts, base, order)
        expect(decision.holds).toBe(bySaturation(facts, base, order))
        if (!decision.holds) expect(flawsOf(facts, base, order, decision)).toEqual([])
      }),
      { numRuns: numRuns / 4 },
    )
  })
})

describe('a violation is explained', () => {
  it('of monotonic atomic view by what was read before', () => {
    const facts = factsOf({
      transactions: 2,
      keys: { x: { unplaced: [0] }, y: { unplaced: [0] } },
      reads: [
        [1, 'x', 0],
        [1, 'y', null],
      ],
    })
    const cycle = [
      { transaction: 0, kind: wr, key: 0 },
      { transaction: 1, kind: rw, key: 1 },
    ]
    expect(decideWeak(facts, 'monotonic-atomic-view', 'none')).toEqual({ holds: false, proof: 'cycle', cycle, forced: [] })
    expect(decideWeak(facts, 'read-committed', 'none')).toEqual({ holds: true })
  })

  it('of monotonic atomic view not by what is read after', () => {
    const facts = factsOf({
      transactions: 2,
      keys: { x: { unplaced: [0] }, y: { unplaced: [0] } },
      reads: [
        [1, 'y', null],
        [1, 'x', 0],
      ],
    })
    expect(decideWeak(facts, 'monotonic-atomic-view', 'none')).toEqual({ holds: true })
    expect(decideWeak(facts, 'read-atomic', 'none').holds).toBe(false)
  })

  it('of read atomic by two readers that force opposite orders', () => {
    // Both write x and y; transaction 2 sees x of 0 and y of 1, and so does transaction 3 with z, the other way round.
    const facts = factsOf({
      transactions: 4,
      keys: { x: { unplaced: [0, 1] }, y: { unplaced: [0] }, z: { unplaced: [1] } },
      reads: [
        [2, 'x', 0],
        [2, 'z', 1],
        [3, 'x', 1],
        [3, 'y', 0],
      ],
    })
    const decision = decideWeak(facts, 'read-atomic', 'none')
    expect(decision).toEqual({
      holds: false,
      proof: 'cycle',
      cycle: [
        { transaction: 0, kind: ww, key: 0 },
        { transaction: 1, kind: ww, key: 0 },
      ],
      forced: [
        { before: 0, after: 1, key: 0, reader: 3, because: [{ transaction: 0, kind: wr, key: 1 }] },
        { before: 1, after: 0, key: 0, reader: 2, because: [{ transaction: 1, kind: wr, key: 2 }] },
      ],
    })
  })

  it('by a shortest cycle', () => {
    // 0 -> 1 -> 2 -> 3 -> 4 -> 0, and 2 -> 3 -> 2.
    const facts = factsOf({
      transactions: 5,
      keys: { a: { order: [0] }, b: { order: [1] }, c: { order: [2] }, d: { order: [3] }, e: { order: [4] } },
      reads: [
        [0, 'e', 4],
        [1, 'a', 0],
        [2, 'b', 1],
        [2, 'd', 3],
        [3, 'c', 2],
        [4, 'd', 3],
      ],
    })
    const decision = decideWeak(facts, 'read-committed', 'none')
    const cycle = [
      { transaction: 2, kind: wr, key: 2 },
      { transaction: 3, kind: wr, key: 3 },
    ]
    expect(decision).toEqual({ holds: false, proof: 'cycle', cycle, forced: [] })
  })

  it('of causal consistency by a chain of causes', () => {
    const facts = factsOf({
      transactions: [{ session: 'a' }, { session: 'b' }, { session: 'b' }, { session: 'c' }],
      keys: { x: { order: [0] }, y: { order: [2] } },
      reads: [
        [1, 'x', 0],
        [3, 'y', 2],
        [3, 'x', null],
      ],
    })
    const cycle = [
      { transaction: 0, kind: wr, key: 0 },
      { transaction: 1, kind: so, key: -1 },
      { transaction: 2, kind: wr, key: 1 },
      { transaction: 3, kind: rw, key: 0 },
    ]
    expect(decideWeak(facts, 'causal', 'none')).toEqual({ holds: false, proof: 'cycle', cycle, forced: [] })
    expect(decideWeak(facts, 'read-atomic', 'session')).toEqual({ holds: true })
  })

  it('of real time by an end before a beginning, and by none at the same moment', () => {
    const facts = (began: number): Facts =>
      factsOf({
        transactions: [
          { began: 0, ended: 5 },
          { began, ended: 9 },
        ],
        keys: { x: { order: [0] } },
        reads: [[1, 'x', null]],
      })
    const cycle = [
      { transaction: 0, kind: rt, key: -1 },
      { transaction: 1, kind: rw, key: 0 },
    ]
    expect(decideWeak(facts(6), 'read-atomic', 'real-time')).toEqual({ holds: false, proof: 'cycle', cycle, forced: [] })
    expect(decideWeak(facts(5), 'read-atomic', 'real-time')).toEqual({ holds: true })
    expect(decideWeak(facts(6), 'read-atomic', 'session')).toEqual({ holds: true })
  })

  it('of real time also by a writer that ended as another began', () => {
    const facts = factsOf({
      transactions: [
        { began: 1, ended: 5 },
        { began: 5, ended: 6 },
        { began: 0, ended: 20 },
        { began: 7, ended: 8 },
      ],
      keys: { x: { unplaced: [0, 1, 2] }, y: { unplaced: [2] } },
      reads: [
        [3, 'x', 2],
        [0, 'y', 2],
      ],
    })
    // Transaction 0 is before 2, since 3 did not see it; but it read from 2.
    const decision = decideWeak(facts, 'read-atomic', 'real-time')
    expect(decision.holds).toBe(false)
    expect(flawsOf(facts, 'read-atomic', 'real-time', decision)).toEqual([])
  })
})

it('real-time order is session order where the history has no times', () => {
  const facts = factsOf({
    transactions: [{ session: 'a' }, { session: 'a' }, { session: 'b' }],
    keys: { x: { order: [0, 2] } },
    reads: [[1, 'x', null]],
  })
  for (const base of ['read-atomic', 'causal'] as const) expect(decideWeak(facts, base, 'real-time').holds).toBe(false)
  expect(decideWeak(facts, 'read-atomic', 'none').holds).toBe(true)
})

describe('of a hundred thousand transactions, each of which reads from the one before', () => {
  it.each([
    ['one session', (): number => 0],
    ['sessions of two', (t: number): number => t >> 1],
    ['no sessions', (): null => null],
  ])('all levels are decided at once: %s', (_, sessionOf) => {
    const facts = ringFacts(100_000, false, sessionOf)
    const started = performance.now()
    for (const { base, order } of variants) expect(decideWeak(facts, base, order)).toEqual({ holds: true })
    expect(performance.now() - started).toBeLessThan(8_000)
  })

  it('a cycle is shown whole', () => {
    const decision = decideWeak(
      ringFacts(100_000, true, () => null),
      'read-committed',
      'none',
    )
    expect(!decision.holds && decision.proof === 'cycle' && decision.cycle.length).toBe(100_000)
  })
})

/** Each transaction writes a key of its own and reads that of the one before; the first one reads that of the last, or nothing. */
function ringFacts(count: number, isClosed: boolean, sessionOf: (t: number) => number | null): Facts {
  const before = (t: number): number => (t + count - 1) % count
  const readers = Array.from({ length: count }, (_, t) => t).slice(isClosed ? 0 : 1)
  const transactions = Array.from(
    { length: count },
    (_, t): Transaction => ({
      process: sessionOf(t),
      status: 'committed',
      steps: [{ f: 'write', key: t, value: t }, ...(t > 0 || isClosed ? [{ f: 'read', key: before(t), value: before(t) } as const] : [])],
      began: 2 * t,
      ended: 2 * t + 5,
    }),
  )
  const table = tableOf(transactions)
  const keyOf = (t: number): number => table.key[table.stepsFrom[t] as number] as number
  const byKey = Int32Array.from({ length: count }, (_, t) => t).sort((s, t) => keyOf(s) - keyOf(t))
  return {
    table,
    happened: new Uint8Array(count).fill(1),
    slots: count,
    slotsFrom: Int32Array.from({ length: count + 1 }, (_, slot) => slot),
    writer: byKey,
    place: new Int32Array(count).fill(-1),
    readsFrom: Int32Array.from({ length: count + 1 }, (_, t) => (isClosed ? t : Math.max(0, t - 1))),
    readSlot: Int32Array.from(readers, (t) => keyOf(before(t))),
    readKey: Int32Array.from(readers, (t) => keyOf(before(t))),
    extra: [],
  }
}
