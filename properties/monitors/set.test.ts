import { describe, expect, it } from 'vitest'
import { sequentialSet } from '../testing/brute-force-containers.ts'
import { itConforms, saidBy } from '../testing/conformance.ts'
import type { Recipe } from '../testing/container-histories.ts'
import { setMonitor } from './set.ts'

const recipe: Recipe = { object: sequentialSet, operations: { insert: 'element', remove: 'element', contains: 'element' } }

const { sentenceOf, orderOf, reasonOf } = saidBy(setMonitor)

describe('the set monitor', () => {
  itConforms(setMonitor, recipe)

  it('rejects a second insert where nothing can have removed the element', () => {
    expect(sentenceOf('0 insert 1, 0 ok true, 1 insert 1, 1 ok true')).toBe(
      'the insert 1 by process 1 returned true, but the insert 1 by process 0 returned true, and nothing else can have changed 1 in between',
    )
  })

  it('lets the same element come and go', () => {
    expect(orderOf('0 insert 1, 0 ok true, 0 remove 1, 0 ok true, 0 insert 1, 0 ok true, 1 contains 1, 1 ok true')).toBe(
      'insert 0, remove 0, insert 0, contains 1',
    )
  })

  it('lets a pending operation of unknown result happen where it is needed, and counts it once', () => {
    expect(orderOf('0 insert 1, 1 remove 1, 1 ok true')).toBe('insert 0, remove 1')
    expect(sentenceOf('0 insert 1, 1 remove 1, 1 ok true, 1 remove 1, 1 ok true')).toContain('the remove 1 by process 1 returned true')
  })

  it('judges each element by itself', () => {
    expect(orderOf('0 insert 1, 0 ok true, 1 contains 2, 1 ok false')).toBe('insert 0, contains 1')
    expect(sentenceOf('0 insert 1, 0 ok true, 1 contains 2, 1 ok true')).toBe(
      'the contains 2 by process 1 returned true, but nothing that could have put in 2 had begun',
    )
  })

  it('does not judge inserts and removes without a result, nor other operations', () => {
    expect(reasonOf('0 insert 1, 0 ok')).toBe('the insert 1 by process 0 returned null, which is neither true nor false')
    expect(reasonOf('0 add 1, 0 ok')).toBe('add is none of insert, remove, contains')
    expect(orderOf('0 contains 1, 0 ok ?')).toBe('contains 0')
  })
})
