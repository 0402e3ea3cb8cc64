import fc from 'fast-check'
import uniqBy from 'lodash/uniqBy.js'
import { describe, expect, it } from 'vitest'
import type { Anomaly, CycleStep } from '../anomaly.ts'
import { type Edge, type EdgeKind, rt, rw, so, wr, ww } from '../edge.ts'
import type { Facts } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import { arbitraryFacts } from '../testing/arbitrary-facts.ts'
import { dependenciesOf } from '../testing/dependencies-of.ts'
import { factsOf } from '../testing/facts-of.ts'
import { cycleAnomalies } from './cycle-anomalies.ts'
import { dependencyGraph } from './dependency-graph.ts'

const names: Readonly<Record<EdgeKind, string>> = { [ww]: 'ww', [wr]: 'wr', [rw]: 'rw', [so]: 'so', [rt]: 'rt' }
const orders: readonly LevelOrder[] = ['none', 'session', 'real-time']

function words(kinds: readonly EdgeKind[]): string {
  return kinds.map((kind) => names[kind]).join(' ')
}

/** The class of a cycle, by the words of Adya and of Elle. */
function classOf(kinds: readonly EdgeKind[]): string {
  const text = words(kinds)
  const count = kinds.filter((kind) => kind === rw).length
  const some = text.includes('wr') ? 'G1c' : 'G0'
  const many = /rw rw|^rw.* rw$/.test(text) ? 'G2-item' : 'G-nonadjacent'
  return (count > 1 ? many : count === 1 ? 'G-single' : some) + (text.includes('rt') ? '-realtime' : text.includes('so') ? '-session' : '')
}

/** The names of all simple cycles, by going along all simple paths. */
function allNames(edges: readonly Edge[], namesOf: (cycle: readonly Edge[]) => readonly string[]): Set<string> {
  const found = new Set<string>()
  const close = (cycle: readonly Edge[]): void => {
    for (const name of namesOf(cycle)) found.add(name)
  }
  const go = (path: readonly Edge[], first: number, at: number): void => {
    for (const edge of edges) {
      if (edge.from !== at) continue
      if (edge.to === first) close([...path, edge])
      else if (edge.to > first && !path.some(({ from }) => from === edge.to)) go([...path, edge], first, edge.to)
    }
  }
  for (const first of new Set(edges.map(({ from }) => from))) go([], first, first)
  return found
}

/** The forms that have names: the kinds, with a dot where session and real-time order may stand, and whether the keys are as they must be. */
const forms: readonly [name: string, form: string, fits: (...keys: number[]) => boolean][] = [
  ['fractured-read', 'rw wr.', (missed, seen) => missed !== seen],
  ['write-skew', 'rw. rw.', (one, other) => one !== other],
  ['long-fork', 'rw wr. rw wr.', (one, sameAsOne, other, sameAsOther) => one === sameAsOne && other === sameAsOther && one !== other],
]

function patternsOf(cycle: readonly Pick<Edge, 'kind' | 'key'>[]): string[] {
  const variant = cycle.some(({ kind }) => kind === rt) ? '-realtime' : cycle.some(({ kind }) => kind === so) ? '-session' : ''
  return forms.flatMap(([name, form, fits]) => {
    const expression = new RegExp(`^${form.replaceAll('.', '( (so|rt))*')}$`)
    const isIt = cycle.some((_, start) => {
      const turned = [...cycle.slice(start), ...cycle.slice(0, start)]
      const keys = turned.flatMap(({ kind, key }) => (kind === so || kind === rt ? [] : [key]))
      return expression.test(words(turned.map(({ kind }) => kind as EdgeKind))) && fits(...keys)
    })
    return isIt ? [`${name}${variant}`] : []
  })
}

/** It is a simple cycle of edges that are there, of the class that its name says. */
function expectTrue({ name, transactions, cycle, key }: Anomaly, edges: ReadonlySet<string>): void {
  const steps = cycle as readonly CycleStep[]
  const kinds = steps.map(({ kind }) => kind)
  expect(transactions).toEqual(steps.map(({ transaction }) => transaction))
  expect(new Set(transactions).size).toBe(transactions.length)
  for (const [i, step] of steps.entries()) {
    expect(edges).toContain(
      textOf({ from: step.transaction, to: transactions[(i + 1) % steps.length] as number, kind: step.kind, key: step.key }),
    )
  }
  if (forms.some(([form]) => name.startsWith(form))) expect(patternsOf(steps)).toContain(name)
  else expect(classOf(kinds)).toBe(name)
  const keys = [...new Set(steps.map((step) => step.key).filter((one) => one !== -1))]
  expect(key).toBe(keys.length === 1 ? keys[0] : -1)
}

function textOf({ from, to, kind, key }: Edge): string {
  return `${from} ${names[kind]} ${key} ${to}`
}

/** What is found is true, and all there is. */
function expectExact(facts: Facts, order: LevelOrder): void {
  const edges = dependenciesOf(dependencyGraph(facts, { order }))
  const found = cycleAnomalies(facts, { order })
  const closed = uniqBy([...edges, ...transitive(edges, so), ...transitive(edges, rt)], textOf)
  for (const anomaly of found) expectTrue(anomaly, new Set(closed.map(textOf)))
  const classes = allNames(edges, (cycle) => [classOf(cycle.map(({ kind }) => kind))])
  expect(new Set<string>(found.map(({ name }) => name))).toEqual(new Set([...classes, ...allNames(closed, patternsOf)]))
}

function transitive(edges: readonly Edge[], kind: EdgeKind): Edge[] {
  return edges.flatMap((edge) => {
    if (edge.kind !== kind) return []
    const reached = new Set([edge.to])
    for (const at of reached) for (const next of edges) if (next.kind === kind && next.from === at) reached.add(next.to)
    return [...reached].map((to) => ({ ...edge, to }))
  })
}

/** Any edges at all, those of an order upwards, between so many transactions. */
function arbitraryEdges(transactions: number, edgesMax: number, kinds: readonly EdgeKind[]): fc.Arbitrary<Facts> {
  const node = fc.nat({ max: transactions - 1 })
  const edge = fc.record({ from: node, to: node, kind: fc.constantFrom(...kinds), key: fc.nat({ max: 1 }) })
  return fc
    .array(edge, { maxLength: edgesMax, size: 'max' })
    .map((all) => factsOf({ transactions, extra: all.map((one) => (one.kind & (so | rt) ? upwards(one) : one)) }))
}

function upwards({ from, to, kind }: Edge): Edge {
  return { from: Math.min(from, to), to: Math.max(from, to), kind, key: -1 }
}

/** A chain of edges as text, "0 ww 1 rw 2 wr 0": of key 0. */
function chain(text: string): Edge[] {
  const parts = text.split(' ')
  return parts.flatMap((kind, i) =>
    i % 2 === 0
      ? []
      : [
          {
            from: Number(parts[i - 1]),
            to: Number(parts[i + 1]),
            kind: ([ww, wr, rw, so, rt] as const).find((one) => names[one] === kind) as EdgeKind,
            key: 0,
          },
        ],
  )
}

function found(facts: Facts, order: LevelOrder = 'none'): string[] {
  return [...new Set(cycleAnomalies(facts, { order }).map(({ name }) => name))]
}

/** Its name, and how it goes: "0 wr 1 rw". */
function shown({ name, cycle = [] }: Anomaly): string {
  return `${name}: ${cycle.map(({ transaction, kind }) => `${transaction} ${names[kind]}`).join(' ')}`
}

describe('cycles of dependencies', () => {
  it('are all found in small histories, each true', () => {
    for (const order of orders) {
      fc.assert(
        fc.property(arbitraryFacts({ writes: 3, readsMax: 12 }), (facts) => expectExact(facts, order)),
        { numRuns: 400 },
      )
    }
  })

  it('are all found among any edges, each true', () => {
    const all = [ww, wr, rw, rw, so, rt] as const
    fc.assert(
      fc.property(arbitraryEdges(6, 12, all), (facts) => expectExact(facts, 'real-time')),
      { numRuns: 400 },
    )
    fc.assert(
      fc.property(arbitraryEdges(5, 16, all), (facts) => expectExact(facts, 'real-time')),
      { numRuns: 300 },
    )
    fc.assert(
      fc.property(arbitraryEdges(9, 14, [ww, wr, rw, rw]), (facts) => expectExact(facts, 'real-time')),
      { numRuns: 300 },
    )
    fc.assert(
      fc.property(arbitraryEdges(8, 13, [rw, rw, wr, so]), (facts) => expectExact(facts, 'real-time')),
      { numRuns: 300 },
    )
  })

  it('are those of what happened: of nothing, and in order, there are none', () => {
    expect(found(factsOf({ transactions: 0 }), 'real-time')).toEqual([])
    const facts = factsOf({
      transactions: [
        { session: 1, began: 0, ended: 1 },
        { session: 2, began: 2, ended: 3 },
      ],
      keys: { x: { order: [0, 1] } },
      reads: [[1, 'x', 0]],
    })
    expect(found(facts, 'real-time')).toEqual([])
  })

  it('have the names that people know, with the proof in order', () => {
    const dirtyWrite = factsOf({ transactions: 2, keys: { x: { order: [0, 1] }, y: { order: [1, 0] } } })
    expect(cycleAnomalies(dirtyWrite, { order: 'none' }).map(shown)).toEqual(['G0: 1 ww 0 ww'])
    const circular = factsOf({
      transactions: 2,
      keys: { x: { order: [0] }, y: { order: [1] } },
      reads: [
        [0, 'y', 1],
        [1, 'x', 0],
      ],
    })
    expect(cycleAnomalies(circular, { order: 'none' }).map(shown)).toEqual(['G1c: 1 wr 0 wr'])
    const readSkew = factsOf({
      transactions: 2,
      keys: { x: { order: [0] }, y: { order: [0] } },
      reads: [
        [1, 'x', 0],
        [1, 'y', null],
      ],
    })
    expect(cycleAnomalies(readSkew, { order: 'none' }).map(shown)).toEqual(['G-single: 0 wr 1 rw', 'fractured-read: 0 wr 1 rw'])
    const lostUpdate = factsOf({
      transactions: 2,
      keys: { x: { order: [0, 1] } },
      reads: [
        [0, 'x', null],
        [1, 'x', null],
      ],
    })
    expect(found(lostUpdate)).toEqual(['G-single', 'G2-item'])
    const writeSkew = factsOf({
      transactions: 2,
      keys: { x: { order: [0] }, y: { order: [1] } },
      reads: [
        [0, 'y', null],
        [1, 'x', null],
      ],
    })
    expect(cycleAnomalies(writeSkew, { order: 'none' }).map(shown)).toEqual(['G2-item: 1 rw 0 rw', 'write-skew: 1 rw 0 rw'])
    const longFork = factsOf({
      transactions: 4,
      keys: { x: { order: [0] }, y: { order: [1] } },
      reads: [
        [2, 'x', 0],
        [2, 'y', null],
        [3, 'y', 1],
        [3, 'x', null],
      ],
    })
    expect(cycleAnomalies(longFork, { order: 'none' }).map(shown)).toEqual([
      'G-nonadjacent: 1 wr 3 rw 0 wr 2 rw',
      'long-fork: 1 wr 3 rw 0 wr 2 rw',
    ])
  })

  it('are told of with session and real-time order where only those close them, and named for the latter first', () => {
    const stale = factsOf({
      transactions: [
        { session: 'a', began: 0, ended: 1 },
        { session: 'a', began: 2, ended: 3 },
      ],
      keys: { x: { order: [0] } },
      reads: [[1, 'x', null]],
    })
    expect(found(stale, 'none')).toEqual([])
    expect(cycleAnomalies(stale, { order: 'session' }).map(shown)).toEqual(['G-single-session: 0 so 1 rw'])
    expect(cycleAnomalies(stale, { order: 'real-time' }).map(shown)).toEqual([
      'G-single-session: 0 so 1 rw',
      'G-single-realtime: 0 rt 1 rw',
    ])
  })

  it('know their key where they have only one', () => {
    const ofOne = cycleAnomalies(factsOf({ transactions: 2, keys: { y: {}, x: { order: [0, 1] } }, reads: [[0, 'x', 1]] }), {
      order: 'none',
    })
    expect(ofOne.map(({ name, key }) => [name, key])).toEqual([['G1c', 1]])
    const ofTwo = cycleAnomalies(factsOf({ transactions: 2, keys: { x: { order: [0, 1] }, y: { order: [1, 0] } } }), { order: 'none' })
    expect(ofTwo.map(({ key }) => key)).toEqual([-1])
  })

  it('are at most as many of a name as asked for, the shortest first, no two the same', () => {
    const rings = ['0 ww 1 ww 2 ww 3 ww 0', '4 ww 5 ww 4', '6 ww 7 ww 8 ww 6', '9 ww 10 ww 9']
    const facts = factsOf({ transactions: 11, extra: rings.flatMap(chain) })
    const lengths = (cyclesMax?: number): number[] =>
      cycleAnomalies(facts, { order: 'none', ...(cyclesMax && { cyclesMax }) }).map(({ transactions }) => transactions.length)
    expect(lengths()).toEqual([2, 2, 3])
    expect(lengths(1)).toEqual([2])
    expect(lengths(9)).toEqual([2, 2, 3, 4])
  })

  it('are patterns also where session order goes through a transaction that is elsewhere in the cycle', () => {
    const edges: [number, EdgeKind, number][] = [
      [4, rw, 0],
      [0, rt, 1],
      [1, so, 3],
      [0, so, 1],
      [1, so, 2],
      [2, rw, 1],
      [3, rt, 4],
    ]
    const extra = edges.map(([from, kind, to]) => ({ from, to, kind, key: kind === rw ? Number(from === 2) : -1 }))
    const facts = factsOf({ transactions: 5, extra })
    expectExact(facts, 'real-time')
    expect(found(facts, 'real-time')).toContain('write-skew-realtime')
  })

  it('are found through writes that nobody has placed, and do not show how', () => {
    const many = Array.from({ length: 12 }, (_, t) => t)
    const facts = factsOf({
      transactions: 24,
      keys: { x: { unplaced: many }, y: { unplaced: many.map((t) => t + 12) } },
      reads: many.flatMap((t) => [[t, 'y', null] as const, [t + 12, 'x', null] as const, ...(t < 6 ? [[t, 'x', null] as const] : [])]),
    })
    const graph = dependencyGraph(facts, { order: 'none' })
    expect(graph.csr.nodes).toBeGreaterThan(24)
    const edges = new Set(dependenciesOf(graph).map(textOf))
    const anomalies = cycleAnomalies(facts, { order: 'none' })
    for (const anomaly of anomalies) expectTrue(anomaly, edges)
    expect(anomalies.map(({ name, transactions }) => [name, transactions.length])).toEqual([
      ...Array.from({ length: 3 }, () => ['G2-item', 2]),
      ...Array.from({ length: 3 }, () => ['write-skew', 2]),
    ])
  })
})

describe('the one cycle of its class', () => {
  const size = 20_000
  /** One component: write skews between neighbours in a row. No cycle has fewer than two anti-dependencies, and two are always adjacent. */
  const skews: Edge[] = Array.from({ length: size }, (_, t): Edge[] => [
    { from: t, to: t + 1, kind: rw, key: 0 },
    { from: t + 1, to: t, kind: rw, key: 1 },
  ]).flat()
  const withEdges = (...extra: readonly Edge[]): Facts => factsOf({ transactions: size + 20, extra: [...skews, ...extra] })

  it('is found in a large component of others, and not claimed without it', () => {
    expect(found(withEdges())).toEqual(['G2-item', 'write-skew'])
    // Paths of reads forwards and writes backwards, which close nothing.
    const forwards = Array.from({ length: 500 }, (_, i) => ({ from: 3 * i, to: 3 * i + 2, kind: wr, key: 0 }) as const)
    expect(found(withEdges(...forwards))).toEqual(['G2-item', 'write-skew'])
    expect(found(withEdges(...forwards, { from: 7002, to: 7001, kind: ww, key: 0 }))).toContain('G-single')
  })

  it('is G-single by a path back through many transactions', () => {
    const path = chain(`${size} wr ${size + 1} wr ${size + 2} ww ${size + 3} wr ${size + 4}`)
    const back: Edge = { from: size + 4, to: size, kind: rw, key: 2 }
    const anomalies = cycleAnomalies(withEdges(...path, back), { order: 'none' })
    expect(anomalies.filter(({ name }) => name === 'G-single').map(shown)).toEqual([
      `G-single: ${size} wr ${size + 1} wr ${size + 2} ww ${size + 3} wr ${size + 4} rw`,
    ])
  })

  it('is G-nonadjacent among many that have adjacent anti-dependencies', () => {
    const fork = chain(`${size + 1} wr ${size + 2} rw ${size + 3} ww ${size + 4} rw ${size + 1}`)
    const bridge = chain(`0 rw ${size + 1} rw 0`)
    const all = cycleAnomalies(withEdges(...fork, ...bridge), { order: 'none' })
    expect(all.filter(({ name }) => name === 'G-nonadjacent').map(({ transactions }) => [...transactions].sort())).toEqual([
      [size + 1, size + 2, size + 3, size + 4],
    ])
  })

  it('is G2-item where two anti-dependencies are adjacent in only a few of many places', () => {
    // Each of the first nodes leads to `center`, and that to them by way of a to c. It leads to d too, but from there only back to it.
    const many = 701
    const [center, a, b, c, d, e, f, g] = Array.from({ length: 8 }, (_, i) => many + i) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const edges = [
      ...Array.from({ length: many }, (_, t) => chain(`${t} rw ${center}`)),
      chain(`${center} wr ${a} rw ${b} rw ${c}`),
      ...Array.from({ length: many }, (_, t) => chain(`${c} wr ${t}`)),
      chain(`${center} rw ${d} wr ${e} rw ${f} rw ${g} wr ${center}`),
    ].flat()
    expect(found(factsOf({ transactions: many + 8, extra: edges }))).toEqual(['G2-item'])
  })

  it('is one of a long session or of a long time, with nothing on the way', () => {
    const transactions = Array.from({ length: 50_000 }, (_, t) => ({ session: t % 2, began: 2 * t, ended: 2 * t + 1 }))
    const facts = factsOf({ transactions, keys: { x: { order: [49_999, 0] } } })
    const anomalies = cycleAnomalies(facts, { order: 'real-time' })
    expect(anomalies.map(shown)).toEqual(['G0-realtime: 49999 ww 0 rt'])
    const later = factsOf({ transactions, keys: { x: { order: [49_999, 1] } } })
    expect(cycleAnomalies(later, { order: 'session' }).map(shown)).toEqual(['G0-session: 49999 ww 1 so'])
  })
})
