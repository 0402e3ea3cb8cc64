/** The search for smaller constants, where it is known what there is to find. */
import { describe, expect, it } from 'vitest'
import { cell, defineModel, type Model } from '../../checker/index.ts'
import { smallerConstants } from './smaller-constants.ts'

type Constants = Readonly<Record<string, number | boolean>>

/** Counts to the top, and with the bug one further, unless the top is 1. */
function counter(constants: Constants): Model {
  return defineModel({
    name: 'counter',
    about: 'A counter that is to stop at the top',
    constants: {
      top: { default: 7, min: 1 },
      most: { default: 9, min: 1, about: 'where it can be at most' },
      unused: 3,
      width: { default: 1, min: 0, about: 'how far it may be moved; 0 for very far' },
      hasRest: false,
    },
    bugs: { 'no-stop': { about: 'It counts one further', violates: 'stops', constants } },
    state: () => ({ count: cell(0), place: cell(0), isResting: cell(false) }),
    actions: (on, c, bug) => ({
      count: on.action({
        when: (s) => s.count < Math.min(c.most, bug('no-stop') && c.top > 1 ? c.top + 1 : c.top),
        then: (s) => {
          s.count += 1
        },
      }),
      move: on.action({
        when: (s) => s.place < (c.width || 9),
        then: (s) => {
          s.place += 1
        },
      }),
      rest: on.action({
        when: () => c.hasRest,
        then: (s) => {
          s.isResting = true
        },
      }),
    }),
    properties: (on, c) => ({
      stops: on.always('it stops', (s) => s.count <= c.top),
      reached: on.sometimes('it gets to the top', (s) => s.count === c.top),
    }),
  })
}

describe('smaller constants', () => {
  const told = (constants: Constants): string[] =>
    smallerConstants(counter(constants), 'no-stop').found.map(({ constant, value }) => `${constant}=${value}`)

  it('are none where any change of one constant hides the bug', () => {
    expect(told({ top: 2, most: 3 })).toEqual([])
  })

  it('are all lower numbers that show the bug', () => {
    expect(told({ top: 4, most: 5 })).toEqual(['top=3', 'top=2'])
    expect(told({ top: 2, most: 5 })).toEqual(['most=4', 'most=3'])
  })

  it('are numbers that the bug brings for nothing, and not those that it leaves alone', () => {
    expect(told({ top: 2, most: 3, unused: 2 })).toEqual(['unused=1', 'unused=0'])
  })

  it('are not numbers that stand for more', () => {
    expect(smallerConstants(counter({ top: 2, most: 3 }), 'no-stop').tried).not.toContainEqual({ constant: 'width', value: 0 })
  })

  it('are not those where the corrected model does not hold', () => {
    expect(smallerConstants(counter({ top: 2, most: 3 }), 'no-stop').tried).not.toContainEqual({ constant: 'most', value: 1 })
  })

  it('are flags without which there are fewer states, and not those with which there are', () => {
    expect(told({ top: 2, most: 3, hasRest: true })).toEqual(['hasRest=false'])
  })

  it('are undecided at a limit', () => {
    const { found, undecided } = smallerConstants(counter({ top: 4, most: 5 }), 'no-stop', { maxStates: 2 })
    expect(found).toEqual([])
    expect(undecided).toContainEqual({ constant: 'top', value: 3 })
  })

  it('are looked for only where the corrected model holds', () => {
    expect(() => smallerConstants(counter({ top: 4, most: 3 }), 'no-stop')).toThrow(/does not hold/)
  })
})
