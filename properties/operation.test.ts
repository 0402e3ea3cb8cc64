import { describe, expect, it } from 'vitest'
import { HistoryError } from './errors.ts'
import type { HistoryEvent } from './history.ts'
import { operationsOf, type Reading } from './operation.ts'
import type { Spec } from './spec.ts'
import { casRegister, queue } from './specs/index.ts'
import type { Value } from './value.ts'

type Row = readonly [process: number, type: HistoryEvent['type'], f: string, value?: Value]

function events(...rows: readonly Row[]): HistoryEvent[] {
  return rows.map(([process, type, f, value = null], index) => ({ index, process, type, f, value, time: 1000 * index }))
}

function read(rows: readonly Row[], reading?: Reading, spec: unknown = casRegister): string[] {
  return operationsOf(events(...rows), spec as Spec, reading).map(
    ({ id, f, output, completion, call, return: end }) => `${id} ${f} ${JSON.stringify(output)} ${completion} ${call}-${end}`,
  )
}

describe('the operations of a history', () => {
  it('have their argument, result, interval and times', () => {
    const [operation] = operationsOf(events([3, 'invoke', 'cas', [1, 2]], [3, 'ok', 'cas', true]), casRegister as unknown as Spec)
    expect(operation).toEqual({
      id: 0,
      process: 3,
      key: undefined,
      f: 'cas',
      input: [1, 2],
      output: true,
      completion: 'ok',
      call: 0,
      return: 1,
      callTime: 0,
      returnTime: 1000,
    })
  })

  it('run for ever after a crash, or where they never returned', () => {
    expect(
      read([
        [0, 'invoke', 'write', 1],
        [1, 'invoke', 'write', 2],
        [0, 'info', 'write', 1],
      ]),
    ).toEqual(['0 write undefined info 0-Infinity', '1 write undefined info 1-Infinity'])
  })

  it('are not those of observers that crashed: they say nothing', () => {
    expect(
      read([
        [0, 'invoke', 'read'],
        [1, 'invoke', 'read'],
        [1, 'info', 'read'],
      ]),
    ).toEqual([])
  })

  it.each<[string, Reading, string[]]>([
    ['did not happen, unless told', {}, []],
    ['were observed to fail where all were', { fail: 'observed' }, ['0 cas undefined fail 0-1', '1 write undefined fail 2-3']],
    ['were observed to fail by name', { fail: { cas: 'observed' } }, ['0 cas undefined fail 0-1']],
  ])('that failed %s', (_, reading, expected) => {
    expect(
      read(
        [
          [0, 'invoke', 'cas', [1, 2]],
          [0, 'fail', 'cas', [1, 2]],
          [0, 'invoke', 'write', 1],
          [0, 'fail', 'write', 1],
        ],
        reading,
      ),
    ).toEqual(expected)
  })

  it('that failed for a reason were not even tried', () => {
    expect(
      read(
        [
          [0, 'invoke', 'cas', [1, 2]],
          [0, 'fail', 'cas', ':timed-out'],
        ],
        { fail: 'observed' },
      ),
    ).toEqual([])
  })

  it('that observed null saw it, or nobody knows what they saw', () => {
    const rows: Row[] = [
      [0, 'invoke', 'read'],
      [0, 'ok', 'read', null],
    ]
    expect(read(rows)).toEqual(['0 read null ok 0-1'])
    expect(read(rows, { nil: 'unknown' })).toEqual([])
    // A dequeue changes the queue whatever it returned.
    expect(
      read(
        [
          [0, 'invoke', 'dequeue'],
          [0, 'ok', 'dequeue', null],
        ],
        { nil: 'unknown' },
        queue,
      ),
    ).toEqual(['0 dequeue null ok 0-1'])
  })

  it('are numbered anew without reads of what nothing wrote, where those are ignored', () => {
    const rows: Row[] = [
      [0, 'invoke', 'read'],
      [0, 'ok', 'read', 9],
      [0, 'invoke', 'write', 1],
      [0, 'ok', 'write', 1],
      [0, 'invoke', 'read'],
      [0, 'ok', 'read', 1],
      [0, 'invoke', 'cas', [7, 8]],
      [0, 'ok', 'cas', [7, 8]],
      [0, 'invoke', 'read'],
      [0, 'ok', 'read', 8],
      [0, 'invoke', 'read'],
      [0, 'ok', 'read', null],
    ]
    const kept = read(rows, { neverWritten: 'ignored' })
    expect(kept).toEqual(['0 write 1 ok 2-3', '1 read 1 ok 4-5', '2 cas [7,8] ok 6-7', '3 read 8 ok 8-9', '4 read null ok 10-11'])
    expect(read(rows, { neverWritten: 'ignored', initial: 9 })[0]).toBe('0 read 9 ok 0-1')
    expect(() => read([], { neverWritten: 'ignored' }, queue)).toThrow('reads of never-written values cannot be ignored in a queue')
  })

  it.each<[string, Row[]]>([
    ['event 0: wriet is not an operation of cas-register; it has read, write, cas; did you mean write?', [[0, 'invoke', 'wriet', 1]]],
    ['event 0: enqueue is not an operation of cas-register; it has read, write, cas', [[0, 'invoke', 'enqueue', 1]]],
    ['event 0: toString is not an operation', [[0, 'invoke', 'toString', 1]]],
    ['event 0: process 0 completes read', [[0, 'ok', 'read', 1]]],
    [
      'event 1: process 0 invokes read while its read is open',
      [
        [0, 'invoke', 'read'],
        [0, 'invoke', 'read'],
      ],
    ],
    [
      'event 2: process 0 completes write',
      [
        [0, 'invoke', 'write', 1],
        [0, 'info', 'write'],
        [0, 'ok', 'write'],
      ],
    ],
  ])('are refused: %s', (message, rows) => {
    expect(() => read(rows)).toThrow(HistoryError)
    expect(() => read(rows)).toThrow(message)
  })
})
