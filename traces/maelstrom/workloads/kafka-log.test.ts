import { describe, expect, it } from 'vitest'
import type { HistoryEvent, Value } from '../../../properties/index.ts'
import { kafkaProblems } from './kafka-log.ts'

/** Calls one after the other: who, what, and the result. */
function history(...calls: readonly (readonly [process: string, f: string, result: Value])[]): readonly HistoryEvent<Value>[] {
  return calls.flatMap(([process, f, value], i) => [
    { index: 2 * i, process, type: 'invoke', f, value: null },
    { index: 2 * i + 1, process, type: 'ok', f, value },
  ])
}
const send = (process: string, msg: number, offset: number) => [process, 'send', { key: 'k', msg, offset }] as const
const poll = (process: string, from: number, ...messages: readonly (readonly [number, number])[]) =>
  [process, 'poll', { from: { k: from }, messages: { k: messages } }] as const

describe('logs of messages', () => {
  it('may have holes where nothing was sent, and may lag', () => {
    expect(
      kafkaProblems(
        history(send('a', 1, 0), send('b', 2, 5), poll('a', 0, [0, 1]), poll('a', 1), send('b', 3, 6), poll('a', 1, [5, 2], [6, 3])),
      ),
    ).toEqual([])
  })

  it.each([
    [
      'two messages at one offset',
      [send('a', 1, 0), send('b', 2, 0)],
      'offset 0 of k holds 1 for a, who sent it, but 2 for b, who sent it',
    ],
    [
      'another message than was sent',
      [send('a', 1, 0), poll('b', 0, [0, 9])],
      'offset 0 of k holds 1 for a, who sent it, but 9 for b, who polled it',
    ],
    [
      'a message at two offsets',
      [send('a', 1, 0), poll('b', 0, [3, 1])],
      'message 1 of k is at offset 0 for a, who sent it, but at 3 for b, who polled it',
    ],
    ['a poll that goes back', [poll('b', 0, [1, 1], [0, 0])], 'the poll of k by b (event 1) has offset 0 behind 1'],
    [
      'a poll that begins too early',
      [poll('b', 2, [1, 1])],
      'the poll of k by b (event 1) begins at offset 1, before 2, which was asked for',
    ],
    [
      'a poll that skips what was sent',
      [send('a', 1, 0), send('a', 2, 1), poll('b', 0, [1, 2])],
      'the poll of k by b (event 5) from offset 0 goes on to 1, but skips 0, where there is a message',
    ],
    [
      'a poll that skips what is seen later',
      [poll('b', 0, [1, 2]), poll('a', 0, [0, 1], [1, 2])],
      'the poll of k by b (event 1) from offset 0 goes on to 1, but skips 0, where there is a message',
    ],
    ['offsets of sends that fall', [send('a', 1, 4), send('a', 2, 3)], 'a sent 2 to k after 1, but to offset 3 after 4'],
    [
      'a commit of what nobody has read',
      [send('a', 1, 0), send('a', 2, 1), ['b', 'list', { k: 1 }] as const],
      'b is told that offset 1 of k is committed, but nobody has read so far',
    ],
  ])('with %s are wrong', (_, calls, sentence) => {
    expect(kafkaProblems(history(...calls))[0]).toBe(sentence)
  })
})
