import { describe, expect, it } from 'vitest'
import { check, explore } from './check.ts'
import { isUserError } from './errors.ts'
import { defineModel, type Model, type ModelSpec } from './language/model.ts'
import type { PropertyBuilder } from './language/properties.ts'
import { anyOf, bags, cell, cells, ids } from './language/slots.ts'
import type { CheckOptions, CheckResult } from './result.ts'

const layout = () => ({ n: cell(0), m: cells(2, 0) })
type Counter = ReturnType<typeof layout>
type On = PropertyBuilder<Counter>

/** Counts n up to `end` and then stops. */
function counting(
  properties: (on: On) => ReturnType<Model['spec']['properties']>,
  end = 5,
  others: { done?: boolean; boundary?: number } = {},
): Model {
  const { done, boundary } = others
  const spec: ModelSpec<Record<never, never>, Record<never, never>, Counter> = {
    name: 'm',
    about: '',
    state: layout,
    actions: (on) => ({
      up: on.action({
        when: (s) => s.n < end,
        then: (s) => {
          s.n += 1
        },
      }),
    }),
    properties,
    ...(done !== undefined && { done: () => done }),
    ...(boundary !== undefined && { boundary: (s) => s.n <= boundary }),
  }
  return defineModel(spec)
}
const judged = (model: Model, options: CheckOptions = {}): CheckResult['properties'] => check(model, options).properties
const collect = { maxViolations: Number.POSITIVE_INFINITY }

describe('an `always` property', () => {
  it('holds where it is true in every state', () => {
    expect(judged(counting((on) => ({ p: on.always((s) => s.n <= 5) })))['p']).toMatchObject({
      kind: 'always',
      verdict: 'holds',
      depth: null,
      message: null,
      trace: null,
    })
  })

  it('tells of the first level where it fails by a shortest trace, with its own sentence', () => {
    const p = judged(counting((on) => ({ p: on.always('n stays below 3', (s) => s.n < 3) })))['p']
    expect(p).toMatchObject({ verdict: 'violated', depth: 4, message: 'n stays below 3', part: null })
    expect(p?.trace).toMatchObject({
      property: 'p',
      kind: 'always',
      model: 'm',
      strategy: 'bfs',
      seed: null,
      initial: { n: 0, 'm[0]': 0, 'm[1]': 0 },
    })
    expect(p?.trace?.steps).toEqual([1, 2, 3].map(() => ({ action: 'up', args: [], process: null })))
  })

  it('tells with a string what is wrong in the very state', () => {
    expect(judged(counting((on) => ({ p: on.always('n stays small', (s) => s.n < 2 || `n is ${s.n}`) })))['p']?.message).toBe('n is 2')
  })

  it('has a sentence also where none is given', () => {
    expect(judged(counting((on) => ({ p: on.always((s) => s.n < 2) })))['p']?.message).toBe('p does not hold')
  })

  it('takes an empty string for a violation too', () => {
    expect(judged(counting((on) => ({ p: on.always((s) => s.n < 2 || '') })))['p']).toMatchObject({ verdict: 'violated', depth: 3 })
  })

  it('made of parts says which part fails, with the sentence of the whole or of the part', () => {
    const model = counting((on) => ({
      p: on.always('all is well', { low: (s) => s.n < 4, odd: (s) => s.n !== 2 || `n is ${s.n}`, fine: () => true }),
    }))
    expect(judged(model)['p']).toMatchObject({ part: 'odd', message: 'n is 2', depth: 3, trace: { message: 'odd: n is 2' } })
    expect(check(model, collect).violations.map(({ part, message, depth }) => [part, message, depth])).toEqual([
      ['odd', 'n is 2', 3],
      ['low', 'all is well', 5],
      ['low', 'all is well', 6],
    ])
  })

  it('that fails in an initial state has a trace without steps', () => {
    const p = judged(counting((on) => ({ p: on.always((s) => s.n > 0) })))['p']
    expect(p).toMatchObject({ depth: 1, trace: { steps: [] } })
  })

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a number', 0],
    ['a number', 1],
    ['an object', {}],
    ['a promise', Promise.resolve(true)],
  ])('that returns %s is refused', (_, result) => {
    const refused = (properties: (on: On) => ReturnType<Model['spec']['properties']>): string => {
      try {
        check(counting(properties))
      } catch (error) {
        if (isUserError(error)) return `${error.code}: ${error.message}`
        throw error
      }
      return 'accepted'
    }
    const given = result as boolean
    expect(refused((on) => ({ p: on.always(() => given) }))).toMatch(/^bad-model: property p of model m.*return true, false or a sentence/)
    expect(refused((on) => ({ p: on.always({ low: () => given }) }))).toMatch(/^bad-model: property p\.low of model m/)
    expect(refused((on) => ({ p: on.sometimes(() => given) }))).toMatch(/^bad-model: property p of model m/)
    expect(refused((on) => ({ p: on.step('steps', 'n', () => given) }))).toMatch(/^bad-model: property p of model m/)
  })
})

describe('a `sometimes` property', () => {
  it('holds with the first witness, and its level', () => {
    const p = judged(counting((on) => ({ p: on.sometimes('n is 3', (s) => s.n === 3) })))['p']
    expect(p).toMatchObject({ kind: 'sometimes', verdict: 'holds', depth: 4, trace: { kind: 'sometimes' } })
    expect(p?.trace?.steps).toHaveLength(3)
  })

  it('is violated where the whole space has no witness, and says so', () => {
    const result = check(counting((on) => ({ p: on.sometimes((s) => s.n === 9) })))
    expect(result).toMatchObject({ verdict: 'violated', violations: [] })
    expect(result.properties['p']).toMatchObject({
      verdict: 'violated',
      depth: null,
      message: 'no reachable state satisfies it',
      trace: null,
    })
  })

  it('is not judged where another property ended the search', () => {
    const model = counting((on) => ({ p: on.sometimes((s) => s.n === 4), q: on.always((s) => s.n < 2) }))
    expect(judged(model)).toMatchObject({ p: { verdict: 'inconclusive' }, q: { verdict: 'violated' } })
  })

  it('is judged where violations are collected and all of the space was seen', () => {
    const model = counting((on) => ({
      p: on.sometimes((s) => s.n === 4),
      never: on.sometimes(() => false),
      q: on.always((s) => s.n < 2),
      r: on.always(() => true),
    }))
    expect(judged(model, collect)).toMatchObject({
      p: { verdict: 'holds' },
      never: { verdict: 'violated' },
      q: { verdict: 'violated' },
      r: { verdict: 'holds' },
    })
  })
})

describe('a `step` property', () => {
  it('is judged for each change of the cell, and names it', () => {
    const model = counting((on) => ({ p: on.step('n grows by one', 'n', (before, after) => after === before + 1 && after < 4) }))
    expect(judged(model)['p']).toMatchObject({ kind: 'step', verdict: 'violated', depth: 5, message: 'n: n grows by one' })
    expect(judged(model)['p']?.trace?.steps).toHaveLength(4)
  })

  it('is judged for any cell of a family, by index', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: layout,
      actions: (on) => ({
        go: on.action({
          each: ids(2),
          then: (s, i) => {
            s.m[i] = (s.m[i] + 1) % 3
          },
        }),
      }),
      properties: (on) => ({ p: on.step('never falls', 'm', (before, after) => after >= before || `fell from ${before} to ${after}`) }),
    })
    expect(judged(model)['p']).toMatchObject({ depth: 4, message: 'm[0]: fell from 2 to 0' })
    expect(new Set(check(model, collect).violations.map(({ message }) => message))).toEqual(
      new Set(['m[0]: fell from 2 to 0', 'm[1]: fell from 2 to 0']),
    )
  })

  it('is not judged where the cell stays as it is', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: layout,
      actions: (on) => ({
        same: on.action({
          then: (s) => {
            s.n = 0
          },
        }),
        other: on.action({
          when: (s) => s.m[0] === 0,
          then: (s) => {
            s.m[0] = 1
          },
        }),
      }),
      properties: (on) => ({ p: on.step('never', 'n', () => false) }),
    })
    expect(judged(model)['p']?.verdict).toBe('holds')
  })

  it('is judged where the cell is assigned unread, from every value that it had', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ n: cell(anyOf([0, 1, 2, 3])), go: cell(true as boolean) }),
      actions: (on) => ({
        set: on.action({
          when: (s) => s.go,
          then: (s) => {
            s.go = false
            s.n = 2
          },
        }),
      }),
      properties: (on) => ({ p: on.step('never falls', 'n', (before, after) => after >= before) }),
    })
    const { violations, properties } = check(model, collect)
    expect(properties['p']).toMatchObject({ verdict: 'violated', depth: 2 })
    expect(violations.map(({ trace }) => trace.initial['n'])).toEqual([3])
  })

  it('is judged where a step leads to a state that is known, or to the same', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ n: cell<number>(anyOf([0, 1])) }),
      actions: (on) => ({
        flip: on.action({
          then: (s) => {
            s.n = 1 - s.n
          },
        }),
      }),
      properties: (on) => ({ p: on.step('never falls', 'n', (before, after) => after >= before) }),
    })
    expect(judged(model)['p']).toMatchObject({ verdict: 'violated', depth: 2, trace: { initial: { n: 1 } } })
  })

  it('is not judged for steps that leave the boundary', () => {
    expect(judged(counting((on) => ({ p: on.step('small', 'n', (_, after) => after < 3) }), 5, { boundary: 2 }))['p']?.verdict).toBe(
      'holds',
    )
  })

  it('of a family of bags is judged or refused, but does not hold unseen', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ inbox: bags<number>(2), go: cell(true as boolean) }),
      actions: (on) => ({
        send: on.action({
          when: (s) => s.go,
          then: (s) => {
            s.go = false
            s.inbox[0].add(1)
          },
        }),
      }),
      properties: (on) => ({ p: on.step('never', 'inbox', () => false) }),
    })
    let verdict: string | undefined
    try {
      verdict = judged(model)['p']?.verdict
    } catch (error) {
      expect(isUserError(error)).toBe(true)
    }
    expect(verdict).not.toBe('holds')
  })
})

describe('deadlock', () => {
  it('is no matter where the model does not say when it is done', () => {
    expect(check(counting(() => ({})))).toMatchObject({ verdict: 'holds', terminal: 1, properties: {} })
  })

  it('is none where the model is done', () => {
    expect(check(counting(() => ({}), 5, { done: true }))).toMatchObject({
      verdict: 'holds',
      properties: { noDeadlock: { kind: 'deadlock', verdict: 'holds' } },
    })
  })

  it('is a violation anywhere else, at the level of the state that is stuck', () => {
    const result = check(counting(() => ({}), 3, { done: false }))
    expect(result).toMatchObject({
      verdict: 'violated',
      properties: { noDeadlock: { verdict: 'violated', depth: 4, message: expect.stringContaining('no action is enabled') } },
    })
    expect(result.violations[0]?.trace).toMatchObject({ property: 'noDeadlock', kind: 'deadlock' })
    expect(result.violations[0]?.trace.steps).toHaveLength(3)
  })

  it('is none where the boundary cuts the successors off', () => {
    expect(check(counting(() => ({}), 9, { done: false, boundary: 3 }))).toMatchObject({
      verdict: 'holds',
      distinct: 4,
      outside: 1,
      terminal: 0,
    })
  })

  it('is not looked for where only other properties are asked for', () => {
    const model = counting((on) => ({ p: on.always(() => true) }), 3, { done: false })
    expect(check(model, { properties: ['p'] })).toMatchObject({ verdict: 'holds' })
    expect(Object.keys(check(model, { properties: ['noDeadlock'] }).properties)).toEqual(['noDeadlock'])
  })
})

describe('initial states', () => {
  const several = (initially?: (s: { n: number }) => boolean, boundary?: (s: { n: number }) => boolean): Model =>
    defineModel({
      name: 'm',
      about: '',
      state: () => ({ n: cell(anyOf([0, 1, 2])), m: cells(2, (i) => anyOf([i, 5])) }),
      actions: () => ({}),
      properties: (on) => ({ p: on.always((s) => s.n < 3), two: on.sometimes((s) => s.n === 2 && s.m[0] === 5 && s.m[1] === 1) }),
      ...(initially && { initially }),
      ...(boundary && { boundary }),
    })

  it('are every combination of the alternatives', () => {
    expect(check(several())).toMatchObject({ verdict: 'holds', distinct: 12, generated: 12, levels: [12], depth: 1 })
  })

  it('are restricted by `initially`, and cut off by the boundary', () => {
    expect(check(several((s) => s.n > 0))).toMatchObject({ distinct: 8, generated: 8, outside: 0 })
    expect(check(several(undefined, (s) => s.n !== 1))).toMatchObject({ distinct: 8, generated: 12, outside: 4 })
  })

  it('that are equal count once', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({
        n: cell(
          anyOf([
            { a: 1, b: 2 },
            { b: 2, a: 1 },
          ]),
        ),
      }),
      actions: () => ({}),
      properties: () => ({}),
    })
    expect(check(model).distinct).toBe(1)
  })

  it.each(['bfs', 'dfs', 'random', 'pct'] as const)('that do not exist prove nothing by %s', (strategy) => {
    let verdict: string | undefined
    try {
      verdict = check(
        several(() => false),
        { strategy, properties: ['p'] },
      ).verdict
    } catch (error) {
      expect(isUserError(error)).toBe(true)
    }
    expect(verdict).not.toBe('holds')
  })

  it('that are huge in number are still each found', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ n: cells(10, anyOf([0, 1, 2])) }),
      actions: () => ({}),
      properties: () => ({}),
    })
    expect(check(model).distinct).toBe(3 ** 10)
  })
})

describe('the result', () => {
  it('counts self-loops and repetitions as generated, and levels as they are', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ n: cell(0) }),
      actions: (on) => ({
        stay: on.action({ then: () => {} }),
        up: on.action({
          when: (s) => s.n < 2,
          then: (s) => {
            s.n += 1
          },
        }),
        never: on.action({ when: () => false, then: () => {} }),
      }),
      properties: () => ({}),
    })
    const result = check(model)
    expect(result).toMatchObject({
      distinct: 3,
      generated: 1 + 3 + 2,
      depth: 3,
      levels: [1, 1, 1],
      terminal: 0,
      outside: 0,
      limit: null,
      walks: null,
      guarantee: null,
    })
    expect(result.actions).toEqual({ stay: { taken: 3, enabled: 3 }, up: { taken: 2, enabled: 2 }, never: { taken: 0, enabled: 0 } })
    expect(result.slots).toEqual({ n: 3 })
  })

  it('of a model without slots and actions is one state', () => {
    expect(check(defineModel({ name: 'm', about: '', state: () => ({}), actions: () => ({}), properties: () => ({}) }))).toMatchObject({
      verdict: 'holds',
      distinct: 1,
      generated: 1,
      terminal: 1,
    })
  })

  it('is plain JSON that reads back as it was', () => {
    const result = check(
      counting((on) => ({ p: on.always((s) => s.n < 3) })),
      { strategy: 'pct', walks: 3 },
    )
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  })

  it('collects distinct violations up to the maximum, then stops', () => {
    const model = counting((on) => ({ p: on.always((s) => s.n < 2), q: on.always((s) => s.n !== 4) }), 50)
    expect(check(model, { maxViolations: 3 }).violations.map(({ property, depth }) => [property, depth])).toEqual([
      ['p', 3],
      ['p', 4],
      ['p', 5],
    ])
    expect(check(model, { maxViolations: 4 }).violations).toHaveLength(4)
    expect(check(model, collect).violations).toHaveLength(49 + 1)
    expect(check(model, { maxViolations: 3 })).toMatchObject({ limit: null, verdict: 'violated' })
  })

  it('judges only the properties that are asked for', () => {
    const model = counting((on) => ({ p: on.always((s) => s.n < 2), q: on.always((s) => s.n < 9) }))
    expect(check(model, { properties: ['q'] })).toMatchObject({ verdict: 'holds', distinct: 6 })
    expect(Object.keys(judged(model, { properties: ['q'] }))).toEqual(['q'])
  })

  it('is the same when it comes in slices', () => {
    const run = explore(counting((on) => ({ p: on.always((s) => s.n < 400) }), 500))
    let next = run.next()
    while (!next.done) next = run.next()
    expect(next.value).toMatchObject({ verdict: 'violated', properties: { p: { depth: 401 } } })
  })

  it('of a violated property does not depend on which other properties there are', () => {
    const one = judged(counting((on) => ({ p: on.always((s) => s.n < 3) })))['p']
    const two = judged(
      counting((on) => ({ w: on.sometimes((s) => s.n === 1), p: on.always((s) => s.n < 3), v: on.sometimes((s) => s.n === 2) })),
    )['p']
    expect(two).toEqual(one)
  })
})
