import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storyOfLevel } from './evidence/story-of-level.ts'
import { judgeIsolation } from './judge-isolation.ts'
import { isolationLevels } from './lattice.ts'
import { tableOf } from './table/table-builder.ts'
import { transactionsArb } from './testing/generate.ts'
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
