import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cell, cells, defineModel, ids, type Model, program, simulation } from '../checker/index.ts'
import { walks } from './fast-check.ts'
import { toHold } from './vitest.ts'

const lock = (careless: boolean): Model =>
  defineModel({
    name: 'lock',
    about: 'Two clients and a lock',
    state: () => ({ holder: cell<number | null>(null), inside: cells(2, false as boolean) }),
    actions: (on) => ({
      acquire: on.action({
        each: ids(2),
        when: (s) => careless || s.holder === null,
        then: (s, i) => {
          s.holder = i
          s.inside[i] = true
        },
      }),
      release: on.action({
        each: ids(2),
        when: (s, i) => s.inside[i],
        then: (s, i) => {
          s.holder = null
          s.inside[i] = false
        },
      }),
    }),
    properties: (on) => ({
      mutualExclusion: on.always('one client at a time', (s) => !(s.inside[0] && s.inside[1]) || 'both clients are inside'),
    }),
  })

describe('the vitest matchers', () => {
  it('tell models that hold from models that break', () => {
    expect(lock(false)).toHold()
    expect(lock(true)).toBreak('mutualExclusion')
    expect(lock(true)).not.toHold()
    expect(lock(false)).not.toBreak('mutualExclusion')
  })

  it('fail with the picture of the counterexample', () => {
    expect(() => expect(lock(true)).toHold()).toThrow(/mutualExclusion: violated \(both clients are inside\)[\s\S]*acquire\(1\)/)
  })

  it('do not take a search that a limit has ended for a proof', () => {
    expect(toHold(lock(false), { maxStates: 1 })).toMatchObject({ pass: false })
    expect(toHold(lock(false), { maxStates: 1 }).message()).toContain('limit on states')
  })

  it('refuse what is no model', () => {
    expect(() => expect({}).toHold()).toThrow('expected a model')
  })
})

describe('random walks', () => {
  it('are paths of the model', () => {
    const run = simulation(program(lock(true)))
    fc.assert(
      fc.property(walks(lock(true)), (steps) => {
        let [state] = run.initialStates()
        for (const step of steps) {
          const taken = run.take(state as never, step)
          if ('refused' in taken) throw new Error(taken.refused)
          state = taken.after
          expect(run.record(state)).toEqual(step.after)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('shrink to the shortest path that fails', () => {
    const result = fc.check(
      fc.property(walks(lock(true)), (steps) => steps.every(({ after }) => !(after['inside[0]'] && after['inside[1]']))),
      { seed: 1 },
    )
    expect(result.counterexample?.[0]).toHaveLength(2)
  })
})
