import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnomalyName, CycleStep } from './anomaly.ts'
import { type EdgeKind, rt, rw, so, wr, ww } from './edge.ts'
import { forbids, forbidsCycle } from './forbids.ts'
import { isolationLevels, meaningOf } from './lattice.ts'
import { type LevelBase, type LevelMeaning, levelBases } from './level.ts'
import {
  closure,
  compose,
  isAcyclic,
  isIrreflexive,
  optional,
  type Relation,
  relation,
  union,
  within,
} from './testing/reference-relations.ts'

/** The conditions of level.ts on relations, where nothing but a cycle is known. */
function isFulfilled({ base, order }: LevelMeaning, cycle: readonly CycleStep[], isReadOnly: (transaction: number) => boolean): boolean {
  const size = cycle.length
  const edgesOf = (...kinds: readonly EdgeKind[]): Relation =>
    relation(size, (s, t) => t === (s + 1) % size && kinds.includes(cycle[s]?.kind as EdgeKind))
  const [WW, WR, RW] = [edgesOf(ww), edgesOf(wr), edgesOf(rw)]
  // Session order is transitive, and so is real time.
  const session = order === 'none' && base !== 'causal' ? edgesOf() : closure(edgesOf(so))
  const O = order === 'real-time' ? union(session, closure(edgesOf(rt))) : session
  const D = union(WR, WW, O)
  const readCommitted = isAcyclic(D)
  const H = closure(union(WR, O))
  switch (base) {
    case 'read-uncommitted':
      return isAcyclic(union(WW, O))
    case 'read-committed':
    // Which read comes before which is not told.
    case 'monotonic-atomic-view':
      return readCommitted
    case 'item-cut-isolation':
      return true
    case 'read-atomic':
      return readCommitted && isIrreflexive(compose(union(WR, O), RW))
    case 'causal':
      return readCommitted && isAcyclic(union(H, WW)) && isIrreflexive(compose(H, RW))
    case 'prefix':
      return readCommitted && isAcyclic(union(compose(union(WR, O), optional(RW)), WW))
    case 'parallel-snapshot-isolation':
      return readCommitted && isIrreflexive(compose(closure(D), optional(RW)))
    case 'snapshot-isolation':
      return readCommitted && isAcyclic(compose(D, optional(RW)))
    case 'update-serializable': {
      const numbers = cycle.map((_, s) => s)
      return (
        readCommitted &&
        [-1, ...numbers].every((reader) =>
          isAcyclic(within(union(D, RW), (s) => s === reader || !isReadOnly(cycle[s]?.transaction as number))),
        )
      )
    }
    case 'repeatable-read':
    case 'serializable':
      return readCommitted && isAcyclic(union(D, RW))
  }
}

/** A transaction that writes nothing has neither an edge of its own to a reader, nor one from or to a later or earlier write. */
function mayOnlyRead(cycle: readonly CycleStep[], at: number): boolean {
  const into = cycle.at(at - 1)?.kind
  const from = cycle[at]?.kind
  return into !== ww && into !== rw && from !== ww && from !== wr
}

const cycles = fc
  .array(fc.record({ kind: fc.constantFrom<EdgeKind>(ww, wr, rw, rw, so, rt), reads: fc.boolean() }), { minLength: 2, maxLength: 6 })
  .map((drawn) => {
    const cycle = drawn.map(({ kind }, i): CycleStep => ({ transaction: i + 10, kind, key: kind === so || kind === rt ? -1 : 0 }))
    const readers = drawn.flatMap(({ reads }, i) => (reads && mayOnlyRead(cycle, i) ? [i + 10] : []))
    return { cycle, isReadOnly: (transaction: number) => readers.includes(transaction) }
  })
  // Time itself goes in no circle, nor does a session; and of several such edges in a row one is reported.
  .filter(({ cycle }) => cycle.every(({ kind }, i) => (kind !== so && kind !== rt) || cycle.at(i - 1)?.kind !== kind))
  .filter(({ cycle }) => cycle.some(({ kind }) => kind !== so && kind !== rt))

describe('a cycle', () => {
  it('is forbidden by exactly the levels whose condition it breaks by itself', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(cycles, ({ cycle, isReadOnly }) => {
        for (const level of isolationLevels) {
          const meaning = meaningOf(level)
          const isForbidden = forbidsCycle(meaning, cycle, isReadOnly)
          expect([level, isForbidden]).toEqual([level, !isFulfilled(meaning, cycle, isReadOnly)])
          seen.set(`${level} ${isForbidden}`, (seen.get(`${level} ${isForbidden}`) ?? 0) + 1)
        }
      }),
      { numRuns: 4000 },
    )
    const never = isolationLevels.flatMap((level) => [`${level} true`, `${level} false`]).filter((each) => !seen.has(each))
    // No cycle says anything of item cut isolation, and serializable in real time allows none at all.
    expect(never).toEqual(['item-cut-isolation true', 'strong-repeatable-read false', 'strict-serializable false'])
  })
})

describe('what is no cycle', () => {
  const above = (base: LevelBase): LevelBase[] =>
    levelBases.filter((other) => other !== 'item-cut-isolation' && levelBases.indexOf(other) >= levelBases.indexOf(base))

  it.each<[AnomalyName, readonly LevelBase[]]>([
    ['duplicate-elements', above('read-uncommitted')],
    ['cyclic-versions', above('read-uncommitted')],
    ['G1a', above('read-committed')],
    ['G1b', above('read-committed')],
    ['thin-air-read', above('read-committed')],
    ['future-read', above('read-committed')],
    ['dirty-update', above('read-committed')],
    ['incompatible-order', above('read-committed')],
    ['internal', above('monotonic-atomic-view')],
    ['non-repeatable-read', ['item-cut-isolation']],
    ['lost-update', above('parallel-snapshot-isolation')],
    ['fractured-read', []],
  ])('%s is forbidden by %s, in all their variants', (name, bases) => {
    const anomaly = { name, transactions: [0, 1], key: 0, steps: [0, 1] }
    const forbidding = isolationLevels.filter((level) => forbids(meaningOf(level), anomaly, () => false))
    expect(forbidding).toEqual(isolationLevels.filter((level) => bases.includes(meaningOf(level).base)))
  })
})

describe('an anomaly with a cycle', () => {
  it('is forbidden for its cycle, whatever it is called', () => {
    const cycle: readonly CycleStep[] = [
      { transaction: 0, kind: wr, key: 0 },
      { transaction: 1, kind: rw, key: 1 },
    ]
    const anomaly = { name: 'fractured-read', transactions: [0, 1], key: -1, cycle } as const
    const bases = levelBases.filter((base) => forbids({ base, order: 'none' }, anomaly, () => false))
    expect(bases).toEqual([
      'read-atomic',
      'causal',
      'prefix',
      'parallel-snapshot-isolation',
      'snapshot-isolation',
      'update-serializable',
      'repeatable-read',
      'serializable',
    ])
  })
})
