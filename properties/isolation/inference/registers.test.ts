import { describe, expect, it } from 'vitest'
import { tableOf } from '../table/table-builder.ts'
import type { Transaction } from '../table/transaction.ts'
import { anomaliesIn, extraOf, factsIn, readsOf, writersOf } from '../testing/infer-shown.ts'
import { infer } from './infer.ts'

describe('what registers show', () => {
  it('is who wrote them, in no order, and whose write each read saw', () => {
    const facts = factsIn('s1: w x 1\n s2: r x 1, w x 2\n s3: r x nil, r x ?\n s4: r x 2, r x 2')
    expect(writersOf(facts, 'x')).toBe('(0) (1)')
    expect(readsOf(facts)).toEqual(['1 x 0', '2 x -', '3 x 1', '3 x 1'])
    expect(extraOf(facts)).toEqual([])
  })

  it('is not what aborted, or what nobody knows to have happened', () => {
    const facts = factsIn('s1 aborted: w x 1, r y 4\n s2 unknown: w x 2, w y 4\n s3 unknown: w x 3\n s4: r x 3')
    expect([...facts.happened]).toEqual([0, 0, 1, 1])
    expect([writersOf(facts, 'x'), writersOf(facts, 'y'), readsOf(facts)]).toEqual(['(2)', '', ['3 x 2']])
  })

  it('is nothing of the own writes, and of nothing that aborted, is to come or was never written', () => {
    const facts = factsIn('s1 aborted: w x 1\n s2: r x 1, r y 1, r z 7, w y 1, r y 1')
    expect(readsOf(facts)).toEqual([])
  })
})

describe('what is wrong with registers', () => {
  it.each([
    ['an aborted read', 's1 aborted: w x 1\n s2: r x 1', ['G1a x: 1 0 | 1.0 0.0']],
    ['no aborted read: nobody knows that it aborted', 's1 unknown: w x 1\n s2: r x 1', []],
    ['an intermediate read', 's1: w x 1, w x 2\n s2: r x 1', ['G1b x: 1 0 | 1.0 0.0 0.1']],
    ['no intermediate read: its own', 's1: w x 1, r x 1, w x 2, r x 2', []],
    ['an own write that it does not see', 's1: w x 1, r x nil', ['internal x: 0 | 0.1 0.0']],
    ['an own write before the last one', 's1: w x 1, w x 2, r x 1', ['internal x: 0 | 0.2 0.1']],
    ["another's write after its own", 's1: w x 1\n s2: w x 2, r x 1', ['internal x: 1 | 1.1 1.0']],
    ['an aborted write after its own', 's1 aborted: w x 1\n s2: w x 2, r x 1', ['internal x: 1 | 1.1 1.0', 'G1a x: 1 0 | 1.1 0.0']],
    ['what it writes later', 's1: r x 1, w x 1', ['future-read x: 0 | 0.0 0.1']],
    ['what it writes later, after another write', 's1: w x 1, r x 2, w x 2', ['internal x: 0 | 0.1 0.0', 'future-read x: 0 | 0.1 0.2']],
    ['what nothing wrote', 's1: r x 1', ['thin-air-read x: 0 | 0.0']],
    ['two versions', 's1: w x 1\n s2: r x nil, r x 1, r x 1', ['non-repeatable-read x: 1 | 1.0 1.1', 'non-repeatable-read x: 1 | 1.0 1.2']],
    ['the same version twice, and an unknown one', 's1: w x 1\n s2: r x 1, r x ?, r x 1', []],
    ['a lost update', 's1: w x 1\n s2: r x 1, w x 2\n s3: r x 1, w x 3', ['lost-update x: 1 2 | 1.0 1.1 2.0 2.1']],
    [
      'a lost update of what nothing wrote',
      's1: r x 0, w x 1\n s2: r x 0, w y 2, w x 2',
      ['thin-air-read x: 0 | 0.0', 'thin-air-read x: 1 | 1.0', 'lost-update x: 0 1 | 0.0 0.1 1.0 1.2'],
    ],
    [
      'a lost update, of the first of two reads',
      's1: w x 1\n s2: r x 1, w x 2\n s3: r x 1, r x 2, w x 3',
      ['non-repeatable-read x: 2 | 2.0 2.1', 'lost-update x: 1 2 | 1.0 1.1 2.0 2.2'],
    ],
    [
      'no lost update: of the second of two reads',
      's1: w x 1\n s2: r x 1, w x 2\n s3: r x nil, r x 1, w x 3',
      ['non-repeatable-read x: 2 | 2.0 2.1'],
    ],
    ['no lost update: what both write later', 's1: r x 1, w x 1', ['future-read x: 0 | 0.0 0.1']],
    ['part of a transaction', 's1: w x 1, w y 1\n s2: r x 1, r y nil', ['fractured-read x: 1 0 | 1.0 0.0 1.1 0.1']],
    [
      'part of a transaction, and another from before it',
      's1: w y 1\n s2: r y 1, w x 2, w y 2\n s3: r x 2, r y 1',
      ['fractured-read x: 2 1 0 | 2.0 1.1 2.1 1.2'],
    ],
    ['what may be from after the transaction', 's1: w y 1\n s2: w x 2, w y 2\n s3: r x 2, r y 1', []],
    [
      'part of a transaction, once for each pair',
      's1: w x 1, w y 1, w z 1\n s2: r x 1, r y nil, r z nil',
      ['fractured-read x: 1 0 | 1.0 0.0 1.1 0.1'],
    ],
  ])('%s', (_, text, anomalies) => {
    expect(anomaliesIn(text)).toEqual(anomalies)
  })

  it('is nothing about what nothing wrote, where only a part of the history is here', () => {
    expect(anomaliesIn('s1: r x 1, r x 2', { neverWritten: 'ignored' })).toEqual(['non-repeatable-read x: 0 | 0.0 0.1'])
  })

  it('is found of a transaction that wrote much by what little was read, and the other way round', () => {
    const keys = Array.from({ length: 60 }, (_, key) => key)
    const bulk: Transaction = {
      process: 1,
      status: 'committed',
      steps: keys.map((key) => ({ f: 'write', key, value: 1 })),
      began: null,
      ended: null,
    }
    const reading = (values: readonly (number | null)[]): Transaction => ({
      ...bulk,
      process: 2,
      steps: values.map((value, key) => ({ f: 'read', key, value })),
    })
    const found = (reader: Transaction): number | undefined => infer(tableOf([bulk, reader])).counts.get('fractured-read')
    expect(found(reading([1, null]))).toBe(1)
    expect(found(reading([1, 1]))).toBe(undefined)
    expect(found(reading(keys.map((key) => (key === 59 ? null : 1))))).toBe(1)
    expect(found(reading(keys.map(() => 1)))).toBe(undefined)
    expect(found({ ...bulk, process: 2, steps: [...reading([1]).steps, { f: 'read', key: 'unwritten', value: null }] })).toBe(undefined)
  })

  it('is kept ten times of each name, and counted', () => {
    const text = Array.from({ length: 30 }, (_, i) => `s1: r x ${i}\n s2 aborted: w y ${i}\n s3: r y ${i}`).join('\n')
    const { anomalies, counts } = infer(
      tableOf(
        Array.from(
          { length: 30 },
          (_, i): Transaction => ({
            process: 1,
            status: 'committed',
            steps: [{ f: 'read', key: 'x', value: i }],
            began: null,
            ended: null,
          }),
        ),
      ),
    )
    expect([anomalies.length, counts.get('thin-air-read')]).toEqual([10, 30])
    expect(anomaliesIn(text).length).toBe(20)
  })
})
