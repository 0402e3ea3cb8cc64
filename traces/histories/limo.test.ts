import { describe, expect, it } from 'vitest'
import { operations } from '../../properties/history.ts'
import { readText, shortly } from './testing/read-text.ts'

describe('a history of LiMo', () => {
  it('leaves a call pending that a second one of its thread overtakes', () => {
    const { history } = readText(
      '# @object atomic-queue\n[7] call add(1)\n[7] call add(2)\n[7] return\n[7] call remove\n[7] call remove\n[7] return 2\n',
    )
    expect(shortly(history)).toEqual([
      '7 invoke enqueue 1',
      "7'2 invoke enqueue 2",
      "7'2 ok enqueue null",
      "7'2 invoke dequeue null",
      "7'3 invoke dequeue null",
      "7'3 ok dequeue 2",
    ])
    expect(operations(history).map(({ completion }) => completion !== null)).toEqual([false, true, false, true])
  })

  it('calls operations by our names, as their object has them', () => {
    const of = (object: string, ...calls: string[]): string[] =>
      shortly(readText(`# @object ${object}\n${calls.map((call, i) => `[${i}] call ${call}\n`).join('')}`).history)
    expect(of('atomic-queue', 'enq 1', 'deq()')).toEqual(['0 invoke enqueue 1', '1 invoke dequeue null'])
    expect(of('atomic-set', 'add(x)', 'delete(-3)', 'contains(9007199254740990)')).toEqual([
      '0 invoke insert "x"',
      '1 invoke remove -3',
      '2 invoke contains 9007199254740990',
    ])
    expect(of('atomic-deque', 'push_front(1)', 'pop_back')).toEqual(['0 invoke push-front 1', '1 invoke pop-back null'])
    expect(of('atomic-map', 'put(1, a)')).toEqual(['0 invoke put [1,"a"]'])
  })

  it('takes out what the call of a removal names, where its return names nothing', () => {
    const { history } = readText('# @object atomic-stack\n[1] call pop(c)\n[1] return\n[1] call pop(a)\n[1] return b\n')
    expect(shortly(history)).toEqual(['1 invoke pop null', '1 ok pop "c"', '1 invoke pop null', '1 ok pop "b"'])
  })

  it('says empty, nothing and truth as null and booleans', () => {
    const { history, model } = readText('[a] call remove(1)\n[a] return true\n[a] call pop\n[a] return empty\n[a] call pop\n[a] return\n')
    expect(shortly(history.filter(({ type }) => type === 'ok'))).toEqual(['a ok remove true', 'a ok pop null', 'a ok pop null'])
    expect(model).toBeNull()
  })
})
