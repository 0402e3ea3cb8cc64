import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storyOfLevel } from './evidence/story-of-level.ts'
import type { InferOptions } from './inference/inference.ts'
import { judgeIsolation } from './judge-isolation.ts'
import { isolationLevels, strongest, weakest } from './lattice.ts'
import type { IsolationLevel } from './level.ts'
import { tableOf } from './table/table-builder.ts'
import type { Transaction } from './table/transaction.ts'
import { transactionsArb } from './testing/generate.ts'
import { generateTransactions } from './testing/generate-large.ts'
import { nonsense } from './testing/nonsense.ts'
import { referenceLevels } from './testing/reference.ts'

const runs = Number(process.env['FUZZ_RUNS'] ?? 300)

const histories = {
  lists: transactionsArb({ kind: 'list', transactionsMax: 6, faults: true }),
  registers: transactionsArb({ kind: 'register', transactionsMax: 6, faults: true }),
  both: transactionsArb({ kind: 'mixed', transactionsMax: 6, faults: true }),
  nonsense,
} as const

/** Every level that applies is decided as by the definition, with a story where it is violated. */
function expectAgreement(transactions: readonly Transaction[], versions?: NonNullable<InferOptions['versions']>): Set<string> {
  const expected = referenceLevels(transactions, versions)
  const judgement = judgeIsolation(tableOf(transactions), { levels: isolationLevels, ...(versions && { versions }) })
  const judged = judgement.levels.filter(({ verdict }) => verdict !== 'inapplicable')
  const verdictOf = (level: IsolationLevel): string => (expected[level] ? 'holds' : 'violated')
  expect(judged.map(({ level, verdict }) => `${level} ${verdict}`)).toEqual(judged.map(({ level }) => `${level} ${verdictOf(level)}`))
  for (const one of judged) if (one.verdict === 'violated') expect(storyOfLevel(one, judgement), one.level).not.toBeNull()
  const having = (verdict: string): IsolationLevel[] => judged.flatMap(({ level }) => (verdictOf(level) === verdict ? [level] : []))
  expect(judgement.strongest).toEqual(strongest(having('holds')))
  expect(judgement.weakest).toEqual(weakest(having('violated')))
  return new Set(judged.map(({ level, verdict }) => `${level} ${verdict}`))
}

describe('isolation levels', () => {
  const seen = new Set<string>()

  it.each(Object.keys(histories) as (keyof typeof histories)[])('agree with the literal definitions on histories of %s', (kind) => {
    fc.assert(
      fc.property(histories[kind], (transactions) => {
        for (const one of expectAgreement(transactions)) seen.add(one)
      }),
      { numRuns: kind === 'nonsense' ? 3 * runs : runs },
    )
  })

  it('have each been found to hold and to be violated', () => {
    expect(isolationLevels.filter((level) => !seen.has(`${level} holds`) || !seen.has(`${level} violated`))).toEqual([])
  })

  it.each(['sequential', 'linearizable'] as const)('agree with them where registers are taken to be %s', (versions) => {
    const changed = { refuted: 0, stricter: 0 }
    fc.assert(
      fc.property(histories.registers, histories.both, (registers, both) => {
        for (const transactions of [registers, both]) {
          expectAgreement(transactions, versions)
          const [plain, assumed] = [referenceLevels(transactions), referenceLevels(transactions, versions)]
          if (plain['read-uncommitted'] && !assumed['read-uncommitted']) changed.refuted++
          else if (isolationLevels.some((level) => plain[level] && !assumed[level])) changed.stricter++
        }
      }),
      { numRuns: runs },
    )
    expect([changed.refuted > 5, changed.stricter > 0]).toEqual([true, true])
  })

  it('that need times are inapplicable without them, and no others', () => {
    fc.assert(
      fc.property(histories.both, (transactions) => {
        const untimed = transactions.map((transaction) => ({ ...transaction, began: null, ended: null }))
        const { levels } = judgeIsolation(tableOf(untimed), { levels: isolationLevels })
        const inapplicable = levels.filter(({ verdict }) => verdict === 'inapplicable').map(({ level }) => level)
        const inRealTime = isolationLevels.filter((level) => /^strong-(?!session)|^strict-/.test(level))
        expect(inapplicable).toEqual(untimed.length === 0 ? inapplicable : inRealTime)
        expectAgreement(untimed)
      }),
      { numRuns: Math.ceil(runs / 6) },
    )
  })

  it('agree with themselves whether asked for alone, or with others', () => {
    fc.assert(
      fc.property(histories.both, fc.constantFrom(...isolationLevels), (transactions, level) => {
        const table = tableOf(transactions)
        const [alone] = judgeIsolation(table, { levels: [level] }).levels
        const among = judgeIsolation(table, { levels: isolationLevels }).levels.find((one) => one.level === level)
        expect(alone?.verdict).toBe(among?.verdict)
      }),
      { numRuns: runs },
    )
  })
})

describe('item cut isolation', () => {
  const holds = (transactions: readonly Transaction[]): [boolean, string | undefined] => [
    referenceLevels(transactions)['item-cut-isolation'],
    judgeIsolation(tableOf(transactions), { levels: ['item-cut-isolation'] }).levels[0]?.verdict,
  ]
  const read = (value: number | number[] | null): Transaction['steps'][number] => ({ f: 'read', key: 'x', value })
  const history = (steps: Transaction['steps'], f: 'write' | 'append'): Transaction[] =>
    [steps, ...[1, 2, 3].map((value): Transaction['steps'] => [{ f, key: 'x', value }])].map((each) => ({
      process: null,
      status: 'committed',
      steps: each,
      began: null,
      ended: null,
    }))

  it.each<[string, Transaction['steps'], 'write' | 'append', boolean]>([
    ['two versions before an own write', [read(1), read(2)], 'write', false],
    ['two versions before an own write, and that', [read(1), read(2), { f: 'write', key: 'x', value: 9 }, read(9)], 'write', false],
    ['another version after an own write', [read(1), { f: 'write', key: 'x', value: 9 }, read(2)], 'write', true],
    ['two versions of others after an own write', [{ f: 'write', key: 'x', value: 9 }, read(1), read(2)], 'write', true],
    ['two lists before an own append', [read([1]), read([1, 2])], 'append', false],
    ['a list without an own append', [read([1]), { f: 'append', key: 'x', value: 9 }, read([])], 'append', true],
    ['a list that has grown before an own append', [read([1]), { f: 'append', key: 'x', value: 9 }, read([1, 2, 9])], 'append', true],
    ['two lists after own appends', [{ f: 'append', key: 'x', value: 9 }, read([9]), read([1, 9])], 'append', true],
  ])('is about what comes before own writes: %s', (_, steps, f, expected) => {
    expect(holds(history(steps, f))).toEqual([expected, expected ? 'holds' : 'violated'])
  })
})

it('a level that there is not is refused', () => {
  expect(() => judgeIsolation(tableOf([]), { levels: ['serialisable' as IsolationLevel] })).toThrow(
    'there is no isolation level serialisable',
  )
})

describe('limits', () => {
  const registers = tableOf([...generateTransactions({ kind: 'register', count: 4_000, isolation: 'stale', keys: 200, stepsMax: 8 })])
  const applicable = isolationLevels.length

  it('without any time nothing is decided, and nothing is said to hold', () => {
    const judgement = judgeIsolation(registers, { levels: isolationLevels, limits: { seconds: 0 } })
    const limits = judgement.levels.map(({ verdict, because }) => because.kind === 'limit' && `${verdict}: ${because.limit}`)
    expect(limits).toEqual(Array.from({ length: applicable }, () => 'unknown: time'))
    expect(judgement).toMatchObject({ strongest: [], weakest: [], anomalies: [], anomaliesLimit: 'time' })
  })

  it.each([0.02, 0.2, 0.6])('judging all levels ends soon after %s seconds, with verdicts that are not contradicted', (seconds) => {
    const judgement = judgeIsolation(registers, { levels: isolationLevels, limits: { seconds } })
    expect(judgement.seconds).toBeLessThan(1.1 * seconds + 3)
    const known = judgeIsolation(registers, { levels: ['snapshot-isolation', 'strict-serializable'] })
    for (const { level, verdict } of known.levels) {
      const found = judgement.levels.find((one) => one.level === level)?.verdict
      expect(found === verdict || found === 'unknown').toBe(true)
    }
  })

  it.each([0.1, 0.5])('what does not fit into %s MB is not decided, and does not fail', (megabytes) => {
    const judgement = judgeIsolation(registers, { levels: isolationLevels, limits: { megabytes } })
    const limits = new Set(judgement.levels.flatMap(({ because }) => (because.kind === 'limit' ? [because.limit] : [])))
    expect([...limits]).toEqual(['memory'])
  })

  it('a search that takes its time leaves some for levels that are easy to decide', () => {
    const hard = tableOf(
      [...generateTransactions({ kind: 'register', count: 8000, isolation: 'snapshot', keys: 10, stepsMax: 6 })].map(blind),
    )
    const { levels } = judgeIsolation(hard, { levels: ['read-uncommitted', 'strong-session-snapshot-isolation'], limits: { seconds: 0.5 } })
    expect(levels[0]?.verdict).toBe('holds')
  })

  it('what is being done is told', () => {
    const stages = new Set<string>()
    judgeIsolation(registers, { levels: ['causal', 'read-atomic'], anomalies: true, onStage: (stage) => stages.add(stage) })
    expect([...stages].map((stage) => stage.replace(/:.*/, ''))).toEqual(
      expect.arrayContaining(['inference of dependencies', 'search for cycles of dependencies', 'read-atomic']),
    )
  })
})

/** Without sessions and times, and without reads of what is overwritten: nothing but reads tells an order. */
function blind(transaction: Transaction): Transaction {
  const written = new Set(transaction.steps.flatMap(({ f, key }) => (f === 'write' ? [key] : [])))
  const steps = transaction.steps.filter(({ f, key }) => f === 'write' || !written.has(key))
  return { ...transaction, steps, began: null, ended: null }
}
