/** Leases, whose right and wrong depends on times: `acquire` and `release` at milliseconds. */
import { describe, expect, it } from 'vitest'
import type { Operation } from '../operation.ts'
import { judge } from '../verify.ts'
import { lease } from './lock.ts'

type Row = readonly [process: number, f: string, ms: number | null, from: number, until: number, completion?: Operation['completion']]

/** Operations in order of invocation, each from one millisecond to another; those that never return end at `Infinity`. */
function timed(...rows: readonly Row[]): Operation[] {
  const moments = rows.flatMap(([, , , from, until]) => [from, until]).sort((a, b) => a - b)
  return rows.map(([process, f, input, from, until, completion = until === Number.POSITIVE_INFINITY ? 'info' : 'ok'], id) => ({
    id,
    process,
    key: undefined,
    f,
    input,
    output: completion === 'ok' ? null : undefined,
    completion,
    call: moments.indexOf(from),
    return: until === Number.POSITIVE_INFINITY ? until : moments.indexOf(until),
    callTime: from * 1e6,
    ...(until === Number.POSITIVE_INFINITY ? {} : { returnTime: until * 1e6 }),
  }))
}

const never = Number.POSITIVE_INFINITY

describe('a lease', () => {
  it.each<[string, 'holds' | 'violated', readonly Row[]]>([
    [
      'is taken over once it has expired',
      'holds',
      [
        [0, 'acquire', 10, 0, 1],
        [1, 'acquire', 10, 11, 12],
      ],
    ],
    [
      'is not taken over before',
      'violated',
      [
        [0, 'acquire', 10, 0, 1],
        [1, 'acquire', 10, 2, 3],
      ],
    ],
    [
      'is taken over by who waits until it expires',
      'holds',
      [
        [0, 'acquire', 10, 0, 1],
        [1, 'acquire', 10, 2, 10],
      ],
    ],
    [
      'is free once it is released',
      'holds',
      [
        [0, 'acquire', 10, 0, 1],
        [0, 'release', null, 2, 3],
        [1, 'acquire', 10, 4, 5],
      ],
    ],
    [
      'may be acquired again by its owner',
      'holds',
      [
        [0, 'acquire', 10, 0, 1],
        [0, 'acquire', 10, 2, 3],
        [1, 'acquire', 10, 12, 13],
      ],
    ],
    [
      'lasts longer once it is renewed',
      'violated',
      [
        [0, 'acquire', 10, 0, 1],
        [0, 'renew', 10, 5, 6],
        [1, 'acquire', 10, 11, 12],
      ],
    ],
    [
      'ends when the renewal does',
      'holds',
      [
        [0, 'acquire', 10, 0, 1],
        [0, 'renew', 10, 5, 6],
        [1, 'acquire', 10, 14, 15],
      ],
    ],
    [
      'is not renewed by another',
      'violated',
      [
        [0, 'acquire', 10, 0, 1],
        [1, 'renew', 10, 5, 6],
      ],
    ],
    [
      'is not renewed once another has it',
      'violated',
      [
        [0, 'acquire', 10, 0, 1],
        [1, 'acquire', 10, 11, 12],
        [0, 'renew', 10, 13, 14],
      ],
    ],
    [
      'is not released by another',
      'violated',
      [
        [0, 'acquire', 10, 0, 1],
        [1, 'release', null, 5, 6],
      ],
    ],
    [
      'is refused to another while it lasts',
      'holds',
      [
        [0, 'acquire', 10, 0, 1],
        [1, 'acquire', 10, 2, 3, 'fail'],
      ],
    ],
    ['is not refused where nobody has it', 'violated', [[0, 'acquire', 10, 0, 1, 'fail']]],
    [
      'may be refused to another for longer than it was asked for',
      'holds',
      [
        [0, 'acquire', 10, 0, 1],
        [1, 'acquire', 10, 2, 12, 'fail'],
      ],
    ],
    [
      'is not refused to its owner while it lasts',
      'violated',
      [
        [0, 'acquire', 10, 0, 1],
        [0, 'renew', 10, 2, 3, 'fail'],
      ],
    ],
    [
      'may be refused to its owner once it can have expired',
      'holds',
      [
        [0, 'acquire', 10, 0, 1],
        [0, 'renew', 10, 9, 12, 'fail'],
      ],
    ],
    [
      'may have been acquired by who crashed',
      'holds',
      [
        [0, 'acquire', 10, 0, never],
        [1, 'acquire', 10, 2, 3, 'fail'],
      ],
    ],
    [
      'need not have been acquired by who crashed',
      'holds',
      [
        [0, 'acquire', 10, 0, never],
        [1, 'acquire', 10, 2, 3],
      ],
    ],
    [
      'is not taken over before it has expired by one who crashed',
      'violated',
      [
        [0, 'acquire', 1000, 0, 1],
        [1, 'acquire', 5, 2, never],
        [2, 'acquire', 10, 20, 21],
      ],
    ],
    [
      'is taken over in time by one who crashed',
      'holds',
      [
        [0, 'acquire', 10, 0, 1],
        [1, 'acquire', 5, 8, never],
        [2, 'acquire', 10, 14, 15, 'fail'],
      ],
    ],
  ])('%s', (_, verdict, rows) => {
    expect(judge(timed(...rows), lease).verdict).toBe(verdict)
  })

  it('needs times', () => {
    const [operation] = timed([0, 'acquire', 10, 0, 1])
    const { callTime: _call, returnTime: _return, ...timeless } = operation as Operation
    expect(() => judge([timeless], lease)).toThrow(/event 0 has no time, and leases are judged by time/)
  })
})
