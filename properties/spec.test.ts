import { describe, expect, expectTypeOf, it } from 'vitest'
import { HistoryError } from './errors.ts'
import { defineSpec, isSpec, type Spec, startingFrom } from './spec.ts'
import { register, specs } from './specs/index.ts'
import { recorded } from './testing/recorded.ts'
import { verdictOf } from './testing/verdict-of.ts'
import type { Value } from './value.ts'
import { judge } from './verify.ts'

/** As long as one of one's own has to be. */
const own = defineSpec<Value>({
  name: 'register',
  initial: null,
  operations: {
    read: (value) => ({ returns: value }),
    write: (_, value) => ({ state: value }),
  },
  observers: ['read'],
})

describe("a specification of one's own", () => {
  it('in ten lines is a register', () => {
    expect(verdictOf(own, '0 write 1, 1 read, 0 ok, 1 ok null, 1 read, 1 ok 1')).toBe('holds')
    expect(verdictOf(own, '0 write 1, 1 read, 0 ok, 1 ok 1, 1 read, 1 ok null')).toBe('violated')
  })

  const die = defineSpec({
    name: 'die',
    initial: { last: 0 },
    operations: {
      roll: () => [1, 2, 3].map((last) => ({ state: { last }, returns: last })),
      cheat: (state, wanted: number) => (wanted === state.last ? 'it shows that already' : { state: { last: wanted } }),
      look: ({ last }) => ({ returns: (output) => output === last || output === -last }),
      break: () => ({ completes: 'fail', because: 'it is made of steel' }),
    },
    observers: ['look'],
  })

  it.each([
    ['holds', '0 roll, 0 ok 2, 0 look, 0 ok 2, 0 look, 0 ok -2'],
    ['violated', '0 roll, 0 ok 2, 0 look, 0 ok 3'],
    ['violated', '0 roll, 0 ok 4'],
    ['holds', '0 roll, 0 ok ?, 0 look, 0 ok 3, 0 look, 0 ok 3'],
    ['violated', '0 roll, 0 ok ?, 0 look, 0 ok 3, 0 look, 0 ok 2'],
    ['holds', '0 roll, 1 look, 1 ok 3, 1 look, 1 ok 3'],
    ['violated', '0 roll, 1 look, 1 ok 3, 1 look, 1 ok 2'],
    ['holds', '0 cheat 5, 0 ok, 0 look, 0 ok 5'],
    ['violated', '0 cheat 5, 0 ok, 0 cheat 5, 0 ok'],
    ['holds', '0 break, 0 fail'],
    ['violated', '0 break, 0 ok'],
  ])('may be nondeterministic, refuse and fail: %s: %s', (verdict, history) => {
    expect(verdictOf(die, history)).toBe(verdict)
  })

  it('says in its own words why an operation cannot happen', () => {
    const sentence = (history: string): string => {
      const { decision } = judge(recorded(history), die)
      return decision.verdict === 'violated' ? decision.sentence : decision.verdict
    }
    expect(sentence('0 cheat 5, 0 ok, 0 cheat 5, 0 ok')).toContain('it shows that already')
    expect(sentence('0 break, 0 ok')).toContain('it is made of steel')
  })

  it('starts from another state where told', () => {
    expect(verdictOf(startingFrom(own, 7), '0 read, 0 ok 7')).toBe('holds')
    expect(own.initial).toBeNull()
    expect(() => startingFrom(own, new Date() as unknown as Value)).toThrow('initial is a Date')
  })

  it('is recognized, also one of another copy of the package', () => {
    expect([...specs.values()].every(isSpec)).toBe(true)
    expect(isSpec({ ...own })).toBe(true)
    expect([null, 'register', {}, { name: 'a', operations: {} }].some(isSpec)).toBe(false)
  })
})

describe('a specification that is wrong', () => {
  it.each<[string, () => unknown]>([
    ['empty has no operations', () => defineSpec({ name: 'empty', initial: null, operations: {} })],
    [
      'typo: observers name raed, which is not one of read',
      () => defineSpec({ name: 'typo', initial: null, operations: { read: () => ({}) }, observers: ['raed'] }),
    ],
    [
      'dated.initial is a Date',
      () => defineSpec({ name: 'dated', initial: new Date(0) as unknown as Value, operations: { read: () => ({}) } }),
    ],
  ])('is refused: %s', (message, define) => {
    expect(define).toThrow(HistoryError)
    expect(define).toThrow(message)
  })

  const wrong = (operation: Spec['operations'][string], observers: string[] = []): (() => unknown) => {
    const spec = defineSpec<Value>({ name: 'wrong', initial: [1], operations: { go: operation }, observers })
    return () => judge(recorded('0 go 3, 0 ok 3'), spec, { algorithm: 'general' })
  }

  it.each<[string, () => unknown]>([
    [
      'wrong: go cannot be applied to 3 (event 0): Cannot add property 1, object is not extensible',
      wrong((state) => {
        ;(state as Value[]).push(2)
        return { state }
      }),
    ],
    [
      'wrong: go cannot be applied to 3 (event 0): boom',
      wrong(() => {
        throw new Error('boom')
      }),
    ],
    ['go cannot be applied to 3 (event 0): it returned undefined', wrong((() => undefined) as unknown as Spec['operations'][string])],
    ['wrong: go is declared an observer but changes the state', wrong(() => ({ state: 2 }), ['go'])],
    ['a state of wrong is a Map', wrong(() => ({ state: new Map() as unknown as Value }))],
  ])('is told so when it is used: %s', (message, run) => {
    expect(run).toThrow(HistoryError)
    expect(run).toThrow(message)
  })

  it('may not change the state where the client observed a failure', () => {
    const spec = defineSpec<Value>({ name: 'wrong', initial: 0, operations: { go: () => ({ completes: 'fail', state: 1 }) } })
    expect(() => judge(recorded('0 go, 0 fail'), spec)).toThrow('wrong: go completes with fail but changes the state')
  })
})

describe('the types', () => {
  it('know the state, and check what is returned', () => {
    expectTypeOf(
      defineSpec({ name: 'n', initial: 0, operations: { add: (n, by: number) => ({ state: n + by }) } }).initial,
    ).toEqualTypeOf<number>()
    expectTypeOf(defineSpec<number>({ name: 'n', initial: 0, operations: { add: (n, by: number) => ({ state: n + by }) } })).toMatchTypeOf<
      Spec<number>
    >()
    defineSpec<number>({
      name: 'n',
      initial: 0,
      operations: {
        // @ts-expect-error: the state is a number
        add: (n) => ({ state: `${n}` }),
      },
    })
    // @ts-expect-error: the initial state is a number
    defineSpec<number>({ name: 'n', initial: 'a', operations: { read: (n) => ({ returns: n }) } })
    // @ts-expect-error: a number starts as one
    const started = () => startingFrom(defineSpec<number>({ name: 'n', initial: 0, operations: { read: () => ({}) } }), 'a')
    expect(started).not.toThrow()
    // @ts-expect-error: operations complete with ok or fail
    defineSpec({ name: 'n', initial: 0, operations: { read: () => ({ completes: 'info' }) } })
    expectTypeOf(register.initial).toEqualTypeOf<Value>()
  })
})
