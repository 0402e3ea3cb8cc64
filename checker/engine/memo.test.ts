/** Remembered outcomes never change what is found: hand-made cases that random models hardly meet. */
import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { defineModel, type Model } from '../language/model.ts'
import { program } from '../language/program.ts'
import { anyOf, bag, bags, cell, cells, fifo, fifos, ids, set } from '../language/slots.ts'
import type { CheckResult } from '../result.ts'
import { referenceExplore } from '../testing/reference.ts'

type Counts = Pick<CheckResult, 'distinct' | 'generated' | 'depth' | 'levels' | 'terminal' | 'outside' | 'actions'>
const counts = ({ distinct, generated, depth, levels, terminal, outside, actions }: Counts): Counts => ({
  distinct,
  generated,
  depth,
  levels,
  terminal,
  outside,
  actions,
})

/** Same counts with and without memory, with and without the purity check, and by the reference explorer. */
function expectSame(model: Model): CheckResult {
  const options = { maxViolations: Number.POSITIVE_INFINITY }
  const remembered = check(model, options)
  expect(counts(remembered)).toEqual(counts(referenceExplore(program(model))))
  for (const memoize of [true, false])
    for (const checkPurity of [true, false]) expect(counts(check(model, { ...options, memoize, checkPurity }))).toEqual(counts(remembered))
  return remembered
}

describe('outcomes are remembered', () => {
  it('per process and per argument', () => {
    expectSame(
      defineModel({
        name: 'm',
        about: '',
        state: () => ({ n: cells(3, 0), total: cell(0) }),
        actions: (on) => ({
          add: on.action({
            each: ids(3),
            over: (_, i) => ids(i + 1),
            when: (s, i, x) => s.n[i] === x,
            then: (s, i, x) => {
              s.n[i] += 1
              s.total = (s.total + x) % 4
            },
          }),
          reset: on.action({
            each: [2, 0],
            when: (s, i) => s.n[i] > 1,
            then: (s, i) => {
              s.n[i] = 0
            },
          }),
        }),
        properties: () => ({}),
      }),
    )
  })

  it('for actions of the environment beside those of processes, in the order of the model', () => {
    const result = expectSame(
      defineModel({
        name: 'm',
        about: '',
        state: () => ({ n: cells(2, 0), m: cell(0) }),
        actions: (on) => ({
          tick: on.action({
            when: (s) => s.m < 2,
            then: (s) => {
              s.m += 1
            },
          }),
          own: on.action({
            each: ids(2),
            when: (s, i) => s.n[i] < s.m,
            then: (s, i) => {
              s.n[i] += 1
            },
          }),
          crash: on.action({
            each: ['power', 'disk'],
            when: (s) => s.m > 0,
            then: (s, why) => {
              s.n[why === 'power' ? 0 : 1] = 0
            },
          }),
        }),
        properties: () => ({}),
      }),
    )
    expect(Object.keys(result.actions)).toEqual(['tick', 'own', 'crash'])
  })

  it('for domains that are bags, sets and fifos returned as they are, and choose which', () => {
    expectSame(
      defineModel({
        name: 'm',
        about: '',
        state: () => ({ bag: bags<number>(2), queue: fifos<number>(2), seen: set<number>([7]), which: cell(0), sent: cell(0) }),
        actions: (on) => ({
          send: on.action({
            each: ids(2),
            when: (s) => s.sent < 3,
            then: (s, i) => {
              s.sent += 1
              s.bag[i].add(s.sent)
              s.queue[(1 - i) as 0 | 1].push(s.sent)
            },
          }),
          take: on.action({
            each: ids(2),
            over: (s, i) => s.bag[i],
            then: (s, i, x) => {
              s.bag[i].remove(x)
              s.seen.add(x)
            },
          }),
          next: on.action({
            each: ids(2),
            over: (s, i) => s.queue[i].front,
            then: (s, i, x) => {
              s.queue[i].shift()
              s.which = x % 2
            },
          }),
          any: on.action({
            over: (s) => (s.which === 0 ? s.seen : s.bag[0]),
            when: (s, x) => s.seen.size < 3 && x !== 7,
            then: (s, x) => {
              s.seen.add(x + 10)
            },
          }),
          all: on.action({
            over: (s) => s.queue[0],
            when: (_s, x) => x === 3,
            then: (s) => {
              s.which = 1
            },
          }),
        }),
        properties: () => ({}),
      }),
    )
  })

  it('for domains made of several collections, generators, and nested data', () => {
    expectSame(
      defineModel({
        name: 'm',
        about: '',
        state: () => ({
          one: bag<{ k: number[] }>([{ k: [1] }, { k: [2] }, { k: [1] }]),
          two: set<{ k: number[] }>([{ k: [2] }, { k: [3] }]),
          last: cell<unknown>(null),
        }),
        actions: (on) => ({
          both: on.action({
            over: (s) => [...s.one, ...s.two],
            then: (s, x) => {
              s.last = x
            },
          }),
          pairs: on.action({
            over: function* (s) {
              for (const a of s.one) for (const b of s.two) yield [a, { b }] as const
            },
            then: (s, [a, { b }]) => {
              s.last = [b.k, a.k]
            },
          }),
          own: on.action({
            over: (s) => (Array.isArray(s.last) ? (s.last as unknown[]) : []),
            then: (s, x) => {
              s.last = x
            },
          }),
        }),
        properties: () => ({}),
      }),
    )
  })

  it('once for equal elements of a domain, also where their keys stand in another order', () => {
    const result = expectSame(
      defineModel({
        name: 'm',
        about: '',
        state: () => ({ n: cell(0) }),
        actions: (on) => ({
          go: on.action({
            over: () => [1, 1, 2, { a: 1, b: 2 }, { b: 2, a: 1 }],
            then: (s, x) => {
              s.n = typeof x === 'number' ? x : 9
            },
          }),
        }),
        properties: () => ({}),
      }),
    )
    // States 0, 1, 2, 9, with three distinct elements each.
    expect(result).toMatchObject({ distinct: 4, generated: 1 + 4 * 3 })
  })

  it('for elements of every kind, null and arrays among them, with and without a static argument', () => {
    expectSame(
      defineModel({
        name: 'm',
        about: '',
        state: () => ({ last: cell<unknown>(0) }),
        actions: (on) => ({
          one: on.action({
            over: () => [null, [], [null], '', false],
            then: (s, x) => {
              s.last = x
            },
          }),
          two: on.action({
            each: [null, [], 'e'],
            over: () => [null, 0],
            then: (s, e, x) => {
              s.last = [e, x]
            },
          }),
          three: on.action({
            each: [null, false],
            then: (s, e) => {
              s.last = { e }
            },
          }),
        }),
        properties: () => ({}),
      }),
    )
  })

  it('where an action changes what decides which of the next are enabled', () => {
    expectSame(
      defineModel({
        name: 'm',
        about: '',
        state: () => ({ at: cells(3, 'idle' as 'idle' | 'wait' | 'in'), lock: cell<number | null>(null), queue: fifo<number>() }),
        actions: (on) => ({
          ask: on.action({
            each: ids(3),
            when: (s, i) => s.at[i] === 'idle',
            then: (s, i) => {
              s.at[i] = 'wait'
              s.queue.push(i)
            },
          }),
          enter: on.action({
            each: ids(3),
            when: (s, i) => s.lock === null && s.queue.first === i,
            then: (s, i) => {
              s.queue.shift()
              s.lock = i
              s.at[i] = 'in'
            },
          }),
          leave: on.action({
            each: ids(3),
            when: (s, i) => s.lock === i,
            then: (s, i) => {
              s.lock = null
              s.at[i] = 'idle'
            },
          }),
        }),
        properties: () => ({}),
      }),
    )
  })

  it('for more than 64 actions', () => {
    const result = expectSame(
      defineModel({
        name: 'm',
        about: '',
        state: () => ({ n: cell(0) }),
        actions: (on) =>
          Object.fromEntries(
            ids(70).map((i) => [
              `a${i}`,
              on.action({
                when: (s) => s.n === i || s.n === 69 - i,
                then: (s) => {
                  s.n = i + 1
                },
              }),
            ]),
          ),
        properties: () => ({}),
      }),
    )
    expect(result.actions['a69']).toEqual({ taken: 2, enabled: 2 })
  })

  it('for a function that reads more parts than are told apart, of one slot and of many', () => {
    expectSame(
      defineModel({
        name: 'm',
        about: '',
        state: () => ({
          list: cell(anyOf([0, 1, 29].map((at) => ids(30).map((i): number => (i === at ? 1 : 0))))),
          many: cells(30, 0),
          sum: cell(0),
        }),
        actions: (on) => ({
          sum: on.action({
            when: (s) => s.sum === 0,
            then: (s) => {
              s.sum = s.list.reduce((total, x, i) => total + x * (i + 1), 0)
            },
          }),
          shift: on.action({
            when: (s) => s.list.some((x, i) => x === 1 && i < 3),
            then: (s) => {
              s.list.unshift(s.list.pop() ?? 0)
            },
          }),
          mark: on.action({
            when: (s) => s.many.every((x) => x < 2),
            then: (s) => {
              s.many[(s.sum % 30) as 0] += 1
            },
          }),
        }),
        properties: (on) => ({ p: on.always((s) => (s.list as number[]).indexOf(1) < 2 || s.sum === 0) }),
      }),
    )
  })

  it('for a function that reads few parts of most values and many of some', () => {
    expectSame(
      defineModel({
        name: 'm',
        about: '',
        state: () => ({
          v: cell<{ tag: number; list: number[] }>(
            anyOf([0, 1, 2, 3].flatMap((tag) => [0, 5].map((last) => ({ tag, list: [...new Array<number>(28).fill(0), last] })))),
          ),
          out: cell(-1),
        }),
        actions: (on) => ({
          go: on.action({
            when: (s) => s.out < 0 && (s.v.tag < 2 || s.v.list.includes(5)),
            then: (s) => {
              s.out = s.v.tag === 3 ? s.v.list.lastIndexOf(5) : s.v.tag
            },
          }),
        }),
        properties: () => ({}),
      }),
    )
  })

  it('until that does not pay: a model in which every action reads everything', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ v: cell({ n: [0, 0, 0, 0] }), noise: cells(3, 0) }),
      actions: (on) => ({
        go: on.action({
          each: ids(4),
          when: (s, i) => JSON.stringify([s.v, s.noise[0], s.noise[1], s.noise[2]]).length > 0 && (s.v.n[i] as number) < 4,
          then: (s, i) => {
            s.v.n[i] = (s.v.n[i] as number) + 1
            s.noise[0] = s.v.n.reduce((a, b) => a + b) % 2
          },
        }),
      }),
      properties: (on) => ({ p: on.always((s) => JSON.stringify([s.v, s.noise[0]]) !== 'x') }),
    })
    const remembered = check(model)
    expect(remembered).toMatchObject({ verdict: 'holds', distinct: 5 ** 4, depth: 17 })
    expect(counts(check(model, { memoize: false }))).toEqual(counts(remembered))
    expect(counts(check(model, { memoize: false, checkPurity: false }))).toEqual(counts(remembered))
  })

  it('and functions run a few times where states are many', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ n: cells(6, 0), other: cell({ big: [1, 2, 3] }) }),
      actions: (on) => ({
        go: on.action({
          each: ids(6),
          when: (s, i) => s.n[i] < 4,
          then: (s, i) => {
            s.n[i] += 1
          },
        }),
      }),
      properties: (on) => ({ p: on.always((s) => s.n[0] < 5) }),
    })
    const result = check(model, { checkPurity: false })
    expect(result.distinct).toBe(5 ** 6)
    // 5 guards and 4 effects for each of 6 processes, 5 judgements.
    expect(result.modelRuns).toBeLessThanOrEqual(6 * 9 + 5)
  })
})

describe('identity', () => {
  it.each([2, 40])('of equal parts does not show, also where they are one object, among %i', (count) => {
    const same = { x: 1 }
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ v: cell(new Array<{ x: number }>(count).fill(same)) }),
      actions: () => ({}),
      properties: (on) => ({ p: on.always((s) => s.v.every(({ x }) => x === 1) && s.v[0] !== s.v[1]) }),
    })
    expect(check(model).verdict).toBe('holds')
  })
})
