import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../../history.ts'
import type { Spec } from '../../spec.ts'
import { growOnlySet } from '../../specs/set.ts'
import { eventsOf, histories as livedHistories } from '../../testing/histories.ts'
import type { Value } from '../../value.ts'
import { judgeSet } from './set.ts'
import { setOutcomes } from './testing/brute-force.ts'
import { type Draft, events, histories } from './testing/events.ts'

const draft: fc.Arbitrary<Draft> = fc.oneof(
  fc.record({
    f: fc.constant('add'),
    input: fc.nat(3),
    output: fc.constant(null),
    completion: fc.constantFrom('ok', 'ok', 'info', 'fail'),
  }),
  fc.record({
    f: fc.constant('read'),
    input: fc.constant(null),
    output: fc.oneof({ weight: 8, arbitrary: fc.subarray([0, 1, 2, 3]) }, { weight: 1, arbitrary: fc.constantFrom([0, 0], [4], null) }),
    completion: fc.constantFrom('ok', 'ok', 'ok', 'info'),
  }),
)

const errors = ['lost-element', 'unexpected-element', 'G1a', 'duplicate-elements']

describe('a set', () => {
  it('is judged as by comparing each element with each read', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(histories(draft, 3, 24), fc.boolean(), (history, linearizable) => {
        const { stable = 0, ...expected } = setOutcomes(history)
        const { verdict, counts, findings } = judgeSet(history, { linearizable })
        expect(Object.fromEntries(counts)).toEqual(expected)
        const wrong = [...errors, ...(linearizable ? ['stale-element', 'flickering-element'] : [])].filter((name) => name in expected)
        expect(verdict).toBe(wrong.length > 0 ? 'violated' : stable === 0 ? 'unknown' : 'holds')
        expect([...new Set(findings.map(({ name }) => name))].sort()).toEqual(wrong.sort())
        for (const name of [verdict, ...Object.keys(expected)]) seen.add(name)
      }),
      { numRuns: 2000 },
    )
    const names = [...errors, 'stale-element', 'flickering-element', 'recovered-element', 'never-read', 'holds', 'unknown', 'violated']
    expect([...seen].sort()).toEqual(names.sort())
  })

  it('that takes each operation at one moment is never violated, even if it is to be linearizable', () => {
    const commands: [string, Value][] = [
      ['add', 1],
      ['add', 2],
      ['add', 3],
      ['read', null],
      ['read', null],
    ]
    const lived = livedHistories({ spec: growOnlySet as unknown as Spec, commands }, { processes: 4, ticks: 60, changes: 0 })
    const seen = new Set<string>()
    fc.assert(
      fc.property(lived, (operations) => {
        const { verdict, findings } = judgeSet(eventsOf(operations) as HistoryEvent<Value>[], { linearizable: true })
        expect(findings).toEqual([])
        seen.add(verdict)
      }),
    )
    expect(seen).toContain('holds')
  })

  it('that has elements at first is judged as if they had been added before', () => {
    const verdicts = new Set<string>()
    fc.assert(
      fc.property(histories(draft, 3, 24), fc.boolean(), fc.subarray([0, 1, 2, 3, 4]), (history, linearizable, initial) => {
        const before = events(...initial.flatMap((value) => [[9, 'invoke', 'add', value] as const, [9, 'ok', 'add', value] as const]))
        const later = history.map((event) => ({ ...event, index: event.index + before.length }))
        const expected = judgeSet([...before, ...later], { linearizable })
        const { verdict, counts, findings } = judgeSet(history, { linearizable, initial })
        expect([verdict, counts, findings.map(({ name }) => name)]).toEqual([
          expected.verdict,
          expected.counts,
          expected.findings.map(({ name }) => name),
        ])
        expect(findings.every((finding) => finding.events.every((event) => event in history))).toBe(true)
        verdicts.add(verdict)
      }),
      { numRuns: 500 },
    )
    expect([...verdicts].sort()).toEqual(['holds', 'unknown', 'violated'])
  })

  it('that loses, or doubles, what was in it at first is told so', () => {
    const { findings } = judgeSet(events(...read([7, 7]), ...read([])), { initial: [7] })
    expect(findings.map(({ sentence }) => sentence)).toEqual([
      'the read at event 1 by process 1 has 7 more than once, in which it was once at first',
      '7 was in it at first and was seen by the read at event 1 by process 1, but the only read that began later lacks it, from the read at event 3 on',
    ])
  })

  const added = [
    [0, 'invoke', 'add', 7],
    [0, 'ok', 'add', 7],
  ] as const
  const read = (value: Value): [readonly [1, 'invoke', 'read', null], readonly [1, 'ok', 'read', Value]] => [
    [1, 'invoke', 'read', null],
    [1, 'ok', 'read', value],
  ]

  it('that lost an element is told who added it and which reads lack it', () => {
    expect(judgeSet(events(...added, ...read([7]), ...read([]), ...read([])))).toEqual({
      verdict: 'violated',
      findings: [
        {
          name: 'lost-element',
          sentence:
            '7 was added by process 0, acknowledged at event 1 and was seen by the read at event 3 by process 1, but all 2 reads that began later lack it, from the read at event 5 on',
          events: [1, 3, 5],
          violates: [],
        },
      ],
      counts: new Map([['lost-element', 1]]),
      operations: 4,
      note: '3 reads of a set with 1 acknowledged element: 0 stay in it to the end',
    })
  })

  it('in which an element flickers is at fault only if it is to be linearizable', () => {
    const history = events(...added, ...read([7]), ...read([]), ...read([7]))
    const { verdict, counts, note } = judgeSet(history)
    expect([verdict, [...counts]]).toEqual(['holds', [['flickering-element', 1]]])
    expect(note).toBe('3 reads of a set with 1 acknowledged element: 1 stay in it to the end, 1 of them missing from a read before')
    expect(judgeSet(history, { linearizable: true }).findings.map(({ sentence }) => sentence)).toEqual([
      '7 was seen by the read at event 3 by process 1, but the read at event 5 by process 1, which began later, lacks it; the read at event 7 sees it again',
    ])
  })

  it('in which an element is late is at fault only if it is to be linearizable', () => {
    const history = events(...added, ...read([]), ...read([7]))
    expect([judgeSet(history).verdict, [...judgeSet(history).counts]]).toEqual(['holds', [['stale-element', 1]]])
    expect(judgeSet(history, { linearizable: true }).findings.map(({ sentence }) => sentence)).toEqual([
      '7 was added by process 0, acknowledged at event 1, but the read at event 3 by process 1, which began later, lacks it; the read at event 5 sees it',
    ])
  })

  it.each([
    ['nobody added', read([7]), 'unexpected-element', ['read-committed'], 'the read at event 1 by process 1 sees 7, which nobody added'],
    [
      'somebody added only later',
      [...read([7]), ...added],
      'unexpected-element',
      [],
      'the read at event 1 by process 1 sees 7 before anybody added it: process 0 did at event 2',
    ],
    [
      'somebody failed to add',
      [[0, 'invoke', 'add', 7], [0, 'fail', 'add', 7], ...read([7])],
      'G1a',
      ['read-committed'],
      'the read at event 3 by process 1 sees 7, whose addition by process 0 (event 0) failed',
    ],
    [
      'is in it twice',
      [...added, ...read([7, 7])],
      'duplicate-elements',
      [],
      'the read at event 3 by process 1 has 7 more than once, which was added once',
    ],
  ] as const)('with an element that %s is told so', (_, lines, name, violates, sentence) => {
    const { findings, verdict } = judgeSet(events(...lines))
    expect(verdict).toBe('violated')
    expect(findings.map((finding) => [finding.name, finding.violates, finding.sentence])).toEqual([[name, violates, sentence]])
  })

  it.each([
    ['an addition that crashed and is seen', 'holds', [[0, 'invoke', 'add', 7], [0, 'info', 'add', 7], ...read([7])]],
    ['an addition that crashed and is not seen', 'unknown', [[0, 'invoke', 'add', 7], [0, 'info', 'add', 7], ...read([])]],
    ['an addition that crashed, was seen, and is gone', 'violated', [[0, 'invoke', 'add', 7], ...read([7]), ...read([])]],
    ['an addition that failed', 'unknown', [[0, 'invoke', 'add', 7], [0, 'fail', 'add', 7], ...read([])]],
    ['a read that ran at the same time and misses it', 'unknown', [[1, 'invoke', 'read', null], ...added, [1, 'ok', 'read', []]]],
    ['a read of null', 'unknown', [...added, ...read(null)]],
    ['no read', 'unknown', added],
    ['nothing', 'unknown', []],
  ] as const)('with %s: %s', (_, verdict, lines) => {
    expect(judgeSet(events(...lines)).verdict).toBe(verdict)
  })

  it('is judged object by object', () => {
    const keyed = (key: Value): HistoryEvent<Value>[] =>
      events([0, 'invoke', 'add', 7, 'x'], [0, 'ok', 'add', 7, 'x'], [1, 'invoke', 'read', null, key], [1, 'ok', 'read', [], key])
    expect(judgeSet(keyed('y')).verdict).toBe('unknown')
    expect(judgeSet(keyed('x')).verdict).toBe('violated')
  })

  it('tells of ten lost elements and counts all', () => {
    const adds = Array.from({ length: 25 }, (_, i) => i).flatMap((i) => [[0, 'invoke', 'add', i] as const, [0, 'ok', 'add', i] as const])
    const { findings, counts } = judgeSet(events(...adds, ...read([])))
    expect([findings.length, counts.get('lost-element')]).toEqual([10, 25])
  })

  it.each([
    [
      'another operation',
      [[0, 'invoke', 'ad', 7]],
      'event 0: ad is not an operation of the set workload; it has add and read; did you mean add?',
    ],
    ['a read of a number', read(7), 'event 1: a set is read as 7, expected the list of its elements'],
  ] as const)('with %s is refused', (_, lines, message) => {
    expect(() => judgeSet(events(...lines))).toThrow(message)
  })

  it('of a hundred thousand elements that is read ten times is judged in seconds', () => {
    const history: HistoryEvent<Value>[] = []
    const size = 100_000
    const record = (type: HistoryEvent['type'], f: string, value: Value): void =>
      void history.push({ index: history.length, process: 0, type, f, value })
    const all: number[] = []
    for (let i = 0; i < size; i++) {
      record('invoke', 'add', i)
      record('ok', 'add', i)
      all.push(i)
      if (i % (size / 10) !== size / 10 - 1) continue
      record('invoke', 'read', null)
      record('ok', 'read', all.slice(i === size - 1 ? 1 : 0))
    }
    const started = performance.now()
    expect([...judgeSet(history).counts]).toEqual([['lost-element', 1]])
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
