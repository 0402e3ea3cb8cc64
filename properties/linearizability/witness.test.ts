import { describe, expect, it } from 'vitest'
import type { Operation } from '../operation.ts'
import type { Spec } from '../spec.ts'
import { register } from '../specs/index.ts'
import { recorded } from '../testing/recorded.ts'
import { faultIn, statesAfter } from './witness.ts'

const spec = register as unknown as Spec
/** Operation 0 writes 1, then 1 writes 2 while 2 reads 1; 3 writes 3 and crashes. */
const operations = recorded('0 write 1, 0 ok, 1 write 2, 2 read, 1 ok, 2 ok 1, 0 write 3')
const order = (...ids: number[]): Operation[] => ids.map((id) => operations[id] as Operation)

describe('an order of operations', () => {
  it.each<[string | null, number[]]>([
    [null, [0, 2, 1]],
    [null, [0, 2, 1, 3]],
    ['an operation is in the order twice', [0, 2, 2, 1]],
    ['read → 1 by process 2 is not in the order', [0, 1]],
    ['write 1 by process 0 comes after an operation that was called when it had returned', [1, 0, 2]],
    ['read → 1 by process 2 cannot happen there', [0, 1, 2]],
    ['write 2 by process 1 comes after an operation that was called when it had returned', [0, 2, 3, 1]],
  ])('has a fault, or none: %s', (fault, ids) => {
    expect(faultIn(order(...ids), operations, spec, null)).toBe(fault)
  })

  it('leads to states', () => {
    expect(statesAfter(order(0, 1), spec, null)).toEqual([2])
    expect(statesAfter(order(1, 2), spec, null)).toEqual([])
  })
})
