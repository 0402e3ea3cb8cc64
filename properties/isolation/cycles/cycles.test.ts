import { describe, expect, it } from 'vitest'
import type { CycleStep } from '../anomaly.ts'
import { type EdgeKind, rt, rw, so, wr, ww } from '../edge.ts'
import { EdgeList } from './csr.ts'
import { CycleSearch, simpleCycle, sourceOf } from './cycles.ts'
import { cycleAutomaton, patternAutomaton } from './cycles-class.ts'
import { type CyclicPart, through } from './cycles-part.ts'

const names: Readonly<Record<number, string>> = {
  [ww]: 'ww',
  [wr]: 'wr',
  [rw]: 'rw',
  [so]: 'so',
  [rt]: 'rt',
  [through | rw]: 'rw>',
  [through | rt]: 'rt>',
}

/** Edges as text: "0 ww 1", with a key "0 ww x 1"; nodes from `transactions` on are helpers. Nodes are called ten times their number plus 10. */
function partOf(transactions: number, nodes: number, ...lines: readonly string[]): CyclicPart {
  const list = new EdgeList()
  for (const line of lines) {
    const words = line.split(' ')
    const kind = Number(Object.keys(names).find((number) => names[Number(number)] === words[1]))
    list.add(Number(words[0]), Number(words.at(-1)), kind, words.length === 4 ? (words[2] as string).charCodeAt(0) : -1)
  }
  return { graph: list.toCsr(nodes), transactions, original: Int32Array.from({ length: nodes }, (_, node) => 10 * node + 10) }
}

function shown(cycle: readonly CycleStep[] | null): string | null {
  return cycle === null ? null : cycle.map(({ transaction, kind }) => `${transaction} ${names[kind]}`).join(' ')
}

function one(nodes: number): Int32Array {
  return new Int32Array(nodes)
}

function walk(text: string): CycleStep[] {
  return text.split(' ').flatMap((word, i, words) =>
    i % 2 === 0
      ? [
          {
            transaction: Number(word),
            kind: Number(Object.keys(names).find((kind) => names[Number(kind)] === words[i + 1])) as EdgeKind,
            key: -1,
          },
        ]
      : [],
  )
}

describe('the search for a cycle through an edge', () => {
  const single = cycleAutomaton('one', ww | wr, [])

  it('finds a shortest one, that edge last, in the numbers of the whole graph', () => {
    const part = partOf(5, 5, '0 rw 1', '1 ww 2', '2 ww 3', '3 wr 0', '1 wr 4', '4 ww 0')
    expect(shown(new CycleSearch(part).through(0, single, one(5)))).toBe('20 wr 50 ww 10 rw')
  })

  it('takes the edges only that the class allows', () => {
    const part = partOf(4, 4, '0 rw 1', '1 rw 0', '1 so 0', '1 ww 2', '2 ww 3', '3 ww 0')
    expect(shown(new CycleSearch(part).through(0, single, one(4)))).toBe('20 ww 30 ww 40 ww 10 rw')
    const session = cycleAutomaton('one', ww | wr | so, [so])
    expect(shown(new CycleSearch(part).through(0, session, one(4)))).toBe('20 so 10 rw')
    const nothing = partOf(2, 2, '0 rw 1', '1 rw 0')
    expect(new CycleSearch(nothing).through(0, single, one(2))).toBeNull()
  })

  it('stays in the component of the edge', () => {
    const part = partOf(3, 3, '0 rw 1', '1 ww 2', '2 ww 0')
    expect(new CycleSearch(part).through(0, single, Int32Array.of(0, 0, 1))).toBeNull()
  })

  it('passes helper nodes at no cost and without a trace', () => {
    const part = partOf(4, 8, '0 rw 1', '1 rt 4', '4 rt> 5', '5 rt> 6', '6 rt> 7', '7 rt> 0', '1 ww 2', '2 ww 0', '3 ww 3')
    const realTime = cycleAutomaton('one', ww | wr | rt, [])
    expect(shown(new CycleSearch(part).through(0, realTime, one(8)))).toBe('20 rt 10 rw')
    const first = partOf(2, 4, '0 rw 2', '2 rw> 3', '3 rw> 1', '1 ww 0')
    expect(shown(new CycleSearch(first).through(0, single, one(4)))).toBe('20 ww 10 rw')
  })

  it('asks for another key where two reads must be of different ones', () => {
    const skew = patternAutomaton([{ kind: rw }, { kind: rw, key: 'other' }])
    const same = partOf(2, 2, '0 rw x 1', '1 rw x 0')
    expect(new CycleSearch(same).through(0, skew, one(2))).toBeNull()
    const different = partOf(2, 2, '0 rw x 1', '1 rw x 0', '1 rw y 0')
    expect(new CycleSearch(different).through(0, skew, one(2))).toEqual([
      { transaction: 20, kind: rw, key: 121 },
      { transaction: 10, kind: rw, key: 120 },
    ])
  })

  it('asks for the same key where two must be of one', () => {
    const fork = patternAutomaton([{ kind: rw }, { kind: wr, key: 'first' }, { kind: rw, key: 'other' }, { kind: wr, key: 'previous' }])
    const sameNever = partOf(4, 4, '0 rw x 1', '1 wr z 2', '2 rw y 3', '3 wr y 0')
    expect(new CycleSearch(sameNever).through(0, fork, one(4))).toBeNull()
    const sameThroughout = partOf(4, 4, '0 rw x 1', '1 wr x 2', '2 rw x 3', '3 wr x 0')
    expect(new CycleSearch(sameThroughout).through(0, fork, one(4))).toBeNull()
    for (const others of [
      [],
      // Other edges between the same transactions come first, and lead nowhere.
      ['1 wr z 2', '2 rw z 3', '3 wr u 0'],
      ['2 rw u 3', '2 rw z 3'],
    ]) {
      const forked = partOf(4, 4, '0 rw x 1', ...others, '1 wr x 2', '2 rw y 3', '3 wr y 0')
      expect(new CycleSearch(forked).through(0, fork, one(4))?.map(({ key }) => key)).toEqual([120, 121, 121, 120])
    }
  })

  it('finds a simple cycle where the shortest closed walk is none', () => {
    // By way of 2, the session edge 2 - 3 - 2 makes a walk of five that comes to 2 twice; the simple cycle takes six.
    const part = partOf(7, 7, '0 rw 1', '1 ww 2', '2 so 3', '3 ww 2', '2 ww 0', '1 ww 4', '4 so 5', '5 ww 6', '6 ww 0', '1 ww 0')
    const session = cycleAutomaton('one', ww | wr | so, [so])
    expect(shown(new CycleSearch(part).through(0, session, one(7)))).toBe('20 ww 50 so 60 ww 70 ww 10 rw')
  })

  it('does not come back between two adjacent anti-dependencies, however many ways back there are', () => {
    const layers = 20
    // From 2 by two ways in each layer, and at last to 1.
    const ways = Array.from({ length: layers }, (_, i) => {
      const [at, left, right, next] = [i === 0 ? 2 : 3 * i + 5, 3 * i + 6, 3 * i + 7, i === layers - 1 ? 1 : 3 * i + 8]
      return [`${at} ww ${left}`, `${at} ww ${right}`, `${left} ww ${next}`, `${right} ww ${next}`]
    }).flat()
    const nodes = 3 * layers + 6
    const part = partOf(nodes, nodes, '0 rw 1', '1 rw 2', ...ways, '2 wr 1', '1 wr 0', '2 ww 3', '3 ww 4', '4 ww 5', '5 ww 0')
    const adjacent = cycleAutomaton('adjacent', ww | wr, [])
    const cycle = new CycleSearch(part).through(0, adjacent, one(nodes))
    expect(shown(cycle)).toBe('20 rw 30 ww 40 ww 50 ww 60 ww 10 rw')
  })

  it('forgets one search before the next, and counts what all have looked at', () => {
    const part = partOf(3, 3, '0 rw 1', '1 ww 2', '1 ww 0', '2 ww 0')
    const search = new CycleSearch(part)
    const many = cycleAutomaton('nonadjacent', ww | wr, [])
    for (let i = 0; i < 3; i++) {
      expect(shown(search.through(0, single, one(3)))).toBe('20 ww 10 rw')
      expect(search.through(0, many, one(3))).toBeNull()
    }
    expect(search.spent).toBeGreaterThan(6)
  })
})

describe('a closed walk', () => {
  it('is cut to a simple cycle of its class', () => {
    expect(shown(simpleCycle(walk('1 ww 2 ww 3 ww 2 wr')))).toBe('1 ww 2 wr')
    expect(shown(simpleCycle(walk('1 ww 2 wr 3 ww 2 ww')))).toBe('2 wr 3 ww')
    expect(shown(simpleCycle(walk('1 ww 2 ww')))).toBe('1 ww 2 ww')
  })

  it('is of no use where no part is of its class', () => {
    expect(simpleCycle(walk('1 rw 2 so 3 ww 2 ww'))).toBeNull()
  })
})

describe('the source of an edge', () => {
  it('is the node whose row it is in', () => {
    const { graph } = partOf(4, 4, '1 ww 0', '1 ww 2', '3 ww 0')
    expect([0, 1, 2].map((edge) => sourceOf(edge, graph.from))).toEqual([1, 1, 3])
  })
})
