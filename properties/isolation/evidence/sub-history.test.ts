import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { operations } from '../../history.ts'
import type { Anomaly, AnomalyName } from '../anomaly.ts'
import { cycleAnomalies } from '../cycles/cycle-anomalies.ts'
import { so } from '../edge.ts'
import type { Facts } from '../facts.ts'
import { infer } from '../inference/infer.ts'
import { tableOf, transactionOf } from '../table/table-builder.ts'
import type { Transaction } from '../table/transaction.ts'
import { transactionsOf } from '../table/transactions-of.ts'
import { transactionsArb } from '../testing/generate.ts'
import { written } from '../testing/written-transactions.ts'
import { storyOf } from './explain.ts'
import { subHistory } from './sub-history.ts'

function found(transactions: Iterable<Transaction>, isPart = false): { readonly facts: Facts; readonly anomalies: readonly Anomaly[] } {
  const table = tableOf(transactions)
  const { facts, anomalies } = infer(table, { neverWritten: isPart ? 'ignored' : 'violation' })
  return { facts, anomalies: [...anomalies, ...cycleAnomalies(facts, { order: table.hasTimes ? 'real-time' : 'session' })] }
}

function historyOf(name: string, text: string): ReturnType<typeof subHistory> {
  const { facts, anomalies } = found(written(text))
  const anomaly = anomalies.find((one) => one.name === name)
  if (anomaly === undefined) throw new Error(`no ${name}`)
  return subHistory(storyOf(anomaly, facts))
}

describe('the history of an anomaly', () => {
  it('has the events of its transactions where they were', () => {
    const events = historyOf(
      'G-single',
      `s1 0-1: a z 1
       s1 4-9: a x 4, a y 3
       s2 5-8: r x [4], r y []`,
    )
    expect(events).toEqual([
      {
        index: 4,
        process: 's1',
        type: 'invoke',
        f: 'txn',
        value: [
          ['append', 'x', 4],
          ['append', 'y', 3],
        ],
      },
      {
        index: 5,
        process: 's2',
        type: 'invoke',
        f: 'txn',
        value: [
          ['r', 'x', null],
          ['r', 'y', null],
        ],
      },
      {
        index: 8,
        process: 's2',
        type: 'ok',
        f: 'txn',
        value: [
          ['r', 'x', [4]],
          ['r', 'y', []],
        ],
      },
      {
        index: 9,
        process: 's1',
        type: 'ok',
        f: 'txn',
        value: [
          ['append', 'x', 4],
          ['append', 'y', 3],
        ],
      },
    ])
  })

  it('has those who prove the order of writes', () => {
    const events = historyOf('G0', 's1: a x 1, a y 1\ns2: a x 2, a y 2\ns3: r x [1 2], r y [2 1]\ns4: r x [1 2]')
    expect(events.map(({ index, process, type }) => `${index} ${process} ${type}`)).toEqual([
      '0 s1 invoke',
      '1 s1 ok',
      '2 s2 invoke',
      '3 s2 ok',
      '4 s3 invoke',
      '5 s3 ok',
    ])
  })

  it('says how transactions ended, and gives those without a process their own', () => {
    const events = historyOf('G1a', '0-3: r x 1, r y ?\naborted 1-2: w x 1')
    expect(events).toEqual([
      { index: 0, process: 'T1', type: 'invoke', f: 'txn', value: [['r', 'x', null]] },
      { index: 1, process: 'T2', type: 'invoke', f: 'txn', value: [['w', 'x', 1]] },
      { index: 2, process: 'T2', type: 'fail', f: 'txn', value: [['w', 'x', 1]] },
      { index: 3, process: 'T1', type: 'ok', f: 'txn', value: [['r', 'x', 1]] },
    ])
  })

  it('ends a process with a transaction of unknown outcome', () => {
    const events = historyOf('G1c', 's1 unknown 0-3: w x 1, r y 1\ns1 4-7: r x 1, w y 1\ns2 8-9: r y 1')
    expect(events.map(({ process, type }) => `${process} ${type}`)).toEqual(['T2 invoke', 'T2 info', 's1 invoke', 's1 ok'])
  })

  it('has nobody who wrote what a read beside the one that matters saw', () => {
    const members = (text: string): unknown[] => [...new Set(historyOf('G-single-realtime', text).map(({ process }) => process))]
    // Nothing wrote 99; an aborted transaction wrote 2; and 3 is its own.
    expect(members('s1 0-1: r y nil\ns2 2-3: w x 1\ns3 4-5: r x 99, r x nil')).toEqual(['s2', 's3'])
    expect(members('s1 aborted 0-1: w x 2\ns2 2-3: w x 1\ns3 4-5: r x 2, r x nil')).toEqual(['s2', 's3'])
    expect(members('s1 0-1: r y nil\ns2 2-3: w x 1\ns3 4-5: r x nil, w x 3, r x 3')).toEqual(['s2', 's3'])
  })

  it('is a history of the same transactions in which the same is found', () => {
    const seen = new Set<string>()
    for (const kind of ['list', 'register', 'mixed'] as const) {
      fc.assert(
        fc.property(transactionsArb({ kind, faults: true }), (transactions) => {
          const { facts, anomalies } = found(transactions)
          for (const anomaly of anomalies) {
            const story = storyOf(anomaly, facts)
            const history = subHistory(story)
            expect(operations(history)).toHaveLength(story.cast.transactions.length)
            const again = [...transactionsOf(history)]
            const expected = story.cast.transactions.map((one) => transactionOf(facts.table, one))
            const isTimed = expected.every(({ began, ended, status }) => began !== null && (ended !== null || status === 'unknown'))
            expect(again.map((one) => recorded(one, isTimed)).sort()).toEqual(expected.map((one) => recorded(one, isTimed)).sort())
            seen.add(anomaly.name)
            // Events cannot say that a process went on after a crash.
            if (story.edges.some(({ kind }) => kind === so) && history.some(({ process }) => /^T\d/.test(String(process)))) continue
            // Where lists contradict each other or those who appended, which of them count depends on all that were read.
            if (isOfOrder(anomaly) && anomalies.some(({ name }) => name === 'incompatible-order' || name === 'cyclic-versions')) continue
            // Where nothing wrote what was read, only a history taken for a whole one shows it.
            const isPart = anomaly.name !== 'thin-air-read'
            const names = found(again, isPart).anomalies.map(({ name }) => name)
            // Without whoever appended what was read, it is not known which of two writes was next: a cycle can then be of a stronger class.
            expect(names.some((name) => name === anomaly.name || (anomaly.cycle && isStronger(name, anomaly.name)))).toBe(true)
          }
        }),
        { numRuns: 150 },
      )
    }
    expect(seen.size).toBeGreaterThan(15)
  })
})

function isOfOrder({ name, cycle }: Anomaly): boolean {
  return cycle !== undefined || name === 'fractured-read'
}

/** A class of cycle that comes before another one, with as little of session and real-time order. */
function isStronger(name: AnomalyName, other: AnomalyName): boolean {
  const classes = ['G0', 'G1c', 'G-single', 'G-nonadjacent', 'G2-item']
  const variants = ['', '-session', '-realtime']
  const rank = (of: AnomalyName): number[] =>
    classes.flatMap((one, i) => variants.flatMap((variant, j) => (of === `${one}${variant}` ? [i, j] : [])))
  const [a = 9, b = 9] = rank(name)
  const [c = -1, d = -1] = rank(other)
  return a <= c && b <= d
}

/** What is left of a transaction: nobody knows what one read that did not commit, nor when one ended whose outcome nobody knows. */
function recorded({ status, steps, began, ended }: Transaction, isTimed: boolean): string {
  const known = steps.filter(({ f, value }) => f !== 'read' || (status === 'committed' && value !== undefined))
  const reads = steps.filter(({ f }) => f === 'read' && status !== 'committed').map(({ key }) => key)
  const times = isTimed ? [began, status === 'unknown' ? null : ended] : []
  return JSON.stringify([status, known, reads, times])
}
