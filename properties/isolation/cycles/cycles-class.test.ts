import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CycleStep } from '../anomaly.ts'
import { type EdgeKind, rt, rw, so, wr, ww } from '../edge.ts'
import { type AntiDependencies, type CycleAutomaton, classOfCycle, cycleAutomaton, patternAutomaton } from './cycles-class.ts'
import { through } from './cycles-part.ts'

function cycleOf(kinds: readonly EdgeKind[]): CycleStep[] {
  return kinds.map((kind, transaction) => ({ transaction, kind, key: -1 }))
}

function accepts({ first, start, next, accepts: ends }: CycleAutomaton, kinds: readonly number[]): boolean {
  const [head = 0, ...rest] = kinds
  if (!(head & first)) return false
  let state = start(head)
  for (const kind of rest) {
    state = next[64 * state + kind] as number
    if (state === -1) return false
  }
  return ends[state] === 1
}

function rotations<T>(all: readonly T[]): T[][] {
  return all.map((_, i) => [...all.slice(i), ...all.slice(0, i)])
}

const sequences = fc.array(fc.constantFrom<EdgeKind>(ww, wr, rw, so, rt), { minLength: 2, maxLength: 7, size: 'max' })

/** Of each class without a variant: what besides rw it may have, what it must have, and what is read first. */
const bases: readonly [name: string, policy: AntiDependencies, allowed: number, required: readonly number[], first: number][] = [
  ['G0', 'none', ww, [], ww],
  ['G1c', 'none', ww | wr, [wr], wr],
  ['G-single', 'one', ww | wr, [], rw],
  ['G-nonadjacent', 'nonadjacent', ww | wr, [], rw],
  ['G2-item', 'adjacent', ww | wr, [], rw],
]

describe('the class of a cycle', () => {
  it.each<[string, EdgeKind[]]>([
    ['G0', [ww, ww]],
    ['G1c', [ww, wr]],
    ['G-single', [ww, rw, wr]],
    ['G-nonadjacent', [rw, wr, rw, ww]],
    ['G2-item', [rw, rw]],
    ['G2-item', [rw, wr, ww, rw]],
    ['G0-session', [ww, so]],
    ['G1c-realtime', [wr, so, rt]],
    ['G-nonadjacent-session', [so, rw, ww, rw]],
    ['G2-item-realtime', [rw, rw, rt]],
  ])('is %s', (name, kinds) => {
    for (const rotation of rotations(kinds)) expect(classOfCycle(cycleOf(rotation))).toBe(name)
  })
})

describe('the automaton of a class', () => {
  it.each(bases)('%s reads the cycles of the class, from some edge on, and no others', (name, policy, allowed, required, first) => {
    let read = 0
    fc.assert(
      fc.property(sequences, (kinds) => {
        const expected = classOfCycle(cycleOf(kinds))
        for (const [variant, order, extra] of [
          ['', 0, []],
          ['-session', so, [so]],
          ['-realtime', so | rt, [rt]],
        ] as const) {
          const begin = extra.length > 0 && first === ww ? (extra[0] as number) : first
          const automaton = cycleAutomaton(policy, allowed | order, [...required, ...extra], begin)
          const isRead = rotations(kinds).some((rotation) => accepts(automaton, rotation))
          if (isRead) read++
          expect(isRead).toBe(expected === `${name}${variant}`)
        }
      }),
      { numRuns: 3000 },
    )
    expect(read).toBeGreaterThan(5)
  })

  it('stays where it is on the way through helper nodes', () => {
    for (const [, policy, allowed, required, first] of bases) {
      const automaton = cycleAutomaton(policy, allowed | so | rt, [...required, rt], first)
      for (let state = 0; state < automaton.states; state++)
        for (const kind of [rw, rt]) expect(automaton.next[64 * state + (through | kind)]).toBe(state)
    }
  })

  it('of any cycle with an anti-dependency reads them all', () => {
    const automaton = cycleAutomaton('some', ww | wr, [])
    for (const kinds of [
      [rw, rw],
      [rw, ww],
      [rw, wr, rw, ww, ww],
    ])
      expect(accepts(automaton, kinds)).toBe(true)
    expect(accepts(automaton, [rw, so])).toBe(false)
  })

  it('of a pattern reads that alone', () => {
    const automaton = patternAutomaton([{ kind: rw }, { kind: wr }, { kind: rw }, { kind: wr }])
    expect(accepts(automaton, [rw, wr, rw, wr])).toBe(true)
    expect(accepts(automaton, [rw, through | rw, wr, rw, wr, through | rt])).toBe(true)
    for (const kinds of [
      [rw, wr],
      [rw, wr, rw, ww],
      [rw, wr, rw, wr, rw, wr],
      [wr, rw, wr, rw],
    ])
      expect(accepts(automaton, kinds)).toBe(false)
  })

  it('of a pattern reads more orders than one where they may stand, and one that is required somewhere', () => {
    const edges = [{ kind: rw }, { kind: wr, isSpread: true }, { kind: rw }, { kind: wr, isSpread: true }]
    const session = patternAutomaton(edges, so, so)
    for (const kinds of [
      [rw, wr, so, rw, wr],
      [rw, wr, rw, wr, so, so],
      [rw, wr, so, rw, wr, so],
    ])
      expect(accepts(session, kinds)).toBe(true)
    for (const kinds of [
      [rw, wr, rw, wr],
      [rw, so, wr, rw, wr],
      [rw, wr, rt, rw, wr],
      [rw, wr, so, rw, wr, rt],
    ])
      expect(accepts(session, kinds)).toBe(false)
    const realTime = patternAutomaton(edges, so | rt, rt)
    expect(accepts(realTime, [rw, wr, so, rw, wr, rt, through | rt])).toBe(true)
    expect(accepts(realTime, [rw, wr, so, rw, wr])).toBe(false)
  })
})
