import { describe, expect, it } from 'vitest'
import { sequentialStack } from '../testing/brute-force-containers.ts'
import { itConforms, saidBy } from '../testing/conformance.ts'
import type { Recipe } from '../testing/container-histories.ts'
import { stackMonitor } from './stack.ts'

const recipe: Recipe = { object: sequentialStack, operations: { push: 'new', pop: 'nothing', peek: 'nothing' } }

const { sentenceOf, orderOf } = saidBy(stackMonitor)

describe('the stack monitor', () => {
  itConforms(stackMonitor, recipe)

  it('names what was above a value that was popped', () => {
    expect(sentenceOf('0 push 1, 0 ok, 0 push 2, 0 ok, 1 pop, 1 ok 1, 2 pop, 2 ok 2')).toBe(
      'the pop by process 1 returned 1, but 2 was above it: push 2 by process 0 began after push 1 by process 0 had completed, ' +
        'and was complete before that pop began; 2 was popped only afterwards, by process 2',
    )
  })

  it('rejects a peek at what was not on top', () => {
    expect(sentenceOf('0 push 1, 0 ok, 0 push 2, 0 ok, 1 peek, 1 ok 1')).toContain('the peek by process 1 returned 1, but 2 was above it')
  })

  it('rejects three values of which each two fit together', () => {
    const events = '0 push 1, 1 push 2, 0 ok, 2 push 3, 1 ok, 3 pop, 2 ok, 3 ok 1, 4 pop, 4 ok 2, 5 pop, 5 ok 3'
    expect(sentenceOf(events)).toBe(
      'no order of these operations is last in, first out: the stack held 1 from the return of push 1 by process 0 until pop by process 3 began, ' +
        '2 from the return of push 2 by process 1 until pop by process 4 began and 3 from the return of push 3 by process 2 until pop by process 5 began',
    )
  })

  it('nests lives that touch', () => {
    expect(orderOf('0 push 1, 1 push 2, 2 push 3, 0 ok, 1 ok, 3 pop, 2 ok, 4 pop, 3 ok 1, 5 pop, 4 ok 2, 5 ok 3')).toBe(
      'push 1, push 0, pop 3, push 2, pop 5, pop 4',
    )
  })

  it('finds the moment at which the stack was empty, or says what was on it', () => {
    expect(orderOf('0 push 1, 1 pop, 2 pop, 1 ok 1, 2 ok null, 0 ok')).toBe('push 0, pop 1, pop 2')
    expect(sentenceOf('0 push 1, 0 ok, 1 pop, 1 ok null')).toBe(
      'the pop by process 1 returned empty, but all the while the stack held something: 1 from the return of push 1 by process 0 on',
    )
  })

  it('puts observers of which nobody knows what they saw where their time allows', () => {
    expect(orderOf('0 push 1, 0 ok, 1 peek, 1 ok ?, 0 pop, 0 ok 1')).toBe('push 0, peek 1, pop 0')
  })

  it('rejects a peek that began after the value was popped', () => {
    expect(sentenceOf('0 push 1, 0 ok, 0 pop, 0 ok 1, 1 peek, 1 ok 1')).toContain('had removed it and completed before')
  })

  it('lets a pending push happen where its value was seen', () => {
    expect(orderOf('0 push 1, 1 peek, 1 ok 1, 2 push 2')).toBe('push 0, peek 1')
  })
})
