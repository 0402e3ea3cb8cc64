import { describe, expect, it } from 'vitest'
import { isUserError } from '../errors.ts'
import { defineModel, isModel, type Model } from './model.ts'
import { network } from './network.ts'
import { type ProgramOptions, program } from './program.ts'
import { bags, cell, ids } from './slots.ts'

const model = defineModel({
  name: 'm',
  about: '',
  constants: { nodes: 3, terms: { default: 2, max: 4 }, fast: false },
  bugs: {
    plain: 'A gloss alone',
    small: { about: 'Needs two nodes', constants: { nodes: 2, fast: true } },
    late: { about: 'Needs terms', constants: { terms: 4, nodes: 5 } },
  },
  state: (c, bug) => ({ n: cell(c.nodes), b: cell(bug('small')) }),
  actions: (on, c) => ({
    go: on.action({
      each: ids(c.nodes),
      then: (s) => {
        s.n = 0
      },
    }),
  }),
  properties: (on) => ({ first: on.always(() => true), second: on.sometimes(() => true) }),
  done: () => true,
})

const refusal = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (isUserError(error)) return `${error.code}: ${error.message}`
    throw error
  }
  return 'accepted'
}

describe('a program', () => {
  it('has the constants that show its bugs, a later bug winning, and the caller over both', () => {
    const constants = (options: ProgramOptions) => program(model, options).constants
    expect(constants({})).toEqual({ nodes: 3, terms: 2, fast: false })
    expect(constants({ bugs: ['plain'] })).toEqual({ nodes: 3, terms: 2, fast: false })
    expect(constants({ bugs: ['small'] })).toEqual({ nodes: 2, terms: 2, fast: true })
    expect(constants({ bugs: ['small', 'late'] })).toEqual({ nodes: 5, terms: 4, fast: true })
    expect(constants({ bugs: ['small'], constants: { nodes: '7' } })).toEqual({ nodes: 7, terms: 2, fast: true })
  })

  it('switches on the bugs that are asked for and no others', () => {
    const slot = (bugs: string[]) => program(model, { bugs }).shape.slots[1]?.slot
    expect(slot(['plain'])).toMatchObject({ alternatives: [false] })
    expect(slot(['small'])).toMatchObject({ alternatives: [true] })
  })

  it('takes a model with all that a page says of it', () => {
    const table = { about: 'Verdicts', rows: { plain: {} }, columns: { first: { property: 'first' } }, expect: { plain: ['holds'] } }
    const described = defineModel({
      name: 'described',
      about: '',
      state: () => ({ n: cell(0) }),
      actions: () => ({}),
      properties: (on) => ({ first: on.always(() => true) }),
      covers: ['A number'],
      omits: { 'other numbers': 'there are none' },
      tables: { verdicts: table },
    })
    expect([...program(described).properties.keys()]).toEqual(['first'])
    expect(described).toMatchObject({ covers: ['A number'], tables: { verdicts: table } })
  })

  it('refuses unknown bugs, constants and properties with the nearest spelling', () => {
    expect(refusal(() => program(model, { bugs: ['smal'] }))).toBe('unknown-bug: model m has no known bug "smal", did you mean "small"?')
    expect(refusal(() => program(model, { bugs: ['toString'] }))).toMatch(/^unknown-bug/)
    expect(refusal(() => program(model, { constants: { node: 1 } }))).toMatch(/^unknown-constant.*"nodes"/)
    expect(refusal(() => program(model, { properties: ['frist'] }))).toBe(
      'unknown-property: model m has no property "frist", did you mean "first"?',
    )
  })

  it('has the properties that are asked for, absence of deadlock being one', () => {
    expect([...program(model).properties.keys()]).toEqual(['first', 'second'])
    expect(program(model).done).not.toBeNull()
    expect([...program(model, { properties: ['second'] }).properties.keys()]).toEqual(['second'])
    expect(program(model, { properties: ['second'] }).done).toBeNull()
    expect([...program(model, { properties: ['noDeadlock'] }).properties.keys()]).toEqual([])
    expect(program(model, { properties: ['noDeadlock'] }).done).not.toBeNull()
    expect([...program(model, { properties: [] }).properties.keys()]).toEqual(['first', 'second'])
  })

  it('gives actions with a node as argument to that node, and the others to the environment', () => {
    const actors = defineModel({
      name: 'm',
      about: '',
      state: () => ({}),
      actions: (on) => ({
        node: on.action({ each: ids(2), then: () => {} }),
        pair: on.action({ each: [[1, 0]], then: () => {} }),
        named: on.action({ each: ['a'], then: () => {} }),
        none: on.action({ then: () => {} }),
      }),
      properties: () => ({}),
    })
    const processes = program(actors).actions.map(({ name, each, process }) => [name, each.map((argument) => process(argument))])
    expect(processes).toEqual([
      ['node', [0, 1]],
      ['pair', [1]],
      ['named', [null]],
      ['none', [null]],
    ])
  })
})

describe('a model that is wrong in itself is refused with a UserError that says where:', () => {
  const base = { name: 'm', about: '', state: () => ({ n: cell(0) }), actions: () => ({}), properties: () => ({}) }
  const boom = (): never => {
    throw new Error('boom')
  }
  it.each<[string, () => unknown, RegExp]>([
    [
      'a constant that is not declared',
      () => defineModel({ ...base, state: (c) => ({ n: cell((c as Record<string, unknown>)['nodes']) }) }),
      /unknown-constant: .*undeclared constant "nodes"/,
    ],
    [
      'a bug that is not declared',
      () => defineModel({ ...base, state: (_, bug) => ({ n: cell((bug as (name: string) => boolean)('x')) }) }),
      /unknown-bug: .*"x"/,
    ],
    [
      'an action that is none',
      () => defineModel({ ...base, actions: () => ({ go: {} as never }) }),
      /bad-model: action go of model m is not an action/,
    ],
    [
      'an argument that is not plain',
      () => defineModel({ ...base, actions: (on) => ({ go: on.action({ each: [{ at: new Date(0) }], then: () => {} }) }) }),
      /not-plain-data: .*each\[0\].*action go of model m.*Date/,
    ],
    [
      'a step property of no slot',
      () => defineModel({ ...base, properties: (on) => ({ p: on.step('s', 'm' as 'n', () => true) }) }),
      /bad-model: property p of model m watches the unknown slot "m", did you mean "n"/,
    ],
    [
      'receiving from no network',
      () => defineModel({ ...base, actions: (on) => ({ go: on.receive('n' as never, { then: () => {} }) }) }),
      /bad-model: .*model m.*n/,
    ],
    [
      'a property that is none',
      () => defineModel({ ...base, properties: () => ({ p: (() => true) as never }) }),
      /bad-model: property p of model m/,
    ],
    ['a slot that is none', () => defineModel({ ...base, state: () => ({ n: 0 as never }) }), /bad-model: .*n/],
    ['`state` throws', () => defineModel({ ...base, state: boom }), /model-threw: state of model m threw: boom/],
    ['`actions` throws', () => defineModel({ ...base, actions: boom }), /model-threw: actions of model m threw: boom/],
    ['`properties` throws', () => defineModel({ ...base, properties: boom }), /model-threw: properties of model m threw: boom/],
    [
      'a bug whose constants are not declared',
      () => defineModel({ ...base, bugs: { b: { about: '', constants: { x: 1 } } } }),
      /unknown-constant: .*"x"/,
    ],
  ])('%s', (_, make, message) => {
    const wrong = make()
    expect(isModel(wrong)).toBe(true)
    if (!isModel(wrong)) return
    expect(refusal(() => program(wrong, { bugs: Object.keys(wrong.bugs) }))).toMatch(message)
  })

  it('a step property of a family of bags, whose elements no step check sees', () => {
    const wrong = defineModel({
      ...base,
      state: () => ({ inbox: bags<number>(2) }),
      properties: (on) => ({ p: on.step('s', 'inbox', () => false) }),
    })
    expect(refusal(() => program(wrong))).toMatch(/bad-model: property p of model m/)
  })
})

describe('what means nothing is refused with the nearest spelling:', () => {
  const base = { name: 'm', about: '', state: () => ({ n: cell(0) }), actions: () => ({}), properties: () => ({}) }
  it.each<[string, () => unknown, string]>([
    ['an option of a model', () => defineModel({ ...base, boundry: () => true } as never), 'did you mean "boundary"?'],
    [
      'an option of an action',
      () => defineModel({ ...base, actions: (on) => ({ go: on.action({ whn: () => false, then: () => {} } as never) }) }),
      'did you mean "when"?',
    ],
    [
      'an option of a network',
      () => defineModel({ ...base, state: () => ({ net: network({ nodes: 2, partitionz: 1 } as never) }) }),
      'did you mean "partitions"?',
    ],
    [
      'a property with the name of the one that `done` brings',
      () => defineModel({ ...base, properties: (on) => ({ noDeadlock: on.always((s) => s !== null) }) }),
      'rename it',
    ],
  ])('%s', (_, make, hint) => {
    expect(() => program(make() as Model)).toThrow(hint)
  })
})
