import { describe, expect, it } from 'vitest'
import { sequentialQueue } from '../testing/brute-force-containers.ts'
import { itConforms, saidBy } from '../testing/conformance.ts'
import type { Recipe } from '../testing/container-histories.ts'
import { queueMonitor } from './queue.ts'

const recipe: Recipe = { object: sequentialQueue, operations: { enqueue: 'new', dequeue: 'nothing' } }

const { sentenceOf, orderOf, reasonOf } = saidBy(queueMonitor)

describe('the queue monitor', () => {
  itConforms(queueMonitor, recipe)

  it('names the two values that left in the wrong order', () => {
    expect(sentenceOf('0 enqueue 1, 0 ok, 0 enqueue 2, 0 ok, 1 dequeue, 1 ok 2, 2 dequeue, 2 ok 1')).toBe(
      'the dequeue by process 1 returned 2, and completed before the dequeue by process 2 began, which returned 1; ' +
        'yet enqueue 1 by process 0 had completed before enqueue 2 by process 0 began: first in, first out',
    )
  })

  it('rejects a value that overtakes one that stays', () => {
    expect(sentenceOf('0 enqueue 1, 0 ok, 0 enqueue 2, 0 ok, 1 dequeue, 1 ok 2')).toContain('but 1 was never dequeued')
  })

  it('rejects an empty queue that was never empty, though no single value was in it all the time', () => {
    const history = '0 enqueue 1, 0 ok, 1 dequeue, 0 enqueue 2, 0 ok, 2 dequeue, 2 ok 1, 1 ok null, 2 dequeue, 2 ok 2'
    expect(sentenceOf(history)).toBe(
      'the dequeue by process 1 returned empty, but all the while the queue held something: ' +
        '1 from the return of enqueue 1 by process 0 until dequeue by process 2 began and 2 from the return of enqueue 2 by process 0 until dequeue by process 2 began',
    )
  })

  it('finds the moment at which the queue was empty', () => {
    expect(orderOf('0 enqueue 1, 1 dequeue, 2 dequeue, 1 ok 1, 2 ok null, 0 ok')).toBe('enqueue 0, dequeue 1, dequeue 2')
  })

  it('rejects a value that nothing enqueued, one that was dequeued twice, and one that was dequeued too early', () => {
    expect(sentenceOf('0 dequeue, 0 ok "a"')).toBe('the dequeue by process 0 returned a, which nothing had inserted')
    expect(sentenceOf('0 enqueue 1, 0 ok, 0 dequeue, 0 ok 1, 1 dequeue, 1 ok 1')).toContain('and so did the dequeue by process 1')
    expect(sentenceOf('0 dequeue, 0 ok 1, 1 enqueue 1, 1 ok')).toContain('before the enqueue 1 by process 1 began')
  })

  it('lets a pending enqueue happen where its value was seen, and leaves it out otherwise', () => {
    expect(orderOf('0 enqueue 1, 1 dequeue, 1 ok 1, 2 enqueue 2')).toBe('enqueue 0, dequeue 1')
  })

  it('leaves out pending dequeues where nothing is left for them, and judges by the other values where something is', () => {
    expect(orderOf('0 enqueue 1, 0 ok, 1 dequeue, 2 dequeue, 2 ok 1')).toBe('enqueue 0, dequeue 2')
    const inverted = '0 enqueue 1, 0 ok, 0 enqueue 2, 0 ok, 1 dequeue, 1 ok 2, 1 dequeue, 1 ok 1'
    expect(sentenceOf(`${inverted}, 3 enqueue 3, 3 ok, 4 dequeue`)).toContain('first in, first out')
    expect(reasonOf('0 enqueue 1, 0 ok, 1 dequeue, 2 dequeue, 2 ok null')).toBe(
      'nobody knows which values the pending removals have taken, if any',
    )
  })

  it('tells values apart by structure', () => {
    expect(orderOf('0 enqueue [1,"a"], 0 ok, 0 enqueue "1", 0 ok, 1 dequeue, 1 ok [1,"a"], 1 dequeue, 1 ok "1"')).toContain(
      'dequeue 1, dequeue 1',
    )
    expect(sentenceOf('0 enqueue 1, 0 ok, 1 dequeue, 1 ok "1"')).toContain('which nothing had inserted')
  })

  it('does not judge values that are inserted twice, unknown results, other operations, failures and queues that start full', () => {
    expect(reasonOf('0 enqueue 1, 0 ok, 0 enqueue 1, 0 ok')).toBe('1 is inserted twice')
    expect(reasonOf('0 dequeue, 0 ok ?')).toContain('nobody knows')
    expect(reasonOf('0 size, 0 ok 1')).toBe('size is none of enqueue, dequeue')
    expect(reasonOf('0 enqueue 1, 0 fail')).toContain('was observed to fail')
    expect(queueMonitor.judge([], [1])).toHaveProperty('verdict', 'inapplicable')
  })
})
