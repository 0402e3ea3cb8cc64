import { describe, expect, it } from 'vitest'
import { columns, problemOf } from '../testing/levels-histories.ts'
import { causalConvergence, causallyConsistent, weaklyCausal } from './causal.ts'
import { pram } from './pram.ts'
import { sequentiallyConsistent } from './sequential.ts'
import { monotonicReads, monotonicWrites, readYourWrites } from './session-guarantees.ts'
import { writesFollowReads } from './writes-follow-reads.ts'

const levels = {
  SC: sequentiallyConsistent,
  CM: causallyConsistent,
  CCv: causalConvergence,
  CC: weaklyCausal,
  PRAM: pram,
  MR: monotonicReads,
  MW: monotonicWrites,
  RYW: readYourWrites,
  WFR: writesFollowReads,
}

/** The levels that a history satisfies. */
function satisfied(text: string): string {
  const problem = problemOf(columns(text))
  return Object.entries(levels)
    .filter(([, decide]) => decide(problem).verdict === 'holds')
    .map(([name]) => name)
    .join(' ')
}

describe('the histories of figure 3 of Bouajjani et al. (POPL 2017)', () => {
  it.each([
    ['(a) is CM but not CCv', 'CM CC PRAM MR MW RYW WFR', 'A: wx1 rx2\nB: wx2 rx1'],
    ['(b) is CCv but not CM', 'CCv CC MR MW RYW WFR', 'A: wz1 wx1 wy1\nB: wx2 rz0 ry1 rx2'],
    ['(c) is CC but neither CM nor CCv', 'CC MW RYW WFR MR', 'A: wx1\nB: wx2 rx1 rx2'],
    ['(d) is all but sequentially consistent', 'CM CCv CC PRAM MR MW RYW WFR', 'A: wx1 ry0 wy1 rx1\nB: wx2 ry0 wy2 rx2'],
    ['(e) is not even CC', 'PRAM MR MW RYW WFR', 'A: wx1 wy1\nB: . . ry1 wx2\nC: . . . . rx2 rx1'],
  ])('%s', (_, expected, text) => {
    expect(satisfied(text).split(' ').sort()).toEqual(expected.split(' ').sort())
  })
})

describe('litmus tests', () => {
  it.each([
    ['store buffering is causal but not sequential', 'CM CCv CC PRAM MR MW RYW WFR', 'A: wx1 ry0\nB: wy1 rx0'],
    ['independent reads of independent writes', 'CM CCv CC PRAM MR MW RYW WFR', 'A: wx1\nB: wy1\nC: . rx1 ry0\nD: . ry1 rx0'],
    ['message passing without the message', 'MR RYW WFR', 'A: wx1 wy1\nB: . . ry1 rx0'],
    ['a message passed on, without what it answers', 'PRAM MR MW RYW', 'A: wx1\nB: . rx1 wy1\nC: . . . ry1 rx0'],
    ['causes in a circle', 'PRAM MR MW RYW', 'A: rx1 wy1\nB: ry1 wx1'],
    ['two observers that disagree on the order of writes', 'CM CC PRAM MR MW RYW WFR', 'A: wx1\nB: wx2\nC: . rx1 rx2\nD: . rx2 rx1'],
    ['a read that goes back', 'CC MW RYW WFR', 'A: wx1\nB: wx2\nC: . rx1 rx2 rx1'],
    ['an own write not read', 'MR MW WFR', 'A: wx1 rx0'],
    ['writes seen out of order', 'MR RYW WFR', 'A: wx1 wx2\nB: . . rx2 rx1'],
    ['a crashed write that was seen late', 'SC CM CCv CC PRAM MR MW RYW WFR', 'A: wx1?\nB: rx0 rx0 rx1'],
    ['a crashed write before an earlier one of its session', 'MR RYW WFR', 'A: wx1 wx2?\nB: rx2 rx1'],
  ])('%s', (_, expected, text) => {
    expect(satisfied(text).split(' ').sort()).toEqual(expected.split(' ').sort())
  })

  it('does not take what a process read itself for what the writer of its own write had read', () => {
    const decision = writesFollowReads(problemOf(columns('A: ra3 wb2 rb2 ra0\nB: wa3')))
    expect(decision).toMatchObject({
      verdict: 'violated',
      sentence: expect.stringContaining('process A read 0 of a, the initial value, after it had read 2 of b'),
    })
    expect(decision.verdict === 'violated' && decision.core.map(({ f }) => f)).toEqual(['read', 'write', 'read', 'read'])
  })

  it('explains what is wrong in a sentence', () => {
    const sentence = (decide: typeof pram, text: string): string => {
      const decision = decide(problemOf(columns(text)))
      return decision.verdict === 'violated' ? decision.sentence : decision.verdict
    }
    expect({
      back: sentence(monotonicReads, 'A: wx1\nB: wx2\nC: . rx1 rx2 rx1'),
      own: sentence(readYourWrites, 'A: wx1 rx0'),
      order: sentence(monotonicWrites, 'A: wx1 wx2\nB: . . rx2 rx1'),
      message: sentence(monotonicWrites, 'A: wx1 wy1\nB: . . ry1 rx0'),
      answer: sentence(writesFollowReads, 'A: wx1\nB: . rx1 wy1\nC: . . . ry1 rx0'),
      cause: sentence(causallyConsistent, 'A: wx1\nB: . rx1 wx2\nC: . . . rx2 rx1'),
      circle: sentence(causallyConsistent, 'A: rx1 wy1\nB: ry1 wx1'),
      buffers: sentence(sequentiallyConsistent, 'A: wx1 ry0\nB: wy1 rx0'),
      convergence: sentence(causalConvergence, 'A: wx1 rx2\nB: wx2 rx1'),
      pram: sentence(pram, 'A: wx1 wy1\nB: . . ry1 rx0'),
      thin: sentence(causallyConsistent, 'A: rx7'),
    }).toMatchInlineSnapshot(`
      {
        "answer": "process C read 0 of x, the initial value, after it had read 1 of y, which was written by someone who knew that process A wrote 1 to x",
        "back": "process C read 1 of x again, after it had read 1 of x and had read 2 of x: its reads went backwards",
        "buffers": "no order explains these: process A wrote 1 to x before it read 0 of y; process A read 0 of y before process B wrote 1 to y over it; process B wrote 1 to y before it read 0 of x; process B read 0 of x before process A wrote 1 to x over it",
        "cause": "process C read 1 of x, which had been overwritten before: process A wrote 1 to x and process B read 1 of x from it; process B read 1 of x before it wrote 2 to x; and the read came after that",
        "circle": "these precede each other in a circle: process A read 1 of x before it wrote 1 to y; process A wrote 1 to y and process B read 1 of y from it; process B read 1 of y before it wrote 1 to x; process B wrote 1 to x and process A read 1 of x from it",
        "convergence": "no order explains these: process A wrote 1 to x before process B wrote 2 to x, since process A read 2 of x after the former; process B wrote 2 to x before process A wrote 1 to x, since process B read 1 of x after the former",
        "message": "process B read 0 of x, the initial value, after it had read 1 of y; but process A wrote 1 to x, and then wrote 1 to y",
        "order": "process B read 1 of x after it had read 2 of x; but process A wrote 1 to x, and then wrote 2 to x",
        "own": "process A read 0 of x, the initial value, after it had written 1 to x",
        "pram": "process B read 0 of x, the initial value, too late: process A wrote 1 to x before it wrote 1 to y; process A wrote 1 to y and process B read 1 of y from it; process B read 1 of y before it read 0 of x",
        "thin": "process A read 7 of x, which nothing had written",
      }
    `)
  })
})
