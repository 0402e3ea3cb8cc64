import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isHistoryError } from '../../errors.ts'
import type { HistoryEvent } from '../../history.ts'
import { showValue, type Value } from '../../value.ts'
import type { Transaction } from './transaction.ts'
import { transactionsOf } from './transactions-of.ts'

type Row = readonly [process: number | string, type: HistoryEvent['type'], value?: Value]

function events(rows: readonly Row[]): HistoryEvent<Value>[] {
  return rows.map(([process, type, value = null], index) => ({ index, process, type, f: 'txn', value }))
}

/** Such as `0 committed 0-1: read x 1, write y 2`; a dash for what is not known. */
function shortly({ process, status, steps, began, ended }: Transaction): string {
  return `${process} ${status} ${began}-${ended ?? ''}: ${steps.map(({ f, key, value }) => `${f} ${showValue(key)} ${showValue(value)}`).join(', ')}`
}

function read(...rows: readonly Row[]): string[] {
  return [...transactionsOf(events(rows))].map(shortly)
}

function errorOf(...rows: readonly Row[]): string {
  try {
    read(...rows)
  } catch (error) {
    if (isHistoryError(error)) return `${error.code} ${error.message}`
    throw error
  }
  return 'no error'
}

describe('the transactions of a history', () => {
  it('that committed have the steps of their return, those that failed or crashed the writes of their call', () => {
    const call = [
      ['r', 'x', null],
      ['w', 'y', 2],
    ]
    const result = [
      ['r', 'x', 1],
      ['w', 'y', 2],
    ]
    expect(
      read([0, 'invoke', call], [1, 'invoke', call], [0, 'ok', result], ['a', 'invoke', call], [1, 'fail', result], ['a', 'info', result]),
    ).toEqual(['0 committed 0-2: read x 1, write y 2', '1 aborted 1-4: read x ?, write y 2', 'a unknown 3-: read x ?, write y 2'])
  })

  it('that never returned are of unknown outcome, and come last', () => {
    expect(read([0, 'invoke', [['append', 1, 2]]], [1, 'invoke', []], [1, 'ok', []])).toEqual([
      '1 committed 1-2: ',
      '0 unknown 0-: append 1 2',
    ])
  })

  it.each<[string, string]>([
    ['r', 'read'],
    [':r', 'read'],
    ['read', 'read'],
    [':read', 'read'],
    ['w', 'write'],
    [':w', 'write'],
    ['write', 'write'],
    [':write', 'write'],
    ['append', 'append'],
    [':append', 'append'],
  ])('have steps that are called %s', (f, meaning) => {
    expect(read([0, 'invoke', [[f, 'x', 1]]], [0, 'ok', [[f, 'x', 1]]])).toEqual([`0 committed 0-1: ${meaning} x 1`])
  })

  it('read null where a step says nothing, and may have been called without their steps', () => {
    expect(read([0, 'invoke', [['r', 'x']]], [0, 'ok', [['r', 'x']]])).toEqual(['0 committed 0-1: read x null'])
    expect(read([0, 'invoke'], [0, 'ok', [['r', 'x', [1, 2]]]])).toEqual(['0 committed 0-1: read x [1 2]'])
    expect(read([0, 'invoke', [['r', 1n, null]]], [0, 'ok', [['r', 1, 2n]]])).toEqual(['0 committed 0-1: read 1 2'])
  })

  it('come as they end, when no more events have been asked for', () => {
    const asked: number[] = []
    function* watched(): Generator<HistoryEvent<Value>> {
      for (const event of events([
        [0, 'invoke', []],
        [1, 'invoke', []],
        [1, 'ok', []],
        [0, 'ok', []],
      ])) {
        asked.push(event.index)
        yield event
      }
    }
    const found = transactionsOf(watched())
    expect(found.next().value?.process).toBe(1)
    expect(asked).toEqual([0, 1, 2])
  })

  it('are as many as calls, each of the events of its process, in the order of their ends', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 4 }), fc.constantFrom('ok', 'fail', 'info')), { maxLength: 60 }), (choices) => {
        const rows: Row[] = []
        const open = new Map<number, number>()
        const crashed = new Set<number>()
        const ended: string[] = []
        for (const [process, type] of choices) {
          if (crashed.has(process)) continue
          const call = open.get(process)
          if (call === undefined) open.set(process, rows.length)
          else {
            open.delete(process)
            if (type === 'info') crashed.add(process)
            const status = type === 'ok' ? 'committed' : type === 'fail' ? 'aborted' : 'unknown'
            ended.push(`${process} ${status} ${call}-${type === 'info' ? '' : rows.length}: `)
          }
          rows.push([process, call === undefined ? 'invoke' : (type as 'ok' | 'fail' | 'info'), []])
        }
        expect(read(...rows)).toEqual([...ended, ...[...open].map(([process, call]) => `${process} unknown ${call}-: `)])
      }),
    )
  })

  it.each<[string, Row[], string]>([
    [
      'a value that is none',
      [
        [0, 'invoke', [['w', 1, 1]]],
        [0, 'ok', 5],
      ],
      'event 1: found 5, expected a transaction such as [[r x null] [w y 1]]',
    ],
    [
      'a failed one whose call says nothing',
      [
        [0, 'invoke'],
        [0, 'fail', []],
      ],
      'event 0: found null, expected a transaction such as [[r x null] [w y 1]]',
    ],
    [
      'a step of no kind',
      [
        [0, 'invoke', []],
        [1, 'invoke'],
        [1, 'ok', [['cas', 1, 2]]],
      ],
      'event 2: found the step [cas 1 2], expected [r key value], [w key value] or [append key value]',
    ],
    [
      'a write of nothing',
      [[0, 'invoke', [['w', 1]]]],
      'event 0: found the step [w 1], expected [r key value], [w key value] or [append key value]',
    ],
    [
      'a read of nothing',
      [[0, 'invoke', [['r']]]],
      'event 0: found the step [r], expected [r key value], [w key value] or [append key value]',
    ],
    [
      'a step of four',
      [[0, 'invoke', [['r', 1, 2, 3]]]],
      'event 0: found the step [r 1 2 3], expected [r key value], [w key value] or [append key value]',
    ],
    [
      'a step that is no list',
      [[0, 'invoke', ['r']]],
      'event 0: found the step r, expected [r key value], [w key value] or [append key value]',
    ],
  ])('are not %s', (_, rows, message) => {
    expect(errorOf(...rows)).toBe(`history-operation ${message}`)
  })

  it.each<[string, Row[], string]>([
    [
      'begun while another is open',
      [
        [0, 'invoke', []],
        [0, 'invoke', []],
      ],
      'event 1: process 0 begins a transaction while that of event 0 is open; give it a process of its own',
    ],
    [
      'begun after a crash',
      [
        [0, 'invoke', []],
        [0, 'info', []],
        [0, 'invoke', []],
      ],
      'event 2: process 0 begins a transaction after info; a process that has crashed does nothing more, so give it a fresh one',
    ],
    [
      'ended but not begun',
      [[7, 'ok', []]],
      'event 0: process 7 ends a transaction, but it has none open; put its call before it, or remove this event',
    ],
    [
      'ended twice',
      [
        [7, 'invoke', []],
        [7, 'ok', []],
        [7, 'fail', []],
      ],
      'event 2: process 7 ends a transaction, but it has none open; put its call before it, or remove this event',
    ],
    [
      'returned as another one',
      [
        [0, 'invoke', [['w', 'x', 1]]],
        [0, 'ok', [['w', 'x', 2]]],
      ],
      'event 1: the transaction returns with the step [w x 2], but its call (event 0) has [w x 1]; a return has the steps of its call',
    ],
    [
      'returned with another key',
      [
        [0, 'invoke', [['r', 'x', null]]],
        [0, 'ok', [['r', 'y', 2]]],
      ],
      'event 1: the transaction returns with the step [r y 2], but its call (event 0) has [r x null]; a return has the steps of its call',
    ],
    [
      'returned with a read for a write',
      [
        [0, 'invoke', [['w', 'x', 1]]],
        [0, 'ok', [['r', 'x', 1]]],
      ],
      'event 1: the transaction returns with the step [r x 1], but its call (event 0) has [w x 1]; a return has the steps of its call',
    ],
    [
      'returned with less',
      [
        [0, 'invoke', [['w', 'x', 1]]],
        [0, 'ok', []],
      ],
      'event 1: the transaction returns with 0 steps, but its call (event 0) has [w x 1]; a return has the steps of its call',
    ],
    [
      'returned with more',
      [
        [0, 'invoke', []],
        [0, 'ok', [['w', 'x', 1]]],
      ],
      'event 1: the transaction returns with the step [w x 1], but its call (event 0) has only 0; a return has the steps of its call',
    ],
  ])('cannot be %s', (_, rows, message) => {
    expect(errorOf(...rows)).toBe(`history-events ${message}`)
  })
})
