import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isHistoryError } from '../../errors.ts'
import type { Spec } from '../../spec.ts'
import { counter } from '../../specs/counter.ts'
import { eventsOf, histories as livedHistories } from '../../testing/histories.ts'
import type { Value } from '../../value.ts'
import { judgeCounter } from './counter.ts'
import { counterErrors } from './testing/brute-force.ts'
import { type Draft, events, histories } from './testing/events.ts'

const draft: fc.Arbitrary<Draft> = fc.record({
  f: fc.constantFrom('add', 'add', 'decrement', 'read'),
  input: fc.constantFrom(1, 2, -3),
  output: fc.integer({ min: -8, max: 8 }),
  completion: fc.constantFrom('ok', 'ok', 'ok', 'fail', 'info'),
})

describe('a counter', () => {
  it('is judged as by trying all sums of the adds that each read may have seen', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(histories(draft, 3, 20), (history) => {
        const expected = counterErrors(history)
        const { verdict, counts, findings } = judgeCounter(history)
        expect([counts.get('read-too-low') ?? 0, counts.get('read-too-high') ?? 0]).toEqual([expected.tooLow, expected.tooHigh])
        expect(findings.filter(({ violates }) => violates.includes('read-committed'))).toHaveLength(expected.nowhere)
        expect(verdict === 'violated').toBe(expected.tooLow + expected.tooHigh > 0)
        seen.add(verdict)
      }),
      { numRuns: 1000 },
    )
    expect([...seen].sort()).toEqual(['holds', 'violated'])
  })

  it('that takes each operation at one moment is never violated', () => {
    const commands: [string, Value][] = [
      ['add', 1],
      ['add', -2],
      ['increment', null],
      ['decrement', 3],
      ['read', null],
    ]
    fc.assert(
      fc.property(livedHistories({ spec: counter as unknown as Spec, commands }, { processes: 4, ticks: 60, changes: 0 }), (operations) => {
        expect(judgeCounter(eventsOf(operations) as ReturnType<typeof events>).verdict).not.toBe('violated')
      }),
    )
  })

  it('that has lost an add is told with its bounds', () => {
    const decision = judgeCounter(
      events([0, 'invoke', 'add', 5], [0, 'ok', 'add', 5], [1, 'invoke', 'add', 2], [0, 'invoke', 'read', null], [0, 'ok', 'read', 4]),
    )
    expect(decision).toEqual({
      verdict: 'violated',
      findings: [
        {
          name: 'read-too-low',
          sentence:
            'the read at event 4 by process 0 returns 4, but what had been added for certain when it began, at event 3, makes at least 5: it misses 1',
          events: [3, 4],
          violates: [],
        },
      ],
      counts: new Map([['read-too-low', 1]]),
      operations: 3,
      note: '1 read of a counter with 2 adds',
    })
  })

  it('that has more than anybody added has no place in any order', () => {
    const { findings } = judgeCounter(
      events([0, 'invoke', 'add', 5], [0, 'info', 'add', 5], [1, 'invoke', 'read', null], [1, 'ok', 'read', 10]),
    )
    expect(findings).toEqual([
      {
        name: 'read-too-high',
        sentence:
          'the read at event 3 by process 1 returns 10, but all that may have been added when it ended makes at most 5: it has 5 too much',
        events: [2, 3],
        violates: ['read-committed'],
      },
    ])
  })

  it.each([
    ['of an add that crashed', 'info', 5, 'holds'],
    ['without an add that crashed', 'info', 0, 'holds'],
    ['of an add that failed', 'fail', 5, 'violated'],
    ['without an add that failed', 'fail', 0, 'holds'],
  ] as const)('read with the sum %s: %s of 5, read %i: %s', (_, completion, value, verdict) => {
    const history = events([0, 'invoke', 'add', 5], [0, completion, 'add', 5], [1, 'invoke', 'read', null], [1, 'ok', 'read', value])
    expect(judgeCounter(history).verdict).toBe(verdict)
  })

  it('that nobody has read holds, and says that nothing was compared; a read of null is none', () => {
    const history = events([0, 'invoke', 'add', 5], [0, 'ok', 'add', 5], [1, 'invoke', 'read', null], [1, 'ok', 'read', null])
    const { verdict, note } = judgeCounter(history)
    expect([verdict, note]).toEqual(['holds', 'no read completed of a counter with 1 add: nothing contradicts them'])
  })

  it('is exact beyond 2^53, and may start there', () => {
    const start = 2n ** 64n
    const read = (value: Value): string =>
      judgeCounter(events([0, 'invoke', 'add', 1], [0, 'ok', 'add', 1], [1, 'invoke', 'read', null], [1, 'ok', 'read', value]), {
        initial: start,
      }).verdict
    expect([read(start), read(start + 1n), read(start + 2n)]).toEqual(['violated', 'holds', 'violated'])
  })

  it('is judged object by object', () => {
    const x = [0, 'invoke', 'add', 5, 'x'] as const
    const history = (key: Value): ReturnType<typeof events> =>
      events(x, [0, 'ok', 'add', 5, 'x'], [1, 'invoke', 'read', null, key], [1, 'ok', 'read', 0, key])
    expect(judgeCounter(history('y')).verdict).toBe('holds')
    expect(judgeCounter(history('x')).findings.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(/^the read of x at event 3 by process 1 returns 0, but/),
    ])
  })

  it.each([
    [
      'another operation',
      () => judgeCounter(events([0, 'invoke', 'reed', null])),
      /event 0: reed is not an operation .* did you mean read\?/,
    ],
    ['a fraction', () => judgeCounter(events([0, 'invoke', 'add', 0.5])), /event 0: add 0.5, expected an integer/],
    [
      'a read of a word',
      () => judgeCounter(events([0, 'invoke', 'read', null], [0, 'ok', 'read', 'a'])),
      /event 1: a counter is read as a/,
    ],
    ['an initial fraction', () => judgeCounter([], { initial: 0.5 }), /the initial value of a counter is an integer, not 0.5/],
  ])('of %s is refused', (_, judge, message) => {
    expect(judge).toThrow(message)
    expect(isHistoryError(thrownBy(judge))).toBe(true)
  })

  it('of a hundred thousand operations is judged in a moment', () => {
    const history = Array.from({ length: 100_000 }, (_, i) => i).flatMap((i) => {
      const [f, value, output] = i % 2 === 0 ? ['add', 1, 1] : ['read', null, (i + 1) / 2]
      return [
        { index: 2 * i, process: 0, type: 'invoke' as const, f: f as string, value: value as Value },
        { index: 2 * i + 1, process: 0, type: 'ok' as const, f: f as string, value: output as Value },
      ]
    })
    const started = performance.now()
    expect(judgeCounter(history).verdict).toBe('holds')
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

function thrownBy(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}
