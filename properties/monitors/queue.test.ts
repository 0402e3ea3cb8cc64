import { describe, expect, it } from 'vitest'
import { sequentialQueue } from '../testing/brute-force-containers.ts'
import { certify, compare } from '../testing/conformance.ts'
import { histories, type Recipe } from '../testing/container-histories.ts'
import { recorded } from '../testing/recorded.ts'
import { queueMonitor } from './queue.ts'

const recipe: Recipe = { object: sequentialQueue, operations: { enqueue: 'new', dequeue: 'nothing' } }

const judge = (history: string) => queueMonitor.judge(recorded(history), [])
const sentenceOf = (history: string): string => {
  const decision = judge(history)
  return decision.verdict === 'violated' ? decision.sentence : decision.verdict
}
const orderOf = (history: string): string => {
  const decision = judge(history)
  return decision.verdict === 'holds' ? decision.order.map(({ f, process }) => `${f} ${process}`).join(', ') : decision.verdict
}
const reasonOf = (history: string): string => {
  const decision = judge(history)
  return decision.verdict === 'inapplicable' ? decision.reason : decision.verdict
}

describe('the queue monitor', () => {
  it('agrees with brute force on histories of which many are violated, with orders and small cores as evidence', () => {
    const shares = compare(queueMonitor, sequentialQueue, histories(recipe, { operationsMax: 7, stretch: 14, rarity: 6 }), 5000)
    expect(shares.holds).toBeGreaterThan(1500)
    expect(shares.violated).toBeGreaterThan(250)
  })

  it('agrees with brute force on histories with much overlap', () => {
    const shares = compare(queueMonitor, sequentialQueue, histories(recipe, { operationsMax: 9, stretch: 30, rarity: 20 }), 3000)
    expect(shares.holds).toBeGreaterThan(1000)
    expect(shares.violated).toBeGreaterThan(40)
  })

  it('proves what it says of long histories', () => {
    const shape = { operationsMin: 60, operationsMax: 300, stretch: 24, rarity: 150 }
    const shares = certify(queueMonitor, sequentialQueue, histories(recipe, shape), 300)
    expect(shares.holds).toBeGreaterThan(60)
    expect(shares.violated).toBeGreaterThan(30)
  })

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
