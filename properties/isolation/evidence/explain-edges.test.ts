import { describe, expect, it } from 'vitest'
import { type EdgeKind, rt, rw, so, wr, ww } from '../edge.ts'
import { infer } from '../inference/infer.ts'
import type { InferOptions } from '../inference/inference.ts'
import { tableOf } from '../table/table-builder.ts'
import { written } from '../testing/written-transactions.ts'
import { Cast } from './explain-cast.ts'
import { type Reason, reasonOf } from './explain-edges.ts'

describe('a wr edge', () => {
  it('is what the second observed of an append', () => {
    expect(clause([0, wr, 1, 'x'], 's1: a x 4', 's2: r x [4]')).toBe("T2 observed T1's append of 4 to x")
  })

  it('is what the second read of a write', () => {
    expect(clause([0, wr, 1, 'x'], 's1: w x 4', 's2: r x 4')).toBe('T2 read x as 4, which T1 wrote')
  })

  it('leaves aside what the reader appended itself, and what was aborted', () => {
    expect(clause([0, wr, 1, 'x'], 's1: a x 4', 's2: a x 6, r x [4 5 6]', 's3 aborted: a x 5')).toBe("T2 observed T1's append of 4 to x")
  })
})

describe('an rw edge', () => {
  it('is an append after what the first read', () => {
    expect(clause([0, rw, 1, 'y'], 's1: r y [1]', 's2: a y 2', 's3: a y 1', 's4: r y [1 2]')).toBe(
      'T1 read y as [1], and T2 appended 2 after it',
    )
  })

  it('is an append that nobody has seen', () => {
    expect(clause([0, rw, 1, 'y'], 's1: r y [1]', 's2: a y 2', 's3: a y 1')).toBe('T1 read y as [1], and T2 appended 2 after it')
  })

  it('is the first of several appends that were missed', () => {
    expect(clause([0, rw, 1, 'y'], 's1: r y [1]', 's2: a y 2, a y 3', 's3: a y 1', 's4: r y [1 2 3]')).toBe(
      'T1 read y as [1], and T2 appended 2 after it',
    )
  })

  it('is whatever was appended, where the first read an empty list', () => {
    expect(clause([0, rw, 1, 'x'], 's1: r x []', 's2: a x 5')).toBe('T1 read x before anything was appended to it, and T2 appended 5')
  })

  it('is whatever was written, where the first read what was there before', () => {
    expect(clause([0, rw, 1, 'x'], 's1: r x nil', 's2: w x 5')).toBe('T1 read x before anything was written to it, and T2 wrote 5')
  })

  it('is a write over what both read', () => {
    expect(clause([0, rw, 1, 'x'], 's1: r x 1', 's2: r x 1, w x 2', 's3: w x 1')).toBe(
      'T1 read x as 1, which T3 wrote and T2 overwrote with 2 (T2 read the former before it wrote the latter)',
    )
  })

  it('is of the read that saw less, where the first read a key more than once', () => {
    expect(clause([0, rw, 1, 'x'], 's1: r x [1 2], r x [1]', 's2: a x 2', 's3: a x 1')).toBe('T1 read x as [1], and T2 appended 2 after it')
  })
})

describe('a ww edge', () => {
  it('is told with the read that has both appends, and its reader', () => {
    expect(clause([0, ww, 1, 'x'], 's1: a x 3', 's2: a x 4', 's3: r x [3]', 's4: r x [3 4]')).toBe(
      "T1's append of 3 to x comes before T2's of 4 (T3 read x as [3 4])",
    )
  })

  it('prefers a reader that is spoken of anyway', () => {
    expect(clause([0, ww, 1, 'x'], 's1: a x 3', 's2: a x 4, r x [3 4]', 's0: r x [3 4]')).toBe(
      "T1's append of 3 to x comes before T2's of 4 (T2 read x as [3 4])",
    )
  })

  it('is told with a read that has them in this order', () => {
    expect(clause([0, ww, 1, 'x'], 's1: a x 3', 's2: a x 4, r x [4]', 's3: r x [3 4]')).toBe(
      "T1's append of 3 to x comes before T2's of 4 (T3 read x as [3 4])",
    )
  })

  it('is of neighbours, where appends of two transactions are mixed', () => {
    expect(clause([0, ww, 1, 'x'], 's1: a x 1, a x 3', 's2: a x 2, a x 4', 's3: r x [1 2 3 4]')).toBe(
      "T1's append of 1 to x comes before T2's of 2 (T3 read x as [1 2 3 4])",
    )
    expect(clause([1, ww, 0, 'x'], 's1: a x 1, a x 3', 's2: a x 2, a x 4', 's3: r x [1 2 3 4]')).toBe(
      "T1's append of 2 to x comes before T2's of 3 (T3 read x as [1 2 3 4])",
    )
  })

  it('is of an append that was read and one that was not', () => {
    expect(clause([0, ww, 1, 'x'], 's1: a x 3', 's2: a x 4', 's3: r x [3]')).toBe(
      "T1's append of 3 to x comes before T2's of 4 (T3 read x as [3], and no read has the latter)",
    )
  })

  it('is of a write over what was read', () => {
    expect(clause([0, ww, 1, 'x'], 's1: w x 3', 's2: r x 3, w x 4')).toBe(
      "T1's write of 3 to x comes before T2's of 4 (T2 read the former before it wrote the latter)",
    )
  })

  it('is of writes that real time orders by assumption', () => {
    expect(
      clause([0, ww, 1, 'x'], ['s1 0-9: w x 3', 's2 1-10: w x 4', 's3 2-3: r x 3', 's4 4-5: r x 4'], { versions: 'linearizable' }),
    ).toBe(
      "T1's write of 3 to x comes before T2's of 4 (T3 read the former and T4 read the latter, and T3 ended before T4 began, where x by itself is taken to be linearizable)",
    )
  })

  it('is of writes that a session orders by assumption', () => {
    expect(clause([0, ww, 1, 'x'], ['s1: w x 3', 's2: w x 4', 's1: r x 4'], { versions: 'sequential' })).toBe(
      "T1's write of 3 to x comes before T2's of 4 (T1 wrote the former and T3 read the latter, both of one process and T1 first, where x by itself is taken to be sequential)",
    )
  })

  it('is told without a reason where there is none to see', () => {
    expect(clause([0, ww, 1, 'x'], 's1: w x 3', 's2: w x 4')).toBe("T1's write of 3 to x comes before T2's of 4")
  })
})

describe('an edge of an order', () => {
  it('is that of a session', () => {
    expect(clause([0, so, 1], 's3: w x 1', 's3: w x 2')).toBe('both are of process s3, T1 first')
  })

  it('is that of real time', () => {
    expect(clause([0, rt, 1], 's1 3-7: w x 1', 's2 9-10: w x 2')).toBe('T1 ended (event 7) before T2 began (event 9)')
  })
})

describe('the steps that prove an edge', () => {
  it.each<[string, Edge, readonly string[], number, number]>([
    ['the write and the read', [0, wr, 1, 'x'], ['s1: w z 1, w x 4', 's2: r z 1, r x 4'], 1, 3],
    ['the read and the write', [0, rw, 1, 'x'], ['s1: r z nil, r x nil', 's2: r z nil, w x 5'], 1, 3],
    ['the two writes', [0, ww, 1, 'x'], ['s1: a z 1, a x 4', 's2: a z 2, a x 5', 's3: r x [4 5]'], 1, 3],
    ['none of them', [0, so, 1], ['s1: w x 1', 's1: w x 2'], -1, -1],
  ])('are %s', (_, edge, lines, fromStep, toStep) => {
    expect(reason(edge, lines)).toMatchObject({ fromStep, toStep })
  })
})

describe('values', () => {
  it('are shortened, and drive no terminal', () => {
    const long = 'a'.repeat(100)
    const odd = '\u001b[31m\u202e\n"'
    const table = tableOf([
      { process: 1, status: 'committed', steps: [{ f: 'write', key: odd, value: long }], began: null, ended: null },
      { process: 2, status: 'committed', steps: [{ f: 'read', key: odd, value: long }], began: null, ended: null },
    ])
    const { facts } = infer(table)
    const { text } = reasonOf({ facts, cast: new Cast(table, [0, 1]) }, { from: 0, to: 1, kind: wr, key: 0 })
    expect(text).toBe(`T2 read "\\u001b[31m\\u{202e}\\n\\"" as ${'a'.repeat(29)}…, which T1 wrote`)
  })

  it('of long lists are left out but for the ends and what matters', () => {
    const appends = Array.from({ length: 20 }, (_, i) => `s${i}: a x ${i}`)
    expect(clause([5, ww, 6, 'x'], [...appends, `s20: r x [${Array.from({ length: 20 }, (_, i) => i).join(' ')}]`])).toBe(
      "T1's append of 5 to x comes before T2's of 6 (T3 read x as [0 … 5 6 … 18 19])",
    )
  })
})

type Edge = readonly [from: number, kind: EdgeKind, to: number, key?: string]

function clause(edge: Edge, ...history: readonly [readonly string[], InferOptions?] | readonly string[]): string {
  const [first, options] = history
  return typeof first === 'object' ? reason(edge, first, options as InferOptions).text : reason(edge, history as readonly string[]).text
}

function reason([from, kind, to, key]: Edge, history: readonly string[], options: InferOptions = {}): Reason {
  const table = tableOf(written(history.join('\n')))
  const { facts } = infer(table, options)
  const cast = new Cast(table, [from, to])
  return reasonOf({ facts, cast }, { from, to, kind, key: key === undefined ? -1 : table.keys.indexOf(key) })
}
