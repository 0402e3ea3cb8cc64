import { describe, expect, it } from 'vitest'
import { transactionOf } from '../../properties/isolation/table/table-builder.ts'
import type { Transaction } from '../../properties/isolation/table/transaction.ts'
import { readTransactions } from './read-transactions.ts'
import { errorOf } from './testing/read-text.ts'

function transactionsIn(text: string): Transaction[] {
  const { table } = readTransactions([Buffer.from(text)], { file: 'h', format: 'awdit' })
  return Array.from({ length: table.count }, (_, t) => transactionOf(table, t))
}

describe('a history of AWDIT', () => {
  it('has its transactions between lines of hyphens, and its sessions between lines of equals signs', () => {
    const end = { status: 'committed', began: null, ended: null }
    expect(transactionsIn('w 1 1\nr 2 -5\n-----\nr 1 1\n=====\n\n r 1 9223372036854775807 \n-------\n')).toEqual([
      {
        ...end,
        process: 0,
        steps: [
          { f: 'write', key: 1, value: 1 },
          { f: 'read', key: 2, value: -5 },
        ],
      },
      { ...end, process: 0, steps: [{ f: 'read', key: 1, value: 1 }] },
      { ...end, process: 1, steps: [{ f: 'read', key: 1, value: 9223372036854775807n }] },
    ])
  })

  it('has no transactions without steps, but sessions without transactions', () => {
    expect(transactionsIn('-----\n-----\nw 1 1\n=====\n-----\n=====\nw 1 2\n=====\n').map(({ process }) => process)).toEqual([0, 2])
  })

  it('reads 0 as a value like any other, which something must write', () => {
    const { table } = readTransactions([Buffer.from('r 1 0\nr 2 0\n-----\nw 1 0\n')], { file: 'h' })
    expect(Array.from(table.version)).toEqual([0, 1, 0])
    expect(Array.from(table.versions.writer)).toEqual([2, -1])
  })

  it.each([
    ['w 1 2\n r 1', '2:2', 'found r 1, expected'],
    ['w 1 2 3', '1:1', 'found w 1 2 3, expected'],
    ['w 1 2\n--', '2:1', 'found --, expected'],
    ['w 1 2\nw one 2', '2:1', 'found w one 2, expected'],
  ])('is refused at what is no step: %j', (text, place, message) => {
    expect(errorOf(() => transactionsIn(text))).toBe(
      `history-syntax h:${place}: ${message} a line such as w 1 2 (key and value), ----- between transactions or ===== between sessions`,
    )
  })
})
