import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Operation } from '../../operation.ts'
import { type Transfer, transferOf } from './bank-operations.ts'
import { explain } from './bank-replay.ts'

interface Plan {
  readonly from: number
  readonly by: number
  readonly amount: number
  readonly call: number
  readonly length: number
  readonly completion: 'ok' | 'info' | 'fail'
  /** How often the first and the second read show its debit and its credit. */
  readonly early: boolean
  readonly late: number
}

const accounts = 4
const plan: fc.Arbitrary<Plan> = fc.record({
  from: fc.nat(accounts - 1),
  by: fc.integer({ min: 1, max: accounts - 1 }),
  amount: fc.integer({ min: 1, max: 3 }),
  call: fc.integer({ min: 1, max: 60 }),
  length: fc.integer({ min: 1, max: 30 }),
  completion: fc.constantFrom('ok', 'ok', 'ok', 'info', 'fail'),
  early: fc.boolean(),
  late: fc.nat(7),
})

const before = { call: 10, return: 20 }
const after = { call: 40, return: 50 }

function operation(at: { readonly call: number; readonly return: number }, about: Partial<Operation>): Operation {
  return { id: 0, process: 0, key: undefined, f: 'read', input: null, output: undefined, completion: 'ok', ...at, ...about }
}

function transfersOf(plans: readonly Plan[]): Transfer[] {
  return plans.map(({ from, by, amount, call, length, completion }, i) => {
    const end = completion === 'info' ? Number.POSITIVE_INFINITY : call + length + i / 100
    const input = { from, to: (from + by) % accounts, amount }
    return transferOf(operation({ call: call + i / 100, return: end }, { f: 'transfer', input, completion }))
  })
}

/** A read that shows each transfer so often. */
function readOf(
  at: typeof before,
  transfers: readonly Transfer[],
  debits: (transfer: number) => number,
  credits: (transfer: number) => number,
): Operation {
  const balances = Array.from({ length: accounts }, () => 100)
  transfers.forEach(({ from, to, amount }, i) => {
    balances[Number(from)] = (balances[Number(from)] as number) - debits(i) * Number(amount)
    balances[Number(to)] = (balances[Number(to)] as number) + credits(i) * Number(amount)
  })
  return operation(at, { output: Object.fromEntries(balances.map((balance, account) => [account, balance])) })
}

function range(transfers: readonly Transfer[]): number[] {
  return transfers.map((_, i) => i)
}

/** Those that one way of seeing every transfer in the second read explains, where only one is seen unevenly: by trying them all. */
function explainedByAll(first: Operation, second: Operation, transfers: readonly Transfer[]): Set<string> {
  const found = new Set<string>()
  const near = transfers.filter(({ operation: { call, return: end } }) => call < after.return && end > before.call)
  const ways = near.map(({ operation: { call, return: end, completion } }) =>
    completion === 'fail' ? [0] : call > before.return && end < after.call ? [1] : [0, 1],
  )
  const balances = first.output as Record<string, number>
  const shown = second.output as Record<string, number>
  near.forEach((transfer, uneven) => {
    for (const [debits, credits] of [
      [0, 1],
      [1, 0],
      [1, 2],
      [2, 1],
    ] as const) {
      if (transfer.operation.completion === 'fail' && debits + credits > 1) continue
      for (const times of combinations(ways.with(uneven, [0]))) {
        const sums: Record<string, number> = { ...balances }
        near.forEach(({ from, to, amount }, i) => {
          sums[from] = (sums[from] as number) - (i === uneven ? debits : (times[i] as number)) * Number(amount)
          sums[to] = (sums[to] as number) + (i === uneven ? credits : (times[i] as number)) * Number(amount)
        })
        if (Object.entries(sums).every(([account, sum]) => shown[account] === sum)) found.add(nameOf(transfer, debits, credits, transfers))
      }
    }
  })
  return found
}

function combinations(ways: readonly (readonly number[])[]): number[][] {
  return ways.reduce<number[][]>((all, some) => all.flatMap((one) => some.map((way) => one.concat(way))), [[]])
}

function nameOf(transfer: Transfer, debits: number, credits: number, transfers: readonly Transfer[]): string {
  return `${transfers.indexOf(transfer)}: ${debits} ${credits}`
}

function explained(first: Operation, second: Operation, transfers: readonly Transfer[]): Set<string> {
  return new Set(explain(first, second, transfers).map(({ transfer, debits, credits }) => nameOf(transfer, debits, credits, transfers)))
}

describe('the replay of transfers', () => {
  it('names those that trying every way to see them names', () => {
    const counts = { none: 0, one: 0, several: 0 }
    fc.assert(
      fc.property(fc.array(plan, { minLength: 1, maxLength: 7 }), fc.nat(6), (plans, which) => {
        const transfers = transfersOf(plans)
        const early = (i: number): number => ((plans[i] as Plan).early ? 1 : 0)
        const first = readOf(before, transfers, early, early)
        // One is seen in any way at all, the others as often on both sides.
        const side = (shift: number) => (i: number) => {
          const { late } = plans[i] as Plan
          return i === which ? (late >> shift) % 3 : late % 2
        }
        const second = readOf(after, transfers, side(0), side(1))
        const expected = explainedByAll(first, second, transfers)
        expect(explained(first, second, transfers)).toEqual(expected)
        counts[expected.size === 0 ? 'none' : expected.size === 1 ? 'one' : 'several']++
      }),
      { numRuns: 2000 },
    )
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(10)
  })

  it('names the one that is seen by half among twenty that ran at the same time as the reads', () => {
    const amounts = range(Array.from({ length: 20 })).map((i) => 2 ** i)
    const plans = amounts.map(
      (amount, i): Plan => ({
        from: i % accounts,
        by: 1 + (i % (accounts - 1)),
        amount,
        call: 45,
        length: 30,
        completion: i % 2 === 0 ? 'ok' : 'info',
        early: false,
        late: 0,
      }),
    )
    const transfers = transfersOf(plans)
    const never = (): number => 0
    const second = readOf(
      after,
      transfers,
      (i) => (i < 6 ? 1 : 0),
      (i) => (i < 5 ? 1 : 0),
    )
    expect(explained(readOf(before, transfers, never, never), second, transfers)).toEqual(new Set(['5: 1 0']))
  })

  it('names none, and soon, where it would have to try too much', () => {
    // The first five are in the read, one of them by half; they are too many transfers back to be tried together.
    const plans = range(Array.from({ length: 200 })).map(
      (i): Plan => ({
        from: i % accounts,
        by: 1 + (i % (accounts - 1)),
        amount: i < 5 ? 1000 + 10 * i : 1 + (i % 7),
        call: 5,
        length: 60,
        completion: 'ok',
        early: false,
        late: 0,
      }),
    )
    const transfers = transfersOf(plans)
    const never = (): number => 0
    const isShown = (i: number): number => (i < 5 ? 1 : 0)
    const first = readOf(before, transfers, never, never)
    const second = readOf(after, transfers, isShown, (i) => (i === 2 ? 0 : isShown(i)))
    const started = performance.now()
    expect(explained(first, second, transfers)).toEqual(new Set())
    expect(explained(first, second, transfers.slice(0, 20))).toEqual(new Set(['2: 1 0']))
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
