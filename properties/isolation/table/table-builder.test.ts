import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isHistoryError } from '../../errors.ts'
import { equal, isList, keyOf, type Value } from '../../value.ts'
import { TableBuilder, tableOf, transactionOf } from './table-builder.ts'
import type { Step, Transaction, TransactionStatus } from './transaction.ts'
import {
  aborted,
  committed,
  initialVersion,
  readListStep,
  readStep,
  type TransactionTable,
  unknownOutcome,
  unknownVersion,
} from './transaction-table.ts'

const r = (key: Value, value: Value | undefined): Step => ({ f: 'read', key, value })
const w = (key: Value, value: Value): Step => ({ f: 'write', key, value })
const append = (key: Value, value: Value): Step => ({ f: 'append', key, value })

function transaction(...steps: Step[]): Transaction {
  return { process: 0, status: 'committed', steps, began: null, ended: null }
}

function stepsOf(table: TransactionTable): Step[] {
  return all(table).flatMap(({ steps }) => steps)
}

function all(table: TransactionTable): Transaction[] {
  return Array.from({ length: table.count }, (_, t) => transactionOf(table, t))
}

function messageOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (isHistoryError(error)) return `${error.code}: ${error.message}`
    throw error
  }
  return 'no error'
}

/** The chain of a key, as the values of its elements. */
function chainOf(table: TransactionTable, key: number): Value[] {
  const { chain, chainFrom } = table.lists
  return Array.from(chain.subarray(chainFrom[key], chainFrom[key + 1]), (version) => table.versions.value(version))
}

const values = fc.oneof(
  fc.integer({ min: -3, max: 5 }),
  fc.constantFrom<Value>(true, 'a', 'b', ':c', '1', 2n ** 60n, -(2n ** 60n), 2 ** 60, 1.5, 3_000_000_000, { a: 1 }, [1, [2]]),
)
const statuses = fc.constantFrom<TransactionStatus>('committed', 'aborted', 'unknown')
const shapes = fc.array(
  fc.record({
    process: fc.option(fc.constantFrom<number | string>(0, 1, 2, 'a', '1')),
    status: statuses,
    steps: fc.array(fc.tuple(fc.constantFrom('read', 'write'), fc.nat({ max: 3 }), fc.nat({ max: 8 }), values), { maxLength: 5 }),
    began: fc.option(fc.nat({ max: 999 })),
    ended: fc.option(fc.integer({ min: 1000, max: 2 ** 31 - 1 })),
  }),
  { maxLength: 12 },
)
const keyNames: readonly Value[] = ['x', 1, 2n ** 63n, [1, 'k']]

/** Registers at even keys and lists at odd ones; writes that were there already are left out. */
function wellFormed(generated: typeof shapes extends fc.Arbitrary<infer T> ? T : never): Transaction[] {
  const written: (readonly [number, Value])[] = []
  return generated.map(({ steps, ...rest }) => ({
    ...rest,
    steps: steps.flatMap(([f, key, length, value]): Step[] => {
      const name = keyNames[key] as Value
      if (f === 'read') {
        if (length === 0) return [r(name, undefined)]
        if (key % 2 === 0) return [r(name, length === 1 ? null : value)]
        // Lists of which some diverge.
        return [
          r(
            name,
            Array.from({ length: length - 1 }, (_, i) => (equal(value, 'a') && i > 1 ? `${i}` : i)),
          ),
        ]
      }
      if (written.some(([k, v]) => k === key && equal(v, value))) return []
      written.push([key, value])
      return [key % 2 === 0 ? w(name, value) : append(name, value)]
    }),
  }))
}

describe('the table of transactions', () => {
  it('gives back the transactions that it was built from, but for null that was read of a list', () => {
    fc.assert(
      fc.property(shapes, (generated) => {
        const transactions = wellFormed(generated)
        const table = tableOf(transactions)
        expect(all(table).map(normalOf)).toEqual(transactions.map(normalOf))
      }),
      { numRuns: 1000 },
    )
  })

  it('keeps what the lists that were read of a key have in common once, and the longest of them as its chain', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat({ max: 1 }), { maxLength: 12 }), { maxLength: 40 }), (lists) => {
        const table = tableOf(lists.map((list) => transaction(r('x', list))))
        const longest = lists.reduce((best, list) => (list.length > best.length ? list : best), [] as number[])
        expect(chainOf(table, 0)).toEqual(longest)
        const { length, isPrefix } = table.lists
        expect(Array.from(length)).toEqual(lists.map((list) => list.length))
        expect(Array.from(isPrefix)).toEqual(lists.map((list) => (list.every((element, i) => element === longest[i]) ? 1 : 0)))
        expect(stepsOf(table).map(({ value }) => value)).toEqual(lists)
      }),
      { numRuns: 1000 },
    )
  })

  it('keeps lists of a hundred branches whole, whichever of them a list continues', () => {
    const lists = Array.from({ length: 300 }, (_, i) => Array.from({ length: 1 + Math.floor(i / 100) }, (_, j) => (j === 0 ? i % 100 : j)))
    const table = tableOf(lists.map((list) => transaction(r('x', list))))
    expect(stepsOf(table).map(({ value }) => value)).toEqual(lists)
    expect(chainOf(table, 0)).toEqual([0, 1, 2])
    expect(table.lists.isPrefix.reduce((sum, is) => sum + is)).toBe(3)
  })

  it('numbers sessions, keys and versions once, and knows who wrote what', () => {
    const table = tableOf([
      { process: 'a', status: 'committed', steps: [w('x', 1), r('y', 2n)], began: 0, ended: 3 },
      { process: 7, status: 'aborted', steps: [w('y', 2)], began: 1, ended: 4 },
      { process: 'a', status: 'unknown', steps: [r('x', 1), r('y', null), r('x', undefined)], began: 5, ended: null },
    ])
    expect(table.count).toBe(3)
    expect(table.sessions).toEqual(['a', 7])
    expect(Array.from(table.session)).toEqual([0, 1, 0])
    expect(Array.from(table.status)).toEqual([committed, aborted, unknownOutcome])
    expect(Array.from(table.stepsFrom)).toEqual([0, 2, 3, 6])
    expect(table.keys).toEqual(['x', 'y'])
    expect(Array.from(table.key)).toEqual([0, 1, 1, 0, 1, 0])
    expect(Array.from(table.version)).toEqual([0, 1, 1, 0, initialVersion, unknownVersion])
    expect(table.versions.count).toBe(2)
    expect(Array.from(table.versions.key)).toEqual([0, 1])
    expect(Array.from(table.versions.writer)).toEqual([0, 2])
    expect(Array.from(table.versions.transaction)).toEqual([0, 1])
    expect(table.hasTimes).toBe(true)
    expect(Array.from(table.ended)).toEqual([3, 4, -1])
  })

  it('has the same version for integers that are equal, as numbers or as bigints, and another for their digits', () => {
    const table = tableOf([transaction(w(1, 5), r(1n, 5n), r('1', 5), r(1, '5'), w(2n ** 53n, 2n ** 60n), r(2 ** 53, 2 ** 60))])
    expect(Array.from(table.key)).toEqual([0, 0, 1, 0, 2, 2])
    expect(Array.from(table.version)).toEqual([0, 0, 1, 2, 3, 3])
  })

  it('has no times where one transaction has none, and none for no transactions', () => {
    const timed = { ...transaction(), began: 3, ended: 4 }
    expect(tableOf([timed, timed]).hasTimes).toBe(true)
    expect(tableOf([timed, transaction()]).hasTimes).toBe(false)
    expect(tableOf([]).hasTimes).toBe(false)
  })

  it('takes a list for a value where lists are written, and for a list where elements are appended or nothing says otherwise', () => {
    const register = tableOf([transaction(r('x', [1]), w('x', [1]), r('x', null))])
    expect(Array.from(register.kind)).toEqual([readStep, 1, readStep])
    expect(Array.from(register.version)).toEqual([0, 0, initialVersion])
    expect(register.lists.count).toBe(0)
    const list = tableOf([transaction(r('x', null), append('x', 1), r('y', [4]), r('y', null), r('z', null), r('x', undefined))])
    expect(Array.from(list.kind)).toEqual([readListStep, 2, readListStep, readListStep, readStep, readStep])
    expect(Array.from(list.lists.length)).toEqual([0, 1, 0])
    expect(Array.from(list.version.subarray(4))).toEqual([initialVersion, unknownVersion])
    const mixed = tableOf([transaction(r('x', [1]), r('x', 1))])
    expect(Array.from(mixed.kind)).toEqual([readStep, readStep])
  })

  it('takes null, and the initial value that it is told, for what was there before, unless something writes it, if only later', () => {
    const untouched = tableOf([transaction(r('x', null), r('x', 0), w('x', 1))], { initial: 0 })
    expect(Array.from(untouched.version)).toEqual([initialVersion, initialVersion, 0])
    expect(untouched.versions.count).toBe(1)
    const written = tableOf([transaction(r('x', null), r('x', 0)), transaction(w('x', 0), w('x', null), r('y', 0))], { initial: 0 })
    expect(stepsOf(written).map(({ value }) => value)).toEqual([null, 0, 0, null, null])
    expect(Array.from(written.version)).toEqual([1, 0, 0, 1, initialVersion])
    const told = tableOf([transaction(r('x', [0]), w('x', [1]))], { initial: [0] })
    expect(Array.from(told.version)).toEqual([initialVersion, 0])
    expect(tableOf([transaction(r('x', 0))]).version[0]).toBe(0)
  })

  it('refuses a value that is written twice to one key, and says where', () => {
    const at = (began: number | null, ...steps: Step[]): Transaction => ({ ...transaction(...steps), began })
    expect(messageOf(() => tableOf([at(4, w('x', 1)), at(9, w('y', 1), w('x', 1))]))).toBe(
      'history-events: 1 is written to key x by the transaction of event 4 and again by the transaction of event 9; writes must be unique per key, to tell which one a read saw: give each a value of its own',
    )
    expect(messageOf(() => tableOf([at(null, append(3, 'a')), { ...at(null, append(3, 'a')), status: 'aborted' }]))).toBe(
      'history-events: a is appended to key 3 by transaction 0 and again by transaction 1; writes must be unique per key, to tell which one a read saw: give each a value of its own',
    )
    expect(messageOf(() => tableOf([at(2, w('x', 2), w('x', 2n))]))).toContain('2 is written to key x twice by the transaction of event 2;')
    expect(messageOf(() => tableOf([at(2, w('x', { a: [2] })), at(3, w('x', { a: [2n] }))]))).toContain('{a: [2]} is written to key x by')
  })

  it.each<[Partial<Record<keyof Transaction, unknown>>, string]>([
    [
      { began: 0.1, ended: 0.2 },
      'the transaction that began at 0.1: 0.1 is no position in a history; number the beginnings and ends from 0',
    ],
    [{ began: 1, ended: 2 ** 31 }, 'the transaction that began at 1: 2147483648 is no position'],
    [{ began: -1, ended: null }, 'the transaction that began at -1: -1 is no position'],
    [{ began: 5, ended: 2 }, 'the transaction that began at 5: it ended at 2; the end comes after the beginning'],
    [{ status: 'ok' }, 'transaction 0: its status is "ok", expected committed, aborted, unknown'],
    [{ steps: [{ f: 'w', key: 'x', value: 1 }] }, 'transaction 0: it has a step "w", expected read, write, append'],
  ])('refuses what only looks like a transaction: %j', (odd, message) => {
    const builder = new TableBuilder()
    expect(() => builder.add({ ...transaction(), ...odd } as Transaction)).toThrow(message)
  })

  it('refuses keys that are both written and appended to, lists that are none, and what is no data', () => {
    expect(messageOf(() => tableOf([transaction(w('x', 1)), transaction(append('x', 2))]))).toBe(
      'history-events: transaction 1 appends to key x, which others have written to; a key is either a register or a list: use two keys',
    )
    expect(messageOf(() => tableOf([transaction(), transaction(r('x', 7)), transaction(append('x', 2))]))).toBe(
      'history-events: transaction 1 reads 7 of key x, expected a list, since it is appended to; correct the read',
    )
    expect(messageOf(() => tableOf([transaction(r('x', 0)), transaction(append('x', 2))], { initial: 0 }))).toContain('reads 0 of key x')
    expect(messageOf(() => tableOf([transaction(w('x', Number.NaN))]))).toContain('not-plain-data: value is NaN')
    expect(messageOf(() => tableOf([transaction(r('x', [1, Number.NaN]))]))).toContain('not-plain-data: value is NaN')
  })

  it('holds a hundred thousand transactions of four steps in 9 MB of columns', () => {
    const builder = new TableBuilder()
    for (let t = 0; t < 100_000; t++) {
      const key = Math.floor(t / 20)
      builder.add({
        process: t % 20,
        status: 'committed',
        steps: [r(key, t), w(key, t), r(key + 1, null), w(-1 - key, t)],
        began: 2 * t,
        ended: 2 * t + 1,
      })
    }
    const table = builder.finish()
    const columns = [table.session, table.status, table.began, table.ended, table.stepsFrom, table.kind, table.key, table.version]
    const { key, writer, transaction: writers } = table.versions
    const bytes = [...columns, key, writer, writers].reduce((sum, { buffer }) => sum + buffer.byteLength, 0)
    expect(table.versions.count).toBe(200_000)
    expect(bytes).toBeLessThan(9_000_000)
    expect(transactionOf(table, 99_999).steps).toEqual([r(4999, 99_999), w(4999, 99_999), r(5000, null), w(-5000, 99_999)])
  })
})

/** Equal for equal values, whichever kind of number they are. */
function normalOf({ steps, ...rest }: Transaction): unknown {
  return {
    ...rest,
    steps: steps.map(({ f, key, value }) => {
      const isEmpty = value === null || (isList(value) && value.length === 0)
      return [f, keyOf(key), value === undefined ? 'unknown' : isEmpty ? 'nothing' : keyOf(value)]
    }),
  }
}
