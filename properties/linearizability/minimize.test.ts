import { describe, expect, it } from 'vitest'
import { Budget } from '../budget.ts'
import type { Violated } from '../decision.ts'
import type { Operation } from '../operation.ts'
import type { Spec } from '../spec.ts'
import { casRegister, counter, queue, register } from '../specs/index.ts'
import { recorded } from '../testing/recorded.ts'
import type { Value } from '../value.ts'
import { judge } from '../verify.ts'
import { operationsThatMatter } from './minimize.ts'

function violation<S extends Value>(spec: Spec<S>, text: string, initial?: Value): Violated {
  const { decision } = judge(recorded(text), spec, { algorithm: 'general', ...(initial === undefined ? {} : { initial }) })
  if (decision.verdict !== 'violated') throw new Error(decision.verdict)
  return decision
}

const ids = (operations: readonly Operation[] | undefined): number[] => (operations ?? []).map(({ id }) => id)

describe('the operations that matter', () => {
  it.each<[string, Spec, string, number[], string]>([
    [
      'a stale read and the write that it missed',
      register as never,
      '0 write 1, 0 ok, 2 write 7, 1 read, 1 ok null, 2 ok',
      [0, 2],
      'the read by process 1 returned null, but write 1 by process 0 had completed before it began, and null was the initial value',
    ],
    [
      'a read of what was overwritten',
      register as never,
      '0 write 1, 0 ok, 0 write 2, 0 ok, 1 read, 1 ok 1',
      [0, 1, 2],
      'the read by process 1 returned 1, but write 2 by process 0 had completed before it began and nothing wrote 1 later',
    ],
    [
      'a read from nowhere',
      register as never,
      '0 write 1, 0 ok, 1 read, 1 ok 5',
      [1],
      'the read by process 1 returned 5, which nothing had written before it returned',
    ],
    [
      'a compare-and-set from nowhere',
      casRegister as never,
      '0 cas [3,4], 0 ok',
      [0],
      'cas [3 4] → ok by process 0 found 3, which nothing had written before it returned',
    ],
    [
      'a lost update',
      counter as never,
      '0 add 1, 1 add 1, 0 ok, 1 ok, 2 add 1, 3 read, 3 ok 1',
      [0, 1, 3],
      'no order of the 3 operations leaves a place for read → 1 by process 3: in state 2, would have returned 2',
    ],
    [
      'one that comes out twice',
      queue as never,
      '0 enqueue 1, 0 ok, 0 dequeue, 0 ok 1, 1 dequeue, 1 ok 1, 1 enqueue 2, 1 ok',
      [1, 2],
      'no order of these two operations leaves a place for dequeue → 1 by process 1: in state [], would have returned null',
    ],
  ])('are %s', (_, spec, text, core, sentence) => {
    const found = violation(spec, text)
    expect([ids(found.core), found.isMinimal, found.sentence]).toEqual([core, true, sentence])
  })

  it('leave out what began after the first operation that fails, and its return at the earliest is what fails', () => {
    const found = violation(register, '0 write 1, 0 ok, 1 read, 2 read, 1 ok 7, 2 ok 8, 0 write 7, 0 ok')
    expect([found.failing?.id, ids(found.core), ids(found.longest)]).toEqual([1, [1], [0]])
  })

  it('of a long history are those of its end, from the states that were possible before', () => {
    const rounds = Array.from({ length: 300 }, (_, i) => `0 write ${i}, 0 ok, 1 read, 1 ok ${i}`).join(', ')
    const operations = recorded(`${rounds}, 0 write -1, 0 ok, 1 read, 1 ok 299`)
    const { core, isMinimal, since } = operationsThatMatter(
      register as unknown as Spec,
      operations,
      operations[601] as Operation,
      null,
      new Budget({ seconds: 20 }),
    )
    expect(isMinimal).toBe(true)
    expect(core.every(({ id }) => id > 580)).toBe(true)
    expect(ids(core)).toContain(601)
    expect(ids(core)).toContain(600)
    expect(since?.states).toHaveLength(1)
    expect(since?.position).toBeGreaterThan(1100)
  })

  it('are all where there is no time to tell', () => {
    const operations = recorded('0 write 1, 0 ok, 1 read, 1 ok 1, 0 write 2, 0 ok, 1 read, 1 ok 1')
    const { core, isMinimal } = operationsThatMatter(
      register as unknown as Spec,
      operations,
      operations[3] as Operation,
      null,
      new Budget({ seconds: 0 }),
    )
    expect([ids(core), isMinimal]).toEqual([[0, 1, 2, 3], false])
  })
})
