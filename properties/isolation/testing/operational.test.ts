import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IsolationLevel } from '../level.ts'
import type { Transaction } from '../table/transaction.ts'
import { transactionsArb } from './generate.ts'
import { levelsByGrowingVisibility, levelsByReplay, levelsBySnapshots, levelsByVisibility } from './operational.ts'
import { referenceLevels } from './reference.ts'
import { written } from './written-transactions.ts'

const seconds: readonly [string, (transactions: readonly Transaction[]) => ReadonlyMap<IsolationLevel, boolean>, number][] = [
  ['the replay of transactions one after another', levelsByReplay, 2],
  ['snapshots, and commits without conflicts', levelsBySnapshots, 1],
  ['visibility and arbitration', levelsByVisibility, 6],
  ['visibility that grows from read to read', levelsByGrowingVisibility, 1],
]

describe.each(seconds)('%s', (_, levelsOf, bases) => {
  it.each(['list', 'register', 'mixed'] as const)('agrees with the definitions on dependencies, for histories of the kind %s', (kind) => {
    fc.assert(
      fc.property(transactionsArb({ kind, transactionsMax: 4, faults: true }), (history) => {
        const levels = referenceLevels(history)
        const operational = levelsOf(history)
        // Causal consistency has one variant less than the others.
        expect(operational.size).toBe(3 * bases - (operational.has('causal') ? 1 : 0))
        for (const [level, holds] of operational) expect([level, holds]).toEqual([level, levels[level]])
      }),
      { numRuns: 400 },
    )
  })
})

describe('the operational definitions', () => {
  it('know a serial history when they see one', () => {
    const history = written('s1 0-1: a x 1, w y 1\n s1 2-3: r x [1], a x 2, r y 1\n s2 4-5: r x [1 2], r y 1')
    for (const [, levelsOf] of seconds) expect([...levelsOf(history).values()]).not.toContain(false)
  })

  it('let a long fork pass where visibility need not be a prefix', () => {
    const levels = levelsByVisibility(written('s1: w x 1\n s2: w y 1\n s3: r x 1, r y nil\n s4: r x nil, r y 1'))
    expect(levels.get('parallel-snapshot-isolation')).toBe(true)
    expect(levels.get('prefix')).toBe(false)
    expect(levels.get('snapshot-isolation')).toBe(false)
  })

  it('let different readers see different orders of the updates in update serializability', () => {
    const levels = levelsByReplay(written('s1: w x 1\n s2: w y 1\n s3: r x 1, r y nil\n s4: r x nil, r y 1'))
    expect(levels.get('update-serializable')).toBe(true)
    expect(levels.get('serializable')).toBe(false)
  })

  it('let what had an unknown outcome happen or not', () => {
    for (const seen of ['1', 'nil'])
      expect(levelsByReplay(written(`s1 unknown 0-: w x 1\n s2 1-2: r x ${seen}`)).get('strict-serializable')).toBe(true)
    expect(levelsByReplay(written('s1 aborted 0-3: w x 1\n s2 1-2: r x 1')).get('serializable')).toBe(false)
  })
})
