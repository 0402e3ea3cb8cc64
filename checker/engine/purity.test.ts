/** Functions that depend on more than their arguments, change what they may not, or throw: each is named, with the remedy. */
import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { isUserError } from '../errors.ts'
import { defineModel } from '../language/model.ts'
import { anyOf, bag, cell, cells, fifo, ids, set } from '../language/slots.ts'
import type { StateDraft, StateView } from '../language/state.ts'
import type { CheckOptions } from '../result.ts'

const layout = () => ({
  n: cell<unknown>(0),
  rec: cell<{ x: number; in: { y: number[] } }>({ x: 0, in: { y: [2, 1] } }),
  node: cells<{ term: number; tag?: unknown }>(2, { term: 0 }),
  bag: bag<unknown>(),
  fifo: fifo<unknown>(),
  set: set<unknown>(),
})
type View = StateView<ReturnType<typeof layout>>
type Draft = StateDraft<ReturnType<typeof layout>>
interface Parts {
  readonly each?: readonly unknown[]
  readonly over?: (s: View) => Iterable<unknown>
  readonly when?: (s: View) => boolean
  readonly then?: (s: Draft, ...args: unknown[]) => void
  readonly always?: (s: View) => boolean | string
  readonly done?: (s: View) => boolean
  readonly boundary?: (s: View) => boolean
  readonly initially?: (s: View) => boolean
}

/** The error that a model with one action `go` and one property `p` ends with. */
function failure(
  { each = [0], over = () => [0], when = (s) => s.n === 0, then = () => {}, always = () => true, ...others }: Parts,
  options: CheckOptions = {},
): string {
  const model = defineModel({
    name: 'm',
    about: '',
    state: layout,
    actions: (on) => ({ go: on.action({ each, over, when, then }) }),
    properties: (on) => ({ p: on.always(always) }),
    ...others,
  })
  try {
    check(model, { maxStates: 1000, ...options })
  } catch (error) {
    if (isUserError(error)) return `${error.code}: ${error.message}`
    throw error
  }
  return 'no error'
}

describe('an impure function is caught where', () => {
  let calls = 0
  const outside: number[] = []
  it.each<[string, Parts, string]>([
    [
      '`then` draws random numbers',
      {
        then: (s) => {
          s.n = Math.random()
        },
      },
      'action go',
    ],
    [
      '`then` reads the time',
      {
        then: (s) => {
          s.n = performance.now()
        },
      },
      'action go',
    ],
    [
      '`then` counts outside',
      {
        then: (s) => {
          s.n = calls++
        },
      },
      'action go',
    ],
    [
      '`then` sends what it counts outside',
      {
        then: (s) => {
          s.bag.add(calls++)
        },
      },
      'action go',
    ],
    [
      '`then` reads other parts each time',
      {
        then: (s) => {
          if (calls++ % 2) s.n = s.rec.x
          else s.n = s.rec.in.y.length - 1
        },
      },
      'action go',
    ],
    ['`when` counts outside', { when: () => calls++ % 2 === 0 }, 'go'],
    ['`over` counts outside', { over: () => [calls++] }, 'over of action go'],
    ['a property counts outside', { always: () => calls++ % 2 === 0 }, 'property p'],
    ['a property tells random numbers', { always: () => `${Math.random()}` }, 'property p'],
    ['`done` counts outside', { when: () => false, done: () => calls++ % 2 === 0 }, 'done'],
    ['`boundary` counts outside', { boundary: () => calls++ % 2 === 0 }, 'boundary'],
    ['`initially` counts outside', { initially: () => calls++ % 2 === 0 }, 'initially'],
    [
      '`then` fills a captured array',
      {
        then: (s) => {
          outside.push(1)
          s.n = outside.length
        },
      },
      'action go',
    ],
    [
      '`then` stores a captured array that it fills',
      {
        then: (s) => {
          outside.push(1)
          s.n = outside
        },
      },
      'action go',
    ],
  ])('%s', (_, parts, where) => {
    calls = 0
    const message = failure(parts)
    expect(message).toMatch(/^(impure|model-threw): /)
    expect(message).toContain(where)
    expect(message).toContain('model m')
    if (message.startsWith('impure')) expect(message).toMatch(/random numbers, the time, or variables outside/)
  })

  it('`then` reads the date, at the latest after some thousand states', () => {
    expect(
      failure(
        {
          when: () => true,
          then: (s) => {
            s.n = [(s.n as number[])[0] ?? 0, Date.now()].map((x, i) => (i === 0 ? x + 1 : x))
          },
        },
        { maxStates: 30_000 },
      ),
    ).toMatch(/^impure: action go of model m/)
  })

  it('a draft is kept from one call to the next', () => {
    let kept: { x: number } | undefined
    expect(
      failure({
        then: (s) => {
          kept ??= s.rec
          kept.x = 5
          s.n = 1
        },
      }),
    ).toMatch(/^(impure|model-threw): action go of model m/)
  })

  it('a draft is kept and read', () => {
    let kept: { x: number } | undefined
    expect(
      failure({
        then: (s) => {
          s.n = kept === undefined ? 1 : kept.x
          kept = s.rec
        },
      }),
    ).toMatch(/^(impure|model-threw): action go of model m/)
  })

  it('`then` goes on later', () => {
    expect(
      failure({
        then: (async (s: Draft) => {
          s.n = 1
        }) as unknown as (s: Draft) => void,
      }),
    ).toMatch(/^(impure|bad-model): action go of model m/)
  })
})

describe('without the purity check', () => {
  it('each function runs once, and the impure go unnoticed', () => {
    let calls = 0
    expect(
      failure(
        {
          then: (s) => {
            s.n = ++calls
          },
        },
        { checkPurity: false },
      ),
    ).toBe('no error')
    expect(calls).toBe(1)
  })
})

describe('a function that may only look is stopped where it', () => {
  const attempts: [string, (s: Draft) => void][] = [
    [
      'assigns a cell',
      (s) => {
        s.n = 1
      },
    ],
    [
      'assigns a member',
      (s) => {
        s.rec.x = 1
      },
    ],
    [
      'assigns a member deep inside',
      (s) => {
        s.rec.in.y[0] = 2
      },
    ],
    [
      'pushes',
      (s) => {
        s.rec.in.y.push(2)
      },
    ],
    [
      'sorts in place',
      (s) => {
        s.rec.in.y.sort()
      },
    ],
    [
      'deletes a member',
      (s) => {
        delete (s.rec as Partial<typeof s.rec>).x
      },
    ],
    [
      'defines a member',
      (s) => {
        Object.defineProperty(s.rec, 'x', { value: 1 })
      },
    ],
    [
      'assigns with Object.assign',
      (s) => {
        Object.assign(s.rec, { x: 1 })
      },
    ],
    [
      'assigns a cell of a family',
      (s) => {
        s.node[0] = { term: 1 }
      },
    ],
    [
      'adds to a bag',
      (s) => {
        s.bag.add(1)
      },
    ],
    [
      'pushes to a fifo',
      (s) => {
        s.fifo.push(1)
      },
    ],
    [
      'adds to a set',
      (s) => {
        s.set.add(1)
      },
    ],
  ]
  const places: [string, (look: (s: View) => boolean) => Parts][] = [
    ['when of action go', (look) => ({ when: look })],
    ['over of action go', (look) => ({ over: (s) => (look(s) ? [1] : []) })],
    ['property p', (look) => ({ always: look })],
    ['done', (look) => ({ when: () => false, done: look })],
    ['boundary', (look) => ({ boundary: look })],
    ['initially', (look) => ({ initially: look })],
  ]
  it.each(attempts)('%s', (_, attempt) => {
    for (const [where, partsOf] of places) {
      const message = failure(
        partsOf((s) => {
          attempt(s as Draft)
          return true
        }),
      )
      expect(message).toMatch(/^bad-operation: /)
      expect(message).toContain(`${where} of model m`)
      expect(message).toContain('only `then` may change the state')
    }
  })

  it('changes a value of more parts than are told apart', () => {
    const message = failure({
      then: (s) => {
        s.n = new Array(40).fill(0)
      },
      always: (s) => {
        if (!Array.isArray(s.n)) return true
        const list = s.n as number[]
        list.join()
        list[0] = 1
        return true
      },
    })
    expect(message).toMatch(/property p of model m/)
    expect(message).toContain('only `then` may change the state')
  })
})

describe('an argument cannot be changed:', () => {
  const change = (_: Draft, ...args: unknown[]): void => {
    for (const each of args as { k?: number }[]) if (typeof each === 'object') each.k = 2
  }
  it.each<[string, Parts]>([
    ['a static one', { each: [{ k: 1 }], then: change }],
    ['a dynamic one', { over: () => [{ k: 1 }], then: change }],
    [
      'one from the state',
      {
        over: (s) => [s.rec],
        then: (_s, _each, rec) => {
          ;(rec as { x: number }).x = 1
        },
      },
    ],
  ])('%s', (_, parts) => {
    expect(failure(parts)).toMatch(/action go of model m/)
  })
})

describe('what is no plain data is named with its path in', () => {
  it.each<[string, Parts, RegExp]>([
    [
      'a cell',
      {
        then: (s) => {
          s.n = { a: [0, undefined] }
        },
      },
      /action go of model m: n\.a\[1\] is undefined/,
    ],
    [
      'a cell of a family',
      {
        then: (s) => {
          s.node[1] = { term: Number.NaN }
        },
      },
      /action go of model m: node\[1\]\.term is NaN/,
    ],
    [
      'a member of a cell',
      {
        then: (s) => {
          s.node[1].tag = new Map()
        },
      },
      /action go of model m: node\[1\]\.tag is a Map/,
    ],
    [
      'a member deep in a cell',
      {
        then: (s) => {
          s.rec.in.y[0] = Number.POSITIVE_INFINITY
        },
      },
      /action go of model m: rec\.in\.y(\[0\]|\.0) is Infinity/,
    ],
    [
      'a member that is set to undefined',
      {
        then: (s) => {
          s.node[0].tag = undefined
        },
      },
      /action go of model m: node\[0\]\.tag is undefined.*null/,
    ],
    [
      'a message',
      {
        then: (s) => {
          s.bag.add({ at: new Date(0) })
        },
      },
      /action go of model m: bag\.add\(\.\.\.\)\.at is a Date/,
    ],
    [
      'an element of a fifo',
      {
        then: (s) => {
          s.fifo.push(() => 1)
        },
      },
      /action go of model m: fifo\.push\(\.\.\.\) is a function/,
    ],
    [
      'an element of a set',
      {
        then: (s) => {
          s.set.add([1n])
        },
      },
      /action go of model m: set\.add\(\.\.\.\)\[0\] is a bigint/,
    ],
    ['a question', { when: (s) => s.bag.has(undefined) }, /of action go of model m: bag\.has\(\.\.\.\) is undefined/],
    ['`each`', { each: [1, { a: Symbol('s') }] }, /each\[1\].*\.a is a symbol/],
    ['`over`', { over: () => [1, { a: undefined }] }, /over of action go of model m: over\[1\]\.a is undefined/],
    [
      'an instance of a class that holds a part of the state',
      {
        over: (s) => [
          new (class Box {
            rec = s.rec
          })(),
        ],
      },
      /over of action go of model m: over\[0\] is a Box/,
    ],
  ])('%s', (_, parts, message) => {
    const text = failure(parts)
    expect(text).toMatch(/^not-plain-data: /)
    expect(text).toMatch(message)
  })

  it('one line that names the place once', () => {
    expect(
      failure({
        then: (s) => {
          s.n = undefined
        },
      }).split('model m'),
    ).toHaveLength(2)
    expect(failure({ always: () => undefined as unknown as boolean }).split('model m')).toHaveLength(2)
  })

  it('an initial value', () => {
    const model = (n: unknown) =>
      defineModel({ name: 'm', about: '', state: () => ({ n: cell(n) }), actions: () => ({}), properties: () => ({}) })
    expect(() => check(model({ a: [undefined] }))).toThrow(/initial value of n in model m\.a\[0\] is undefined|n\.a\[0\].*model m/)
    expect(() => check(model(anyOf([0, { d: new Date(0) }])))).toThrow(/n.*model m.*\.d is a Date/)
  })

  it('an initial value of a bag', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ b: bag<unknown>([1, { d: new Date(0) }]) }),
      actions: () => ({}),
      properties: () => ({}),
    })
    expect(() => check(model)).toThrow(/\bb\b.*model m.*\.d is a Date|model m.*\bb\b.*\.d is a Date/)
  })
})

describe('an operation that is impossible names slot, action and what is missing:', () => {
  it.each<[string, Parts, RegExp]>([
    [
      'taking an absent message',
      {
        then: (s) => {
          s.bag.remove({ k: 1 })
        },
      },
      /^bad-operation: .*model m.*bag.*remove\(\{"k":1\}\)/,
    ],
    [
      'shifting an empty fifo',
      {
        then: (s) => {
          s.fifo.shift()
        },
      },
      /^bad-operation: .*model m.*fifo.*empty/,
    ],
    [
      'shifting twice what has one element',
      {
        then: (s) => {
          s.fifo.push(1)
          s.fifo.shift()
          s.fifo.shift()
        },
      },
      /^bad-operation: .*model m.*fifo.*empty/,
    ],
    [
      'an absent message after a look at the bag',
      {
        then: (s) => {
          s.n = s.bag.size
          s.bag.remove(1)
        },
      },
      /^bad-operation: .*model m.*bag.*remove\(1\)/,
    ],
  ])('%s', (_, parts, message) => {
    expect(failure(parts)).toMatch(message)
    expect(failure(parts)).toContain('action go')
  })

  it('deleting what is not in a set changes nothing', () => {
    expect(
      failure({
        then: (s) => {
          s.set.delete(1)
        },
      }),
    ).toBe('no error')
  })

  it('a slot that does not exist', () => {
    expect(
      failure({
        then: (s) => {
          ;(s as Record<string, unknown>)['zzz'] = 1
        },
      }),
    ).toMatch(/action go of model m.*zzz/)
    expect(
      failure({
        then: (s) => {
          ;(s as Record<string, unknown>)['bag'] = []
        },
      }),
    ).toMatch(/action go of model m.*bag/)
  })
})

describe('an error that a function throws names the function:', () => {
  const boom = (): never => {
    throw new Error('boom\nand more')
  }
  it.each<[string, Parts, string]>([
    ['when', { when: boom }, 'when of action go of model m threw: boom'],
    ['over', { over: boom }, 'over of action go of model m threw: boom'],
    ['then', { then: boom }, 'action go of model m threw: boom'],
    ['a property', { always: boom }, 'property p of model m threw: boom'],
    ['done', { when: () => false, done: boom }, 'done of model m threw: boom'],
    ['boundary', { boundary: boom }, 'boundary of model m threw: boom'],
    ['initially', { initially: boom }, 'initially of model m threw: boom'],
    [
      'a thrown string',
      {
        then: () => {
          // biome-ignore lint/style/useThrowOnlyError: models may throw anything
          throw 'just text'
        },
      },
      'action go of model m threw: just text',
    ],
  ])('%s', (_, parts, message) => {
    expect(failure(parts)).toBe(`model-threw: ${message}`)
    expect(failure(parts, { memoize: false, checkPurity: false })).toBe(`model-threw: ${message}`)
  })

  it('also in one step of a property of steps', () => {
    const model = defineModel({
      name: 'm',
      about: '',
      state: () => ({ n: cell(0) }),
      actions: (on) => ({
        go: on.action({
          each: ids(1),
          then: (s) => {
            s.n = 1
          },
        }),
      }),
      properties: (on) => ({ p: on.step('steps', 'n', boom) }),
    })
    expect(() => check(model)).toThrow('property p of model m threw: boom')
  })
})
