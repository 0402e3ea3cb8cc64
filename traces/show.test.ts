import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cell, check, defineModel } from '../checker/index.ts'
import { twoPhaseCommit } from '../models/index.ts'
import type { TraceDocument } from './format.ts'
import { showTrace } from './show.ts'
import { counters, election, office } from './testing/models.ts'
import { pathOf, walk } from './testing/paths.ts'
import { textWidth } from './text.ts'

const faults = { order: 'fifo', drops: 1, duplicates: 1, partitions: 1 }
const options = { bugs: ['votes-twice'], property: 'oneLeader' }
const ask = (id: number) => ({ from: id, message: { kind: 'ask', term: 1, candidate: { id, log: [] } } })
const grant = (from: number) => ({ from, message: { kind: 'grant', term: 1 } })

const everyFault = pathOf(election, { ...options, constants: faults }, [
  ['timeout', 0],
  ['partition', [2]],
  ['timeout', 1],
  ['receive', [1, 0], ask(0)],
  ['heal'],
  ['drop', [0, 1], ask(1)],
  ['receive', [2, 1], ask(1)],
  ['duplicate', [0, 1], grant(1)],
  ['receive', [0, 1], grant(1)],
  ['receive', [1, 2], grant(2)],
])

describe('the picture of a trace', () => {
  it('shows an election that goes wrong: who sent what to whom, and what that changed', () => {
    const [violation] = check(election, { bugs: ['votes-twice'] }).violations
    expect(showTrace(election, violation?.trace as TraceDocument)).toMatchInlineSnapshot(`
      "✗ oneLeader is violated: at most one node leads
        election · bug votes-twice · 6 steps by breadth-first search
        nodes=3 order=unordered drops=0 duplicates=0 partitions=0 padding=0

      initially  server[0..2]: {role: follower, term: 0, votedFor: null, votes: []}

      node  0     1     2
            │     │     │
         1  ●     │     │     timeout(0)
            │     │     │       server[0].role: follower → candidate
            │     │     │       server[0].term: 0 → 1
            │     │     │       server[0].votedFor: null → 0
            │     │     │       server[0].votes: [] → [0]
            ├╌╌╌╌►│╌╌╌╌►│       m1 to 1, m2 to 2: ask{candidate: {id: 0, log: []},
            │     │     │         term: 1}
         2  │     ●     │     timeout(1)
            │     │     │       server[1].role: follower → candidate
            │     │     │       server[1].term: 0 → 1
            │     │     │       server[1].votedFor: null → 1
            │     │     │       server[1].votes: [] → [1]
            │◄╌╌╌╌┼╌╌╌╌►│       m3 to 0, m4 to 2: ask{candidate: {id: 1, log: []},
            │     │     │         term: 1}
         3  ●◄────┤     │     receive(0, m3)
            │     │     │       ask{candidate: {id: 1, log: []}, term: 1}
            │     │     │       server[0].votedFor: 0 → 1
            ├╌╌╌╌►│     │       m5 to 1: grant{term: 1}
         4  ├────►●     │     receive(1, m1)
            │     │     │       ask{candidate: {id: 0, log: []}, term: 1}
            │     │     │       server[1].votedFor: 1 → 0
            │◄╌╌╌╌┤     │       m6 to 0: grant{term: 1}
         5  ●◄────┤     │     receive(0, m6)  grant{term: 1}
            │     │     │       server[0].role: candidate → leader
            │     │     │       server[0].votes: [0] → [0, 1]
         6  ├────►●     │     receive(1, m5)  grant{term: 1}
            │     │     │       server[1].role: candidate → leader
            │     │     │       server[1].votes: [1] → [0, 1]

      finally    server[0]: {role: leader, term: 1, votedFor: 1, votes: [0, 1]}
                 server[1]: {role: leader, term: 1, votedFor: 0, votes: [0, 1]}
      in flight  m2 to 2: ask{candidate: {id: 0, log: []}, term: 1}
                 m4 to 2: ask{candidate: {id: 1, log: []}, term: 1}

      ● acts   ╌ sends   ─ receives

      ✗ after step 6, oneLeader: nodes 0 and 1 both lead term 1
      "
    `)
  })

  it('shows losses, repetitions, partitions and healing', () => {
    expect(showTrace(election, everyFault)).toMatchInlineSnapshot(`
      "✗ oneLeader is violated: at most one node leads
        election · bug votes-twice · 10 steps by breadth-first search
        nodes=3 order=fifo drops=1 duplicates=1 partitions=1 padding=0

      initially  server[0..2]: {role: follower, term: 0, votedFor: null, votes: []}

      node  0     1     2
            │     │     │
         1  ●     │     │     timeout(0)
            │     │     │       server[0].role: follower → candidate
            │     │     │       server[0].term: 0 → 1
            │     │     │       server[0].votedFor: null → 0
            │     │     │       server[0].votes: [] → [0]
            ├╌╌╌╌►│╌╌╌╌►│       m1 to 1, m2 to 2: ask{candidate: {id: 0, log: []},
            │     │     │         term: 1}
         2  │     │     ╥     partition([2])  (0 more possible)
            │     │     ║       2 cut off from the others
         3  │     ●     ║     timeout(1)
            │     │     ║       server[1].role: follower → candidate
            │     │     ║       server[1].term: 0 → 1
            │     │     ║       server[1].votedFor: null → 1
            │     │     ║       server[1].votes: [] → [1]
            │◄╌╌╌╌┼╌╌╌╌►║       m3 to 0, m4 to 2: ask{candidate: {id: 1, log: []},
            │     │     ║         term: 1}
         4  ├────►●     ║     receive([1, 0], m1)
            │     │     ║       ask{candidate: {id: 0, log: []}, term: 1}
            │     │     ║       server[1].votedFor: 1 → 0
            │◄╌╌╌╌┤     ║       m5 to 0: grant{term: 1}
         5  │     │     ╨     heal  all are connected again
         6  │╳╌╌╌╌┤     │     drop([0, 1], m3)  (0 more possible)
            │     │     │       lost: ask{candidate: {id: 1, log: []}, term: 1}
         7  │     ├────►●     receive([2, 1], m4)
            │     │     │       ask{candidate: {id: 1, log: []}, term: 1}
            │     │     │       server[2].term: 0 → 1
            │     │     │       server[2].votedFor: null → 1
            │     │◄╌╌╌╌┤       m6 to 1: grant{term: 1}
         8  │◄╌╌╌╌┤     │     duplicate([0, 1], m5)  (0 more possible)
            │     │     │       sent again, as m7: grant{term: 1}
         9  ●◄────┤     │     receive([0, 1], m5)  grant{term: 1}
            │     │     │       server[0].role: candidate → leader
            │     │     │       server[0].votes: [0] → [0, 1]
        10  │     ●◄────┤     receive([1, 2], m6)  grant{term: 1}
            │     │     │       server[1].role: candidate → leader
            │     │     │       server[1].votes: [1] → [1, 2]

      finally    server[0]: {role: leader, term: 1, votedFor: 0, votes: [0, 1]}
                 server[1]: {role: leader, term: 1, votedFor: 0, votes: [1, 2]}
                 server[2]: {role: follower, term: 1, votedFor: 1, votes: []}
      in flight  m2 to 2: ask{candidate: {id: 0, log: []}, term: 1}
                 m7 to 0: grant{term: 1}

      ● acts   ╌ sends   ─ receives   ╳ lost   ║ cut off

      ✗ after step 10, oneLeader: nodes 0 and 1 both lead term 1
      "
    `)
  })

  it('names those who play a role, as the managers of two-phase commit do', () => {
    const { properties } = check(twoPhaseCommit, { constants: { resourceManagers: 2 } })
    expect(showTrace(twoPhaseCommit, properties['allAbort']?.trace as TraceDocument)).toMatchInlineSnapshot(`
      "✓ allAbort is witnessed: every resource manager aborts
        two-phase-commit · 2 steps by breadth-first search
        resourceManagers=2

      initially  rm[0..1]: working
                 tm: init
                 prepared[0..1]: false

            r0    r1    t
            │     │     │
         1  ●     │     │     chooseToAbort(0)
            │     │     │       rm[0]: working → aborted
         2  │     ●     │     chooseToAbort(1)
            │     │     │       rm[1]: working → aborted

      finally    rm[0..1]: aborted

      r resource manager   t transaction manager   ● acts

      ✓ after step 2, allAbort: every resource manager aborts
      "
    `)
  })

  it('shows the step that is wrong in itself', () => {
    const trace = pathOf(counters, { property: 'slowly', constants: { counters: 2 } }, [['raise', 0], ['look', 1], ['jump']])
    expect(showTrace(counters, trace)).toMatchInlineSnapshot(`
      "✗ slowly is violated: counters rise by one
        counters · 3 steps by breadth-first search
        counters=2 goal=3

      initially  n[0..1]: 0
                 stopped: false

      node  0     1     env
            │     │     │
         1  ●     │     │     raise(0)
            │     │     │       n[0]: 0 → 1
            │     │     │       touched: + 0
         2  │     ●     │     look(1)
            │     │     │       (changes nothing)
         3  │     │     ●     jump
            │     │     │       n[0]: 1 → 3

      finally    n[0]: 3
                 touched: [0]

      ● acts

      ✗ in step 3, slowly: n[0]: from 1 to 3
      "
    `)
  })

  it('shows every kind of slot, and of value only what changed', () => {
    const shape = (i: number) =>
      (office.spec.actions as never as (on: object) => { set: { each: never[] } })({ action: (spec: object) => spec }).set.each[i] as never
    const trace = pathOf(office, { property: 'early' }, [
      ['pass', 0],
      ['take', 1, { kind: 'work', size: 3 }],
      ['file', 1],
      ['next'],
      ['idle', [1, 0]],
      ...[0, 1, 2, 3, 4].map((i): [string, never] => ['set', shape(i)]),
      ['tick'],
    ])
    expect(showTrace(office, trace)).toMatchInlineSnapshot(`
      "✗ early is violated: it is never noon
        office · 11 steps by breadth-first search

      initially  board: [rules]
                 pile: [old, old]
                 desk[0..1]: {papers: [a, b, c, d, e], tidy: true}
                 clock: 0

      node  0     1     env
            │     │     │
         1  ●     │     │     pass(0)
            │     │     │       seen[0]: + 0
            ├╌╌╌╌►│     │       m1 to 1: work{size: 3}
            ├╌╌╌╌►│     │       m2 to 1: first
            ├╌╌╌╌►│     │       m3 to 1: second
            ├╌╌╌╌►│     │       m4 to 1: 7
         2  ├────►●     │     take(1, m1)  work{size: 3}
            ├────►●     │       takes m2: first
            ├────►●     │       takes m3: second
         3  │     ●     │     file(1)
            │     │     │       board: + work{size: 9}
            │     │     │       pile: - old
            │     │     │       line: + next
            │     │     │       log: note("filed by 1")
         4  │     │     ●     next
            │     │     │       line: - next
         5  │     ●     │     idle([1, 0])
            │     │     │       (changes nothing)
         6  │     │     ●     set({papers: [a, b, c, d, e, f], tidy: true})
            │     │     │       desk[0].papers: [a, b, c, d, e] → [a, b, c, d, e, f]
         7  │     │     ●     set({papers: [a, b, X, d, e], tidy: true})
            │     │     │       desk[0].papers: [a, b, c, d, e, f] → [a, b, X, d, e]
         8  │     │     ●     set({papers: [a, b], tidy: true})
            │     │     │       desk[0].papers: [a, b, X, d, e] → [a, b]
         9  │     │     ●     set({"in tray": 1, papers: [], tidy: false})
            │     │     │       desk[0].papers: [a, b] → []
            │     │     │       desk[0].tidy: true → false
            │     │     │       desk[0]["in tray"]: + 1
        10  │     │     ●     set({papers: [a, b, c, d, e]})
            │     │     │       desk[0]["in tray"]: - 1
            │     │     │       desk[0].papers: [] → [a, b, c, d, e]
            │     │     │       desk[0].tidy: - false
        11  │     │     ●     tick
            │     │     │       clock: 0 → {at: noon, zone: null}

      finally    board: [rules, work{size: 9}]
                 pile: [old]
                 log: ["filed by 1"]
                 desk[0]: {papers: [a, b, c, d, e]}
                 clock: {at: noon, zone: null}

      ● acts   ╌ sends   ─ receives

      ✗ after step 11, early: it is never noon
      "
    `)
  })

  it('leaves the lanes out where there is no room for them, and says who sent a message instead', () => {
    const trace = pathOf(election, { ...options, constants: { nodes: 9 } }, [
      ['timeout', 0],
      ['receive', 8, ask(0)],
      ['receive', 0, grant(8)],
    ])
    expect(showTrace(election, trace, { width: 40 })).toMatchInlineSnapshot(`
      "? oneLeader: at most one node leads
        election · bug votes-twice · 3 steps
        by breadth-first search
        nodes=9 order=unordered drops=0
        duplicates=0 partitions=0 padding=0

      initially  server[0..8]: {role:
                   follower, term: 0,
                   votedFor: null, votes: []}

         1  timeout(0)
              server[0].role: follower →
                candidate
              server[0].term: 0 → 1
              server[0].votedFor: null → 0
              server[0].votes: [] → [0]
              sends m1 to 1, m2 to 2, m3 to 3,
                m4 to 4, m5 to 5, m6 to 6, m7
                to 7, m8 to 8: ask{candidate:
                {id: 0, log: []}, term: 1}
         2  receive(8, m8)
              from 0: ask{candidate: {id: 0, …
              server[8].term: 0 → 1
              server[8].votedFor: null → 0
              sends m9 to 0: grant{term: 1}
         3  receive(0, m9)
              from 8: grant{term: 1}
              server[0].votes: [0] → [0, 8]

      finally    server[0]: {role: candidate,
                   term: 1, votedFor: 0,
                   votes: [0, 8]}
                 server[8]: {role: follower,
                   term: 1, votedFor: 0,
                   votes: []}
      in flight  m1 to 1: ask{candidate: {id …
                 m2 to 2: ask{candidate: {id …
                 m3 to 3: ask{candidate: {id …
                 m4 to 4: ask{candidate: {id …
                 m5 to 5: ask{candidate: {id …
                 m6 to 6: ask{candidate: {id …
                 m7 to 7: ask{candidate: {id …

      ? oneLeader is not violated after step 3
        any more; the trace said: something
        that is not so
      "
    `)
  })

  it('says so where the violation no longer occurs', () => {
    const fixed = pathOf(election, { ...options, bugs: [] }, [['timeout', 0]])
    const lines = showTrace(election, { ...fixed, message: 'two lead' })
      .trimEnd()
      .split('\n')
    expect(lines[0]).toBe('? oneLeader: at most one node leads')
    expect(lines.at(-1)).toBe('? oneLeader is not violated after step 1 any more; the trace said: two lead')
  })

  it('shows an initial state that is wrong from the start', () => {
    expect(showTrace(counters, pathOf(counters, { property: 'goals', constants: { goal: 0 } }, []))).toMatchInlineSnapshot(`
      "✗ goals is violated: no counter reaches its goal
        counters · 0 steps by breadth-first search
        counters=3 goal=0

      initially  n[0..2]: 0
                 stopped: false

      ✗ initially, goals: zero: counter 0 is there
      "
    `)
  })

  it('tells a deadlock', () => {
    const { violations } = check(stuck)
    const text = showTrace(stuck, violations[0]?.trace as TraceDocument)
    expect(text).toContain('\n✗ after step 1, noDeadlock: no action is enabled, and the model does not say\n  that it is done\n')
  })
})

describe('whatever the trace and the width', () => {
  const walks = fc.record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    constants: fc.record({
      nodes: fc.integer({ min: 2, max: 9 }),
      order: fc.constantFrom('fifo', 'unordered'),
      drops: fc.nat(2),
      duplicates: fc.nat(2),
      partitions: fc.nat(1),
      padding: fc.nat(6),
    }),
  })
  const trace = ({ seed, constants }: { seed: number; constants: Record<string, unknown> }): TraceDocument => {
    const faulty = { constants, bugs: ['votes-twice'], property: 'oneLeader' }
    return pathOf(election, faulty, walk(election, faulty, seed, 15).steps)
  }

  it('never draws a line that is too wide', () => {
    fc.assert(
      fc.property(walks, fc.integer({ min: 40, max: 140 }), (chosen, width) => {
        for (const line of showTrace(election, trace(chosen), { width }).split('\n'))
          expect(textWidth(line), line).toBeLessThanOrEqual(width)
      }),
      { numRuns: 25 },
    )
  })

  it('says the same with and without colour', () => {
    fc.assert(
      fc.property(walks, (chosen) => {
        const plain = showTrace(election, trace(chosen))
        expect(stripVTControlCharacters(plain)).toBe(plain)
        const coloured = showTrace(election, trace(chosen), { colour: true })
        expect(coloured).not.toBe(plain)
        expect(stripVTControlCharacters(coloured)).toBe(plain)
      }),
      { numRuns: 8 },
    )
  })

  it('lets no character of the trace drive the terminal', () => {
    const evil = '\x1b]0;title\x07\x1b[2J\u202egnirts'
    const loud = defineModel({
      name: 'loud',
      about: 'says anything',
      state: () => ({ said: cell('') }),
      actions: (on) => ({
        say: on.action({
          each: [evil],
          then: (s, what) => {
            s.said = what
          },
        }),
      }),
      properties: (on) => ({ quiet: on.always(`not ${evil}`, (s) => s.said === '' || `said ${s.said}`) }),
    })
    const { violations } = check(loud)
    const picture = showTrace(loud, { ...(violations[0]?.trace as TraceDocument) })
    expect(picture).toContain('\\u{1b}')
    expect(picture).not.toMatch(/[^\P{Cc}\n]|\u202e/u)
  })
})

const stuck = defineModel({
  name: 'stuck',
  about: 'stops too early',
  state: () => ({ n: cell(0) }),
  actions: (on) => ({
    go: on.action({
      when: (s) => s.n < 1,
      then: (s) => {
        s.n += 1
      },
    }),
  }),
  properties: (on) => ({ small: on.always('small', (s) => s.n < 9) }),
  done: (s) => s.n === 2,
})
