import { describe, expect, it } from 'vitest'
import { check, explore } from '../check.ts'
import { isUserError } from '../errors.ts'
import { defineModel, type Model } from '../language/model.ts'
import { cell, cells, ids } from '../language/slots.ts'
import type { CheckOptions, CheckResult } from '../result.ts'

/** About a million states, none bad but those where the first is `bad`. */
const large = (bad = -1): Model =>
  defineModel({
    name: 'large',
    about: '',
    state: () => ({ n: cells(6, 0) }),
    actions: (on) => ({
      up: on.action({
        each: ids(6),
        then: (s, i) => {
          s.n[i] = (s.n[i] + 1) % 10
        },
      }),
    }),
    properties: (on) => ({
      good: on.always((s) => s.n[0] !== bad),
      seen: on.sometimes((s) => s.n[0] === 1),
      never: on.sometimes(() => false),
    }),
  })
const line = (end: number): Model =>
  defineModel({
    name: 'line',
    about: '',
    state: () => ({ n: cell(0) }),
    actions: (on) => ({
      up: on.action({
        when: (s) => s.n < end,
        then: (s) => {
          s.n += 1
        },
      }),
    }),
    properties: (on) => ({ good: on.always(() => true) }),
  })

function expectInconclusive(result: CheckResult, limit: string): void {
  expect(result).toMatchObject({ verdict: 'inconclusive', limit, properties: { good: { verdict: 'inconclusive' } } })
  for (const { kind, verdict } of Object.values(result.properties))
    expect(verdict).toBe(kind === 'sometimes' && verdict === 'holds' ? 'holds' : 'inconclusive')
}
const aborted = (): AbortSignal => AbortSignal.abort()

describe.each(['bfs', 'dfs'] as const)('%s ends inconclusive with the limit named', (strategy) => {
  it.each<[string, CheckOptions]>([
    ['states', { maxStates: 100 }],
    ['time', { timeMs: 60 }],
    ['memory', { memoryBytes: 1 }],
    ['interrupted', { signal: aborted() }],
  ])('for %s', (limit, options) => {
    expectInconclusive(check(large(), { strategy, ...options }), limit)
  })

  it('for depth', () => {
    expectInconclusive(check(large(), { strategy, maxDepth: 3 }), 'depth')
  })

  it('having kept to it', () => {
    expect(check(large(), { strategy, maxStates: 100 }).distinct).toBeLessThan(100 + 6)
    expect(check(large(), { strategy, timeMs: 60 }).seconds).toBeLessThan(1)
  })

  it('unless a violation was found before', () => {
    expect(check(large(1), { strategy, maxStates: 100, maxViolations: 1e6 })).toMatchObject({ verdict: 'violated', limit: 'states' })
    expect(check(large(1), { strategy, maxDepth: 2, maxViolations: 1e6 })).toMatchObject({ verdict: 'violated', limit: 'depth' })
    expect(check(large(1), { strategy, timeMs: 60, maxViolations: 1e6 })).toMatchObject({ verdict: 'violated', limit: 'time' })
  })

  it('but not where the space ends within it', () => {
    expect(check(line(5), { strategy, maxStates: 7, maxDepth: 6, timeMs: 60_000 })).toMatchObject({
      verdict: 'holds',
      limit: null,
      distinct: 6,
    })
  })

  it('and not for as many states as there are', () => {
    expect(check(line(5), { strategy, maxStates: 6 })).toMatchObject({ distinct: 6, verdict: 'holds' })
  })
})

describe.each(['random', 'pct'] as const)('%s ends inconclusive with the limit named', (strategy) => {
  it.each<[string, CheckOptions]>([
    ['walks', { walks: 5 }],
    ['states', { maxStates: 100 }],
    ['time', { timeMs: 60, walks: 1e9 }],
    ['memory', { memoryBytes: 1, walks: 1e9 }],
    ['interrupted', { signal: aborted(), walks: 1e9 }],
  ])('for %s', (limit, options) => {
    expectInconclusive(check(large(), { strategy, ...options }), limit)
  })

  it('also where the walks have seen the whole of a small space', () => {
    expectInconclusive(check(line(3), { strategy, walks: 50 }), 'walks')
  })

  it('unless a violation was found before', () => {
    expect(check(large(1), { strategy, walks: 200, maxViolations: 1e6 })).toMatchObject({ verdict: 'violated', limit: 'walks' })
  })

  it('in the middle of a long walk too', () => {
    const result = check(large(), { strategy, walks: 1, maxDepth: 150_000, timeMs: 60 })
    expect(result).toMatchObject({ limit: 'time' })
    expect(result.depth).toBeLessThan(150_000)
  })

  it('having taken no walk longer than the depth', () => {
    expect(check(large(), { strategy, walks: 5, maxDepth: 7 }).depth).toBe(8)
    expect(check(large(), { strategy, walks: 5 }).depth).toBe(101)
  })
})

describe('progress', () => {
  it('comes while the check runs, and an abort at any time ends it', () => {
    const controller = new AbortController()
    const run = explore(large(), { signal: controller.signal })
    const first = run.next()
    expect(first.done).toBe(false)
    expect(first.value).toMatchObject({ distinct: expect.any(Number), frontier: expect.any(Number), depth: expect.any(Number) })
    controller.abort()
    let next = run.next()
    for (let i = 0; i < 3 && !next.done; i++) next = run.next()
    expect(next.value).toMatchObject({ verdict: 'inconclusive', limit: 'interrupted' })
  })
})

describe('an option that makes no sense is refused:', () => {
  it.each<[CheckOptions, RegExp]>([
    [{ maxStates: 0 }, /maxStates.*at least 1, not 0/],
    [{ maxStates: 1.5 }, /maxStates.*not 1.5/],
    [{ maxStates: Number.NaN }, /maxStates.*not NaN/],
    [{ maxDepth: -1 }, /maxDepth.*at least 0, not -1/],
    [{ maxDepth: 2.5 }, /maxDepth.*not 2.5/],
    [{ timeMs: 0 }, /timeMs.*greater than 0, not 0/],
    [{ timeMs: Number.NaN }, /timeMs.*not NaN/],
    [{ memoryBytes: -5 }, /memoryBytes.*not -5/],
    [{ maxViolations: 0 }, /maxViolations.*at least 1, not 0/],
    [{ walks: 0, strategy: 'random' }, /walks.*at least 1, not 0/],
    [{ walks: 2.5, strategy: 'pct' }, /walks.*not 2.5/],
    [{ bugDepth: 0, strategy: 'pct' }, /bugDepth.*at least 1, not 0/],
    [{ seed: 0.5, strategy: 'random' }, /seed.*not 0.5/],
    [{ seed: Number.NaN, strategy: 'pct' }, /seed.*not NaN/],
    [{ strategy: 'astar' as 'bfs' }, /strategy must be bfs, dfs, random or pct, not astar/],
    [{ strategy: 'pct', maxDepth: 0 }, /maxDepth/],
  ])('%j', (options, message) => {
    let error: unknown
    try {
      check(line(3), options)
    } catch (thrown) {
      error = thrown
    }
    expect(isUserError(error)).toBe(true)
    expect(error).toMatchObject({ code: 'bad-option', message: expect.stringMatching(message) })
  })
})
