/** Bags, fifos and sets against arrays, by random operations, in guards and in `then`, in the engine and in the simulation. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { simulation } from '../simulation.ts'
import { domainOf } from './collections.ts'
import { canonicalKey, type Json } from './json.ts'
import { defineModel, type Model } from './model.ts'
import { program } from './program.ts'
import { bag, cell, cells, fifo, fifos, ids, set } from './slots.ts'

const element = fc.constantFrom<Json>(0, 1, '0', null, [], { a: 1, b: 2 }, { b: 2, a: 1 }, [{ a: 1 }])
type Operation = readonly [name: 'add' | 'remove', element: Json]
const operation = fc.tuple(fc.constantFrom('add', 'remove'), element) as fc.Arbitrary<Operation>
const runs = fc.record({
  initial: fc.array(element, { maxLength: 4 }),
  operations: fc.array(operation, { maxLength: 8 }),
  question: element,
})

const same =
  (a: Json) =>
  (b: Json): boolean =>
    canonicalKey(a) === canonicalKey(b)
const without = (all: readonly Json[], x: Json): Json[] => {
  const at = all.findIndex(same(x))
  return at < 0 ? [...all] : all.toSpliced(at, 1)
}
const sorted = (all: Iterable<Json>): string =>
  [...all]
    .map((each) => canonicalKey(each))
    .sort()
    .join(' ')
const distinct = (all: Iterable<Json>): Json[] => [...new Map([...all].map((each) => [canonicalKey(each), each])).values()]

/** What the only transition tells while it operates, and what a property then sees. */
function told(model: Model): string[] {
  const result = check(model)
  const of = simulation(program(model))
  const [start] = of.initialStates()
  const after = start && of.transitions(start)[0]?.after
  expect(after && of.judge(after)[0]?.message).toBe(result.violations[0]?.message)
  return JSON.parse(result.violations[0]?.message ?? '[]') as string[]
}

describe('a bag', () => {
  it('is a multiset', () => {
    fc.assert(
      fc.property(runs, ({ initial, operations, question }) => {
        const tell = (s: { readonly b: Iterable<Json> & { size: number; has(x: Json): boolean; count(x: Json): number } }): string =>
          `${s.b.size} ${s.b.has(question)} ${s.b.count(question)} ${sorted(s.b)}`
        const model = defineModel({
          name: 'm',
          about: '',
          state: () => ({ b: bag<Json>(initial), out: cell<string[]>([]) }),
          actions: (on) => ({
            go: on.action({
              when: (s) => s.out.length === 0,
              then: (s) => {
                s.out.push(tell(s))
                for (const [name, x] of operations) {
                  if (name === 'add') s.b.add(x)
                  else if (s.b.has(x)) s.b.remove(x)
                  s.out.push(tell(s))
                }
              },
            }),
          }),
          properties: (on) => ({ p: on.always((s) => s.out.length === 0 || JSON.stringify([...s.out, tell(s)])) }),
        })
        let naive = [...initial]
        const expected = [naive, ...operations.map(([name, x]) => (naive = name === 'add' ? [...naive, x] : without(naive, x)))]
        const show = (all: readonly Json[]): string =>
          `${all.length} ${all.some(same(question))} ${all.filter(same(question)).length} ${sorted(distinct(all))}`
        expect(told(model)).toEqual([...expected, naive].map(show))
      }),
      { numRuns: 100 },
    )
  })
})

describe('a fifo', () => {
  it('is a queue', () => {
    fc.assert(
      fc.property(runs, ({ initial, operations }) => {
        const tell = (s: { readonly q: Iterable<Json> & { length: number; first: Json | undefined; front: Iterable<Json> } }): string =>
          `${s.q.length} ${s.q.first === undefined ? 'undefined' : sorted([s.q.first])} ${canonicalKey([...s.q.front])} ${canonicalKey([...s.q])}`
        const model = defineModel({
          name: 'm',
          about: '',
          state: () => ({ q: fifo<Json>(initial), out: cell<string[]>([]) }),
          actions: (on) => ({
            go: on.action({
              when: (s) => s.out.length === 0,
              then: (s) => {
                s.out.push(tell(s))
                for (const [name, x] of operations) {
                  if (name === 'add') s.q.push(x)
                  else if (s.q.length > 0) s.q.shift()
                  s.out.push(tell(s))
                }
              },
            }),
          }),
          properties: (on) => ({ p: on.always((s) => s.out.length === 0 || JSON.stringify([...s.out, tell(s)])) }),
        })
        let naive = [...initial]
        const expected = [naive, ...operations.map(([name, x]) => (naive = name === 'add' ? [...naive, x] : naive.slice(1)))]
        const normal = (x: Json | undefined): string => (x === undefined ? 'undefined' : canonicalKey(x))
        const show = (all: readonly Json[]): string =>
          `${all.length} ${normal(all[0])} ${canonicalKey(all.slice(0, 1))} ${canonicalKey(all)}`
        expect(told(model)).toEqual([...expected, naive].map(show))
      }),
      { numRuns: 100 },
    )
  })
})

describe('a set', () => {
  it('is a set, whose deletions need no element', () => {
    fc.assert(
      fc.property(runs, ({ initial, operations, question }) => {
        const tell = (s: { readonly t: Iterable<Json> & { size: number; has(x: Json): boolean } }): string =>
          `${s.t.size} ${s.t.has(question)} ${sorted(s.t)}`
        const model = defineModel({
          name: 'm',
          about: '',
          state: () => ({ t: set<Json>(initial), out: cell<string[]>([]) }),
          actions: (on) => ({
            go: on.action({
              when: (s) => s.out.length === 0,
              then: (s) => {
                s.out.push(tell(s))
                for (const [name, x] of operations) {
                  if (name === 'add') s.t.add(x)
                  else s.t.delete(x)
                  s.out.push(tell(s))
                }
              },
            }),
          }),
          properties: (on) => ({ p: on.always((s) => s.out.length === 0 || JSON.stringify([...s.out, tell(s)])) }),
        })
        let naive = distinct(initial)
        const expected = [naive, ...operations.map(([name, x]) => (naive = name === 'add' ? distinct([...naive, x]) : without(naive, x)))]
        const show = (all: readonly Json[]): string => `${all.length} ${all.some(same(question))} ${sorted(all)}`
        expect(told(model)).toEqual([...expected, naive].map(show))
      }),
      { numRuns: 100 },
    )
  })
})

describe('order of arrival', () => {
  const arriving = (make: 'bag' | 'set' | 'fifo'): Model =>
    defineModel({
      name: 'm',
      about: '',
      state: () => ({ left: cells(3, true as boolean), bag: bag<{ k: number }>(), set: set<{ k: number }>(), fifo: fifo<{ k: number }>() }),
      actions: (on) => ({
        send: on.action({
          each: ids(3),
          when: (s, i) => s.left[i],
          then: (s, i) => {
            s.left[i] = false
            if (make === 'bag') s.bag.add({ k: i })
            else if (make === 'set') s.set.add({ k: i })
            else s.fifo.push({ k: i })
          },
        }),
      }),
      properties: () => ({}),
    })

  it('does not matter to bags and sets, and does to fifos', () => {
    expect(check(arriving('bag')).distinct).toBe(2 ** 3)
    expect(check(arriving('set')).distinct).toBe(2 ** 3)
    // Sequences without repetition of up to 3 of 3: 1 + 3 + 6 + 6.
    expect(check(arriving('fifo')).distinct).toBe(16)
  })
})

describe('families', () => {
  it('read as arrays do, in guards and in `then`', () => {
    const seen: unknown[] = []
    const look = (
      node: { readonly length: number } & Pick<
        readonly number[],
        'map' | 'filter' | 'every' | 'some' | 'find' | 'findIndex' | 'flatMap' | 'reduce' | 'includes' | 'indexOf' | 'entries'
      > &
        Iterable<number>,
    ): unknown => [
      node.length,
      node.map((x) => x + 1),
      node.filter((x) => x > 1),
      node.every((x) => x > 0),
      node.some((x) => x > 2),
      node.find((x) => x > 1),
      // biome-ignore lint/complexity/useIndexOf: the very look that is tested
      node.findIndex((x) => x === 3),
      node.flatMap((x) => [x, x]),
      node.reduce((a, b) => a + b, 0),
      node.includes(2),
      node.indexOf(3),
      [...node.entries()],
      [...node],
      Math.max(...node),
    ]
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ node: cells(3, (i) => i + 1) }),
      actions: (on) => ({
        go: on.action({
          when: (s) => seen.push(look(s.node)) > 0,
          then: (s) => {
            seen.push(look(s.node))
          },
        }),
      }),
      properties: () => ({}),
    })
    check(model)
    for (const each of seen) expect(each).toEqual(look([1, 2, 3]))
    expect(seen.length).toBeGreaterThan(1)
  })

  it('of accumulators are independent of each other', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ q: fifos<number>(3) }),
      actions: (on) => ({
        push: on.action({
          each: ids(3),
          when: (s, i) => s.q[i].length === 0,
          then: (s, i) => {
            s.q[i].push(i)
          },
        }),
      }),
      properties: (on) => ({ own: on.always((s) => s.q.every((each, i) => each.length === 0 || each.first === i)) }),
    })
    expect(check(model)).toMatchObject({ verdict: 'holds', distinct: 8 })
  })
})

describe('domainOf', () => {
  it.each([null, undefined, 1, 'text', [], {}, new Map()])('knows nothing of %s', (value) => {
    expect(domainOf(value)).toBeUndefined()
  })
})
