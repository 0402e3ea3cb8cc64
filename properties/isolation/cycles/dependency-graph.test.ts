import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EdgeKind, rt, rw, so, wr, ww } from '../edge.ts'
import { type Facts, initialSlot } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import { arbitraryFacts } from '../testing/arbitrary-facts.ts'
import { dependenciesOf } from '../testing/dependencies-of.ts'
import { factsOf } from '../testing/facts-of.ts'
import { type DependencyGraph, dependencyGraph, startCommitGraph } from './dependency-graph.ts'
import { isAcyclic } from './strong-components.ts'

const names: Readonly<Record<EdgeKind, string>> = { [ww]: 'ww', [wr]: 'wr', [rw]: 'rw', [so]: 'so', [rt]: 'rt' }

/** Every dependency of one transaction on another, in words: "0 ww x 1". */
function dependencies(graph: DependencyGraph): string[] {
  const { keys } = graph.facts.table
  return dependenciesOf(graph)
    .map(({ from, to, kind, key }) => `${from} ${names[kind]}${key === -1 ? '' : ` ${keys[key]}`} ${to}`)
    .sort()
}

/** As level.ts and the comment of `dependencyGraph` have it, word by word. */
function expected(facts: Facts, order: LevelOrder): string[] {
  const { table, slotsFrom, writer, place, readsFrom, readSlot, readKey, happened } = facts
  const found = new Set<string>()
  const add = (from: number, kind: EdgeKind, key: number, to: number) => {
    if (from !== to) found.add(`${from} ${names[kind]}${key === -1 ? '' : ` ${table.keys[key]}`} ${to}`)
  }
  const slotsOf = (key: number) =>
    [...writer.keys()].filter((slot) => slot >= (slotsFrom[key] as number) && slot < (slotsFrom[key + 1] as number))
  /** The slots that may come next after one, of those that one transaction did not write. */
  const nextOf = (key: number, slot: number, reader: number): number[] => {
    const later = slotsOf(key).filter((other) => writer[other] !== reader && (place[other] === -1 || slot === initialSlot || other > slot))
    const placed = later.filter((other) => place[other] !== -1)
    if (slot !== initialSlot && place[slot] === -1) return []
    return placed.length > 0 ? placed.slice(0, 1) : later
  }
  for (const key of table.keys.keys()) {
    for (const slot of slotsOf(key)) for (const next of nextOf(key, slot, -1)) add(writer[slot] as number, ww, key, writer[next] as number)
  }
  for (let t = 0; t < table.count; t++) {
    for (let read = readsFrom[t] as number; read < (readsFrom[t + 1] as number); read++) {
      const slot = readSlot[read] as number
      const key = readKey[read] as number
      if (slot !== initialSlot) add(writer[slot] as number, wr, key, t)
      for (const next of nextOf(key, slot, t)) add(t, rw, key, writer[next] as number)
    }
    if (happened[t] === 0 || order === 'none') continue
    const following = [...happened.keys()].find((u) => u > t && happened[u] === 1 && table.session[u] === table.session[t])
    if (table.session[t] !== -1 && following !== undefined) add(t, so, -1, following)
    if (order !== 'real-time' || table.status[t] !== 0 || table.ended[t] === -1) continue
    for (let u = 0; u < table.count; u++)
      if (happened[u] === 1 && (table.ended[t] as number) < (table.began[u] as number)) add(t, rt, -1, u)
  }
  return [...found].sort()
}

describe('the dependency graph', () => {
  it('orders the writes of a key one after another, and those without a place after the last of them', () => {
    const facts = factsOf({ transactions: 5, keys: { x: { order: [2, 0], unplaced: [1, 4] }, y: { unplaced: [3, 4] } } })
    expect(dependencies(dependencyGraph(facts, { order: 'none' }))).toEqual(['0 ww x 1', '0 ww x 4', '2 ww x 0'])
  })

  it('leads from a writer to its readers, and from them to the next writer, never to themselves', () => {
    const facts = factsOf({
      transactions: 5,
      keys: { x: { order: [0, 1, 2] }, y: { order: [3] } },
      reads: [
        [1, 'x', 0],
        [3, 'x', 0],
        [4, 'x', 2],
        [4, 'y', null],
        [3, 'y', null],
      ],
    })
    const ofWrites = ['0 ww x 1', '1 ww x 2']
    const ofReads = ['0 wr x 1', '1 rw x 2', '0 wr x 3', '3 rw x 1', '2 wr x 4', '4 rw y 3']
    expect(dependencies(dependencyGraph(facts, { order: 'none' }))).toEqual([...ofWrites, ...ofReads].sort())
  })

  it('leads from a reader of what was there before to every write, where none has a place', () => {
    const facts = factsOf({
      transactions: 4,
      keys: { x: { unplaced: [0, 1, 2] } },
      reads: [
        [3, 'x', null],
        [0, 'x', null],
        [1, 'x', 2],
      ],
    })
    expect(dependencies(dependencyGraph(facts, { order: 'none' }))).toEqual([
      '0 rw x 1',
      '0 rw x 2',
      '2 wr x 1',
      '3 rw x 0',
      '3 rw x 1',
      '3 rw x 2',
    ])
  })

  it('takes orders that others have found, with what they mean for readers, and further edges', () => {
    const facts = factsOf({
      transactions: 4,
      keys: { x: { unplaced: [0, 1] } },
      reads: [
        [2, 'x', 0],
        [1, 'x', 0],
      ],
      extra: [
        { from: 3, to: 0, kind: ww, key: 0 },
        { from: 3, to: 3, kind: ww, key: 0 },
      ],
    })
    expect(dependencies(dependencyGraph(facts, { order: 'none', orders: Int32Array.of(0, 1) }))).toEqual([
      '0 wr x 1',
      '0 wr x 2',
      '0 ww x 1',
      '2 rw x 1',
      '3 ww x 0',
    ])
  })

  it('has the order of sessions and of real time as asked, in which an unknown outcome precedes nothing', () => {
    const facts = factsOf({
      transactions: [
        { session: 'a', began: 0, ended: 3 },
        { session: 'b', began: 1, ended: 2 },
        { session: 'a', began: 4, fate: 'never happened' },
        { session: 'a', began: 5, ended: 7, fate: 'unknown' },
        { session: 'b', began: 6, ended: 8 },
        { session: 'c', began: 9 },
      ],
    })
    const ofSessions = ['0 so 3', '1 so 4']
    const ofTime = ['0 rt 3', '0 rt 4', '0 rt 5', '1 rt 3', '1 rt 4', '1 rt 5', '4 rt 5']
    expect(dependencies(dependencyGraph(facts, { order: 'none' }))).toEqual([])
    expect(dependencies(dependencyGraph(facts, { order: 'session' }))).toEqual(ofSessions)
    expect(dependencies(dependencyGraph(facts, { order: 'real-time' }))).toEqual([...ofTime, ...ofSessions].sort())
  })

  it('is what its definition says', () => {
    fc.assert(
      fc.property(arbitraryFacts(), fc.constantFrom<LevelOrder>('none', 'session', 'real-time'), (facts, order) => {
        expect(dependencies(dependencyGraph(facts, { order }))).toEqual(expected(facts, order))
      }),
      { numRuns: 1000 },
    )
  })

  it('has the same order of real time whether positions are those of events or far apart', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 9 })), { minLength: 2, maxLength: 8 }), (lengths) => {
        const [near, far] = [1, 10_000].map((scale) =>
          factsOf({ transactions: lengths.map(([began, length]) => ({ began: scale * began, ended: scale * (began + length) })) }),
        ) as [Facts, Facts]
        expect(dependencies(dependencyGraph(near, { order: 'real-time' }))).toEqual(expected(near, 'real-time'))
        expect(dependencies(dependencyGraph(far, { order: 'real-time' }))).toEqual(expected(near, 'real-time'))
      }),
    )
  })

  it('stays linear where many have read a key before it was written and many wrote it, some both', () => {
    const many = 60
    const both = 20
    const facts = factsOf({
      transactions: 2 * many,
      keys: { x: { unplaced: Array.from({ length: many }, (_, t) => t) } },
      reads: Array.from({ length: many }, (_, i) => [i < both ? i : i + many - both, 'x', null]),
    })
    const graph = dependencyGraph(facts, { order: 'none' })
    expect(graph.csr.to.length).toBeLessThan(6 * many)
    expect(dependencies(graph)).toEqual(expected(facts, 'none'))
  })

  it('stays linear in real time where everything precedes everything', () => {
    const facts = factsOf({ transactions: Array.from({ length: 200 }, (_, t) => ({ began: 2 * t, ended: 2 * t + 1 })) })
    const graph = dependencyGraph(facts, { order: 'real-time' })
    expect(graph.csr.to.length).toBeLessThan(3 * 200)
    expect(dependencies(graph)).toHaveLength((200 * 199) / 2)
  })
})

describe('the graph of starts and commits', () => {
  it('is acyclic exactly if dependencies, each with at most one anti-dependency after it, are', () => {
    let cyclic = 0
    fc.assert(
      fc.property(arbitraryFacts(), fc.constantFrom(ww | wr | rw, ww | wr | rw | so, ww | wr | rw | so | rt), (facts, kinds) => {
        const graph = dependencyGraph(facts, { order: 'real-time' })
        const n = graph.transactions
        const composed = Array.from({ length: n }, () => new Array<boolean>(n).fill(false))
        const edges = dependenciesOf(graph)
        for (const { from, kind, to } of edges) {
          if (kind === rw || !(kind & kinds)) continue
          ;(composed[from] as boolean[])[to] = true
          for (const next of edges) if (next.kind === rw && next.from === to) (composed[from] as boolean[])[next.to] = true
        }
        for (let via = 0; via < n; via++) {
          for (const row of composed) if (row[via]) for (const [to, reached] of (composed[via] as boolean[]).entries()) row[to] ||= reached
        }
        const isFine = composed.every((row, t) => !row[t])
        if (!isFine) cyclic++
        expect(isAcyclic(startCommitGraph(graph.csr, n, kinds))).toBe(isFine)
      }),
      { numRuns: 1000 },
    )
    expect(cyclic).toBeGreaterThan(50)
    expect(cyclic).toBeLessThan(950)
  })
})
