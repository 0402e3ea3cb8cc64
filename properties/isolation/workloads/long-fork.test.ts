import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../../history.ts'
import type { Value } from '../../value.ts'
import type { Transaction } from '../table/transaction.ts'
import { referenceLevels } from '../testing/reference.ts'
import { judgeLongFork } from './long-fork.ts'
import { isExplainedBySomeOrder } from './testing/brute-force.ts'
import { events, eventsOf, type Line } from './testing/events.ts'

const write = (process: number, key: Value, end: 'ok' | 'info' | 'fail' = 'ok', value: Value = 1): Line[] => [
  [process, 'invoke', 'write', [['w', key, value]]],
  [process, end, 'write', [['w', key, value]]],
]

/** By values that are given for keys 0, 1 and so on. */
const read = (process: number, ...values: readonly Value[]): Line[] => [
  [process, 'invoke', 'read', values.map((_, key) => ['r', key, null])],
  [process, 'ok', 'read', values.map((value, key) => ['r', key, value])],
]

/** What reads of a group see, key by key. */
const views = (keys: number, most: number): fc.Arbitrary<boolean[][]> =>
  fc.array(fc.array(fc.boolean(), { minLength: keys, maxLength: keys }), { minLength: 2, maxLength: most })

const valuesOf = (view: readonly boolean[]): Value[] => view.map((isSeen) => (isSeen ? 1 : null))

describe('a long fork', () => {
  it('is found where no order of the writes explains all reads of a group', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(views(4, 6), fc.boolean(), (all, hasWrites) => {
        const writes = hasWrites ? [0, 1, 2, 3].flatMap((key) => write(key, key)) : []
        const { verdict } = judgeLongFork(events(...writes, ...all.flatMap((view, i) => read(i, ...valuesOf(view)))))
        expect(verdict).toBe(isExplainedBySomeOrder(all, 4) ? 'holds' : 'violated')
        seen.add(verdict)
      }),
      { numRuns: 1000 },
    )
    expect([...seen].sort()).toEqual(['holds', 'violated'])
  })

  it('violates prefix consistency and not parallel snapshot isolation; without one the history is serializable', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(views(3, 3), (all) => {
        const transaction = (steps: Transaction['steps']): Transaction => ({
          process: null,
          status: 'committed',
          steps,
          began: null,
          ended: null,
        })
        const levels = referenceLevels([
          ...[0, 1, 2].map((key) => transaction([{ f: 'write', key, value: 1 }])),
          ...all.map((view) => transaction(valuesOf(view).map((value, key) => ({ f: 'read', key, value })))),
        ])
        const { verdict, findings } = judgeLongFork(
          events(...[0, 1, 2].flatMap((key) => write(key, key)), ...all.flatMap((view, i) => read(i, ...valuesOf(view)))),
        )
        seen.add(verdict)
        expect(verdict).toBe(levels.serializable ? 'holds' : 'violated')
        for (const level of findings.flatMap(({ violates }) => violates)) expect(levels[level]).toBe(false)
        expect(levels.prefix).toBe(levels.serializable)
        expect([levels['parallel-snapshot-isolation'], levels['update-serializable']]).toEqual([true, true])
      }),
      { numRuns: 200 },
    )
    expect([...seen].sort()).toEqual(['holds', 'violated'])
  })

  it('is told with the two reads and the two writes', () => {
    expect(judgeLongFork(events(...write(0, 0), ...write(1, 1), ...read(2, 1, null), ...read(3, null, 1)))).toEqual({
      verdict: 'violated',
      findings: [
        {
          name: 'long-fork',
          sentence:
            'the read at event 5 by process 2 sees the write of key 0 but not that of 1, and the read at event 7 by process 3 sees that of 1 but not that of 0: no order of the two writes explains both',
          events: [0, 1, 2, 3, 5, 7],
          violates: ['prefix'],
        },
      ],
      counts: new Map([['long-fork', 1]]),
      operations: 4,
      note: '2 reads of 1 group of keys',
    })
  })

  it('is found whatever the order of the keys in a read, the name of the operation and the way to write keywords', () => {
    const history = events(
      [
        0,
        'invoke',
        'txn',
        [
          [':r', 'a', null],
          [':r', 'b', null],
        ],
      ],
      [
        0,
        'ok',
        'txn',
        [
          [':r', 'a', 1],
          [':r', 'b', null],
        ],
      ],
      [
        0,
        'invoke',
        'txn',
        [
          [':r', 'b', null],
          [':r', 'a', null],
        ],
      ],
      [
        0,
        'ok',
        'txn',
        [
          [':r', 'b', 2],
          [':r', 'a', null],
        ],
      ],
    )
    expect(judgeLongFork(history).verdict).toBe('violated')
  })

  it('is not seen in reads of other keys, or of other objects', () => {
    const ab: Value = [
      ['r', 'a', 1],
      ['r', 'b', null],
    ]
    const bc: Value = [
      ['r', 'b', 1],
      ['r', 'c', null],
    ]
    const history = events([0, 'invoke', 'read', ab], [0, 'ok', 'read', ab], [1, 'invoke', 'read', bc], [1, 'ok', 'read', bc])
    expect(judgeLongFork(history)).toMatchObject({
      verdict: 'unknown',
      note: 'no two reads are of the same two keys or more: 2 reads of 2 groups of keys',
    })
    const keyed = (key: Value): HistoryEvent<Value>[] =>
      [
        ...events(...read(0, 1, null)).map((event) => ({ ...event, key: 'x' })),
        ...events(...read(1, null, 1)).map((event) => ({ ...event, key })),
      ].map((event, index) => ({ ...event, index }))
    expect([judgeLongFork(keyed('x')).verdict, judgeLongFork(keyed('y')).verdict]).toEqual(['violated', 'unknown'])
  })

  it.each([
    ['reads that agree', 'holds', [...write(0, 0), ...write(1, 1), ...read(2, 1, null), ...read(3, 1, 1), ...read(4, null, null)]],
    ['a write that crashed', 'holds', [...write(0, 0, 'info'), ...write(1, 1), ...read(2, 1, null), ...read(3, 1, 1)]],
    ['a fork with a write that crashed', 'violated', [...write(0, 0, 'info'), ...write(1, 1), ...read(2, 1, null), ...read(3, null, 1)]],
    ['a read that crashed', 'unknown', [...read(0, 1, null), [1, 'invoke', 'read', null], [1, 'info', 'read', null]]],
    [
      'a read that failed',
      'unknown',
      [...read(0, 1, null), ...(read(1, null, 1).map(([p, t, ...rest]) => [p, t === 'ok' ? 'fail' : t, ...rest]) as Line[])],
    ],
    [
      'no value that a read returned',
      'unknown',
      [
        ...read(0, 1, null),
        [
          1,
          'invoke',
          'read',
          [
            ['r', 0, null],
            ['r', 1, null],
          ],
        ],
        [1, 'ok', 'read', null],
      ],
    ],
    ['one read', 'unknown', [...write(0, 0), ...read(1, 1, null)]],
    ['reads of one key', 'unknown', [...read(1, 1), ...read(2, null)]],
    ['writes alone', 'holds', write(0, 0)],
    ['nothing', 'holds', []],
  ] as const)('with %s: %s', (_, verdict, lines) => {
    expect(judgeLongFork(events(...lines)).verdict).toBe(verdict)
  })

  it('is not looked for where a key is written twice, unless another group has one', () => {
    const twice = [...write(0, 0), ...write(1, 1), ...write(2, 0, 'ok', 2), ...read(3, 1, null), ...read(4, null, 1)]
    expect(judgeLongFork(events(...twice))).toMatchObject({
      verdict: 'unknown',
      note: 'key 0 is written more than once, at events 0 and 4: reads of it do not tell which writes they saw',
    })
    const again = write(5, 0, 'fail', 2)
    expect(judgeLongFork(events(...write(0, 0), ...again, ...write(1, 1), ...read(3, 1, null), ...read(4, null, 1))).verdict).toBe(
      'violated',
    )
    const other = (values: Value[]): Line[] => {
      const steps = values.map((value, i) => ['r', `k${i}`, value])
      return [
        [6, 'invoke', 'read', steps],
        [6, 'ok', 'read', steps],
      ]
    }
    const fork = [...write(7, 'k0'), ...write(8, 'k1'), ...other([1, null]), ...other([null, 1])]
    expect(judgeLongFork(events(...twice, ...fork)).verdict).toBe('violated')
  })

  it('is not looked for where reads show two values of a key and the history no writes', () => {
    expect(judgeLongFork(events(...read(0, 1, null), ...read(1, 2, 1)))).toMatchObject({
      verdict: 'unknown',
      note: 'key 0 was read as 1 and as 2, and the history does not say who wrote them',
    })
  })

  it('is not told from values that nothing wrote, or that failed: these are anomalies of their own', () => {
    const { verdict, findings } = judgeLongFork(
      events(...write(0, 0), ...write(1, 1, 'fail'), ...read(2, 1, null), ...read(3, null, 1), ...read(4, 9, null)),
    )
    expect(verdict).toBe('violated')
    expect(findings.map(({ name, sentence, violates }) => [name, sentence, violates])).toEqual([
      ['G1a', 'the read at event 7 by process 3 sees 1 in key 1, which process 1 wrote at event 2, but that failed', ['read-committed']],
      ['thin-air-read', 'the read at event 9 by process 4 sees 9 in key 0, which nothing wrote', ['read-committed']],
    ])
  })

  it.each([
    [
      'reads and writes',
      [
        [
          0,
          'invoke',
          'txn',
          [
            ['r', 0, null],
            ['w', 1, 1],
          ],
        ],
      ],
      'event 0: a transaction reads and writes',
    ],
    [
      'reads a key twice',
      [
        ...read(0),
        [
          0,
          'invoke',
          'txn',
          [
            ['r', 0, null],
            ['r', 0, null],
          ],
        ],
        [
          0,
          'ok',
          'txn',
          [
            ['r', 0, 1],
            ['r', 0, null],
          ],
        ],
      ],
      'event 2: key 0 is read twice',
    ],
    ['is no list', [[0, 'invoke', 'read', 7]], 'event 0: found 7, expected a transaction'],
    ['has steps of another kind', [[0, 'invoke', 'txn', [['append', 0, 1]]]], 'event 0: found [append 0 1] in a transaction'],
    ['writes null', [[0, 'invoke', 'txn', [['w', 0, null]]]], 'event 0: null is written to key 0'],
  ] as const)('is not looked for where a transaction %s: that is refused', (_, lines, message) => {
    expect(() => judgeLongFork(events(...lines))).toThrow(message)
  })

  it('is looked for in a hundred thousand reads in seconds', () => {
    const lines: Line[] = []
    for (let i = 0; i < 100_000; i++) lines.push(...read(0, 1, i % 2 === 0 ? 1 : null, null))
    const agreeing = eventsOf(lines)
    const started = performance.now()
    expect(judgeLongFork(agreeing).verdict).toBe('holds')
    expect(judgeLongFork(eventsOf([...lines, ...read(0, 1, null, 1)])).verdict).toBe('violated')
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
