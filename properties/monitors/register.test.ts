import { describe, expect, it } from 'vitest'
import { sequentialRegister } from '../testing/brute-force-containers.ts'
import { itConforms, saidBy } from '../testing/conformance.ts'
import type { Recipe } from '../testing/container-histories.ts'
import { registerZones } from './register.ts'

const recipe: Recipe = { object: sequentialRegister, operations: { write: 'new', read: 'nothing' } }

const { sentenceOf, orderOf, reasonOf } = saidBy(registerZones, null)

describe('zones of a register', () => {
  itConforms(registerZones, recipe, null)

  it('rejects a stale read after a completed write', () => {
    expect(sentenceOf('0 write 1, 0 ok, 1 write 2, 1 ok, 2 read, 2 ok 1')).toBe(
      'the read by process 2 returned 1, but the write 2 by process 1 had completed before it began and begun after the write 1 by process 0 had: ' +
        'the value 1 was overwritten',
    )
    expect(sentenceOf('0 write 1, 0 ok, 1 read, 1 ok null')).toBe(
      'the read by process 1 returned null, but the write 1 by process 0 had completed before it began: the initial value null was overwritten',
    )
  })

  it('rejects reads that see two concurrent writes in both orders', () => {
    const history = '0 write 1, 1 write 2, 2 read, 2 ok 1, 2 read, 2 ok 2, 2 read, 2 ok 1, 0 ok, 1 ok'
    expect(sentenceOf(history)).toBe(
      'the register cannot have held one value at a time: 1 from the return of the read by process 2 until the read by process 2 began ' +
        'and 2 at some moment between the call of the read by process 2 and the return of the read by process 2',
    )
  })

  it('rejects a value that nothing wrote, and one that was read before its write', () => {
    expect(sentenceOf('0 read, 0 ok 9')).toBe('the read by process 0 returned 9, which nothing had written')
    expect(sentenceOf('0 read, 0 ok 1, 1 write 1, 1 ok')).toContain('before the write 1 by process 1 began')
  })

  it('lets a pending write happen where its value was read, and leaves it out otherwise', () => {
    expect(orderOf('0 write 1, 1 read, 1 ok null, 1 read, 1 ok 1, 2 write 2')).toBe('read 1, write 0, read 1')
  })

  it('places reads of which nobody knows what they returned', () => {
    expect(orderOf('0 write 1, 0 ok, 1 read, 1 ok ?, 0 write 2, 0 ok')).toBe('write 0, read 1, write 0')
  })

  it('does not judge values that are written twice or are there from the start', () => {
    expect(reasonOf('0 write 1, 0 ok, 0 write 1, 0 ok')).toBe('1 is written twice')
    expect(reasonOf('0 write null, 0 ok')).toBe('the initial value null is written again')
    expect(reasonOf('0 cas [1,2], 0 ok')).toBe('cas is neither read nor write')
  })
})
