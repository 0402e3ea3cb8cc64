import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storyOfLevel } from './evidence/story-of-level.ts'
import { judgeIsolation } from './judge-isolation.ts'
import { isolationLevels } from './lattice.ts'
import { tableOf } from './table/table-builder.ts'
import { transactionsArb } from './testing/generate.ts'
import { generateTransactions } from './testing/generate-large.ts'
import { referenceLevels } from './testing/reference.ts'

const runs = Number(process.env['FUZZ_RUNS'] ?? 300)

describe('isolation levels', () => {
  it.each(['list', 'register'] as const)('agree with the literal definitions on histories of %s keys', (kind) => {
    fc.assert(
      fc.property(transactionsArb({ kind, transactionsMax: 5, faults: true }), (transactions) => {
        const expected = referenceLevels(transactions)
        const judgement = judgeIsolation(tableOf(transactions), { levels: isolationLevels })
        for (const one of judgement.levels) {
          const { level, verdict, because } = one
          if (verdict === 'inapplicable') continue
          // Whether a list that lacks the transaction's own appends is an external read is nobody's to say.
          if (level === 'item-cut-isolation' && judgement.counts.has('internal')) continue
          expect({ level, verdict, because: because.kind }).toEqual({
            level,
            verdict: expected[level] ? 'holds' : 'violated',
            because: because.kind,
          })
          if (verdict === 'violated') expect(storyOfLevel(one, judgement), level).not.toBeNull()
        }
      }),
      { numRuns: runs },
    )
  })
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
    expect(judgement.seconds).toBeLessThan(1.1 * seconds + 1)
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

  it('what is being done is told', () => {
    const stages = new Set<string>()
    judgeIsolation(registers, { levels: ['causal', 'read-atomic'], anomalies: true, onStage: (stage) => stages.add(stage) })
    expect([...stages].map((stage) => stage.replace(/:.*/, ''))).toEqual(
      expect.arrayContaining(['inference of dependencies', 'search for cycles of dependencies', 'read-atomic']),
    )
  })
})
