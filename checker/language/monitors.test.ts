import { describe, expect, it } from 'vitest'
import { cell, check, defineModel, ids, type Model, monitor, program, simulation } from '../index.ts'

/** Counts what it is told, up to a limit; whoever asks learns whether that was too much. */
const meter = (limit: number) => ({
  name: 'meter',
  initial: { total: 0 },
  events: {
    add: ({ total }: { total: number }, amount: number, times = 1) => ({ total: Math.min(limit + 1, total + amount * times) }),
  },
  questions: {
    isWithin: ({ total }: { total: number }): true | string => total <= limit || `more than ${limit}`,
    total: ({ total }: { total: number }) => total,
  },
})

function metered(limit: number): Model {
  return defineModel({
    name: 'metered',
    about: 'Two clients add to a meter',
    state: () => ({ meter: monitor(meter(limit)), left: cell(3) }),
    actions: (on) => ({
      add: on.action({
        each: ids(2),
        when: (s) => s.left > 0,
        then: (s, i) => {
          s.left -= 1
          if (i === 0) s.meter.add(1)
          else s.meter.add(1, 2)
        },
      }),
    }),
    properties: (on) => ({
      within: on.always('the meter is within its limit', (s) => s.meter.isWithin),
      sum: on.sometimes('four are counted', (s) => s.meter.total === 4),
    }),
  })
}

describe('a monitor', () => {
  it('is told events, and answers questions about what it was told', () => {
    const result = check(metered(6))
    expect(result.verdict).toBe('holds')
    expect(result.distinct).toBe(1 + 2 + 3 + 4)
  })

  it('says in its own words what is wrong', () => {
    const [violation] = check(metered(5)).violations
    expect(violation).toMatchObject({ property: 'within', message: 'more than 5', depth: 4 })
  })

  it('is told without being read: the same event is run once for each value', () => {
    const result = check(metered(6), { checkPurity: false })
    expect(result.slots).toMatchObject({ meter: 7 })
    expect(result.modelRuns).toBeLessThan(30)
  })

  it('does the same one step at a time', () => {
    const run = simulation(program(metered(6)))
    const [first = []] = run.initialStates()
    const [, second] = run.transitions(first)
    expect(second?.after).toEqual([{ total: 2 }, 2])
    expect(second?.effects[0]).toMatchObject({ kind: 'operate', operation: 'add', argument: [1, 2] })
  })

  it('cannot be told anything but by an effect', () => {
    const model = defineModel({
      name: 'told-in-a-guard',
      about: 'A guard tells a monitor something',
      state: () => ({ meter: monitor(meter(1)) }),
      actions: (on) => ({
        look: on.action({
          when: (s) => {
            // @ts-expect-error a guard only asks
            s.meter.add(1)
            return true
          },
          then: () => {},
        }),
      }),
      properties: (on) => ({ within: on.always('within', (s) => s.meter.isWithin) }),
    })
    expect(() => check(model)).toThrow('only `then` may change the state')
  })
})

describe('the types of a monitor', () => {
  it('are those of its events and questions', () => {
    defineModel({
      name: 'typed',
      about: 'Events and questions are inferred',
      state: () => ({ meter: monitor(meter(1)) }),
      actions: (on) => ({
        add: on.action({
          then: (s) => {
            s.meter.add(s.meter.total)
            // @ts-expect-error an amount is a number
            s.meter.add('1')
            // @ts-expect-error there is no such event
            s.meter.remove(1)
          },
        }),
      }),
      properties: (on) => ({ within: on.always('within', (s) => s.meter.isWithin) }),
    })
  })
})
