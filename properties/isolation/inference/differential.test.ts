/** Inference against definitions that are slow and obvious: those of testing/reference.ts, and some that are only here. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnomalyName } from '../anomaly.ts'
import { rw, ww } from '../edge.ts'
import { type Facts, initialSlot } from '../facts.ts'
import { tableOf } from '../table/table-builder.ts'
import type { Step, Transaction, TransactionStatus } from '../table/transaction.ts'
import { transactionsArb } from '../testing/generate.ts'
import { nonsense } from '../testing/nonsense.ts'
import { observe } from '../testing/reference-observations.ts'
import { dependencies, ordersOf } from '../testing/reference-orders.ts'
import { closure, compose, has, isAcyclic, optional, type Relation, relation, union } from '../testing/reference-relations.ts'
import { happenedIn } from './happened.ts'
import { infer } from './infer.ts'

const histories = (options: { readonly faults: boolean }): fc.Arbitrary<Transaction[]> =>
  fc.oneof(
    transactionsArb({ kind: 'list', transactionsMax: 5, keys: 2, ordersMax: 60, ...options }),
    transactionsArb({ kind: 'register', transactionsMax: 5, keys: 2, ordersMax: 60, ...options }),
    transactionsArb({ kind: 'mixed', transactionsMax: 5, keys: 2, ordersMax: 60, ...options }),
  )

describe('anomalies that are no cycles', () => {
  const same: readonly AnomalyName[] = [
    'G1a',
    'internal',
    'future-read',
    'thin-air-read',
    'duplicate-elements',
    'incompatible-order',
    'non-repeatable-read',
  ]

  it.each([
    [
      'of weak databases',
      histories({ faults: true }),
      1500,
      ['internal', 'incompatible-order', 'non-repeatable-read', 'fractured-read', 'lost-update'],
    ],
    ['of nonsense', nonsense, 3000, [...same, 'G1b', 'dirty-update', 'fractured-read', 'cyclic-versions']],
  ] as const)('are those of the definitions, in histories %s', (_, arbitrary, numRuns, common) => {
    const found = new Map<AnomalyName, number>()
    fc.assert(
      fc.property(arbitrary, (transactions) => {
        const { anomalies, counts } = infer(tableOf(transactions))
        const names = new Set(counts.keys())
        const expected = observe(transactions).anomalies
        for (const name of names) found.set(name, (found.get(name) ?? 0) + 1)
        expect(new Set(anomalies.map(({ name }) => name))).toEqual(names)
        for (const name of same) expect([name, names.has(name)]).toEqual([name, expected.has(name)])
        // An intermediate version that was read together with something wrong, or appended to, is reported as that.
        if (names.has('G1b')) expect(expected).toContain('G1b')
        if (
          expected.has('G1b') &&
          !['G1a', 'thin-air-read', 'future-read', 'incompatible-order', 'cyclic-versions', 'duplicate-elements'].some((name) =>
            names.has(name as AnomalyName),
          )
        )
          expect(names.has('G1b') || isDirty(transactions)).toBe(true)
        if (names.has('dirty-update')) expect(expected).toContain('dirty-update')
        if (expected.has('dirty-update') && !names.has('incompatible-order') && !names.has('duplicate-elements'))
          expect(names).toContain('dirty-update')
        if (!names.has('incompatible-order')) expect(names.has('cyclic-versions')).toBe(hasOwnDisorder(transactions))
        expect([...names].filter((name) => name === 'lost-update')).toEqual(losesUpdate(transactions) ? ['lost-update'] : [])
      }),
      { numRuns },
    )
    for (const name of common) expect([name, (found.get(name) ?? 0) > 5]).toEqual([name, true])
  })

  function isDirty(transactions: readonly Transaction[]): boolean {
    const { facts } = infer(tableOf(transactions))
    return !isAcyclic(relationsOf(facts).WW)
  }

  /** The longest list of a key has an append of a transaction without one that it made before, or before it. */
  function hasOwnDisorder(transactions: readonly Transaction[]): boolean {
    const { reads, writes, isListKey } = observe(transactions)
    return writes.some((later) => {
      const lists = reads.filter(({ key }) => key === later.key && isListKey(key)).map(({ saw }) => saw)
      const longest = lists.reduce((best, list) => (list.length > best.length ? list : best), [])
      const at = longest.indexOf(later.value)
      const earlier = writes.filter(
        ({ transaction, key, step }) => transaction === later.transaction && key === later.key && step < later.step,
      )
      return at !== -1 && earlier.some(({ value }) => !longest.slice(0, at).includes(value))
    })
  }

  /** Two that took effect read the same first of a key, and write the key after that. */
  function losesUpdate(transactions: readonly Transaction[]): boolean {
    const { happened, isListKey } = observe(transactions)
    const bases = transactions.flatMap((transaction, t) => {
      if (!happened(t)) return []
      const { steps } = transaction
      return ['x', 'y', 'r'].flatMap((key) => {
        const ofKey = steps.filter((step) => step.key === key && !(step.f === 'read' && step.value === undefined))
        const write = ofKey.findIndex(({ f }) => f !== 'read')
        const own = ofKey.filter(({ f }) => f !== 'read').map(({ value }) => value)
        const read = ofKey.slice(0, Math.max(write, 0))[0]
        if (read === undefined) return []
        const value = read.value === null && isListKey(JSON.stringify(key)) ? [] : read.value
        return own.includes(Array.isArray(value) ? value.at(-1) : value) ? [] : [`${key} ${JSON.stringify(value)}`]
      })
    })
    return new Set(bases).size < bases.length
  }
})

describe('dependencies', () => {
  it.each([
    ['of weak databases', histories({ faults: true }), 1200],
    ['of nonsense', nonsense, 1500],
  ])('are those under every order of the writes that agrees with what was read, in histories %s', (_, arbitrary, numRuns) => {
    let compared = 0
    fc.assert(
      fc.property(arbitrary, (transactions) => {
        const { facts, counts } = infer(tableOf(transactions))
        // Of what makes no sense anything may be taken.
        if ((['incompatible-order', 'future-read', 'cyclic-versions', 'duplicate-elements'] as const).some((name) => counts.has(name)))
          return
        compared++
        const observations = observe(transactions)
        const all = [...ordersOf(observations)].map((orders) => dependencies(observations, orders))
        const certain = (of: (one: (typeof all)[number]) => Relation): Relation =>
          relation(transactions.length, (s, t) => all.every((one) => has(of(one), s, t)))
        const expected = { WW: closure(certain(({ WW }) => WW)), WR: certain(({ WR }) => WR), RW: certain(({ RW }) => RW) }
        const actual = relationsOf(facts)
        expect(actual.WR).toEqual(expected.WR)
        expect(actual.WW).toEqual(expected.WW)
        if (facts.extra.every(({ kind }) => kind !== rw)) expect(actual.RW).toEqual(expected.RW)
        expect(within(actual.RW, expected.RW)).toBe(true)
        expect(within(expected.RW, compose(actual.RW, optional(actual.WW)))).toBe(true)
      }),
      { numRuns },
    )
    expect(compared).toBeGreaterThan(numRuns / 10)
  })

  it('prove that a read was fractured: no order makes it atomic', () => {
    let fractured = 0
    fc.assert(
      fc.property(histories({ faults: false }), (transactions) => {
        const { counts } = infer(tableOf(transactions))
        const observations = observe(transactions)
        const isAtomicUnder = (orders: ReturnType<typeof ordersOf> extends Generator<infer O> ? O : never): boolean => {
          const { WR, WW, RW } = dependencies(observations, orders)
          return isAcyclic(union(WR, WW)) && relation(WR.length, (s, t) => s === t && has(compose(WR, RW), s, t)).every((row) => row === 0)
        }
        if (!counts.has('fractured-read')) return
        fractured++
        expect([...ordersOf(observations)].some(isAtomicUnder)).toBe(false)
      }),
      { numRuns: 1200 },
    )
    expect(fractured).toBeGreaterThan(10)
  })
})

function within(r: Relation, s: Relation): boolean {
  return r.every((row, i) => (row & ~(s[i] as number)) === 0)
}

/** What the facts say that level.ts speaks of; WW with all that follows from it. */
function relationsOf({
  table,
  slots,
  slotsFrom,
  writer,
  place,
  readsFrom,
  readSlot,
  readKey,
  extra,
}: Facts): Record<'WW' | 'WR' | 'RW', Relation> {
  const edges = { WW: new Set<string>(), WR: new Set<string>(), RW: new Set<string>() }
  const add = (kind: 'WW' | 'WR' | 'RW', from: number, to: number): unknown => from !== to && edges[kind].add(`${from} ${to}`)
  const keyOfSlot = (slot: number): number => slotsFrom.findLastIndex((from) => from <= slot)
  const comesAfter = (slot: number): number[] =>
    Array.from({ length: slots }, (_, other) => other).filter(
      (other) =>
        keyOfSlot(other) === keyOfSlot(slot) &&
        place[slot] !== -1 &&
        (place[other] === -1 || (place[slot] as number) < (place[other] as number)) &&
        other !== slot,
    )
  for (let slot = 0; slot < slots; slot++) for (const other of comesAfter(slot)) add('WW', writer[slot] as number, writer[other] as number)
  for (let t = 0; t < table.count; t++)
    for (let read = readsFrom[t] as number; read < (readsFrom[t + 1] as number); read++) {
      const slot = readSlot[read] as number
      const key = readKey[read] as number
      if (slot !== initialSlot) add('WR', writer[slot] as number, t)
      const unseen =
        slot === initialSlot
          ? Array.from({ length: (slotsFrom[key + 1] as number) - (slotsFrom[key] as number) }, (_, i) => (slotsFrom[key] as number) + i)
          : comesAfter(slot)
      for (const other of unseen) add('RW', t, writer[other] as number)
    }
  for (const { from, to, kind } of extra) add(kind === ww ? 'WW' : kind === rw ? 'RW' : 'WR', from, to)
  const asRelation = (set: ReadonlySet<string>): Relation => relation(table.count, (s, t) => set.has(`${s} ${t}`))
  return { WW: closure(asRelation(edges.WW)), WR: asRelation(edges.WR), RW: asRelation(edges.RW) }
}

describe('who took effect', () => {
  it('is who committed, and whom those have seen who took effect', () => {
    const arbitrary = fc.array(
      fc.record({
        status: fc.constantFrom<TransactionStatus>('committed', 'unknown', 'unknown', 'aborted'),
        reads: fc.array(fc.nat(7), { maxLength: 2 }),
        other: fc.boolean(),
      }),
      { minLength: 1, maxLength: 8 },
    )
    fc.assert(
      fc.property(arbitrary, (drawn) => {
        const transactions = drawn.map(
          ({ status, reads, other }, t): Transaction => ({
            process: null,
            status,
            steps: [
              { f: 'write', key: 'x', value: t },
              { f: 'append', key: 'y', value: t },
              ...reads.map((value): Step => (other ? { f: 'read', key: 'y', value: [value] } : { f: 'read', key: 'x', value })),
            ],
            began: null,
            ended: null,
          }),
        )
        const happened = new Set(drawn.flatMap(({ status }, t) => (status === 'committed' ? [t] : [])))
        for (let before = -1; before < happened.size; ) {
          before = happened.size
          for (const t of [...happened]) for (const seen of drawn[t]?.reads ?? []) if (drawn[seen]?.status === 'unknown') happened.add(seen)
        }
        expect([...happenedIn(tableOf(transactions))]).toEqual(drawn.map((_, t) => (happened.has(t) ? 1 : 0)))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('assumed orders of registers', () => {
  /** Transactions of one step each, of a few sessions, that begin and end at any time. */
  const arbitrary = fc
    .record({
      steps: fc.array(
        fc.record({ isRead: fc.nat(2), key: fc.nat(1), value: fc.nat(4), session: fc.nat(2), isUnknown: fc.nat(9), alsoWrites: fc.nat(5) }),
        { minLength: 2, maxLength: 9 },
      ),
      order: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
    })
    .map(({ steps, order }) => {
      const draws = steps.map(() => [order.next().value, order.next().value].sort((a, b) => a - b) as [number, number])
      const positions = draws.flat().sort((a, b) => a - b)
      let value = 0
      return steps.map(({ isRead, key, value: read, session, isUnknown, alsoWrites }, t): Transaction => {
        const [began, ended] = draws[t] as [number, number]
        const write: Step = { f: 'write', key, value: ++value }
        return {
          process: session,
          status: isUnknown === 0 ? 'unknown' : 'committed',
          steps: [
            ...(isRead > 0 ? [{ f: 'read', key, value: read === 0 ? null : read } as const] : [write]),
            ...(isRead > 0 && alsoWrites === 0 ? [write] : []),
          ],
          began: positions.indexOf(began),
          ended: isUnknown === 0 ? null : positions.lastIndexOf(ended),
        }
      })
    })

  it.each(['sequential', 'linearizable'] as const)(
    'have the edges of all pairs that are %s, and are refused where those go round',
    (versions) => {
      let refused = 0
      let ordered = 0
      fc.assert(
        fc.property(arbitrary, (transactions) => {
          const table = tableOf(transactions)
          const { facts, anomalies } = infer(table, { versions, neverWritten: 'ignored' })
          for (const k of table.keys.keys()) {
            const expected = versionOrder(transactions, infer(table, { neverWritten: 'ignored' }).facts, k, versions)
            const cyclic = anomalies.filter(({ name, key }) => name === 'cyclic-versions' && key === k)
            const edges = facts.extra.filter(({ key }) => key === k)
            const actual = closure(
              relation(table.count, (s, t) => edges.some(({ from, to, kind }) => kind === ww && from === s && to === t)),
            )
            expect(cyclic.length).toBe(expected === null ? 1 : 0)
            if (cyclic[0]?.transactions.length) {
              refused++
              expect(cyclic[0].steps?.length).toBe(cyclic[0].transactions.length)
            }
            ordered += edges.length
            expect(actual).toEqual(expected ?? relation(table.count, () => false))
          }
        }),
        { numRuns: 1500 },
      )
      expect([refused > 100, ordered > 200]).toEqual([true, true])
    },
  )

  /** All pairs of writers of a key of which one comes first; `null` where they go round. The initial version is the last one's successor. */
  function versionOrder(
    transactions: readonly Transaction[],
    facts: Facts,
    k: number,
    versions: 'sequential' | 'linearizable',
  ): Relation | null {
    const { readsFrom, readSlot, readKey, writer, slotsFrom, happened } = facts
    const initial = transactions.length
    /** What each transaction saw, then wrote. */
    const touched = transactions.map((_, t): number[] => {
      const reads = [...readSlot.subarray(readsFrom[t], readsFrom[t + 1])].filter((_, i) => readKey[(readsFrom[t] as number) + i] === k)
      const own = writer.subarray(slotsFrom[k], slotsFrom[k + 1]).includes(t) ? [t] : []
      return happened[t] === 0 ? [] : [...reads.map((slot) => (slot === initialSlot ? initial : (writer[slot] as number))), ...own]
    })
    const precedes = (s: number, t: number): boolean => {
      const [first, second] = [transactions[s] as Transaction, transactions[t] as Transaction]
      if (first.status === 'unknown') return false
      if (versions === 'sequential') return s < t && first.process === second.process
      return (first.ended as number) < (second.began as number)
    }
    const order = relation(transactions.length + 1, (a, b) => {
      if (a === b) return false
      if (a === initial) return touched.flat().includes(b)
      return touched.some(
        (seen, s) =>
          (seen[0] === a && seen[1] === b) ||
          (seen.includes(a) && touched.some((found, t) => s !== t && found.includes(b) && precedes(s, t))),
      )
    })
    if (!isAcyclic(order)) return null
    const all = closure(order)
    return relation(transactions.length, (s, t) => has(all, s, t))
  }
})
