import { expect, it } from 'vitest'
import { cycleAnomalies } from '../cycles/cycle-anomalies.ts'
import { rt, so } from '../edge.ts'
import { infer } from '../inference/infer.ts'
import { tableOf } from '../table/table-builder.ts'
import { written } from '../testing/written-transactions.ts'
import { anomalyDocument } from './anomaly-document.ts'
import { type Story, storyOf, storyOfCycle } from './explain.ts'

it('a cycle is told as plain data, with its reasons and its proof in words', () => {
  const document = anomalyDocument(
    storyIn(`
      s1 4-9: a x 4, a y 3
      s2 5-8: r x [4], r y []`),
  )
  expect(document).toEqual({
    name: 'G-single',
    transactions: [
      {
        id: 'T1',
        process: 's1',
        status: 'committed',
        steps: [
          ['append', 'x', 4],
          ['append', 'y', 3],
        ],
        began: 4,
        ended: 9,
      },
      {
        id: 'T2',
        process: 's2',
        status: 'committed',
        steps: [
          ['read', 'x', [4]],
          ['read', 'y', []],
        ],
        began: 5,
        ended: 8,
      },
    ],
    cycle: [
      { from: 'T1', to: 'T2', kind: 'wr', key: 'x', because: "T2 observed T1's append of 4 to x" },
      { from: 'T2', to: 'T1', kind: 'rw', key: 'y', because: 'T2 read y before anything was appended to it, and T1 appended 3' },
    ],
    explanation: [
      'G-single (read skew)',
      'Let',
      '  T1 = process s1, events 4 and 9: append x 4, append y 3',
      '  T2 = process s2, events 5 and 8: read x [4], read y []',
      'Then',
      "  T1 < T2, because T2 observed T1's append of 4 to x.",
      '  However, T2 < T1, because T2 read y before anything was appended to it, and T1 appended 3: a contradiction.',
    ],
  })
  expect(JSON.parse(JSON.stringify(document))).toEqual(document)
})

it('all steps are told, also those that the words leave out, and what nobody knows has no value', () => {
  const { transactions, cycle } = anomalyDocument(storyIn('s1: r p ?, r q nil, w a 1, w b 1, w c 1, w d 1, r x 1\ns2 aborted: w x 1'))
  expect(cycle).toEqual([])
  expect(transactions).toMatchObject([
    { id: 'T1', began: null, ended: null, steps: [['read', 'p'], ['read', 'q', null], ['write', 'a', 1], {}, {}, {}, ['read', 'x', 1]] },
    { id: 'T2', status: 'aborted', steps: [['write', 'x', 1]] },
  ])
})

it('edges of sessions and of real time have no key', () => {
  const { facts } = infer(tableOf(written('s1 0-1: w x 1\ns1 2-3: w x 2')))
  const cycle = [
    { transaction: 0, kind: so, key: -1 },
    { transaction: 1, kind: rt, key: -1 },
  ] as const
  const document = anomalyDocument(storyOfCycle({ name: 'strict-serializable', title: 'strict-serializable is violated', cycle }, facts))
  expect(document.cycle).toEqual([
    { from: 'T1', to: 'T2', kind: 'session', because: 'both are of process s1, T1 first' },
    { from: 'T2', to: 'T1', kind: 'real-time', because: 'T2 ended (event 3) before T1 began (event 0)' },
  ])
})

/** What is found first. */
function storyIn(history: string): Story {
  const { facts, anomalies } = infer(tableOf(written(history)))
  const [anomaly] = [...anomalies.filter(({ name }) => name !== 'fractured-read'), ...cycleAnomalies(facts, { order: 'session' })]
  if (anomaly === undefined) throw new Error('nothing is wrong')
  return storyOf(anomaly, facts)
}
