import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../../history.ts'
import type { Operation } from '../../operation.ts'
import type { Spec } from '../../spec.ts'
import { bank } from '../../specs/bank.ts'
import { eventsOf, histories as livedHistories } from '../../testing/histories.ts'
import type { Value } from '../../value.ts'
import { type IsolationLevel, levelBases } from '../level.ts'
import type { Step, Transaction } from '../table/transaction.ts'
import { referenceLevels } from '../testing/reference.ts'
import { judgeBank } from './bank.ts'
import { bankErrors } from './testing/brute-force.ts'
import { type Draft, events, histories, type Line } from './testing/events.ts'

const draft: fc.Arbitrary<Draft> = fc.oneof(
  fc.record({
    f: fc.constant('transfer'),
    input: fc.constantFrom({ from: 0, to: 1, amount: 5 }, { from: 1, to: 0, amount: 5 }, { from: 0, to: 2, amount: 1 }),
    output: fc.constant(null),
    completion: fc.constantFrom('ok', 'info', 'fail'),
  }),
  fc.record({
    f: fc.constant('read'),
    input: fc.constant(null),
    output: fc.oneof(
      {
        weight: 9,
        arbitrary: fc.constantFrom({ 0: 10, 1: 10 }, { 0: 5, 1: 15 }, { 0: 21, 1: -1 }, { 0: 5, 1: 10 }, { 0: 9, 1: 10, 2: 1 }),
      },
      { weight: 1, arbitrary: fc.constantFrom({ 0: 10 }, { 0: 20 }, { 0: 10, 1: null }, {}, { 7: 20 }, null) },
    ),
    completion: fc.constantFrom('ok', 'ok', 'ok', 'info'),
  }),
)

const transfer = (
  process: number,
  [from, to, amount]: readonly [Value, Value, number],
  end: 'ok' | 'info' | 'fail' = 'ok',
): [Line, Line] => [
  [process, 'invoke', 'transfer', { from, to, amount }],
  [process, end, 'transfer', { from, to, amount }],
]

const read = (process: number, ...balances: readonly Value[]): [Line, Line] => [
  [process, 'invoke', 'read', null],
  [process, 'ok', 'read', Object.fromEntries(balances.map((balance, account) => [account, balance]))],
]

const sentences = (...lines: readonly Line[]): string[] => judgeBank(events(...lines)).findings.map(({ sentence }) => sentence)

describe('a bank', () => {
  it('is judged as by looking at each read for itself', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(histories(draft, 3, 24), (history) => {
        const expected = bankErrors(history)
        const { counts, findings, verdict } = judgeBank(history)
        expect(Object.fromEntries(counts)).toEqual(expected)
        expect([...new Set(findings.map(({ name }) => name))].sort()).toEqual(Object.keys(expected).sort())
        expect(verdict === 'violated').toBe(Object.keys(expected).length > 0)
        for (const name of [verdict, ...Object.keys(expected)]) seen.add(name)
      }),
      { numRuns: 2000 },
    )
    const names = ['holds', 'unknown', 'violated', 'negative-balance', 'null-balance', 'wrong-accounts', 'wrong-total']
    expect([...seen].sort()).toEqual(names.sort())
  })

  const initial = { a: 100, b: 100, c: 100 }
  const commands: [string, Value][] = [
    ['read', null],
    ['read', null],
    ['read', null],
    ['transfer', { from: 'a', to: 'b', amount: 1 }],
    ['transfer', { from: 'b', to: 'c', amount: 2 }],
    ['transfer', { from: 'c', to: 'a', amount: 4 }],
    ['transfer', { from: 'b', to: 'a', amount: 8 }],
    ['transfer', { from: 'a', to: 'c', amount: 16 }],
    ['transfer', { from: 'a', to: 'b', amount: 64 }],
  ]
  const lived = livedHistories({ spec: bank as unknown as Spec, commands, initial }, { processes: 4, ticks: 80, changes: 0 })

  it('that takes each operation at one moment is never violated', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(lived, (operations) => {
        const { verdict, findings } = judgeBank(eventsOf(operations) as HistoryEvent<Value>[], { total: 300 })
        expect(findings).toEqual([])
        seen.add(verdict)
      }),
    )
    expect(seen).toContain('holds')
  })

  it('that shows a transfer by half in one read is told which, or among which', () => {
    let singled = 0
    let replayed = 0
    let told = 0
    fc.assert(
      fc.property(lived, fc.nat(), fc.boolean(), (operations, which, debits) => {
        // A read that began after a transfer ended shows it; here without its debit, or without its credit.
        const planted = operations.flatMap((late) => {
          if (late.f !== 'read' || late.completion !== 'ok') return []
          const isNear = ({ f, completion, return: end, call }: Operation): boolean =>
            f === 'transfer' &&
            completion === 'ok' &&
            end < late.call &&
            !operations.some((r) => r.f === 'read' && r.call > call && r.return < late.call)
          const earlier = operations.some((r) => r.f === 'read' && r.completion === 'ok' && r.return < late.call)
          return earlier ? operations.filter(isNear).map((moved) => ({ late, moved })) : []
        })
        const plant = planted[which % planted.length]
        if (plant === undefined) return
        const { from, to, amount } = plant.moved.input as { from: string; to: string; amount: number }
        const balances = { ...(plant.late.output as Record<string, number>) }
        if (debits) balances[from] = (balances[from] as number) + amount
        else balances[to] = (balances[to] as number) - amount
        const history = operations.map((operation) => (operation === plant.late ? { ...operation, output: balances } : operation))
        const { findings } = judgeBank(eventsOf(history) as HistoryEvent<Value>[], { total: 300, negativeBalances: true })
        expect(findings).toHaveLength(1)
        const [{ sentence, events: proof, violates }] = findings as [(typeof findings)[number]]
        expect(violates).toEqual(['parallel-snapshot-isolation'])
        told++
        expect(proof).toContain(plant.late.return)
        // Of equal transfers any will do: balances do not tell them apart.
        const named = history.filter(({ f, call }) => f === 'transfer' && proof.includes(call)).map(({ input }) => input)
        if (!sentence.includes(' other')) expect(named).toContainEqual(plant.moved.input)
        if (/account . shows the transfer/.test(sentence)) singled++
        else if (sentence.includes('the balances fit')) replayed++
      }),
      { numRuns: 500 },
    )
    expect(told).toBeGreaterThan(100)
    // Where there are several, they are mostly equal transfers.
    expect(singled / told).toBeGreaterThan(0.3)
    expect((singled + replayed) / told).toBeGreaterThan(0.7)
  })

  it('of which a read misses the total is not under parallel snapshot isolation, nor what implies it', () => {
    const version = fc.nat(3)
    const transfers = fc.array(fc.record({ way: fc.nat(5), reads: fc.tuple(version, version) }), { minLength: 1, maxLength: 3 })
    let wrong = 0
    fc.assert(
      fc.property(transfers, fc.tuple(version, version, version), (moves, seen) => {
        const { total, levels } = readUnder(moves, seen)
        if (total === null || total === 0) return
        wrong++
        expect(levels()['parallel-snapshot-isolation']).toBe(false)
      }),
      { numRuns: 1000 },
    )
    expect(wrong).toBeGreaterThan(200)
  })

  it('of which an update is lost may be under all levels that do not imply parallel snapshot isolation', () => {
    const both = [0, 4].map((way): Move => ({ way, reads: [0, 0] }))
    const { total, levels } = readUnder(both, [2, 1, 2])
    expect(total).toBe(1)
    const holding = levelBases.filter((base) => levels()[base])
    expect(holding).toEqual([
      'read-uncommitted',
      'read-committed',
      'monotonic-atomic-view',
      'item-cut-isolation',
      'read-atomic',
      'causal',
      'prefix',
    ])
  })

  const three = [0, 1, 2] as const
  const start = read(0, 50, 50, 0)

  it.each([
    [
      'a debit without its credit, once',
      [...start, ...transfer(1, [0, 2, 5]), ...read(0, 45, 50, 0), ...read(0, 45, 50, 5)],
      'the read at event 5 by process 0 totals 95, not 100: account 0 shows the transfer of 5 from 0 to 2 (event 2), account 2 does not; the read at event 1 still totalled 100, and the read at event 7 totals 100 again: a read skew',
    ],
    [
      'a credit without its debit, at last',
      [...start, [1, 'invoke', 'transfer', { from: 0, to: 2, amount: 5 }], ...read(0, 50, 50, 5), [1, 'ok', 'transfer', null]],
      'the read at event 4 by process 0 totals 105, not 100: account 2 shows the transfer of 5 from 0 to 2 (event 2), account 0 does not; the read at event 1 still totalled 100, and none began later',
    ],
    [
      'a debit without its credit, for ever',
      [...start, ...transfer(1, [0, 2, 5]), ...read(0, 45, 50, 0), ...transfer(1, [1, 2, 1]), ...read(0, 45, 49, 1)],
      'the read at event 5 by process 0 totals 95, not 100: account 0 shows the transfer of 5 from 0 to 2 (event 2), account 2 does not; the read at event 1 still totalled 100, and the only read that began later totals 95 too: half of it is lost',
    ],
    [
      'an update that another overwrote',
      [
        ...start,
        [1, 'invoke', 'transfer', { from: 0, to: 2, amount: 5 }],
        [2, 'invoke', 'transfer', { from: 0, to: 1, amount: 7 }],
        [1, 'ok', 'transfer', null],
        [2, 'ok', 'transfer', null],
        ...read(0, 43, 57, 5),
        ...read(0, 43, 57, 5),
        ...read(0, 43, 57, 5),
      ],
      'the read at event 7 by process 0 totals 105, not 100: account 2 shows the transfer of 5 from 0 to 2 (event 2), account 0 does not; the read at event 1 still totalled 100, and all 2 reads that began later total 105 too: a lost update, if the transfer of 7 from 0 to 1 (event 3), which ran at the same time, overwrote it',
    ],
    [
      'a credit twice',
      [...start, ...transfer(1, [0, 2, 5]), ...read(0, 45, 50, 10), ...read(0, 45, 50, 10)],
      'the read at event 5 by process 0 totals 105, not 100: account 2 shows the transfer of 5 from 0 to 2 (event 2) twice, account 0 once; the read at event 1 still totalled 100, and the only read that began later totals 105 too: half of it was applied twice',
    ],
    [
      'half of a transfer that failed',
      [...start, ...transfer(1, [0, 2, 5], 'fail'), ...read(0, 45, 50, 0)],
      'the read at event 5 by process 0 totals 95, not 100: account 0 shows the transfer of 5 from 0 to 2 (event 2), which failed, account 2 does not; the read at event 1 still totalled 100, and none began later',
    ],
    [
      'half of one of two equal transfers',
      [...start, ...transfer(1, [0, 2, 5]), ...transfer(1, [0, 2, 5]), ...read(0, 40, 50, 5)],
      'the read at event 7 by process 0 totals 95, not 100: the balances fit if half of the transfer of 5 from 0 to 2 (event 2), or of the transfer of 5 from 0 to 2 (event 4) is missing, or there twice; the read at event 1 still totalled 100, and none began later',
    ],
    [
      'balances that no replay explains, with a transfer of the difference',
      [...start, ...transfer(1, [0, 2, 5]), ...read(0, 20, 70, 5)],
      'the read at event 5 by process 0 totals 95, not 100: the difference fits if half of the transfer of 5 from 0 to 2 (event 2) is missing, or there twice; the read at event 1 still totalled 100, and none began later',
    ],
    [
      'a difference that nobody moved',
      [...start, ...transfer(1, [0, 2, 5]), ...read(0, 45, 50, 4)],
      'the read at event 5 by process 0 totals 99, not 100: no transfer of 1 was near it; the read at event 1 still totalled 100, and none began later',
    ],
  ] as const)('with %s is told so', (_, lines, sentence) => {
    expect(sentences(...lines)).toEqual([sentence])
  })

  it('is told each time that its total changes, and all wrong reads are counted', () => {
    const { findings, counts } = judgeBank(
      events(
        ...start,
        ...transfer(1, [0, 2, 5]),
        ...read(0, 45, 50, 0),
        ...read(0, 45, 50, 0),
        ...transfer(1, [1, 2, 3]),
        ...read(0, 45, 47, 0),
        ...read(0, 42, 50, 8),
        ...read(0, 45, 50, 0),
      ),
    )
    expect(findings.map(({ sentence }) => sentence.split(':')[0])).toEqual([
      'the read at event 5 by process 0 totals 95, not 100',
      'the read at event 11 by process 0 totals 92, not 100',
      'the read at event 15 by process 0 totals 95, not 100',
    ])
    expect(findings[1]?.sentence).toContain(
      'account 1 shows the transfer of 3 from 1 to 2 (event 8), account 2 does not; the read at event 7 totalled 95',
    )
    expect([...counts]).toEqual([['wrong-total', 4]])
  })

  it('is proven wrong by the events that the sentence names', () => {
    const [finding] = judgeBank(events(...start, ...transfer(1, [0, 2, 5]), ...read(0, 45, 50, 0), ...read(0, 45, 50, 5))).findings
    expect(finding).toMatchObject({ name: 'wrong-total', events: [1, 2, 3, 5, 7], violates: ['parallel-snapshot-isolation'] })
  })

  it.each([
    ['transfers that are seen whole', 'holds', [...start, ...transfer(1, [0, 2, 5]), ...read(0, 45, 50, 5)]],
    ['a transfer that crashed and is seen', 'holds', [...start, ...transfer(1, [0, 2, 5], 'info'), ...read(0, 45, 50, 5)]],
    ['a transfer that crashed and is not seen', 'holds', [...start, ...transfer(1, [0, 2, 5], 'info'), ...read(0, 50, 50, 0)]],
    ['a read that crashed', 'unknown', [...start, [0, 'invoke', 'read', null], [0, 'info', 'read', null]]],
    ['a read of null', 'unknown', [...start, [0, 'invoke', 'read', null], [0, 'ok', 'read', null]]],
    ['an account that only a transfer names', 'holds', [...read(0, 50, 50), ...transfer(1, [0, 2, 5]), ...read(0, 45, 50, 5)]],
    ['one read', 'unknown', [...start]],
    ['reads of no accounts', 'unknown', [...read(0), ...read(0)]],
    ['transfers alone', 'holds', [...transfer(1, [0, 2, 5])]],
    ['nothing', 'holds', []],
  ] as const)('with %s: %s', (_, verdict, lines) => {
    expect(judgeBank(events(...lines)).verdict).toBe(verdict)
  })

  it.each([
    ['an account that nobody named', 'wrong-accounts', read(0, 50, 40, 0, 10), 'shows account 3, which nobody named before'],
    ['fewer accounts', 'wrong-accounts', read(0, 50), 'lacks accounts 1 and 2, and totals 50 without, not 100'],
    ['no balance', 'null-balance', read(0, 50, null, 50), 'shows no balance of account 1'],
    ['an overdraft', 'negative-balance', read(0, 101, -1, 0), 'shows -1 in account 1'],
  ] as const)('of which a read shows %s is told so, as an error of the application', (_, name, lines, what) => {
    const { findings } = judgeBank(events(...start, ...lines))
    expect(findings).toEqual([{ name, sentence: `the read at event 3 by process 0 ${what}`, events: [3], violates: [] }])
  })

  it('may be overdrawn, have a known total and known accounts, if the options say so', () => {
    expect(judgeBank(events(...start, ...read(0, 101, -1, 0)), { negativeBalances: true }).verdict).toBe('holds')
    expect(judgeBank(events(...start), { total: 100 }).verdict).toBe('holds')
    expect(judgeBank(events(...start), { total: 101 }).findings.map(({ sentence }) => sentence)).toEqual([
      'the read at event 1 by process 0 totals 100, not 101: no transfer of 1 was near it; no read ended before it began, and none began later',
    ])
    expect(judgeBank(events(...start), { initial: { 0: 40, 1: 60, 2: 0 } })).toMatchObject({
      verdict: 'holds',
      note: '1 read, all of total 100',
    })
    expect(judgeBank(events(...start), { initial: [50, 51, 0] }).verdict).toBe('violated')
    expect(judgeBank(events(...transfer(1, [0, 3, 5]), ...read(0, 45, 50, 0, 5)), { initial: [50, 50, 0] }).verdict).toBe('holds')
    expect([...judgeBank(events(...read(0, 50, 50, 0, 5)), { initial: [50, 50, 0] }).counts]).toEqual([['wrong-accounts', 1]])
    expect(judgeBank(events(...start, ...read(0, 50, 50, 0)), { accounts: three }).verdict).toBe('holds')
    expect([...judgeBank(events(...start, ...read(0, 50, 50, 0)), { accounts: [0, 1] }).counts]).toEqual([['wrong-accounts', 2]])
  })

  it('may be read as a list of balances, and transfers may name accounts by keywords', () => {
    const lists = (...balances: number[]): Line[] => [
      [0, 'invoke', 'read', null],
      [0, 'ok', 'read', balances],
    ]
    expect(judgeBank(events(...lists(50, 50), ...transfer(1, [0, 1, 5]), ...lists(45, 55))).verdict).toBe('holds')
    expect(judgeBank(events(...lists(50, 50), ...transfer(1, [0, 1, 5]), ...lists(45, 50))).verdict).toBe('violated')
    const named: Line[] = [
      [0, 'invoke', 'read', null],
      [0, 'ok', 'read', { a: 50 }],
    ]
    const moved: Line[] = [
      [0, 'invoke', 'read', null],
      [0, 'ok', 'read', { a: 45, b: 5 }],
    ]
    expect(judgeBank(events(...named, ...transfer(1, [':a', ':b', 5]), ...moved)).verdict).toBe('holds')
  })

  it('is added up exactly beyond 2^53', () => {
    const big = 2n ** 60n
    expect(judgeBank(events(...read(0, big, 1), ...transfer(1, [0, 1, 1]), ...read(0, big - 1n, 2))).verdict).toBe('holds')
    expect(sentences(...read(0, big, 1), ...transfer(1, [0, 1, 1]), ...read(0, big - 1n, 1))).toEqual([
      `the read at event 5 by process 0 totals ${big}, not ${big + 1n}: account 0 shows the transfer of 1 from 0 to 1 (event 2), account 1 does not; the read at event 1 still totalled ${big + 1n}, and none began later`,
    ])
  })

  it('is judged object by object, each with its own total', () => {
    const keyed = (key: Value, lines: readonly Line[]): Line[] => lines.map(([process, type, f, value]) => [process, type, f, value, key])
    const history = events(
      ...keyed('x', read(0, 50, 50)),
      ...keyed('y', read(0, 10, 10)),
      ...keyed('x', read(0, 45, 55)),
      ...keyed('y', read(0, 9, 11)),
    )
    expect(judgeBank(history)).toMatchObject({ verdict: 'holds', note: '4 reads, all of its total' })
  })

  it.each([
    [
      'another operation',
      [[0, 'invoke', 'transfr', null]],
      'event 0: transfr is not an operation of the bank workload; it has transfer and read; did you mean transfer?',
    ],
    [
      'a transfer of nothing',
      [[0, 'invoke', 'transfer', { from: 0, to: 1 }]],
      'event 0: transfer {from: 0, to: 1}, expected {from, to, amount}',
    ],
    ['a fraction', read(0, 0.5), 'event 1: account 0 is read as 0.5, expected an integer, in the smallest unit'],
    [
      'a read of a number',
      [
        [0, 'invoke', 'read', null],
        [0, 'ok', 'read', 7],
      ],
      'event 1: accounts are read as 7, expected a map of balances by account',
    ],
  ] as const)('with %s is refused', (_, lines, message) => {
    expect(() => judgeBank(events(...lines))).toThrow(message)
  })

  it('with a total or initial balances that are no integers is refused', () => {
    expect(() => judgeBank([], { total: 0.5 })).toThrow('the total of a bank is an integer, in the smallest unit, not 0.5')
    for (const initial of [null, 5, { a: 0.5 }, { a: null }])
      expect(() => judgeBank([], { initial })).toThrow('the initial balances of a bank are a map of integers by account, such as {"0": 50')
  })

  it('of a hundred thousand operations whose total keeps changing is judged in seconds', () => {
    const history: HistoryEvent<Value>[] = []
    const balances = Array.from({ length: 8 }, () => 100)
    const record = (process: number, type: HistoryEvent['type'], f: string, value: Value): void =>
      void history.push({ index: history.length, process, type, f, value })
    for (let i = 0; i < 50_000; i++) {
      const [from, to, amount] = [i % 8, (i * 3 + 1) % 8, 1 + (i % 5)]
      record(i % 10, 'invoke', 'transfer', { from, to, amount })
      record(i % 10, 'ok', 'transfer', null)
      balances[from] = (balances[from] as number) - amount
      if (i % 1000 !== 999) balances[to] = (balances[to] as number) + amount
      record(10, 'invoke', 'read', null)
      record(10, 'ok', 'read', Object.fromEntries(balances.map((balance, account) => [account, balance])))
    }
    const started = performance.now()
    const { findings, counts } = judgeBank(history, { negativeBalances: true })
    expect([findings.length, counts.get('wrong-total')]).toEqual([10, 50_000 - 999])
    expect(findings.every(({ sentence }) => /account \d shows the transfer/.test(sentence))).toBe(true)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

interface Move {
  /** Which two accounts. */
  readonly way: number
  /** The versions that it reads of them: 0 is the initial one, i + 1 that of transfer i. */
  readonly reads: readonly [number, number]
}

/** A read of three accounts, of the versions that it sees, after transfers of 1, 2 and 4, each version with a name of its own. */
function readUnder(
  moves: readonly Move[],
  seen: readonly [number, number, number],
): { readonly total: number | null; readonly levels: () => Record<IsolationLevel, boolean> } {
  const ways = [
    [0, 1],
    [1, 0],
    [1, 2],
    [2, 1],
    [0, 2],
    [2, 0],
  ]
  const accountsOf = ({ way }: Move): readonly number[] => ways[way] as readonly number[]
  const writerOf = (account: number, version: number): Move | null => {
    const move = moves[version - 1]
    return move !== undefined && accountsOf(move).includes(account) ? move : null
  }
  const reading = (account: number, version: number): Step => ({
    f: 'read',
    key: account,
    value: writerOf(account, version) === null ? null : version,
  })
  const balances = seen.map((version, account) => balance(account, version, 0))
  const transactions = [
    ...moves.map((move, i) =>
      accountsOf(move).flatMap((account, side): Step[] => [
        reading(account, move.reads[side] as number),
        { f: 'write', key: account, value: i + 1 },
      ]),
    ),
    seen.map((version, account) => reading(account, version)),
  ].map((steps): Transaction => ({ process: null, status: 'committed', steps, began: null, ended: null }))
  const total = balances.reduce<number | null>((sum, each) => (sum === null || each === null ? null : sum + each), 0)
  return { total, levels: () => referenceLevels(transactions) }

  /** `null` where the version is its own cause. */
  function balance(account: number, version: number, depth: number): number | null {
    const move = writerOf(account, version)
    if (move === null) return 0
    if (depth > moves.length) return null
    const side = accountsOf(move).indexOf(account)
    const rest = balance(account, move.reads[side] as number, depth + 1)
    return rest === null ? null : rest + (side === 0 ? -1 : 1) * 2 ** (version - 1)
  }
}
