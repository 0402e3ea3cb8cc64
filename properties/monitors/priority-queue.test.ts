import { describe, expect, it } from 'vitest'
import { sequentialPriorityQueue } from '../testing/brute-force-containers.ts'
import { compare, itConforms, saidBy } from '../testing/conformance.ts'
import { histories, type Recipe } from '../testing/container-histories.ts'
import { recorded } from '../testing/recorded.ts'
import { priorityQueueMonitor } from './priority-queue.ts'

const object = sequentialPriorityQueue(1)
const greatest = priorityQueueMonitor('max')
const recipe: Recipe = {
  object: object,
  operations: { insert: 'new', poll: 'nothing', peek: 'nothing' },
  nthValue: (number) => (number * 37) % 1009,
}

const { sentenceOf, reasonOf } = saidBy(greatest)

describe('the priority queue monitor', () => {
  itConforms(greatest, recipe)

  it('agrees with brute force where the least value leaves first', () => {
    const least = sequentialPriorityQueue(-1)
    const shape = { operationsMax: 7, stretch: 14, rarity: 10 }
    const shares = compare(priorityQueueMonitor('min'), least, histories({ ...recipe, object: least }, shape), 3000)
    expect(Math.min(shares.holds, shares.violated)).toBeGreaterThan(80)
  })

  it('names what was greater', () => {
    expect(sentenceOf('0 insert 5, 0 ok, 0 insert 7, 0 ok, 1 poll, 1 ok 5, 2 poll, 2 ok 7')).toBe(
      'the poll by process 1 returned 5, but all the while something greater was there: 7 from the return of insert 7 by process 0 until poll by process 2 began',
    )
  })

  it('rejects a poll during which something greater was always there, though not the same all the time', () => {
    const history =
      '0 insert 1, 0 ok, 0 insert 5, 0 ok, 1 poll, 0 insert 7, 0 ok, 2 poll, 2 ok 7, 0 insert 6, 0 ok, 2 poll, 2 ok 6, 1 ok 1, 2 poll, 2 ok 5'
    expect(sentenceOf(history)).toContain('the poll by process 1 returned 1, but all the while something greater was there: 5')
  })

  it('orders integers of any size', () => {
    const [a, b] = recorded('0 insert 1, 0 ok, 0 insert 2, 0 ok')
    const [poll] = recorded('1 poll, 1 ok 1')
    if (a === undefined || b === undefined || poll === undefined) throw new Error('recorded')
    const large = 2n ** 80n
    const operations = [
      { ...a, input: large },
      { ...b, input: 2 ** 53 },
      { ...poll, id: 2, output: large, call: 4, return: 5 },
    ]
    expect(greatest.judge(operations, [])).toHaveProperty('verdict', 'holds')
    expect(priorityQueueMonitor('min').judge(operations, [])).toHaveProperty('verdict', 'violated')
  })

  it('does not judge values that are no numbers', () => {
    expect(reasonOf('0 insert "a", 0 ok')).toBe('a is not a number')
  })
})
