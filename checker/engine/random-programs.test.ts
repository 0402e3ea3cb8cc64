/**
 * Random values and random programs over them, run by the engine, which remembers, and directly, which does not. Small
 * alphabets make many values agree in what a program looks at, so that an outcome that is shared wrongly shows.
 *
 * FUZZ_SEED=7 FUZZ_RUNS=5000 npx vitest run checker/engine/random-programs.test.ts   looks further.
 */
import fc from 'fast-check'
import isEqual from 'lodash/isEqual.js'
import { match, P } from 'ts-pattern'
import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { canonicalKey, type Json } from '../language/json.ts'
import { defineModel, type Model } from '../language/model.ts'
import { program } from '../language/program.ts'
import { anyOf, cell, cells, ids } from '../language/slots.ts'
import { simulation } from '../simulation.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? 2026)
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 60)

const names = ['a', 'b', 'c', '0', 'length'] as const
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<Json>(null, true, false, 0, 1, 2, '', 'a', 'ab'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...names), tie('value')), { maxLength: 3, selector: ([name]) => name })
      .map((entries) => Object.fromEntries(entries) as Json),
  ),
}))
/** Now and then a value of more parts than are remembered one by one. */
const large = fc.array(fc.constantFrom<Json>(0, 1, { a: 0 }, { a: 1, b: [0] }), { minLength: 26, maxLength: 28 })
const root = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.oneof(
      fc.array(value, { minLength: 1, maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { minKeys: 1, noNullPrototype: true }),
    ),
  },
  { weight: 1, arbitrary: large },
)
// Copied, so that no object stands in two places.
const values = fc
  .uniqueArray(root, { minLength: 2, maxLength: 25, size: 'max', selector: canonicalKey })
  .map((all) => JSON.parse(JSON.stringify(all)) as Json[])

type Reader = (v: unknown) => unknown
/** A program with the text that stands for it in a failure. */
interface Program<F> {
  readonly text: string
  readonly run: F
}

const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null
const text = (v: unknown): string => JSON.stringify(v) ?? 'undefined'
const arrayOr = <T>(v: unknown, run: (v: readonly unknown[]) => T): T | 'no array' => (Array.isArray(v) ? run(v as unknown[]) : 'no array')
const objectOr = <T>(v: unknown, run: (v: Record<string, unknown>) => T): T | 'no object' => (isObject(v) ? run(v) : 'no object')
const kind = (v: unknown): string => (v === null ? 'null' : Array.isArray(v) ? `array ${v.length}` : typeof v)

const looks: Record<string, Reader> = {
  kind,
  typeof: (v) => typeof v,
  isNull: (v) => v === null,
  nullish: (v) => v == null,
  truthy: (v) => Boolean(v),
  isArray: (v) => Array.isArray(v),
  // biome-ignore lint/suspicious/useIsArray: the very look that is tested
  instanceofArray: (v) => v instanceof Array,
  instanceofObject: (v) => v instanceof Object,
  json: text,
  print: (v) => (isObject(v) && !Array.isArray(v) ? 'object' : typeof v),
  keys: (v) => objectOr(v, (o) => Object.keys(o).join()),
  values: (v) => objectOr(v, (o) => Object.values(o).map(kind).join()),
  entries: (v) => objectOr(v, (o) => text(Object.entries(o))),
  inA: (v) => objectOr(v, (o) => 'a' in o),
  in0: (v) => objectOr(v, (o) => 0 in o),
  inLength: (v) => objectOr(v, (o) => 'length' in o),
  ownB: (v) => objectOr(v, (o) => Object.hasOwn(o, 'b')),
  descriptor: (v) => objectOr(v, (o) => kind(Object.getOwnPropertyDescriptor(o, 'a')?.value)),
  spread: (v) => objectOr(v, (o) => text({ z: 1, ...o })),
  rest: (v) => objectOr(v, ({ a, ...rest }) => `${kind(a)} ${text(rest)}`),
  fallback: (v) => objectOr(v, ({ a = 'none' }) => kind(a)),
  forIn: (v) =>
    objectOr(v, (o) => {
      for (const key in o) return key
      return 'none'
    }),
  ownNames: (v) => objectOr(v, (o) => Object.getOwnPropertyNames(o).length),
  equalConstant: (v) => isEqual(v, { a: 1 }),
  equalList: (v) => isEqual(v, [0, 1]),
  equalParts: (v) => objectOr(v, (o) => isEqual(o['a'], o['b'])),
  sameParts: (v) => objectOr(v, (o) => o['a'] === o['b'] && !isObject(o['a'])),
  sameElements: (v) => arrayOr(v, (l) => l[0] === l[1] && !isObject(l[0])),
  matchKind: (v) =>
    match(v)
      .with({ a: 1 }, () => 'one')
      .with({ a: P.string }, () => 'string')
      .with(P.array(P.number), () => 'numbers')
      .with(null, () => 'null')
      .otherwise(() => 'other'),
  matchSelect: (v) =>
    match(v)
      .with({ a: P.select('x'), b: P.select('y') }, ({ x, y }) => text([x, y]))
      .with([P.select(), ...P.array()], (x) => kind(x))
      .otherwise(() => 'other'),
  matchOptional: (v) =>
    match(v)
      .with({ b: P.optional(P.number) }, () => 1)
      .otherwise(() => 2),
  length: (v) => objectOr(v, (o) => kind(o['length'])),
  last: (v) => arrayOr(v, (l) => kind(l.at(-1))),
  beyond: (v) => arrayOr(v, (l) => kind(l[2])),
  slice: (v) => arrayOr(v, (l) => text(l.slice(1, 2))),
  sliceEnd: (v) => arrayOr(v, (l) => l.slice(-2).map(kind).join()),
  includes1: (v) => arrayOr(v, (l) => l.includes(1)),
  indexOfA: (v) => arrayOr(v, (l) => l.indexOf('a')),
  lastIndexOf0: (v) => arrayOr(v, (l) => l.lastIndexOf(0)),
  includesObject: (v) => arrayOr(v, (l) => l.includes(l[0])),
  some: (v) => arrayOr(v, (l) => l.some((x) => x === null)),
  every: (v) => arrayOr(v, (l) => l.every((x) => isObject(x))),
  find: (v) => arrayOr(v, (l) => kind(l.find((x) => isObject(x)))),
  // biome-ignore lint/complexity/useIndexOf: the very look that is tested
  findLastIndex: (v) => arrayOr(v, (l) => l.findLastIndex((x) => x === 0)),
  filter: (v) => arrayOr(v, (l) => l.filter((x) => typeof x === 'number').length),
  forOf: (v) =>
    arrayOr(v, (l) => {
      for (const x of l) if (isObject(x)) return kind(x)
      return 'none'
    }),
  iterate: (v) =>
    arrayOr(v, (l) => {
      for (const [i, x] of l.entries()) if (i > 0) return kind(x)
      return 'none'
    }),
  sorted: (v) =>
    arrayOr(v, (l) =>
      [...l]
        .sort((x, y) => (kind(x) < kind(y) ? -1 : 1))
        .map(kind)
        .join(),
    ),
  toSorted: (v) => arrayOr(v, (l) => text(l.map(text).toSorted()[0])),
  reversed: (v) => arrayOr(v, (l) => kind([...l].reverse()[0])),
  reduce: (v) => arrayOr(v, (l) => l.reduce((sum: number, x) => sum + (typeof x === 'number' ? x : 0), 0)),
  flat: (v) => arrayOr(v, (l) => l.flat().length),
  flatMap: (v) =>
    arrayOr(v, (l) =>
      l
        .flatMap((x) => (Array.isArray(x) ? (x as unknown[]) : []))
        .map(kind)
        .join(),
    ),
  concat: (v) => arrayOr(v, (l) => text(([] as unknown[]).concat(l, 1))),
  join: (v) => arrayOr(v, (l) => l.filter((x) => !isObject(x)).join('-')),
  setOf: (v) => arrayOr(v, (l) => new Set(l).size),
  destructure: (v) => arrayOr(v, ([, second]) => kind(second)),
  destructureRest: (v) => arrayOr(v, ([, ...others]) => others.length),
  startsWith: (v) => typeof v === 'string' && v.startsWith('a'),
  fromEntries: (v) => arrayOr(v, (l) => text(Object.fromEntries(l.map((x, i) => [i, x])))),
  groupSize: (v) => objectOr(v, (o) => Object.keys(o).filter((key) => isObject(o[key])).length),
}

const step = fc.constantFrom(...names, '1')
const at = (v: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), v)
const look = fc.record({ path: fc.array(step, { maxLength: 3 }), name: fc.constantFrom(...Object.keys(looks)) }).map(
  ({ path, name }): Program<Reader> => ({
    text: `${name}(${['v', ...path].join('.')})`,
    run: (v) => String((looks[name] as Reader)(at(v, path))),
  }),
)
const { reader } = fc.letrec<{ reader: Program<Reader> }>((tie) => ({
  reader: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 3, arbitrary: look },
    // Whether it looks at more depends on what it has seen.
    {
      weight: 1,
      arbitrary: fc.tuple(look, tie('reader'), tie('reader')).map(([test, yes, no]) => ({
        text: `(${test.text} ? ${yes.text} : ${no.text})`,
        run: (v: unknown) => (String(test.run(v)).length % 2 === 1 ? yes.run(v) : no.run(v)),
      })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(tie('reader'), tie('reader')).map(([first, second]) => ({
        text: `${first.text} + ${second.text}`,
        run: (v: unknown) => `${String(first.run(v))} ${String(second.run(v))}`,
      })),
    },
    // Through an element, as callbacks see it.
    {
      weight: 1,
      arbitrary: tie('reader').map((inner) => ({
        text: `each(${inner.text})`,
        run: (v: unknown) => (isObject(v) ? Object.values(v).map(inner.run).join() : 'no object'),
      })),
    },
  ),
}))

interface Holder {
  value: Json
}
type Out = { out: string | null }

describe('a random reader gives the same, remembered and directly,', () => {
  it('in a property', () => {
    everyProgram(reader, (all, { run }) => {
      const model = defineModel({
        name: 'random',
        about: '',
        state: () => ({ v: cell<Json>(anyOf(all)) }),
        actions: () => ({}),
        properties: (on) => ({ told: on.always((s) => `told ${String(run(s.v))}`) }),
      })
      const { violations, distinct } = check(model, { maxViolations: Number.POSITIVE_INFINITY })
      expect(distinct).toBe(all.length)
      expect(violations).toHaveLength(all.length)
      for (const { message, trace } of violations) expect(message).toBe(`told ${String(run(trace.initial['v']))}`)
    })
  })

  it('in a guard, beside a slot of the same value', () => {
    everyProgram(reader, (all, { run }) => {
      const isOdd = (v: unknown): boolean => String(run(v)).length % 2 === 1
      const model = defineModel({
        name: 'random',
        about: '',
        state: () => ({ v: cells<Json>(2, anyOf(all.slice(0, 8))), taken: cells(2, false as boolean) }),
        actions: (on) => ({
          take: on.action({
            each: ids(2),
            when: (s, i) => !s.taken[i] && isOdd(s.v[i]),
            then: (s, i) => {
              s.taken[i] = true
            },
          }),
        }),
        properties: () => ({}),
      })
      const states = all.slice(0, 8)
      const odd = states.filter(isOdd).length
      const even = states.length - odd
      expect(check(model).distinct).toBe((even + 2 * odd) ** 2)
    })
  })

  it('in a domain, whose elements are what was read', () => {
    everyProgram(reader, (all, { run }) => {
      expectRightOutcomes(
        run,
        defineModel({
          name: 'random',
          about: '',
          state: () => ({ v: cell<Json>(anyOf(all)), w: cell<Out>({ out: null }) }),
          actions: (on) => ({
            tell: on.action({
              over: (s) => (s.w.out === null ? [String(run(s.v))] : []),
              then: (s, x) => {
                s.w.out = x
              },
            }),
          }),
          properties: (on) => ({ end: on.always((s) => s.w.out === null || `told ${s.w.out}`) }),
        }),
      )
    })
  })

  it('in an action', () => {
    everyProgram(reader, (all, { run }) => {
      expectRightOutcomes(
        run,
        defineModel({
          name: 'random',
          about: '',
          state: () => ({ v: cell<Json>(anyOf(all)), w: cell<Out>({ out: null }) }),
          actions: (on) => ({
            tell: on.action({
              when: (s) => s.w.out === null,
              then: (s) => {
                s.w.out = String(run(s.v))
              },
            }),
          }),
          properties: (on) => ({ end: on.always((s) => s.w.out === null || `told ${s.w.out}`) }),
        }),
      )
    })
  })
})

type Writer = (v: Holder, other: Holder) => void
type Place = Record<string, unknown>

/** The object or array at a path of the draft, or the draft itself. */
const place = (v: Holder, path: readonly string[]): Place => {
  const found = at(v, path)
  return isObject(found) ? found : (v as unknown as Place)
}
const listAt = (v: Holder, path: readonly string[]): unknown[] => {
  const found = at(v, path)
  return Array.isArray(found) ? (found as unknown[]) : []
}
const path = fc.array(step, { maxLength: 2 }).map((inner) => ['value', ...inner])
const key = fc.constantFrom('a', 'b', '0')
const write = (
  name: string,
  of: (p: readonly string[], k: string, given: Json, q: readonly string[]) => Writer,
): fc.Arbitrary<Program<Writer>> =>
  fc
    .tuple(path, key, value, path)
    .map(([p, k, given, q]) => ({ text: `${name}(${p.join('.')}, ${k}, ${text(given)}, ${q.join('.')})`, run: of(p, k, given, q) }))
/** Arrays are written at their indexes, so that they stay plain. */
const put = (target: Place, k: string, given: unknown): void => {
  if (!Array.isArray(target)) target[k] = given
  else if (target.length > 0) target[0] = given
}

const writes = fc.oneof(
  write('set', (p, k, given) => (v) => put(place(v, p), k, structuredClone(given))),
  write('replace', (_p, _k, given) => (v) => {
    v.value = structuredClone(given)
  }),
  write('delete', (p, k) => (v) => {
    const target = place(v, p)
    if (!Array.isArray(target) && target !== (v as unknown as Place)) delete target[k]
  }),
  write('increment', (p, k) => (v) => {
    const target = place(v, p)
    if (typeof target[k] === 'number') target[k] = ((target[k] as number) + 1) % 3
  }),
  write('copy', (p, k, _given, q) => (v) => put(place(v, p), k, JSON.parse(text(at(v, q) ?? null)))),
  write('push', (p, _k, given) => (v) => {
    const list = listAt(v, p)
    if (list.length < 4) list.push(structuredClone(given))
  }),
  write('pop', (p) => (v) => {
    listAt(v, p).pop()
  }),
  write('shift', (p) => (v) => {
    listAt(v, p).shift()
  }),
  write('unshift', (p, _k, given) => (v) => {
    const list = listAt(v, p)
    if (list.length < 4) list.unshift(structuredClone(given))
  }),
  write('splice', (p) => (v) => {
    listAt(v, p).splice(1, 1)
  }),
  write('reverse', (p) => (v) => {
    listAt(v, p).reverse()
  }),
  write('sort', (p) => (v) => {
    listAt(v, p).sort((x, y) => (kind(x) < kind(y) ? -1 : kind(x) > kind(y) ? 1 : 0))
  }),
  write('empty', (p) => (v) => {
    listAt(v, p).length = 0
  }),
  write('fill', (p) => (v) => {
    listAt(v, p).fill(0)
  }),
  write('filter', (p, k) => (v) => {
    const target = place(v, p)
    const list = target[k]
    if (Array.isArray(list)) target[k] = list.filter((x) => x !== 0)
  }),
  write('spread', (p, k, given) => (v) => {
    const target = place(v, p)
    const inner = target[k]
    if (isObject(inner) && !Array.isArray(inner)) target[k] = { ...inner, c: structuredClone(given) }
  }),
  write('assign', (p) => (v) => {
    const target = place(v, p)
    if (!Array.isArray(target) && target !== (v as unknown as Place)) Object.assign(target, { b: 1 })
  }),
  write('eachElement', (p) => (v) => {
    for (const x of listAt(v, p)) if (isObject(x) && !Array.isArray(x)) x['a'] = 2
  }),
  write('mapInPlace', (p) => (v) => {
    const list = listAt(v, p)
    list.forEach((x, i) => {
      if (typeof x === 'number') list[i] = x + 1
    })
  }),
  write('swapElements', (p) => (v) => {
    const list = listAt(v, p)
    if (list.length > 1) [list[0], list[1]] = [list[1], list[0]]
  }),
  write('fromOther', (p, k, _given, q) => (v, other) => put(place(v, p), k, JSON.parse(text(at(other, q) ?? null)))),
  write('ifA', (p, k, given) => (v) => {
    if (at(v, [...p, 'a']) === 1) put(place(v, p), k, structuredClone(given))
  }),
  write('ifIn', (p, k, given) => (v) => {
    if (k in place(v, p)) put(place(v, p), 'b', structuredClone(given))
  }),
  write('ifLength', (p, k, given) => (v) => {
    if (listAt(v, p).length > 1) put(place(v, p), k, structuredClone(given))
  }),
  write('json', (p, k, _given, q) => (v) => put(place(v, p), k, text(at(v, q)).length % 3)),
)
/** A part of the other cell as it is: from then on, in this action, one object in two places. */
const alias = write('alias', (p, k, _given, q) => (v, other) => put(place(v, p), k, at(other, q) ?? null))

const programs = (statement: fc.Arbitrary<Program<Writer>>): fc.Arbitrary<Program<Writer>> =>
  fc.array(statement, { minLength: 1, maxLength: 4, size: 'max' }).map((all) => ({
    text: all.map((each) => each.text).join('; '),
    run: (v, other) => {
      for (const each of all) each.run(v, other)
    },
  }))

describe('a random writer does the same, remembered and directly,', () => {
  it('to the values of one cell', () => {
    everyProgram(programs(fc.oneof({ weight: 4, arbitrary: writes }, { weight: 1, arbitrary: alias })), (all, { run }) => {
      const holders = all.map((each) => ({ value: each }))
      const model = defineModel({
        name: 'random',
        about: '',
        state: () => ({ v: cell<Holder>(anyOf(holders)), o: cell<Holder>(anyOf(holders.slice(0, 2))), n: cell(0) }),
        actions: (on) => ({
          go: on.action({
            when: (s) => s.n < 1,
            then: (s) => {
              s.n += 1
              run(s.v, s.o)
            },
          }),
        }),
        properties: (on) => ({ end: on.always((s) => s.n < 1 || `end ${canonicalKey(JSON.parse(JSON.stringify([s.v, s.o])))}`) }),
      })
      expectRightEnds(model)
    })
  })

  it('to the values of two cells of a family, twice, by two processes', () => {
    everyProgram(
      programs(writes),
      (all, { run }) => {
        const model = defineModel({
          name: 'random',
          about: '',
          state: () => ({ v: cells<Holder>(2, anyOf(all.slice(0, 5).map((each) => ({ value: each })))), turn: cell(0) }),
          actions: (on) => ({
            go: on.action({
              each: ids(2),
              when: (s, i) => s.turn % 2 === i && s.turn < 3,
              then: (s, i) => {
                s.turn += 1
                run(s.v[i], s.v[i === 0 ? 1 : 0])
              },
            }),
          }),
          properties: (on) => ({
            end: on.always((s) => s.turn < 3 || `end ${canonicalKey(JSON.parse(JSON.stringify([s.v[0], s.v[1]])))}`),
          }),
        })
        expectRightEnds(model)
      },
      numRuns / 3,
    )
  })
})

/** What the model tells at the end, of every value, is what the program says of it. */
function expectRightOutcomes(run: Reader, model: Model): void {
  const { violations, distinct } = check(model, { maxViolations: Number.POSITIVE_INFINITY })
  expect(violations).toHaveLength(distinct / 2)
  for (const { message, trace } of violations) expect(message).toBe(`told ${String(run(trace.initial['v']))}`)
}

/** The states at the end are those that the simulation reaches, which remembers nothing. */
function expectRightEnds(model: Model): void {
  const plainly = simulation(program(model))
  const ends = new Set<string>()
  const known = new Set<string>()
  const queue = plainly.initialStates()
  for (const state of queue) {
    if (known.has(canonicalKey(state))) continue
    known.add(canonicalKey(state))
    for (const { message } of plainly.judge(state)) ends.add(message)
    queue.push(...plainly.transitions(state).map(({ after }) => after))
  }
  const result = check(model, { maxViolations: Number.POSITIVE_INFINITY })
  expect(new Set(result.violations.map(({ message }) => message))).toEqual(ends)
  expect(result.distinct).toBe(known.size)
}

function everyProgram<F>(
  written: fc.Arbitrary<Program<F>>,
  test: (all: Json[], program: Program<F>) => void,
  runs: number = numRuns,
): void {
  const shown = written.map((each) => ({ ...each, [fc.toStringMethod]: () => each.text }))
  fc.assert(
    fc.property(values, shown, (all, each) => test(all, each)),
    { seed, numRuns: runs },
  )
}
