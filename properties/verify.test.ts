import { describe, expect, it } from 'vitest'
import { HistoryError } from './errors.ts'
import type { HistoryEvent } from './history.ts'
import { type LevelName, levelNames } from './levels/names.ts'
import type { Reading } from './operation.ts'
import { casRegister, queue, register, stack } from './specs/index.ts'
import { eventsOf } from './testing/histories.ts'
import { recorded } from './testing/recorded.ts'
import type { Value } from './value.ts'
import { aboutLevel, judge, verify } from './verify.ts'

type Row = readonly [process: number, type: HistoryEvent['type'], f: string, value?: Value, key?: Value]

function events(...rows: readonly Row[]): HistoryEvent[] {
  return rows.map(([process, type, f, value = null, key], index) => ({
    index,
    process,
    type,
    f,
    value,
    time: 1e6 * index,
    ...(key === undefined ? {} : { key }),
  }))
}

const stale = eventsOf(recorded('0 write 1, 0 ok, 1 read, 1 ok null, 1 read, 1 ok 1'))

describe('a history at every level', () => {
  const levelsOfStale: Readonly<Record<string, string>> = {
    linearizable: 'violated',
    sequential: 'holds',
    causal: 'holds',
    'causal-convergence': 'holds',
    pram: 'holds',
    'read-your-writes': 'holds',
    'monotonic-reads': 'holds',
    'monotonic-writes': 'holds',
    'writes-follow-reads': 'holds',
    regular: 'violated',
    safe: 'violated',
    'bounded-staleness': 'holds',
    'k-atomic': 'holds',
    // The stale read began after the last write had completed.
    eventual: 'violated',
    'no-lost-writes': 'violated',
    'at-least-once': 'inapplicable',
    'at-most-once': 'inapplicable',
    'exactly-once': 'inapplicable',
  }

  it('has a verdict for each name', () => {
    expect([...levelNames].sort()).toEqual(Object.keys(levelsOfStale).sort())
    const timed = stale.map((event) => ({ ...event, time: 1e6 * event.index }))
    expect(Object.fromEntries(levelNames.map((level) => [level, verify(timed, register, { level }).verdict]))).toEqual(levelsOfStale)
  })

  it.each(levelNames)('%s names itself in its judgement, and says what it promises', (level) => {
    expect(verify(stale, register, { level })).toMatchObject({ level, model: 'register', operations: 3, objects: 1 })
    expect(aboutLevel(level)).toMatch(/\w \(.*\d{4}.*\)$|Jepsen/)
  })

  it('does not have levels of other names', () => {
    for (const level of ['linearisable', 'toString'] as unknown as LevelName[])
      expect(() => verify(stale, register, { level })).toThrow(
        `there is no level ${level}; the levels are linearizable, sequential, causal,`,
      )
    expect(() => aboutLevel('strict' as LevelName)).toThrow(HistoryError)
  })
})

describe('a judgement', () => {
  it('has the evidence for a violation', () => {
    const judgement = verify(stale, register, { algorithm: 'general' })
    expect(judgement).toMatchObject({
      verdict: 'violated',
      decision: {
        sentence:
          'the read by process 1 returned null, but write 1 by process 0 had completed before it began, and null was the initial value',
        failing: { id: 1, f: 'read' },
        core: [{ id: 0 }, { id: 1 }],
        isMinimal: true,
        longest: [{ id: 0 }],
        states: ['1'],
      },
    })
    expect(judgement).not.toHaveProperty('key')
  })

  it('is about the object that fails', () => {
    const history = events(
      [0, 'invoke', 'write', 1, 'x'],
      [0, 'ok', 'write', 1, 'x'],
      [1, 'invoke', 'read', null, 'y'],
      [1, 'ok', 'read', 1, 'y'],
    )
    expect(verify(history, register)).toMatchObject({ verdict: 'violated', key: 'y', objects: 2, operations: 2 })
    expect(verify(history.slice(0, 2), register)).toMatchObject({ verdict: 'holds', objects: 1 })
  })

  it('of several objects that hold has one order of all, which keeps real time', () => {
    const history = events(
      [0, 'invoke', 'write', 1, 'x'],
      [1, 'invoke', 'read', null, 'y'],
      [0, 'ok', 'write', 1, 'x'],
      [2, 'invoke', 'read', null, 'x'],
      [1, 'ok', 'read', null, 'y'],
      [2, 'ok', 'read', 1, 'x'],
    )
    const { decision } = verify(history, register)
    const order = decision.verdict === 'holds' ? (decision.witness ?? []) : []
    expect(order.map(({ id }) => id).sort()).toEqual([0, 1, 2])
    for (const [i, operation] of order.entries()) expect(order.slice(0, i).every(({ call }) => call < operation.return)).toBe(true)
  })

  it('of nothing holds', () => {
    expect(verify([], register)).toMatchObject({ verdict: 'holds', operations: 0, objects: 0, algorithm: 'nothing to judge' })
  })

  it('is by the monitor of the type where one applies, unless the general search is asked for', () => {
    const operations = recorded('0 push 1, 0 ok, 0 pop, 0 ok 1')
    expect(judge(operations, stack).algorithm).toContain('Lee & Mathur')
    expect(judge(operations, stack, { algorithm: 'general' }).algorithm).toBe('just-in-time linearization')
  })
})

describe('the readings', () => {
  const verdict = (history: readonly HistoryEvent[], reading: Reading): string => verify(history, casRegister, { reading }).verdict

  it('fail: a compare-and-set that failed is no evidence, or was seen to mismatch', () => {
    const history = events([0, 'invoke', 'cas', [0, 1]], [0, 'fail', 'cas', [0, 1]])
    expect(verdict(history, { initial: 0 })).toBe('holds')
    expect(verdict(history, { initial: 0, fail: 'did-not-happen' })).toBe('holds')
    expect(verdict(history, { initial: 0, fail: { cas: 'observed' } })).toBe('violated')
    expect(verdict(history, { initial: 0, fail: { write: 'observed' } })).toBe('holds')
    expect(verdict(history, { initial: 2, fail: 'observed' })).toBe('holds')
  })

  it('nil: a read of null saw null, or nobody knows what it saw', () => {
    const history = events([0, 'invoke', 'write', 1], [0, 'ok', 'write', 1], [0, 'invoke', 'read'], [0, 'ok', 'read', null])
    expect(verdict(history, {})).toBe('violated')
    expect(verdict(history, { nil: 'value' })).toBe('violated')
    expect(verdict(history, { nil: 'unknown' })).toBe('holds')
  })

  it('initial: the value before all writes, which an option overrides', () => {
    const history = events([0, 'invoke', 'read'], [0, 'ok', 'read', 0])
    expect(verdict(history, {})).toBe('violated')
    expect(verdict(history, { initial: 0 })).toBe('holds')
    expect(verify(history, casRegister, { initial: 0 }).verdict).toBe('holds')
    expect(verify(history, casRegister, { reading: { initial: 0 }, initial: 1 }).verdict).toBe('violated')
  })

  it('neverWritten: a read of what nothing wrote is a violation, or is not looked at', () => {
    const history = events([0, 'invoke', 'read'], [0, 'ok', 'read', 9], [0, 'invoke', 'read'], [0, 'ok', 'read', null])
    expect(verdict(history, {})).toBe('violated')
    expect(verdict(history, { neverWritten: 'ignored' })).toBe('holds')
  })
})

describe('limits', () => {
  const clients = Array.from({ length: 24 }, (_, process) => process)
  /** Many that enqueue few values at the same time, then as many that dequeue; the last value is one too many, or not. */
  const hard = (last: number): HistoryEvent[] =>
    events(
      ...clients.map((process) => [process, 'invoke', 'enqueue', process % 6] as const),
      ...clients.map((process) => [process, 'ok', 'enqueue', process % 6] as const),
      ...clients.map((process) => [process, 'invoke', 'dequeue'] as const),
      ...clients.map((process) => [process, 'ok', 'dequeue', process === 23 ? last : process % 6] as const),
    )

  it.each([
    ['time', { seconds: 0.05 }],
    ['memory', { megabytes: 1 }],
  ])('on %s end in unknown, and how far the search came', (limit, limits) => {
    const judgement = verify(hard(0), queue, { limits, algorithm: 'general' })
    expect(judgement).toMatchObject({ verdict: 'unknown', decision: { verdict: 'unknown', limit } })
    expect(judgement.decision).toHaveProperty(
      'reached',
      expect.stringMatching(/^[\d,]+ of 48 completed operations are explained, [\d,]+ configurations are open$/),
    )
  })

  it('never turn into a wrong verdict', () => {
    for (const seconds of [0, 0.001, 0.01, 0.1]) {
      expect(verify(hard(5), queue, { limits: { seconds } }).verdict).not.toBe('violated')
      expect(verify(hard(0), queue, { limits: { seconds } }).verdict).not.toBe('holds')
      for (const level of levelNames) {
        const { verdict } = verify(stale, register, { level, limits: { seconds } })
        expect(['unknown', verify(stale, register, { level }).verdict]).toContain(verdict)
      }
    }
  })

  it('on one object do not hide the violation of another', () => {
    const keyed = [
      ...hard(0).map((event) => ({ ...event, key: 'hard' })),
      ...events([90, 'invoke', 'dequeue'], [90, 'ok', 'dequeue', 77]).map((event) => ({ ...event, key: 'easy' })),
    ].map((event, index) => ({ ...event, index }))
    expect(verify(keyed, queue, { limits: { seconds: 2 }, algorithm: 'general' })).toMatchObject({ verdict: 'violated', key: 'easy' })
  })
})
