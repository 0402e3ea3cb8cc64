import { describe, expect, it } from 'vitest'
import { check } from './check.ts'
import { defineModel, type Model } from './language/model.ts'
import { program } from './language/program.ts'
import { anyOf, bag, cell, cells, fifo, ids, set } from './language/slots.ts'
import { type Simulation, type State, simulation } from './simulation.ts'

const model: Model = defineModel({
  name: 'm',
  about: '',
  state: () => ({
    n: cell(anyOf([0, 1])),
    rec: cell({ a: { x: 0 }, list: [1] }),
    node: cells(2, 0),
    inbox: bag<{ k: number }>(),
    queue: fifo<number>(),
    seen: set<string>(),
  }),
  actions: (on) => ({
    send: on.action({
      each: ids(2),
      when: (s, i) => s.node[i] === 0,
      then: (s, i) => {
        s.node[i] = 1
        s.inbox.add({ k: i })
        s.queue.push(i)
        s.seen.add('sent')
      },
    }),
    receive: on.action({
      over: (s) => s.inbox,
      then: (s, message) => {
        s.inbox.remove(message)
        s.queue.shift()
        s.rec.a.x += message.k + 1
        s.rec.list.push(message.k)
      },
    }),
    nothing: on.action({
      then: (s) => {
        // biome-ignore lint/correctness/noSelfAssign: an assignment that changes nothing is what is tested
        s.n = s.n
        s.rec.a.x += 0
      },
    }),
  }),
  properties: (on) => ({
    small: on.always('x is small', (s) => s.rec.a.x < 2 || `x is ${s.rec.a.x}`),
    both: on.sometimes((s) => s.node[0] + s.node[1] === 2),
    grows: on.step('the list grows slowly', 'rec', (before, after) => after.list.length < 3 || before.list.length === after.list.length),
  }),
  done: () => false,
  boundary: (s) => s.rec.a.x < 3,
})
const first = (of: Simulation): State => of.initialStates()[0] as State

/** What the model's own functions see of its state. */
interface Seen {
  n: number
  readonly rec: { readonly a: { x: number } }
  readonly node: readonly number[]
  readonly inbox: Iterable<{ readonly k: number }> & { readonly size: number }
}

describe('a simulation', () => {
  const plainly = simulation(program(model))

  it('starts in every combination of initial values', () => {
    expect(plainly.initialStates().map((state) => plainly.record(state)['n'])).toEqual([0, 1])
    expect(plainly.record(first(plainly))).toEqual({
      n: 0,
      rec: { a: { x: 0 }, list: [1] },
      'node[0]': 0,
      'node[1]': 0,
      inbox: [],
      queue: [],
      seen: [],
    })
  })

  it('lists transitions in the order of the model, with arguments, process and effects', () => {
    const all = plainly.transitions(first(plainly))
    expect(all.map(({ action, args, process }) => [action, args, process])).toEqual([
      ['send', [0], 0],
      ['send', [1], 1],
      ['nothing', [], null],
    ])
    expect(all[0]?.effects).toEqual([
      { kind: 'send', slot: 4, operation: 'add', argument: { k: 0 } },
      { kind: 'send', slot: 5, operation: 'push', argument: 0 },
      { kind: 'send', slot: 6, operation: 'add', argument: 'sent' },
      { kind: 'write', slot: 2, before: 0, after: 1 },
    ])
    expect(all[2]).toMatchObject({ effects: [], after: first(plainly) })
  })

  it('changes no state that it was given', () => {
    const before = first(plainly)
    const copy = structuredClone(before)
    const sent = plainly.take(before, { action: 'send', args: [1] })
    if ('refused' in sent) throw new Error(sent.refused)
    const received = plainly.take(sent.after, { action: 'receive', args: [{ k: 1 }] })
    if ('refused' in received) throw new Error(received.refused)
    expect(before).toEqual(copy)
    expect(plainly.record(sent.after)).toMatchObject({ inbox: [{ k: 1 }], rec: { a: { x: 0 } } })
    expect(plainly.record(received.after)).toMatchObject({ inbox: [], queue: [], rec: { a: { x: 2 }, list: [1, 1] } })
    expect(received.effects.map(({ kind }) => kind)).toEqual(['take', 'take', 'write'])
  })

  it('shows a state as the model sees it, beside others, and lets nobody change it', () => {
    const before = first(plainly)
    const [sent] = plainly.transitions(before)
    const [old, now] = [before, sent?.after ?? []].map((state) => plainly.view(state)) as unknown as [Seen, Seen]
    expect([old.inbox.size, now.inbox.size, old.node[0], now.node[0]]).toEqual([0, 1, 0, 1])
    expect([...now.inbox]).toEqual([{ k: 0 }])
    expect(() => {
      now.rec.a.x = 7
    }).toThrow(TypeError)
    expect(() => {
      now.n = 7
    }).toThrow('only `then` may change the state')
  })

  it('says why a step is refused', () => {
    const at = first(plainly)
    expect(plainly.take(at, { action: 'fly', args: [] })).toEqual({ refused: 'the model has no action fly' })
    expect(plainly.take(at, { action: 'send', args: [5] })).toMatchObject({ refused: expect.stringContaining('send') })
    expect(plainly.take(at, { action: 'receive', args: [{ k: 0 }] })).toMatchObject({ refused: expect.stringContaining('receive') })
    expect(plainly.take(at, { action: 'nothing', args: [1] })).toMatchObject({ refused: expect.stringContaining('nothing') })
  })

  it('judges states, steps, ends and the boundary', () => {
    const state = (x: number, list: number[], node: [number, number]): State => [0, { a: { x }, list }, ...node, [], [], []]
    expect(plainly.judge(state(2, [1], [1, 1]))).toEqual(
      [
        { property: 'small', kind: 'always', part: null, message: 'x is 2' },
        { property: 'both', kind: 'sometimes', part: null, message: '' },
      ].map((finding) => expect.objectContaining(finding.property === 'both' ? { property: 'both', kind: 'sometimes' } : finding)),
    )
    expect(plainly.judge(state(0, [1], [0, 0]))).toEqual([])
    expect(plainly.judgeStep(state(0, [1, 2], [0, 0]), state(0, [1, 2, 3], [0, 0]))).toEqual([
      { property: 'grows', kind: 'step', part: null, message: 'rec: the list grows slowly' },
    ])
    expect(plainly.judgeStep(state(0, [1], [0, 0]), state(0, [1], [1, 0]))).toEqual([])
    expect([plainly.inside(state(2, [], [0, 0])), plainly.inside(state(3, [], [0, 0]))]).toEqual([true, false])
  })

  it('tells of a deadlock', () => {
    const stuck = defineModel({
      name: 'm',
      about: '',
      state: () => ({ n: cell(0) }),
      actions: () => ({}),
      properties: () => ({}),
      done: (s) => s.n === 1,
    })
    const of = simulation(program(stuck))
    expect(of.judge([0]).map(({ property }) => property)).toEqual(['noDeadlock'])
    expect(of.judge([1])).toEqual([])
  })

  it('names what throws and what may only look', () => {
    const wrong = (then: (s: { n: unknown }) => void, when: (s: { n: unknown }) => boolean): (() => unknown) => {
      const of = simulation(
        program(
          defineModel({
            name: 'm',
            about: '',
            state: () => ({ n: cell<unknown>(0) }),
            actions: (on) => ({ go: on.action({ when, then }) }),
            properties: () => ({}),
          }),
        ),
      )
      return () => of.transitions(first(of))
    }
    expect(
      wrong(
        () => {
          throw new Error('boom')
        },
        () => true,
      ),
    ).toThrow('action go of model m threw: boom')
    expect(
      wrong(
        () => {},
        (s) => {
          s.n = 1
          return true
        },
      ),
    ).toThrow(/when of action go of model m.*only `then` may change the state/)
    expect(
      wrong(
        (s) => {
          s.n = { a: new Map() }
        },
        () => true,
      ),
    ).toThrow(/n.*action go.*\.a is a Map|action go.*n\.a is a Map/)
  })

  it('sees a property in the same way as the engine where it returns neither true, false nor a string', () => {
    const wrong = defineModel({
      name: 'm',
      about: '',
      state: () => ({ n: cell(0) }),
      actions: () => ({}),
      properties: (on) => ({ p: on.always(() => undefined as unknown as boolean) }),
    })
    expect(() => check(wrong)).toThrow('property p')
    const of = simulation(program(wrong))
    expect(() => of.judge(first(of))).toThrow('property p')
  })
})

/** Whether two parts of a state are one object must not matter: states are data. */
describe('what a simulation observes', () => {
  const of = simulation(program(model))
  const [at = []] = of.initialStates()

  it('is what a function says of a state, and the slots that it asked for, each once, in order', () => {
    const slot = (name: string): number => of.program.shape.slots.findIndex((flat) => flat.name === name)
    type Seen = { readonly n: number; readonly node: readonly number[]; readonly seen: { readonly size: number } }
    const { result, reads } = of.observe(at, 'it', (s) => {
      const { node, seen, ...rest } = s as unknown as Seen
      return [seen.size, node[1], seen.size, Object.keys(rest).length > 0]
    })
    expect(result).toEqual([0, 0, 0, true])
    expect(reads.filter((read) => [slot('seen'), slot('node[1]')].includes(read))).toEqual([slot('seen'), slot('node[1]')])
    expect(of.observe(at, 'it', () => 1)).toEqual({ result: 1, reads: [] })
    expect(of.observe(at, 'it', (s) => s['n']).reads).toEqual([slot('n')])
  })

  it('changes nothing, and errors name it', () => {
    expect(() =>
      of.observe(at, 'the guard', (s) => {
        s['n'] = 5
      }),
    ).toThrow('the guard of model m: assigns n; only `then` may change the state')
  })
})

describe('identity does not show:', () => {
  const sharing = defineModel({
    name: 'm',
    about: '',
    state: () => ({ v: cell<{ a: { x: number }; b: { x: number } }>({ a: { x: 0 }, b: { x: 0 } }), step: cell(0) }),
    actions: (on) => ({
      share: on.action({
        when: (s) => s.step === 0,
        then: (s) => {
          s.step = 1
          const part = { x: 1 }
          s.v = { a: part, b: part }
        },
      }),
      change: on.action({
        when: (s) => s.step === 1,
        then: (s) => {
          s.step = 2
          s.v.a.x = 2
        },
      }),
    }),
    properties: (on) => ({ end: on.always((s) => s.step < 2 || JSON.stringify(s.v)) }),
  })

  it('a change of one of two places that hold one object leaves the other as it is, in the engine', () => {
    expect(check(sharing).violations[0]?.message).toBe('{"a":{"x":2},"b":{"x":1}}')
  })

  it('a change of one of two places that hold one object leaves the other as it is, in the simulation', () => {
    const of = simulation(program(sharing))
    let at = first(of)
    for (const action of ['share', 'change']) {
      const taken = of.take(at, { action, args: [] })
      if ('refused' in taken) throw new Error(taken.refused)
      at = taken.after
    }
    expect(of.record(at)['v']).toEqual({ a: { x: 2 }, b: { x: 1 } })
  })

  it('an element of a domain is not identical to the part of the state that it came from, in engine and simulation alike', () => {
    const comparing = defineModel({
      name: 'm',
      about: '',
      state: () => ({ list: cell([{ x: 1 }, { x: 2 }]), found: cell(0) }),
      actions: (on) => ({
        find: on.action({
          over: (s) => s.list,
          when: (s, each) => s.list[0] === each,
          then: (s) => {
            s.found = 1
          },
        }),
      }),
      properties: () => ({}),
    })
    const of = simulation(program(comparing))
    expect(of.transitions(first(of)).length).toBe(check(comparing).actions['find']?.taken)
  })
})
