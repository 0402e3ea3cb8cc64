import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnomalyName } from '../anomaly.ts'
import { type IsolationLevel, type LevelBase, type LevelOrder, levelBases } from '../level.ts'
import type { Transaction, TransactionStatus } from '../table/transaction.ts'
import { transactionsArb } from './generate.ts'
import { referenceAnomalies, referenceLevels, referenceVariants } from './reference.ts'
import { written } from './written-transactions.ts'

describe('the reference', () => {
  it('has each of the twelve bases in the variants that exist', () => {
    expect(referenceVariants.size).toBe(33)
    for (const base of levelBases) expect(referenceVariants.get(base)?.base).toBe(base)
    expect(referenceVariants.get('strict-serializable')).toEqual({ base: 'serializable', order: 'real-time' })
    expect(referenceVariants.get('causal')).toEqual({ base: 'causal', order: 'session' })
    expect([...referenceVariants.keys()].filter((level) => level.endsWith('item-cut-isolation'))).toEqual(['item-cut-isolation'])
  })

  // Each by one line of algebra from the definitions; generated histories say that neither the line nor the code is wrong.
  it.each<[IsolationLevel, readonly IsolationLevel[]]>([
    ['read-committed', ['read-uncommitted']],
    ['monotonic-atomic-view', ['read-committed']],
    ['read-atomic', ['monotonic-atomic-view', 'item-cut-isolation']],
    ['causal', ['strong-session-read-atomic']],
    ['prefix', ['read-atomic']],
    ['strong-session-prefix', ['causal']],
    ['strong-prefix', ['strong-causal']],
    ['parallel-snapshot-isolation', ['read-atomic']],
    ['strong-session-parallel-snapshot-isolation', ['causal']],
    ['strong-parallel-snapshot-isolation', ['strong-causal']],
    ['snapshot-isolation', ['prefix', 'parallel-snapshot-isolation']],
    ['update-serializable', ['parallel-snapshot-isolation']],
    ['strong-session-update-serializable', ['strong-session-read-atomic']],
    ['strong-update-serializable', ['strong-read-atomic']],
    ['serializable', ['snapshot-isolation', 'update-serializable', 'repeatable-read']],
    ['repeatable-read', ['serializable']],
  ])('never has %s without %s', (level, implied) => {
    const missing = histories.filter(({ levels }) => levels[level] && implied.some((weaker) => !levels[weaker]))
    expect(missing.map(({ history }) => history)).toEqual([])
    expect(histories.some(({ levels }) => levels[level])).toBe(true)
  })

  it('never has a variant without the weaker ones', () => {
    for (const { levels } of histories)
      for (const [level, { base, order }] of referenceVariants)
        for (const [other, meaning] of referenceVariants)
          if (meaning.base === base && weakerOrders[order].includes(meaning.order))
            expect([level, !levels[level] || levels[other]]).toEqual([level, true])
  })
})

describe('of the levels without an order, the reference refutes', () => {
  const fromReadCommitted = levelBases.filter((base) => base !== 'read-uncommitted' && base !== 'item-cut-isolation')
  const fromMonotonic = fromReadCommitted.slice(1)
  const fromReadAtomic = fromMonotonic.slice(1)
  const serializability: readonly LevelBase[] = ['update-serializable', 'repeatable-read', 'serializable']

  it.each<[string, string, readonly LevelBase[]]>([
    ['nothing of an empty history', '', []],
    ['nothing of a serial one', 's1: a x 1\n s2: r x [1], a x 2\n s3: r x [1 2]', []],
    ['nothing of a read of what nobody knows', 's1: w x 1\n s2: r x ?', []],
    ['nothing of unseen appends that have a good order', 's1: r y [], a x 1\n s2: r x [], a y 2', serializability],
    [
      'a dirty write of lists',
      's1: a x 1, a y 1\n s2: a x 2, a y 2\n s3: r x [1 2], r y [2 1]',
      ['read-uncommitted', ...fromReadCommitted],
    ],
    ['a dirty write between two of one', 's1: a x 1, a x 2\n s2: a x 3\n s3: r x [1 3 2]', ['read-uncommitted', ...fromReadCommitted]],
    ['an element that is there twice', 's1: a x 1\n s2: r x [1 1]', ['read-uncommitted', ...fromReadCommitted]],
    ['own appends in another order', 's1: a x 1, a x 2\n s2: r x [2 1]', ['read-uncommitted', ...fromReadCommitted]],
    ['an own append without the one before', 's1: a x 1, a x 2\n s2: r x [2]', ['read-uncommitted', ...fromReadCommitted]],
    ['an aborted read', 's1 aborted: w x 1\n s2: r x 1', fromReadCommitted],
    ['an aborted element in a list', 's1 aborted: a x 1\n s2: a x 2\n s3: r x [1 2]', fromReadCommitted],
    ['an intermediate read', 's1: w x 1, w x 2\n s2: r x 1', fromReadCommitted],
    ['an intermediate list', 's1: a x 1, a x 2\n s2: r x [1]', fromReadCommitted],
    ['a read from nowhere', 's1: r x 1', fromReadCommitted],
    ['a read from the future', 's1: r x 1, w x 1', fromReadCommitted],
    ['lists that contradict each other', 's1: a x 1\n s2: a x 2\n s3: r x [1]\n s4: r x [2]', fromReadCommitted],
    ['circular information flow', 's1: w x 1, r y 1\n s2: w y 1, r x 1', fromReadCommitted],
    ['an own write that is not seen', 's1: w x 1, r x nil', fromMonotonic],
    ['an own append that is not seen', 's1: a x 1, r x []', fromMonotonic],
    ['an own append on top of something else than was read', 's1: a x 1\n s2: r x [], a x 2, r x [1 2]', fromMonotonic],
    ['a transaction that vanishes', 's1: w x 1, w y 1\n s2: r x 1, r y nil', fromMonotonic],
    [
      'an older version after a newer one',
      's1: w x 1\n s2: r x 1, r x nil',
      ['monotonic-atomic-view', 'item-cut-isolation', ...fromReadAtomic],
    ],
    ['a newer version after an older one', 's1: w x 1\n s2: r x nil, r x 1', ['item-cut-isolation', ...fromReadAtomic]],
    ['a fractured read that begins with what is older', 's1: w x 1, w y 1\n s2: r y nil, r x 1', fromReadAtomic],
    ['an effect without its cause', 's1: w x 1\n s2: r x 1, w y 1\n s3: r y 1, r x nil', fromReadAtomic.slice(1)],
    [
      'a long fork',
      's1: w x 1\n s2: w y 1\n s3: r x 1, r y nil\n s4: r x nil, r y 1',
      ['prefix', 'snapshot-isolation', 'repeatable-read', 'serializable'],
    ],
    ['a lost update', 's1: r x nil, w x 1\n s2: r x nil, w x 2', ['parallel-snapshot-isolation', 'snapshot-isolation', ...serializability]],
    ['write skew', 's1: r x nil, w y 1\n s2: r y nil, w x 1', serializability],
    ['nothing of what a read of an order that does not exist would', 's1: w x 1, w y 2\n s2: w x 2, w y 1\n s3: r x 2\n s3: r y 1', []],
  ])('%s', (_, text, violated) => {
    const levels = referenceLevels(written(text))
    expect(levelBases.filter((base) => !levels[base] && base !== 'causal')).toEqual(
      levelBases.filter((base) => violated.includes(base) && base !== 'causal'),
    )
    // Without sessions causal consistency has no order to add either.
    const unordered = referenceLevels(written(text).map((transaction) => ({ ...transaction, process: null })))
    expect(unordered.causal).toBe(!violated.includes('causal'))
  })
})

describe('what had an unknown outcome', () => {
  it('took effect if a committed transaction has seen it', () => {
    expect(referenceLevels(written('s1 unknown 0-: w x 1\n s2 1-2: r x 1'))['strict-serializable']).toBe(true)
    expect(referenceLevels(written('s1 unknown 0-: w x 1, w y 1\n s2 1-2: r x 1, r y nil'))['read-atomic']).toBe(false)
  })

  it('did not if none has', () => {
    expect(referenceLevels(written('s1 unknown 0-: w x 1\n s2 1-2: r x nil'))['strict-serializable']).toBe(true)
    expect(referenceLevels(written('s1 unknown 0-: a x 1\n s2 aborted 1-2: r x [1]\n s3 3-4: r x []'))['strict-serializable']).toBe(true)
  })

  it('comes before nothing in real time, even where it has an end', () => {
    const [first, ...others] = written('s1 0-1: w x 1\n s2 2-3: r x nil\n s3 4-5: r x 1')
    const history = (status: TransactionStatus): Transaction[] => [{ ...(first as Transaction), status }, ...others]
    expect(referenceLevels(history('unknown'))['strict-serializable']).toBe(true)
    expect(referenceLevels(history('committed'))['strict-serializable']).toBe(false)
  })
})

describe('the orders that variants add', () => {
  const stale = (sessions: string, times: string): ReturnType<typeof referenceLevels> => {
    const [first, second] = sessions.split(' ')
    const [a, b] = times.split(' ')
    return referenceLevels(written(`${first} ${a}: w x 1\n ${second} ${b}: r x nil`))
  }
  const variantsOf = (levels: Readonly<Record<IsolationLevel, boolean>>): boolean[] => [
    levels.serializable,
    levels['strong-session-serializable'],
    levels['strict-serializable'],
  ]

  it('are those of sessions and of ends before beginnings', () => {
    expect(variantsOf(stale('s1 s1', '0-1 2-3'))).toEqual([true, false, false])
    expect(variantsOf(stale('s1 s2', '0-1 2-3'))).toEqual([true, true, false])
    expect(variantsOf(stale('s1 s2', '0-2 1-3'))).toEqual([true, true, true])
    expect(variantsOf(stale('s1 s2', '0- 1-3'))).toEqual([true, true, true])
  })

  it('are not there where the history does not say', () => {
    expect(variantsOf(referenceLevels(written(': w x 1\n: r x nil')))).toEqual([true, true, true])
  })

  it('make causal consistency keep sessions', () => {
    expect(stale('s1 s1', '0-1 2-3').causal).toBe(false)
    expect(stale('s1 s2', '0-1 2-3').causal).toBe(true)
    expect(stale('s1 s2', '0-1 2-3')['strong-causal']).toBe(false)
  })

  it('order writes that nobody read', () => {
    const levels = referenceLevels(written('s1 0-1: a x 1\n s1 2-3: a x 2\n s2 4-5: a y 1\n s3 6-7: a y 2\n s4 8-9: r x [2 1], r y [1 2]'))
    expect(levels['read-uncommitted']).toBe(true)
    expect(levels['strong-session-read-uncommitted']).toBe(false)
    const others = referenceLevels(written('s1 0-1: a x 1\n s2 2-3: a x 2\n s3 4-5: r x [2 1]'))
    expect([others['strong-session-read-uncommitted'], others['strong-read-uncommitted']]).toEqual([true, false])
  })
})

describe('the anomalies of the reference', () => {
  // Under every order of the writes, and under some order only.
  it.each<[string, readonly AnomalyName[], readonly AnomalyName[]]>([
    ['s1: a x 1, a y 1\n s2: a x 2, a y 2\n s3: r x [1 2], r y [2 1]', ['G0'], []],
    ['s1: w x 1, r y 1\n s2: w y 1, r x 1', ['G1c'], []],
    ['s1: w x 1, w y 1\n s2: r x 1, r y nil', ['G-single', 'fractured-read'], []],
    ['s1: w x 1\n s2: w y 1\n s3: r x 1, r y nil\n s4: r x nil, r y 1', ['G-nonadjacent', 'long-fork'], []],
    ['s1: r x nil, w x 1\n s2: r x nil, w x 2', ['G-single', 'G2-item', 'lost-update'], []],
    ['s1: r x nil, w y 1\n s2: r y nil, w x 1', ['G2-item', 'write-skew'], []],
    ['s1 0-1: w x 1\n s1 2-3: r x nil', ['G-single-realtime', 'G-single-session'], []],
    ['s1 0-1: w x 1\n s2 2-3: r x nil', ['G-single-realtime'], []],
    ['s1: a x 1\n s1: a x 2\n s2: r x [2 1]', ['G0-session'], []],
    ['s1: r x 1\n s1: w x 1', ['G1c-session'], []],
    ['s1: w x 1, r y nil\n s1: w z 1\n s2: w y 1, r z nil\n s2: r x nil', ['G2-item-session'], []],
    ['s1: w x 1\n s2: w x 2\n s3: r x 1', [], []],
    ['s1: w x 1, w y 1\n s2: w x 2, w y 2\n s3: r x 1, r y 2', [], ['G-single', 'G0', 'fractured-read']],
    ['s1: w x 1\n s2: r x nil, r x 1', ['G-single', 'non-repeatable-read'], []],
    ['s1 aborted: a x 1\n s2: a x 2\n s3: r x [1 2]', ['G1a', 'dirty-update'], []],
    ['s1: w x 1, w x 2\n s2: r x 1', ['G1b'], []],
    ['s1: a x 1, a x 2\n s2: a y 1, r x [2]', ['G-single', 'cyclic-versions'], []],
    ['s1: r x 1, w x 1', ['future-read'], []],
    ['s1: r x 1', ['thin-air-read'], []],
    ['s1: w x 1, r x nil', ['internal'], []],
    ['s1: a x 1\n s2: r x [1 1]', ['duplicate-elements'], []],
    ['s1: a x 1\n s2: a x 2\n s3: r x [1]\n s4: r x [2]', ['incompatible-order'], []],
  ])('are, of %j, certainly %j and possibly %j', (text, certain, possible) => {
    const found = referenceAnomalies(written(text))
    expect([...found.certain].sort()).toEqual(certain)
    expect([...found.possible].filter((name) => !found.certain.has(name)).sort()).toEqual(possible)
  })

  it('that are certain are why levels do not hold', () => {
    for (const { history, levels } of histories.slice(0, 1500)) {
      const { certain, possible } = referenceAnomalies(history)
      if (certain.has('G0')) expect(levels['read-uncommitted']).toBe(false)
      if (certain.has('G1c')) expect(levels['read-committed']).toBe(false)
      if (certain.has('fractured-read')) expect(levels['read-atomic']).toBe(false)
      if (certain.has('lost-update') || certain.has('G-single')) expect(levels['parallel-snapshot-isolation']).toBe(false)
      if (certain.has('long-fork') || certain.has('G-nonadjacent')) expect([levels.prefix, levels['snapshot-isolation']]).toContain(false)
      if (certain.has('write-skew') || certain.has('G2-item')) expect(levels.serializable).toBe(false)
      if (possible.size === 0) expect(Object.values(levels)).not.toContain(false)
    }
  })
})

const weakerOrders: Readonly<Record<LevelOrder, readonly LevelOrder[]>> = { none: [], session: ['none'], 'real-time': ['none', 'session'] }

const histories = (['list', 'register', 'mixed'] as const).flatMap((kind) =>
  [4, 6].flatMap((transactionsMax) =>
    fc
      .sample(transactionsArb({ kind, transactionsMax, faults: true, ordersMax: 24 }), { numRuns: 700, seed: 3 })
      .map((history) => ({ history, levels: referenceLevels(history) })),
  ),
)
