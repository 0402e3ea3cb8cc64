/** What `then` does to cells by assigning, moving and changing parts, which small and large values must survive alike. */
import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { canonicalKey, type Json } from '../language/json.ts'
import { defineModel, type Model } from '../language/model.ts'
import { program } from '../language/program.ts'
import { anyOf, bag, cell } from '../language/slots.ts'
import { simulation } from '../simulation.ts'

interface Node {
  a: { x: number; list: number[] }
  b?: { x: number; list: number[] }
  pad: number[]
}
const node = (x: number, pad: number): Node => ({ a: { x, list: [x] }, pad: new Array<number>(pad).fill(0) })
interface Cells {
  v: Node
  o: Node
}

/** Values of more parts than are told apart are handled as wholes. */
const sizes = [
  ['two small values', 1, 1],
  ['a large and a small value', 40, 1],
  ['a small and a large value', 1, 40],
  ['two large values', 40, 40],
] as const
const touch = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0)

describe.each(sizes)('with %s,', (_, first, second) => {
  it.each<[string, (s: Cells) => void]>([
    [
      'a part moves to the other cell',
      (s) => {
        s.v.b = s.o.a
      },
    ],
    [
      'a part that was read first moves',
      (s) => {
        const part = s.o.a
        s.v.b = part
      },
    ],
    [
      'a part moves back',
      (s) => {
        const part = s.v.a
        s.o.b = part
      },
    ],
    [
      'a part moves and then changes where it was',
      (s) => {
        s.v.b = s.o.a
        s.o.a.x = 9
      },
    ],
    [
      'a part moves and then changes where it is',
      (s) => {
        s.v.b = s.o.a
        s.v.b.x = 9
      },
    ],
    [
      'a list in a part that moved grows',
      (s) => {
        s.v.b = s.o.a
        s.v.b.list.push(4)
        s.o.a.list.push(5)
      },
    ],
    [
      'a changed part moves',
      (s) => {
        s.o.a.x = 9
        s.v.b = s.o.a
      },
    ],
    [
      'a part moves within its cell',
      (s) => {
        s.v.b = s.v.a
      },
    ],
    [
      'a part moves within its cell, and the first place is taken by another',
      (s) => {
        s.v.b = s.v.a
        s.v.a = { x: 7, list: [] }
      },
    ],
    [
      'two parts change places',
      (s) => {
        s.v.b = s.o.a
        s.o.b = s.v.a
      },
    ],
    [
      'cells change places',
      (s) => {
        const value = s.v
        s.v = s.o
        s.o = value
      },
    ],
    [
      'cells change places, and then parts of them',
      (s) => {
        const value = s.v
        s.v = s.o
        s.o = value
        s.v.a.x = 7
        s.o.a.x = 8
      },
    ],
    [
      'a cell becomes another',
      (s) => {
        s.v = s.o
      },
    ],
    [
      'a cell becomes another, which then changes',
      (s) => {
        s.v = s.o
        s.o = node(3, 1)
      },
    ],
    [
      'a cell becomes a part of another',
      (s) => {
        s.v.a = s.o as unknown as Node['a']
      },
    ],
    [
      'a cell becomes a copy with a change',
      (s) => {
        s.v = { ...s.v, a: { ...s.o.a, x: 5 } }
      },
    ],
    [
      'a cell becomes a copy that keeps a part',
      (s) => {
        s.v = { ...s.o, b: s.v.a }
      },
    ],
    [
      'a part is removed and put back',
      (s) => {
        const { a } = s.v
        delete (s.v as Partial<Node>).a
        s.v.a = a
      },
    ],
    [
      'a part is kept, its cell is replaced, and then the part changes',
      (s) => {
        const { a } = s.v
        s.v = node(6, 1)
        a.x = 9
      },
    ],
    [
      'a new value is assigned and then changed',
      (s) => {
        s.v = node(6, 1)
        s.v.a.x += 1
      },
    ],
    [
      'a new part is assigned and then changed',
      (s) => {
        s.v.b = { x: 1, list: [] }
        s.v.b.list.push(2)
      },
    ],
    [
      'a part moves into a new object',
      (s) => {
        s.v.b = { x: 1, list: s.o.a.list }
      },
    ],
  ])('%s', (_name, change) => {
    expectEnd(
      modelOf(
        (s) => {
          touch(s.v.pad)
          touch(s.o.pad)
          change(s)
        },
        first,
        second,
      ),
      outcome(change, first, second),
    )
  })
})

describe('changes in place of', () => {
  it.each<[string, number[], (list: number[]) => void]>([
    [
      'push',
      [1, 2],
      (l) => {
        l.push(3, 4)
      },
    ],
    [
      'pop',
      [1, 2],
      (l) => {
        l.pop()
      },
    ],
    [
      'pop of nothing',
      [],
      (l) => {
        l.pop()
      },
    ],
    [
      'shift',
      [1, 2],
      (l) => {
        l.shift()
      },
    ],
    [
      'unshift',
      [1, 2],
      (l) => {
        l.unshift(0)
      },
    ],
    [
      'splice',
      [1, 2, 3],
      (l) => {
        l.splice(1, 1, 7, 8, 9)
      },
    ],
    [
      'length',
      [1, 2, 3],
      (l) => {
        l.length = 1
      },
    ],
    [
      'length, then push',
      [1, 2, 3],
      (l) => {
        l.length = 0
        l.push(5)
      },
    ],
    [
      'pop, then push',
      [1, 2],
      (l) => {
        l.pop()
        l.push(2)
      },
    ],
    [
      'sort',
      [3, 1, 2],
      (l) => {
        l.sort()
      },
    ],
    [
      'reverse',
      [1, 2, 3],
      (l) => {
        l.reverse()
      },
    ],
    [
      'fill',
      [1, 2],
      (l) => {
        l.fill(0)
      },
    ],
    [
      'copyWithin',
      [1, 2, 3],
      (l) => {
        l.copyWithin(0, 1)
      },
    ],
    [
      'an index at the end',
      [1],
      (l) => {
        l[1] = 2
      },
    ],
    [
      'a swap',
      [1, 2],
      (l) => {
        ;[l[0], l[1]] = [l[1] as number, l[0] as number]
      },
    ],
    [
      'forEach',
      [1, 2],
      (l) => {
        l.forEach((x, i) => {
          l[i] = x * 2
        })
      },
    ],
    ['nothing', [1, 2], () => {}],
    [
      'the same element',
      [1, 2],
      (l) => {
        l[0] = 1
      },
    ],
  ])('an array by %s', (_name, start, change) => {
    for (const pad of [0, 40]) {
      const list = [...start, ...new Array<number>(pad).fill(0)]
      const after = [...list]
      change(after)
      const model = defineModel({
        name: 'm',
        about: '',
        state: () => ({ v: cell({ list }), n: cell(0) }),
        actions: (on) => ({
          go: on.action({
            when: (s) => s.n === 0,
            then: (s) => {
              s.n = 1
              change(s.v.list)
            },
          }),
        }),
        properties: (on) => ({ end: on.always((s) => s.n === 0 || canonicalKey(JSON.parse(JSON.stringify(s.v.list)))) }),
      })
      expect(check(model).violations[0]?.message).toBe(canonicalKey(after))
    }
  })

  it('elements while they are iterated', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({
        v: cell([
          { x: 1, y: 0 },
          { x: 2, y: 0 },
        ]),
        n: cell(0),
      }),
      actions: (on) => ({
        go: on.action({
          when: (s) => s.n === 0,
          then: (s) => {
            s.n = 1
            for (const each of s.v) if (each.x > 1) each.y = each.x
          },
        }),
      }),
      properties: (on) => ({ end: on.always((s) => s.n === 0 || JSON.stringify(s.v)) }),
    })
    expect(check(model).violations[0]?.message).toBe('[{"x":1,"y":0},{"x":2,"y":2}]')
  })

  it('an array beyond its end is refused, as it leaves a hole', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ v: cell([1]) }),
      actions: (on) => ({
        go: on.action({
          then: (s) => {
            s.v[3] = 1
          },
        }),
      }),
      properties: () => ({}),
    })
    expect(() => check(model)).toThrow(/action go of model m.*v\[[12]\] is undefined/)
  })
})

describe('an action', () => {
  it('that changes one member leaves the others of each value as they are', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ v: cell(anyOf([1, 2, 3].map((other) => ({ x: 0, other })))) }),
      actions: (on) => ({
        go: on.action({
          when: (s) => s.v.x === 0,
          then: (s) => {
            s.v.x = 1
          },
        }),
      }),
      properties: (on) => ({ end: on.always((s) => s.v.x === 0 || `ends with ${s.v.other}`) }),
    })
    const result = check(model, { maxViolations: 9, checkPurity: false })
    expect(result.violations.map(({ message }) => message)).toEqual(['ends with 1', 'ends with 2', 'ends with 3'])
    expect(result.distinct).toBe(6)
  })

  it('that assigns a member what it is has no other outcome than one that does nothing', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ v: cell({ x: 1, list: [1] }) }),
      actions: (on) => ({
        go: on.action({
          then: (s) => {
            s.v.x = 1
            s.v.list = [1]
            s.v = { list: [1], x: 1 }
          },
        }),
      }),
      properties: () => ({}),
    })
    expect(check(model)).toMatchObject({ distinct: 1, generated: 2 })
  })

  it('sends the value that a part has then, not the one that it has later', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ v: cell({ part: { x: 1 } }), sent: bag<{ x: number }>(), n: cell(0) }),
      actions: (on) => ({
        go: on.action({
          when: (s) => s.n === 0,
          then: (s) => {
            s.n = 1
            s.sent.add(s.v.part)
            s.v.part.x = 2
            s.sent.add(s.v.part)
          },
        }),
      }),
      properties: (on) => ({ end: on.always((s) => s.n === 0 || JSON.stringify([[...s.sent], s.v])) }),
    })
    expect(check(model).violations[0]?.message).toBe('[[{"x":1},{"x":2}],{"part":{"x":2}}]')
  })
})

function modelOf(change: (s: Cells) => void, first: number, second: number): Model {
  return defineModel({
    name: 'm',
    about: '',
    state: () => ({ v: cell(node(1, first)), o: cell(node(2, second)), n: cell(0) }),
    actions: (on) => ({
      go: on.action({
        when: (s) => s.n === 0,
        then: (s) => {
          s.n = 1
          change(s)
        },
      }),
    }),
    properties: (on) => ({ end: on.always((s) => s.n === 0 || canonicalKey(JSON.parse(JSON.stringify([s.v, s.o])))) }),
  })
}

/** What plain JavaScript makes of it. */
function outcome(change: (s: Cells) => void, first: number, second: number): Json {
  const cells = { v: node(1, first), o: node(2, second) }
  change(cells)
  return JSON.parse(JSON.stringify([cells.v, cells.o])) as Json
}

function expectEnd(model: Model, end: Json): void {
  const { violations } = check(model)
  expect(violations[0]?.message).toBe(canonicalKey(end))
  const plainly = simulation(program(model))
  const after = plainly.initialStates().flatMap((state) => plainly.transitions(state).map((transition) => plainly.judge(transition.after)))
  expect(after[0]?.[0]?.message).toBe(canonicalKey(end))
}
