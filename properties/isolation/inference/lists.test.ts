import { describe, expect, it } from 'vitest'
import { anomaliesIn, extraOf, factsIn, readsOf, writersOf } from '../testing/infer-shown.ts'

describe('what lists show', () => {
  it('is the order of their writers, with those that nobody has seen after it', () => {
    const facts = factsIn(`
      s1: a x 3
      s2: a x 1
      s3: a x 2, a y 1
      s4: a x 4
      s5: r x [1 2], r x [1 2 3]
    `)
    expect([writersOf(facts, 'x'), writersOf(facts, 'y')]).toEqual(['1 2 0 (3)', '(2)'])
    expect(readsOf(facts)).toEqual(['4 x 2', '4 x 0'])
    expect(extraOf(facts)).toEqual([])
  })

  it('is where the last of several appends of a transaction is, and nothing where that was not seen', () => {
    const seen = factsIn('s1: a x 1, a x 2\n s2: a x 3\n s3: r x [1 2 3]')
    expect([writersOf(seen, 'x'), extraOf(seen)]).toEqual(['0 1', []])
    const unseen = factsIn('s1: a x 1, a x 2\n s2: r x [1]\n s3: a x 3')
    expect(writersOf(unseen, 'x')).toBe('(0) (2)')
  })

  it('is a dirty write both ways where the appends of one are separated by those of another', () => {
    const facts = factsIn('s1: a x 1, a x 2\n s2: a x 3\n s3: r x [1 3 2]')
    expect([writersOf(facts, 'x'), extraOf(facts)]).toEqual(['1 0', ['0 ww x 1']])
    const unseenEnd = factsIn('s1: a x 1, a x 2\n s2: a x 3\n s3: r x [1 3]')
    expect([writersOf(unseenEnd, 'x'), extraOf(unseenEnd)]).toEqual(['1 (0)', ['0 ww x 1']])
    const three = factsIn('s1: a x 1, a x 4\n s2: a x 2\n s3: a x 3\n s4: r x [1 2 3 4]')
    expect([writersOf(three, 'x'), extraOf(three)]).toEqual(['1 2 0', ['0 ww x 1']])
  })

  it('is the order of the first of the longest lists that somebody read who took effect', () => {
    expect(writersOf(factsIn('s1: a x 1\n s2: a x 2\n s3: r x [1]\n s4: r x [2]'), 'x')).toBe('0 (1)')
    // An aborted read has a longer list, which the later one begins.
    expect(writersOf(factsIn('s1: a x 1\n s2: a x 2\n s3 aborted: r x [2 1]\n s4: r x [1]\n s5: r x [2]'), 'x')).toBe('0 (1)')
    expect(writersOf(factsIn('s1: a x 1\n s2: a x 2\n s3 aborted: r x [2 1]\n s4: r x [2]\n s5: r x [1]'), 'x')).toBe('1 (0)')
  })

  it('is nothing more, to whoever reads appends in disorder: the place of the last append is not that of what was read', () => {
    const facts = factsIn('s1: a x 1, a x 2\n s2: a x 3\n s3: r x [2 3 1]\n s4: r x [2 3]\n s5: r x [2]')
    expect(writersOf(facts, 'x')).toBe('0 1')
    expect(readsOf(facts)).toEqual(['3 x 1', '4 x 0'])
    expect(extraOf(facts)).toEqual(['1 ww x 0'])
    expect(extraOf(factsIn('s1: a x 1, a x 2\n s2: r x [2 1]'))).toEqual([])
    expect(readsOf(factsIn('s1: a x 1, a x 2\n s2: a x 3\n s3: r x [2 3]\n s4: r x [1]'))).toEqual(['2 x 1'])
    // What was not seen of the same transaction follows what was.
    expect(extraOf(factsIn('s1: a x 1, a x 2, a x 3\n s2: r x [2 1]'))).toEqual(['1 rw x 0'])
  })

  it('is what stood before its own appends, where a transaction reads a list only after them', () => {
    const facts = factsIn('s1: a x 1\n s2: a x 2, r x [1 2], a x 3, r x [1 2 3]\n s3: a y 1, r y [1]')
    expect(readsOf(facts)).toEqual(['1 x 0', '2 y -'])
    expect(writersOf(facts, 'x')).toBe('0 1')
  })

  it('is that a read of null or [] saw what was there before, and a read of an unknown result nothing', () => {
    const facts = factsIn('s1: r x nil, r x [], r x ?\n s2: a x 1')
    expect(readsOf(facts)).toEqual(['0 x -', '0 x -'])
  })

  it('is only what transactions that took effect have read', () => {
    const facts = factsIn(`
      s1: a x 1
      s2: a x 2
      s3 aborted: r x [2 1 9]
      s4: r x [1]
    `)
    expect(writersOf(facts, 'x')).toBe('0 (1)')
    expect(readsOf(facts)).toEqual(['3 x 0'])
    const longer = 's1: a x 1\n s2: a x 2\n s3 aborted: r x [1 2 9 8]\n s4: r x [2 1]\n s5: r x [2]'
    expect(writersOf(factsIn(longer), 'x')).toBe('1 0')
    expect(anomaliesIn(longer)).toEqual([])
  })

  it('is that a transaction of unknown outcome took effect if one that did has seen it', () => {
    const text = `
      s1 unknown: a x 1, a z 1
      s2 unknown: a x 2
      s3 unknown: a y 1, r x [1]
      s4: r y [1]
      s5 aborted: r x [1 2]
    `
    const facts = factsIn(text)
    expect([...facts.happened]).toEqual([1, 0, 1, 1, 0])
    expect([writersOf(facts, 'x'), writersOf(facts, 'y'), writersOf(facts, 'z')]).toEqual(['0', '2', '(0)'])
    expect(readsOf(facts)).toEqual(['2 x 0', '3 y 2'])
    expect(anomaliesIn(text)).toEqual([])
    expect([...factsIn('s1 unknown: a x 1, r x [1]').happened]).toEqual([0])
  })

  it('is of each key what its own steps show, where a history has lists and registers', () => {
    const facts = factsIn('s1: a x 1, w y 1\n s2: r x [1], r y 1, w y 2')
    expect([writersOf(facts, 'x'), writersOf(facts, 'y'), readsOf(facts)]).toEqual(['0', '(0) (1)', ['1 x 0', '1 y 0']])
  })
})

describe('what is wrong with lists', () => {
  it.each([
    ['an aborted read', 's1 aborted: a x 1\n s2: r x [1]', ['G1a x: 1 0 | 1.0 0.0']],
    [
      'an aborted read that others then built upon',
      's1 aborted: a x 1\n s2 unknown: a x 2\n s3: a x 3\n s4: r x [1 2 3]',
      ['dirty-update x: 0 1 3 | 0.0 1.0 3.0', 'G1a x: 3 0 | 3.0 0.0'],
    ],
    ['no aborted read: nobody knows that it aborted', 's1 unknown: a x 1\n s2: r x [1]', []],
    ['no aborted read: the reader aborted', 's1 aborted: a x 1\n s2 aborted: r x [1]', []],
    ['no dirty update: the aborted append is the last', 's1: a x 1\n s2 aborted: a x 2\n s3: r x [1 2]', ['G1a x: 2 1 | 2.0 1.0']],
    ['an intermediate read', 's1: a x 1, a x 2\n s2: r x [1]', ['G1b x: 1 0 | 1.0 0.0 0.1']],
    ['no intermediate read: all of it', 's1: a x 1, a x 2\n s2: r x [1 2]', []],
    ['no intermediate read: its own', 's1: a x 1, r x [1], a x 2', []],
    ['an own append that is not there', 's1: a x 1, r x []', ['internal x: 0 | 0.1 0.0']],
    ['an own append that another one follows', 's1: a x 1\n s2: a x 2, r x [2 1]', ['internal x: 1 | 1.1 1.0']],
    [
      'own appends of which the first is not there',
      's1: a x 1, a x 2, r x [2]',
      ['cyclic-versions x: 0 0 | 0.0 0.1 0.2', 'internal x: 0 | 0.2 0.0'],
    ],
    ['another beginning after an own append', 's1: a x 1\n s2: r x [], a x 2, r x [1 2]', ['internal x: 1 | 1.2 1.0']],
    ['the same beginning after an own append', 's1: a x 1\n s2: r x [1], a x 2, r x [1 2]', []],
    [
      'another beginning after two own appends',
      's1: a x 1\n s2: a x 2, r x [2], a x 3, r x [1 2 3]',
      ['incompatible-order x: 1 1 | 1.1 1.3', 'internal x: 1 | 1.3 1.1'],
    ],
    ['two versions', 's1: a x 1\n s2: r x [], r x [1]', ['non-repeatable-read x: 1 | 1.0 1.1']],
    ['the same version twice', 's1: a x 1\n s2: r x [1], r x [1]', []],
    ['what it appends later', 's1: r x [1], a x 1', ['future-read x: 0 | 0.0 0.1']],
    [
      'what it appends later, after what it appended before',
      's1: a x 1, r x [1 2], a x 2',
      ['internal x: 0 | 0.1 0.0', 'future-read x: 0 | 0.1 0.2'],
    ],
    [
      'what it appends later, in another order than others read',
      's1: a x 1\n s2: r x [2], a x 2\n s3: r x [1 2]',
      ['incompatible-order x: 1 2 | 1.0 2.0', 'future-read x: 1 | 1.0 1.1'],
    ],
    ['an element that nothing appended', 's1: a x 1\n s2: r x [7 1]', ['thin-air-read x: 1 | 1.0']],
    ['an element that is there twice', 's1: a x 1\n s2: r x [1 1]', ['duplicate-elements x: 1 0 | 1.0 0.0']],
    ['an element that nothing appended, twice', 's1: r x [7 7]', ['thin-air-read x: 0 | 0.0', 'duplicate-elements x: 0 | 0.0']],
    [
      'two orders, in one of which everything else is wrong too',
      's1: a x 1\n s2: a x 2\n s3 aborted: a x 3\n s4: r x [1 2 3 4 1]\n s5: r x [2 1 3 4 2]',
      [
        'G1a x: 3 2 | 3.0 2.0',
        'thin-air-read x: 3 | 3.0',
        'duplicate-elements x: 3 0 | 3.0 0.0',
        'incompatible-order x: 4 3 | 4.0 3.0',
        'G1a x: 4 2 | 4.0 2.0',
        'thin-air-read x: 4 | 4.0',
        'duplicate-elements x: 4 1 | 4.0 1.0',
      ],
    ],
    ['two orders', 's1: a x 1\n s2: a x 2\n s3: r x [1 2]\n s4: r x [2]', ['incompatible-order x: 3 2 | 3.0 2.0']],
    ['one order', 's1: a x 1\n s2: a x 2\n s3: r x [1 2]\n s4: r x [1]', []],
    [
      'appends in another order than they were made',
      's1: a x 1, a x 2\n s2: r x [2 1]',
      ['cyclic-versions x: 0 1 | 0.0 0.1 1.0', 'G1b x: 1 0 | 1.0 0.0 0.1'],
    ],
    ['a later append without an earlier one', 's1: a x 1, a x 2\n s2: r x [2]', ['cyclic-versions x: 0 1 | 0.0 0.1 1.0']],
    ['a lost update', 's1: a x 1\n s2: r x [1], a x 2\n s3: r x [1], a x 3', ['lost-update x: 1 2 | 1.0 1.1 2.0 2.1']],
    [
      'a lost update of what was there before, once for three',
      's1: r x [], a x 1\n s2: r x [], a x 2\n s3: r x [], a x 3',
      ['lost-update x: 0 1 | 0.0 0.1 1.0 1.1'],
    ],
    ['no lost update: another version', 's1: a x 1\n s2: r x [1], a x 2\n s3: r x [1 2], a x 3', []],
    ['no lost update: one writes before it reads', 's1: a x 1\n s2: r x [1], a x 2\n s3: a x 3, r x [1 2 3]', []],
    ['no lost update: one aborted', 's1: a x 1\n s2: r x [1], a x 2\n s3 aborted: r x [1], a x 3', []],
    ['no lost update: another key', 's1: a x 1\n s2: r x [1], a x 2\n s3: r x [1], a y 3', []],
    [
      'a lost update of a list that is no beginning of the longest, but none of another list that ends in the same element',
      's1: a x 1\n s2: a x 2\n s3: r x [2 1], a x 3\n s4: r x [2 1], a x 4\n s5: r x [1], a x 5\n s6: r x [1 2 5]',
      ['incompatible-order x: 2 5 | 2.0 5.0', 'incompatible-order x: 3 5 | 3.0 5.0', 'lost-update x: 2 3 | 2.0 2.1 3.0 3.1'],
    ],
    ['part of a transaction', 's1: a x 1, a y 1\n s2: r x [1], r y []', ['fractured-read x: 1 0 | 1.0 0.0 1.1 0.1']],
    ['part of a transaction, the missing one first', 's1: a x 1, a y 1\n s2: r y [], r x [1]', ['fractured-read x: 1 0 | 1.1 0.0 1.0 0.1']],
    [
      'part of a transaction, and another from before it',
      's1: a y 1\n s2: a x 1, a y 2\n s3: r x [1], r y [1]\n s4: r y [1 2]',
      ['fractured-read x: 2 1 0 | 2.0 1.0 2.1 1.1'],
    ],
    [
      'part of a transaction, of which others see the rest',
      's1: a x 1, a y 1\n s2: r x [1], r y []\n s3: r y [1]',
      ['fractured-read x: 1 0 | 1.0 0.0 1.1 0.1'],
    ],
    ['all of a transaction, and another after it', 's1: a x 1, a y 1\n s2: a y 2\n s3: r x [1], r y [1 2]', []],
  ])('%s', (_, text, anomalies) => {
    expect(anomaliesIn(text)).toEqual(anomalies)
  })

  it('is nothing about elements that nothing appended, where only a part of the history is here', () => {
    const text = 's1: a x 1\n s2: r x [7 1]\n s3: r x [7]'
    expect(anomaliesIn(text, { neverWritten: 'ignored' })).toEqual([])
    expect(readsOf(factsIn(text, { neverWritten: 'ignored' }))).toEqual(['1 x 0', '2 x -'])
  })

  it('is that the readers of an intermediate version come before what its writer and the next one append', () => {
    expect(extraOf(factsIn('s1: a x 1, a x 2\n s2: r x [1]'))).toEqual(['1 rw x 0'])
    expect(extraOf(factsIn('s1: a x 1, a x 3\n s2: a x 2\n s3: r x [1]\n s4: r x [1 2 3]'))).toEqual(['0 ww x 1', '2 rw x 0', '2 rw x 1'])
    expect(extraOf(factsIn('s1: a x 1, a x 2\n s2: a x 3\n s3: r x [1]\n s4: r x [1 2 3]'))).toEqual(['2 rw x 0'])
  })
})
