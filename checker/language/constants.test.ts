import { describe, expect, it } from 'vitest'
import { UserError } from '../errors.ts'
import { type ConstantDecls, describeConstants, guardedConstants, resolveConstants } from './constants.ts'

const decls = {
  nodes: 3,
  terms: { default: 2, min: 1, max: 5, about: 'how many terms' },
  least: { default: 0, min: -2 },
  fast: true,
  lossy: { default: false, about: 'messages may be lost' },
  order: { default: 'fifo', oneOf: ['fifo', 'unordered'] },
} as const satisfies ConstantDecls

const resolve = (overrides: Record<string, unknown>): Record<string, unknown> => resolveConstants('m', decls, overrides)
const defaults = { nodes: 3, terms: 2, least: 0, fast: true, lossy: false, order: 'fifo' }

describe('constants', () => {
  it('are their defaults where nothing is given', () => {
    expect(resolve({})).toEqual(defaults)
  })

  it('are described with default, range and gloss', () => {
    expect(describeConstants(decls)).toEqual([
      { name: 'nodes', default: 3, range: 'at least 0', about: '' },
      { name: 'terms', default: 2, range: '1 to 5', about: 'how many terms' },
      { name: 'least', default: 0, range: 'at least -2', about: '' },
      { name: 'fast', default: true, range: 'true | false', about: '' },
      { name: 'lossy', default: false, range: 'true | false', about: 'messages may be lost' },
      { name: 'order', default: 'fifo', range: 'fifo | unordered', about: '' },
    ])
  })

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['a number', { nodes: 7 }, { nodes: 7 }],
    ['the ends of a range', { terms: 1, least: -2 }, { terms: 1, least: -2 }],
    ['the other end', { terms: 5 }, { terms: 5 }],
    ['a number as text', { nodes: '7', least: '-1' }, { nodes: 7, least: -1 }],
    ['a flag', { fast: false, lossy: true }, { fast: false, lossy: true }],
    ['a flag as text', { fast: 'false', lossy: 'true' }, { fast: false, lossy: true }],
    ['a choice', { order: 'unordered' }, { order: 'unordered' }],
  ])('accept %s', (_, given, expected) => {
    expect(resolve(given)).toEqual({ ...defaults, ...expected })
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['a number below the range', { terms: 0 }, 'constant terms of model m is 1 to 5, not 0'],
    ['a number above the range', { terms: 6 }, 'constant terms of model m is 1 to 5, not 6'],
    ['a negative number without a range', { nodes: -1 }, 'constant nodes of model m is at least 0, not -1'],
    ['a fraction', { nodes: 1.5 }, 'constant nodes of model m is at least 0, not 1.5'],
    ['text that is no number', { nodes: 'three' }, 'constant nodes of model m is at least 0, not "three"'],
    ['empty text', { nodes: '' }, 'constant nodes of model m is at least 0, not ""'],
    ['blank text', { nodes: ' ' }, 'constant nodes of model m is at least 0, not " "'],
    ['a number with rubbish behind', { nodes: '3x' }, 'constant nodes of model m is at least 0, not "3x"'],
    ['a flag for a number', { nodes: true }, 'constant nodes of model m is at least 0, not true'],
    ['null for a number', { nodes: null }, 'constant nodes of model m is at least 0, not null'],
    ['a list for a number', { nodes: [3] }, 'constant nodes of model m is at least 0, not [3]'],
    ['undefined', { nodes: undefined }, 'constant nodes of model m is at least 0, not undefined'],
    ['NaN', { nodes: Number.NaN }, 'constant nodes of model m is at least 0, not NaN'],
    ['Infinity', { nodes: Number.POSITIVE_INFINITY }, 'constant nodes of model m is at least 0, not Infinity'],
    ['a bigint', { nodes: 3n }, 'constant nodes of model m is at least 0, not 3'],
    ['a number for a flag', { fast: 1 }, 'constant fast of model m is true | false, not 1'],
    ['yes for a flag', { fast: 'yes' }, 'constant fast of model m is true | false, not "yes"'],
    ['no choice', { order: 'lifo' }, 'constant order of model m is fifo | unordered, not "lifo"'],
    ['a number for a choice', { order: 0 }, 'constant order of model m is fifo | unordered, not 0'],
  ])('refuse %s', (_, given, message) => {
    expect(refusal(() => resolve(given), 'bad-constant')).toContain(message)
  })

  it('refuse unknown names with the nearest spelling, or with the whole choice', () => {
    expect(refusal(() => resolve({ node: 1 }), 'unknown-constant')).toBe('model m has no constant "node", did you mean "nodes"?')
    expect(refusal(() => resolve({ somethingElse: 1 }), 'unknown-constant')).toContain('there are nodes, terms')
    expect(refusal(() => resolveConstants('m', {}, { x: 1 }), 'unknown-constant')).toContain('there are none')
  })

  it.each(['toString', '__proto__', 'constructor'])('do not take %s for a declared constant', (name) => {
    expect(refusal(() => resolve(JSON.parse(`{"${name}":1}`) as Record<string, unknown>), 'unknown-constant')).toContain(name)
  })

  it.each<[string, ConstantDecls]>([
    ['below the minimum', { n: { default: 0, min: 1 } }],
    ['above the maximum', { n: { default: 9, max: 3 } }],
    ['that is no choice', { n: { default: 'c', oneOf: ['a', 'b'] } }],
  ])('refuse a default %s', (_, wrong) => {
    expect(refusal(() => resolveConstants('m', wrong, {}))).toContain('n')
  })
})

describe('guarded constants', () => {
  it('give declared values and refuse the others with the nearest spelling', () => {
    const c = guardedConstants('m', { nodes: 3 }) as Record<string, unknown>
    expect(c['nodes']).toBe(3)
    expect({ ...c }).toEqual({ nodes: 3 })
    expect(refusal(() => c['node'], 'unknown-constant')).toBe('model m reads the undeclared constant "node", did you mean "nodes"?')
    expect(refusal(() => c['toString'], 'unknown-constant')).toContain('toString')
  })

  it('can be printed', () => {
    expect(JSON.stringify(guardedConstants('m', { nodes: 3 }))).toBe('{"nodes":3}')
  })

  it('cannot be changed by the model', () => {
    const values = { nodes: 3 }
    const c = guardedConstants('m', values) as Record<string, unknown>
    expect(() => {
      c['nodes'] = 4
    }).toThrow()
    expect(values).toEqual({ nodes: 3 })
  })
})

function refusal(run: () => unknown, code?: string): string {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(UserError)
    if (code !== undefined) expect((error as UserError).code).toBe(code)
    return (error as UserError).message
  }
  throw new Error('nothing was refused')
}
