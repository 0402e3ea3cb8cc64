/** What counts as read: two values that differ only in unread parts share an outcome, and any look at a part makes them differ. */
import isEqual from 'lodash/isEqual.js'
import { match, P } from 'ts-pattern'
import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { defineModel } from '../language/model.ts'
import { anyOf, cell } from '../language/slots.ts'

/** Runs a reader on each value within one check. How often it ran is how many of the values it could tell apart. */
function read<T>(values: readonly T[], reader: (value: T) => unknown): { results: string[]; runs: number } {
  const model = defineModel({
    name: 'reading',
    about: '',
    state: () => ({ n: cell(anyOf(values.map((_, i) => i))), v: cell<{ readonly value: T }>(anyOf(values.map((value) => ({ value })))) }),
    actions: () => ({}),
    properties: (on) => ({ told: on.always((s) => `told ${String(reader(s.v.value))}`) }),
    // One state a value, numbered to find its result again.
    initially: (s) => JSON.stringify(s.v.value) === JSON.stringify(values[s.n]),
  })
  const { violations } = check(model, { maxViolations: Number.POSITIVE_INFINITY, checkPurity: false })
  const results = values.map((_, i) => violations.find(({ trace }) => trace.initial['n'] === i)?.message.slice('told '.length) ?? 'nothing')
  return { results, runs: runsOf(values, reader) }
}

function runsOf<T>(values: readonly T[], reader: (value: T) => unknown): number {
  let runs = 0
  const model = defineModel({
    name: 'reading',
    about: '',
    state: () => ({ v: cell<{ readonly value: T }>(anyOf(values.map((value) => ({ value })))) }),
    actions: () => ({}),
    properties: (on) => ({
      told: on.always((s) => {
        runs++
        return String(reader(s.v.value)) !== '?'
      }),
    }),
  })
  check(model, { checkPurity: false })
  return runs
}

type Tree = { readonly [key: string]: unknown }

describe('values that differ only in parts that are not looked at share an outcome:', () => {
  it.each<[string, readonly Tree[], (v: Tree) => unknown]>([
    [
      'another member',
      [
        { a: 1, b: 1 },
        { a: 1, b: 2 },
        { a: 1, b: [3] },
      ],
      (v) => v['a'],
    ],
    ['other keys', [{ a: 1 }, { a: 1, b: 2 }, { a: 1, c: 2 }], (v) => v['a']],
    ['what is inside of an object that is only tested for null', [{ a: { x: 1 } }, { a: { x: 2 } }, { a: {} }], (v) => v['a'] === null],
    ['what is inside of an object of which only the type is asked', [{ a: { x: 1 } }, { a: {} }], (v) => typeof v['a']],
    ['elements where only the length is asked', [{ a: [1, 2] }, { a: [3, [4]] }], (v) => (v['a'] as number[]).length],
    ['elements where only Array.isArray is asked', [{ a: [1, 2] }, { a: [3, [4]] }], (v) => Array.isArray(v['a'])],
    ['elements behind an early exit', [{ a: [1, 2, 3] }, { a: [1, 5, 3] }], (v) => (v['a'] as number[]).some((x) => x === 1)],
    [
      'elements behind a break',
      [{ a: [1, 2, 3] }, { a: [1, 5, 3] }],
      (v) => {
        for (const x of v['a'] as number[]) return x
      },
    ],
    ['elements besides the last', [{ a: [1, 2, 3] }, { a: [5, 6, 3] }], (v) => (v['a'] as number[]).at(-1)],
    ['elements outside of a slice', [{ a: [1, 2, 3] }, { a: [1, 2, 4] }], (v) => (v['a'] as number[]).slice(0, 2).join()],
    [
      'members that are not destructured',
      [
        { a: 1, b: 1 },
        { a: 1, b: 2 },
      ],
      ({ a }) => a,
    ],
    [
      'elements that are not destructured',
      [{ a: [1, 2] }, { a: [1, 3] }],
      ({ a }) => {
        const [first] = a as number[]
        return first
      },
    ],
    [
      'other fields of the elements',
      [{ a: [{ x: 1, y: 1 }] }, { a: [{ x: 1, y: 2 }] }],
      (v) => (v['a'] as { x: number }[]).map(({ x }) => x).join(),
    ],
    [
      'what a pattern does not look at',
      [
        { kind: 'a', x: 1 },
        { kind: 'a', x: 2 },
      ],
      (v) =>
        match(v)
          .with({ kind: 'a' }, () => 1)
          .otherwise(() => 2),
    ],
    ['what is behind a missing member', [{ b: 1 }, { b: 2 }], (v) => (v['a'] as Tree | undefined)?.['x']],
  ])('%s', (_, values, reader) => {
    expect(runsOf(values, reader)).toBe(1)
    expect(read(values, reader).results).toEqual(values.map((v) => String(reader(v))))
  })
})

describe('values that differ in a part that is looked at do not:', () => {
  const entries = (v: object): string => JSON.stringify(Object.entries(v))
  it.each<[string, readonly unknown[], (v: never) => unknown]>([
    ['a primitive', [1, 2, '1', null, true], (v: unknown) => JSON.stringify(v)],
    ['a string by its length', ['a', 'ab'], (v: string) => v.length],
    ['a string by its methods', ['ab', 'ba'], (v: string) => v.startsWith('a')],
    ['a member', [{ a: 1 }, { a: 2 }], (v: Tree) => v['a']],
    ['a member that is missing', [{ a: 1 }, {}], (v: Tree) => v['a']],
    ['a member that is null', [{ a: null }, {}], (v: Tree) => v['a']],
    ['null against an object', [{ a: null }, { a: {} }], (v: Tree) => v['a'] === null],
    ['an array against an object', [{ a: [] }, { a: {} }], (v: Tree) => Array.isArray(v['a'])],
    // biome-ignore lint/suspicious/useIsArray: the very look that is tested
    ['an array against an object, by instanceof', [{ a: [] }, { a: {} }], (v: Tree) => v['a'] instanceof Array],
    ['a primitive against an object, by typeof', [{ a: 1 }, { a: {} }], (v: Tree) => typeof v['a']],
    ['optional chaining over null', [{ a: null }, { a: { b: 1 } }], (v: Tree) => (v['a'] as Tree | null)?.['b']],
    ['optional chaining over a missing member', [{}, { a: { b: 1 } }], (v: Tree) => (v['a'] as Tree | undefined)?.['b']],
    ['a missing key by in', [{ a: 1 }, { b: 1 }], (v: Tree) => 'a' in v],
    ['a missing key by hasOwn', [{ a: 1 }, { b: 1 }], (v: Tree) => Object.hasOwn(v, 'a')],
    // biome-ignore lint/suspicious/noPrototypeBuiltins: the very look that is tested
    ['a missing key by hasOwnProperty', [{ a: 1 }, { b: 1 }], (v: Tree) => Object.prototype.hasOwnProperty.call(v, 'a')],
    ['a missing key by propertyIsEnumerable', [{ a: 1 }, { b: 1 }], (v: Tree) => Object.prototype.propertyIsEnumerable.call(v, 'a')],
    ['a missing key by a property descriptor', [{ a: 1 }, { b: 1 }], (v: Tree) => Object.getOwnPropertyDescriptor(v, 'a') === undefined],
    ['a value in a property descriptor', [{ a: 1 }, { a: 2 }], (v: Tree) => Object.getOwnPropertyDescriptor(v, 'a')?.value],
    ['Object.keys', [{ a: 1 }, { a: 1, b: 1 }], (v: Tree) => Object.keys(v).length],
    ['Reflect.ownKeys', [{ a: 1 }, { a: 1, b: 1 }], (v: Tree) => Reflect.ownKeys(v).length],
    ['Object.getOwnPropertyNames', [{ a: 1 }, { a: 1, b: 1 }], (v: Tree) => Object.getOwnPropertyNames(v).length],
    ['Object.values', [{ a: 1 }, { a: 2 }], (v: Tree) => Object.values(v)[0]],
    ['Object.entries', [{ a: 1 }, { a: 2 }, { b: 1 }], entries],
    [
      'for..in',
      [{ a: 1 }, { b: 1 }],
      (v: Tree) => {
        for (const key in v) return key
      },
    ],
    ['spread', [{ a: 1 }, { a: 2 }, { a: 1, b: 0 }], (v: Tree) => entries({ ...v })],
    ['Object.assign', [{ a: 1 }, { a: 2 }, { b: 1 }], (v: Tree) => entries(Object.assign({}, v))],
    [
      'rest',
      [
        { a: 1, b: 1 },
        { a: 1, b: 2 },
      ],
      ({ a, ...rest }: Tree) => `${String(a)}${entries(rest)}`,
    ],
    ['destructuring with a default', [{ a: 1 }, {}], ({ a = 7 }: Tree) => a],
    ['JSON.stringify', [{ a: { b: [1] } }, { a: { b: [2] } }, { a: { b: [] } }], (v: Tree) => JSON.stringify(v)],
    [
      'JSON.stringify with a list of keys',
      [
        { a: 1, b: 1 },
        { a: 2, b: 1 },
      ],
      (v: Tree) => JSON.stringify(v, ['a']),
    ],
    ['lodash isEqual with a constant', [{ a: { b: 1 } }, { a: { b: 2 } }, { a: {} }], (v: Tree) => isEqual(v, { a: { b: 1 } })],
    [
      'lodash isEqual between parts',
      [
        { a: [1], b: [1] },
        { a: [1], b: [2] },
      ],
      (v: Tree) => isEqual(v['a'], v['b']),
    ],
    [
      '=== between primitive parts',
      [
        { a: 1, b: 1 },
        { a: 1, b: 2 },
      ],
      (v: Tree) => v['a'] === v['b'],
    ],
    [
      'a pattern',
      [{ kind: 'a' }, { kind: 'b' }],
      (v: Tree) =>
        match(v)
          .with({ kind: 'a' }, () => 1)
          .otherwise(() => 2),
    ],
    [
      'a pattern deep inside',
      [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }],
      (v: Tree) =>
        match(v)
          .with({ a: [{ b: 1 }] }, () => 1)
          .otherwise(() => 2),
    ],
    [
      'a pattern for a missing key',
      [{ a: 1 }, {}],
      (v: Tree) =>
        match(v)
          .with({ a: P.any }, () => 1)
          .otherwise(() => 2),
    ],
    [
      'a pattern that selects',
      [{ a: { x: 1 } }, { a: { x: 2 } }],
      (v: Tree) =>
        JSON.stringify(
          match(v)
            .with({ a: P.select() }, (a) => a)
            .otherwise(() => null),
        ),
    ],
    [
      'a pattern for arrays',
      [{ a: [1, 2] }, { a: [1, 'x'] }],
      (v: Tree) =>
        match(v)
          .with({ a: P.array(P.number) }, () => 1)
          .otherwise(() => 2),
    ],
    ['length', [[1], [1, 1]], (v: number[]) => v.length],
    [
      'an element',
      [
        [1, 2],
        [1, 3],
      ],
      (v: number[]) => v[1],
    ],
    ['an element out of range', [[1], [1, 3]], (v: number[]) => v[1]],
    [
      'a negative index',
      [
        [1, 2],
        [1, 3],
      ],
      (v: number[]) => v.at(-1),
    ],
    ['a negative index on another length', [[1], [1, 1, 3]], (v: number[]) => v.at(-1)],
    ['an index by in', [[1], [1, 2]], (v: number[]) => 1 in v],
    [
      'for..of',
      [
        [1, 2],
        [1, 3],
      ],
      (v: number[]) => {
        let sum = 0
        for (const x of v) sum += x
        return sum
      },
    ],
    [
      'entries',
      [
        [1, 2],
        [1, 3],
      ],
      (v: number[]) => JSON.stringify([...v.entries()]),
    ],
    ['keys', [[1], [1, 3]], (v: number[]) => [...v.keys()].join()],
    [
      'an iterator by hand',
      [
        [1, 2],
        [1, 3],
      ],
      (v: number[]) => {
        const it = v[Symbol.iterator]()
        it.next()
        return it.next().value
      },
    ],
    [
      'destructuring an array',
      [
        [1, 2],
        [1, 3],
      ],
      ([, second]: number[]) => second,
    ],
    [
      'the rest of an array',
      [
        [1, 2],
        [1, 3],
      ],
      ([, ...rest]: number[]) => rest.join(),
    ],
    [
      'spreading an array',
      [
        [1, 2],
        [1, 3],
      ],
      (v: number[]) => Math.max(...v),
    ],
    [
      'includes',
      [
        [1, 2],
        [1, 3],
      ],
      (v: number[]) => v.includes(3),
    ],
    [
      'indexOf',
      [
        [1, 2],
        [2, 1],
      ],
      (v: number[]) => v.indexOf(1),
    ],
    [
      'lastIndexOf',
      [
        [1, 2],
        [2, 1],
      ],
      (v: number[]) => v.lastIndexOf(1),
    ],
    [
      'find',
      [
        [1, 2],
        [1, 3],
      ],
      (v: number[]) => v.find((x) => x > 1),
    ],
    [
      'findLast',
      [
        [1, 2],
        [1, 3],
      ],
      (v: number[]) => v.findLast((x) => x > 0),
    ],
    [
      'every',
      [
        [1, 2],
        [1, 0],
      ],
      (v: number[]) => v.every((x) => x > 0),
    ],
    [
      'reduce',
      [
        [1, 2],
        [1, 3],
      ],
      (v: number[]) => v.reduce((a, b) => a + b, 0),
    ],
    [
      'slice',
      [
        [1, 2],
        [1, 3],
      ],
      (v: number[]) => v.slice(-1)[0],
    ],
    ['concat', [[1], [2]], (v: number[]) => ([] as number[]).concat(v).join()],
    [
      'flat',
      [
        [[1], 2],
        [[3], 2],
      ],
      (v: number[][]) => v.flat().join(),
    ],
    ['flatMap', [[1], [2]], (v: number[]) => v.flatMap((x) => [x, x]).join()],
    ['join', [[1], [2]], (v: number[]) => v.join()],
    ['conversion to a string', [[1], [2]], (v: number[]) => `${String(v)}`],
    [
      'a sorted copy',
      [
        [2, 1],
        [2, 3],
      ],
      (v: number[]) => [...v].sort((a, b) => a - b)[0],
    ],
    [
      'toSorted',
      [
        [2, 1],
        [2, 3],
      ],
      (v: number[]) => v.toSorted((a, b) => a - b)[0],
    ],
    [
      'a sorted copy of objects',
      [
        [{ x: 2 }, { x: 1 }],
        [{ x: 2 }, { x: 3 }],
      ],
      (v: { x: number }[]) => [...v].sort((a, b) => a.x - b.x)[0]?.x,
    ],
    ['Array.from', [[1], [2]], (v: number[]) => Array.from(v, (x) => x + 1).join()],
    [
      'a Set of the elements',
      [
        [1, 1],
        [1, 2],
      ],
      (v: number[]) => new Set(v).size,
    ],
    ['Object.fromEntries', [[['a', 1]], [['a', 2]]], (v: [string, number][]) => Object.fromEntries(v)['a']],
    ['Array.prototype.map.call', [[1], [2]], (v: number[]) => Array.prototype.map.call(v, (x: number) => x).join()],
    [
      'a member named as a method of Object.prototype',
      [{}, { toString: 1 }, { toString: 2 }],
      (v: Tree) => (typeof v['toString'] === 'number' ? v['toString'] : 'absent'),
    ],
    ['a member named constructor', [{ constructor: 'x' }, {}], (v: Tree) => typeof v['constructor']],
    ['a member named length', [{ length: 1 }, { length: 2 }, {}], (v: Tree) => v['length']],
    ['a member named __proto__', [JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":2}')], (v: Tree) => Object.values(v)[0]],
    [
      'members whose names could be taken for paths',
      [
        { a: { b: 0 }, 'a.b': 1 },
        { a: { b: 0 }, 'a.b': 2 },
      ],
      (v: Tree) => v['a.b'],
    ],
  ])('%s', (_, values, reader) => {
    const direct = values.map((v) => String(reader(v as never)))
    expect(new Set(direct).size).toBeGreaterThan(1)
    expect(read(values, reader as (v: unknown) => unknown).results).toEqual(direct)
    expect(read([...values].reverse(), reader as (v: unknown) => unknown).results).toEqual([...direct].reverse())
  })
})

describe('a tracked value behaves as the value itself:', () => {
  it.each<[string, unknown, (v: never) => unknown]>([
    ['equal objects in an array are not identical', [{ x: 1 }, { x: 1 }], (v: object[]) => v[0] === v[1]],
    // biome-ignore lint/suspicious/noSelfCompare: the very look that is tested
    ['a part is identical to itself', { a: { x: 1 } }, (v: Tree) => v['a'] === v['a']],
    ['indexOf finds a part by identity', [{ x: 1 }, { x: 1 }], (v: object[]) => v.indexOf(v[1] as object)],
    ['includes finds a part by identity', [{ x: 1 }], (v: object[]) => v.includes(v[0] as object)],
    ['includes does not find an equal object', [{ x: 1 }], (v: object[]) => v.includes({ x: 1 } as object)],
    [
      'a part taken from a filtered copy is identical',
      [{ x: 1 }, { x: 2 }],
      (v: { x: number }[]) => v.filter(({ x }) => x > 1)[0] === v[1],
    ],
    ['its prototype', [], (v: []) => Object.getPrototypeOf(v) === Array.prototype],
    ['Object.prototype.toString', [[], {}], (v: unknown[]) => v.map((each) => Object.prototype.toString.call(each)).join()],
  ])('%s', (_, value, reader) => {
    const frozen = Object.freeze(structuredClone(value))
    expect(read([value], reader as (v: unknown) => unknown).results).toEqual([String(reader(frozen as never))])
  })
})
