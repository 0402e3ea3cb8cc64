import { describe, expect, it } from 'vitest'
import type { Json } from '../checker/index.ts'
import { type Change, diff } from './diff.ts'
import { literal } from './literal.ts'

function told(before: Json, after: Json): string[] {
  return diff(before, after, 'x').map(({ path, before: old, after: fresh }: Change) => {
    if (old === undefined) return `${path} + ${literal(fresh as Json)}`
    return fresh === undefined ? `${path} - ${literal(old)}` : `${path}: ${literal(old)} -> ${literal(fresh)}`
  })
}

const entry = (term: number): Json => ({ term, value: 'some value' })

describe('diff', () => {
  it('finds nothing between equal values, whatever the order of their keys', () => {
    expect(told({ a: 1, b: [2] }, { b: [2], a: 1 })).toEqual([])
  })

  it('names the path of each change', () => {
    expect(told({ role: 'follower', term: { now: 1, last: 0 } }, { role: 'leader', term: { now: 2, last: 0 } })).toEqual([
      'x.role: follower -> leader',
      'x.term.now: 1 -> 2',
    ])
    expect(told({ 'odd key': 1, a: 1 }, { 'odd key': 2, a: 1 })).toEqual(['x["odd key"]: 1 -> 2'])
    expect(told(1, null)).toEqual(['x: 1 -> null'])
  })

  it('tells fields that came from fields that went', () => {
    expect(told({ a: 1, b: 2 }, { a: 1, c: 3 })).toEqual(['x.b - 2', 'x.c + 3'])
  })

  it('shows another variant as a whole', () => {
    expect(told({ is: 'candidate', votes: [1] }, { is: 'leader', next: [2] })).toEqual(['x: candidate{votes: [1]} -> leader{next: [2]}'])
    expect(told({ a: 1 }, { b: 2 })).toEqual(['x: {a: 1} -> {b: 2}'])
    expect(told({ kind: 'on' }, { kind: 'off' })).toEqual(['x.kind: on -> off'])
  })

  it('shows short arrays as a whole', () => {
    expect(told([1, 2], [1, 2, 3])).toEqual(['x: [1, 2] -> [1, 2, 3]'])
    expect(told([], [entry(1)])).toEqual(['x[0] + {term: 1, value: "some value"}'])
  })

  it('shows of long arrays what was changed, appended or cut off', () => {
    const log = [entry(1), entry(1), entry(2)]
    expect(told(log, [...log, entry(3)])).toEqual(['x[3] + {term: 3, value: "some value"}'])
    expect(told(log, log.slice(0, 1))).toEqual(['x[1] - {term: 1, value: "some value"}', 'x[2] - {term: 2, value: "some value"}'])
    expect(told(log, [entry(1), entry(7), entry(2)])).toEqual(['x[1].term: 1 -> 7'])
  })

  it('shows long arrays as a whole where most of them changed', () => {
    const before = [entry(1), entry(2), entry(3)]
    expect(told(before, [entry(4), entry(5), entry(6)])).toHaveLength(1)
    expect(told(before, [entry(9), entry(2)])).toHaveLength(1)
  })
})
