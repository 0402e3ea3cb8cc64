import fc from 'fast-check'
import { createDraft, finishDraft } from 'immer'
import isEqual from 'lodash/isEqual.js'
import { describe, expect, it } from 'vitest'
import { UserError } from '../errors.ts'
import { canonicalKey, type Json, plain, sameJson } from './json.ts'

const leaf = fc.constantFrom<Json>(null, true, false, 0, 1, -1, 0.5, 1e21, '', '0', 'null', 'a', 'é', '"', '\\', '[]', '{}')
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '0', '', 'a"', 'length'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}))

describe('canonicalKey', () => {
  it('is the same for two values exactly when lodash finds them equal', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(canonicalKey(a) === canonicalKey(b)).toBe(isEqual(a, b))
        expect(sameJson(a, b)).toBe(isEqual(a, b))
      }),
      { numRuns: 2000 },
    )
  })

  it('is the same for a value and its copy, whatever the order of the keys', () => {
    fc.assert(fc.property(value, (a) => void expect(canonicalKey(reversed(a))).toBe(canonicalKey(a))))
  })

  it('is JSON that reads back as an equal value', () => {
    fc.assert(fc.property(value, (a) => void expect(JSON.parse(canonicalKey(a))).toEqual(a)))
  })

  it('tells arrays from objects with the same members', () => {
    expect(canonicalKey(['x'])).not.toBe(canonicalKey({ 0: 'x' }))
    expect(canonicalKey([])).not.toBe(canonicalKey({}))
    expect(canonicalKey([[], []])).not.toBe(canonicalKey([[[]]]))
  })

  it('tells numbers, strings, booleans and null that print alike apart', () => {
    const alike: Json[] = [0, '0', null, 'null', true, 'true', '', [], ['']]
    expect(new Set(alike.map((each) => canonicalKey(each))).size).toBe(alike.length)
  })

  it('takes -0 for 0, also inside', () => {
    expect(canonicalKey(-0)).toBe(canonicalKey(0))
    expect(canonicalKey([{ a: -0 }])).toBe(canonicalKey([{ a: 0 }]))
  })

  it('takes an object without a prototype for one with', () => {
    expect(canonicalKey(Object.assign(Object.create(null) as object, { a: 1 }))).toBe(canonicalKey({ a: 1 }))
  })

  it('keeps a key named __proto__', () => {
    expect(canonicalKey(JSON.parse('{"__proto__":1}'))).not.toBe(canonicalKey({}))
  })
})

describe('what is not plain data is refused with its path:', () => {
  class Point {
    readonly x = 1
  }
  it.each<[string, unknown, RegExp]>([
    ['NaN', Number.NaN, /NaN/],
    ['Infinity', Number.POSITIVE_INFINITY, /Infinity/],
    ['undefined', undefined, /undefined/],
    ['a Map', new Map(), /Map/],
    ['a Set', new Set(), /Set/],
    ['a Date', new Date(0), /Date/],
    ['a regular expression', /x/, /RegExp/],
    ['a typed array', new Int32Array(2), /Int32Array/],
    ['a promise', Promise.resolve(1), /Promise/],
    ['an instance of a class', new Point(), /Point/],
    ['a boxed number', Object(1), /Number/],
    ['a function', () => 1, /function/],
    ['a symbol', Symbol('s'), /symbol/],
    ['a bigint', 1n, /bigint/],
    ['an object with a symbol key', { [Symbol('s')]: 1 }, /symbol/],
  ])('%s', (_, bad, what) => {
    for (const f of [canonicalKey, plain]) {
      expect(refusal(() => f(bad, 'n'))).toMatch(/^n is /)
      expect(refusal(() => f(bad, 'n'))).toMatch(what)
      expect(refusal(() => f({ list: [0, { deep: bad }] }, 'n'))).toMatch(/^n\.list\[1\]\.deep is /)
      expect(refusal(() => f([bad], 'n'))).toMatch(/^n\[0\] is /)
    }
  })

  it('a hole in an array', () => {
    const holes: unknown[] = [1]
    holes.length = 2
    expect(refusal(() => plain(holes, 'n'))).toMatch(/^n\[1\] is undefined/)
  })

  it('a value that contains itself', () => {
    const loop: { in: unknown[] } = { in: [] }
    loop.in.push(loop)
    expect(refusal(() => canonicalKey(loop, 'n'))).toMatch(/^n\.in\[0\]/)
    expect(refusal(() => plain(loop, 'n'))).toMatch(/^n\.in\[0\]/)
  })

  it('also where it is refused a second time', () => {
    const bad = { a: { b: undefined } }
    expect(refusal(() => plain(bad, 'n'))).toBe(refusal(() => plain(bad, 'n')))
  })

  it('an instance of a class that holds a draft', () => {
    const draft = createDraft({ x: { y: 1 } })
    class Box {
      readonly inside = draft.x
    }
    expect(refusal(() => plain({ box: new Box() }, 'n'))).toMatch(/^n\.box is a Box/)
  })
})

describe('plain', () => {
  it('freezes deeply and returns the very object', () => {
    const given = { a: [{ b: {} }] }
    expect(plain(given)).toBe(given)
    const frozen = [given, given.a, given.a[0], given.a[0]?.b].map((each) => Object.isFrozen(each))
    expect(frozen).toEqual([true, true, true, true])
  })

  it('freezes what is inside of an object that was frozen before', () => {
    const inner = { x: 1 }
    plain(Object.freeze({ inner }))
    expect(Object.isFrozen(inner)).toBe(true)
  })

  it('resolves drafts at any depth, and leaves them usable', () => {
    const draft = createDraft({ list: [{ x: 1 }], other: { y: 0 } })
    draft.other.y = 5
    const found = plain({ whole: draft, part: draft.other, both: [draft.list[0], draft.other] })
    expect(found).toEqual({ whole: { list: [{ x: 1 }], other: { y: 5 } }, part: { y: 5 }, both: [{ x: 1 }, { y: 5 }] })
    draft.other.y = 6
    expect(finishDraft(draft)).toEqual({ list: [{ x: 1 }], other: { y: 6 } })
    expect(found).toMatchObject({ part: { y: 5 } })
  })

  it('does not change the object whose drafts it resolves', () => {
    const draft = createDraft({ x: 1 })
    const holder = { draft }
    plain(holder)
    expect(holder.draft).toBe(draft)
    expect(Object.isFrozen(holder)).toBe(false)
  })

  it('replaces what `reveal` knows, at any depth', () => {
    const stand = { stand: 'in' }
    const reveal = (object: object): unknown => (object === stand ? { the: 'data' } : undefined)
    expect(plain([{ a: stand }, stand], 'value', reveal)).toEqual([{ a: { the: 'data' } }, { the: 'data' }])
  })

  it('gives the same key to a frozen value as to its copy', () => {
    fc.assert(fc.property(value, (a) => void expect(canonicalKey(plain(structuredClone(a)))).toBe(canonicalKey(a))))
  })

  it('turns -0 into 0, so that what a model divides by does not depend on which came first', () => {
    expect(Object.is(plain(-0), 0)).toBe(true)
  })
})

function reversed(a: Json): Json {
  if (typeof a !== 'object' || a === null) return a
  if (Array.isArray(a)) return a.map((each: Json) => reversed(each))
  return Object.fromEntries(
    Object.entries(a)
      .reverse()
      .map(([key, each]) => [key, reversed(each as Json)]),
  )
}

function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(UserError)
    expect((error as UserError).code).toBe('not-plain-data')
    return (error as UserError).message
  }
  throw new Error('nothing was refused')
}
