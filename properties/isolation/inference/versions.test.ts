import { describe, expect, it } from 'vitest'
import { anomaliesIn, extraOf, factsIn } from '../testing/infer-shown.ts'

describe('registers that are assumed to be sequentially consistent', () => {
  const orders = (text: string): string[] => extraOf(factsIn(text, { versions: 'sequential' })).filter((edge) => edge.includes(' ww '))
  const wrong = (text: string): string[] => anomaliesIn(text, { versions: 'sequential' })

  it('have their writes in the order in which a session makes and reads them', () => {
    expect(orders('s1: w x 1\n s1: r y nil\n s1: w x 2')).toEqual(['0 ww x 2'])
    expect(orders('s1: w x 1\n s2: w x 2\n s3: r x 1\n s3: r x 2')).toEqual(['0 ww x 1'])
    expect(orders('s1: w x 1\n s2: w x 2\n s1: r x 2')).toEqual(['0 ww x 1'])
    expect(orders('s1: w x 1\n s2: w x 2')).toEqual([])
    expect(orders('s1: w x 1\n s1: w y 2')).toEqual([])
  })

  it('have what a transaction reads before what it writes', () => {
    expect(orders('s1: w x 1\n s2: r x 1, w x 3, w x 2')).toEqual(['0 ww x 1'])
    expect(orders('s1: w x 1\n s2: w x 2, r x 2')).toEqual([])
  })

  it('have an edge once, and none that others imply in their session', () => {
    expect(orders('s1: w x 1\n s1: w x 2\n s1: w x 3\n s2: r x 1\n s2: r x 2')).toEqual(['0 ww x 1', '1 ww x 2'])
  })

  it('tell nothing of transactions without a session, or after one that nobody has seen end', () => {
    expect(orders(': w x 1\n : w x 2')).toEqual([])
    expect(orders('s1: w x 1\n s1 unknown: w x 2\n s1: w x 3\n s2: r x 2')).toEqual(['0 ww x 1', '0 ww x 2'])
  })

  it('cannot be read in two orders', () => {
    const text = 's1: w x 1\n s2: w x 2\n s3: r x 1\n s3: r x 2\n s4: r x 2\n s4: r x 1\n s5: w y 1\n s5: w y 2'
    expect(wrong(text)).toEqual(['cyclic-versions x: 0 1 | 0.0 1.0'])
    expect(orders(text)).toEqual(['6 ww y 7'])
    expect(anomaliesIn(text)).toEqual([])
  })

  it('cannot be read in an order that goes round many', () => {
    const round = 's1: w x 1\n s2: w x 2\n s3: w x 3\n s4: r x 1\n s4: r x 2\n s5: r x 2\n s5: r x 3\n s6: r x 3\n s6: r x 1'
    expect(wrong(round)).toEqual(['cyclic-versions x: 0 1 2 | 0.0 1.0 2.0'])
  })

  it('cannot be as they were before the history once something else was there', () => {
    expect(wrong('s1: w x 1\n s1: r x nil')).toEqual(['cyclic-versions x: 0 1 | 0.0 1.0'])
    expect(wrong('s1: w x 1\n s2: r x nil')).toEqual([])
    expect(wrong('s1: r x nil\n s1: w x 1')).toEqual([])
  })

  it('have who read a version before who wrote the next one, once and for another transaction', () => {
    const extra = (text: string): string[] => extraOf(factsIn(text, { versions: 'sequential' }))
    expect(extra('s1: w x 1\n s1: w x 2\n s2: r x 1, r y nil, r x 1\n s3: r x 1')).toEqual(['0 ww x 1', '2 rw x 1', '3 rw x 1'])
    expect(extra('s1: w x 1\n s2: r x 1, w x 2')).toEqual(['0 ww x 1'])
    expect(extra('s1: r x nil\n s1: w x 1')).toEqual([])
  })

  it('are not lists', () => {
    expect(orders('s1: a x 1\n s1: a x 2')).toEqual([])
  })
})

describe('registers that are assumed to be linearizable', () => {
  const orders = (text: string): string[] => extraOf(factsIn(text, { versions: 'linearizable' })).filter((edge) => edge.includes(' ww '))
  const wrong = (text: string): string[] => anomaliesIn(text, { versions: 'linearizable' })

  it('have a write before another one that began when it had ended', () => {
    expect(orders('s1 0-1: w x 1\n s2 2-3: w x 2')).toEqual(['0 ww x 1'])
    expect(orders('s1 0-2: w x 1\n s2 1-3: w x 2')).toEqual([])
    expect(orders('s1 0-: w x 1\n s2 2-3: w x 2')).toEqual([])
    expect(orders('s1 0-1: w x 1\n s2 1-3: w x 2')).toEqual([])
    expect(orders('s1: w x 1\n s1: w x 2')).toEqual([])
  })

  it('have a write that was read before another one that began after that read', () => {
    expect(orders('s1 0-9: w x 1\n s2 1-2: r x 1\n s3 3-8: w x 2')).toEqual(['0 ww x 2'])
    expect(orders('s1 0-1: w x 1\n s2 0-9: w x 2\n s3 2-3: r x 2')).toEqual(['0 ww x 1'])
  })

  it('have no edge that others imply', () => {
    expect(orders('s1 0-1: w x 1\n s1 2-3: w x 2\n s1 4-5: w x 3\n s1 6-7: w x 4')).toEqual(['0 ww x 1', '1 ww x 2', '2 ww x 3'])
    expect(orders('s1 0-3: w x 1\n s2 1-2: w x 2\n s1 4-7: w x 3\n s2 5-6: w x 4\n s1 8-9: w x 5')).toEqual([
      '0 ww x 2',
      '0 ww x 3',
      '1 ww x 2',
      '1 ww x 3',
      '2 ww x 4',
      '3 ww x 4',
    ])
    expect(orders('s1 0-1: w x 1\n s2 0-5: w x 2\n s3 10-11: r x 1\n s4 12-13: w x 3')).toEqual(['0 ww x 3', '1 ww x 0'])
  })

  it('cannot be read in two orders', () => {
    const text = 's1 0-1: w x 1\n s2 2-3: w x 2\n s3 4-5: r x 1\n s4 0-1: w y 1\n s4 2-3: w y 2'
    expect(wrong(text)).toEqual(['cyclic-versions x: 0 1 | 0.0 1.0'])
    expect(orders(text)).toEqual(['3 ww y 4'])
    expect(wrong('s1 0-1: w x 1\n s2 2-9: w x 2\n s3 4-5: r x 1')).toEqual([])
    expect(wrong('s1 0-1: w x 1\n s2 0-1: w x 2\n s3 4-5: r x 1\n s4 6-7: r x 2\n s5 8-9: r x 1')).toEqual([
      'cyclic-versions x: 0 1 | 0.0 1.0',
    ])
  })

  it('cannot be as they were before the history once something else was there', () => {
    expect(wrong('s1 0-9: w x 1\n s2 1-2: r x 1\n s3 3-4: r x nil')).toEqual(['cyclic-versions x: 0 2 | 0.0 2.0'])
    expect(wrong('s1 0-9: w x 1\n s2 1-4: r x 1\n s3 3-5: r x nil')).toEqual([])
  })
})
