import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { transactionOf } from '../../properties/isolation/table/table-builder.ts'
import { initialVersion, type TransactionTable } from '../../properties/isolation/table/transaction-table.ts'
import { keyOf, type Value } from '../../properties/value.ts'
import { readTransactions } from './read-transactions.ts'
import { errorOf } from './testing/read-text.ts'

function tableOf(text: string): TransactionTable {
  return readTransactions([Buffer.from(text)], { file: 'h' }).table
}

/** Such as `1 committed r 2=0, w 3=4`. */
function shortly(table: TransactionTable): string[] {
  return Array.from({ length: table.count }, (_, t) => {
    const { process, status, steps } = transactionOf(table, t)
    return `${process} ${status} ${steps.map(({ f, key, value }) => `${f.charAt(0)} ${key}=${value}`).join(', ')}`
  })
}

describe('a history of Plume', () => {
  it('has a transaction for each number in each session', () => {
    expect(shortly(tableOf('w(1,10,0,0)\nw(2,20,0,0)\nr(1,10,1,0)\nw(1,11,1,1)\nr(1,11,0,1)\n'))).toEqual([
      '1 committed r 1=10',
      '0 committed w 1=10, w 2=20',
      '0 committed r 1=11',
      '1 committed w 1=11',
    ])
  })

  it('keeps every digit of 64-bit keys, values and sessions', () => {
    const [line] = shortly(tableOf('w(18446744073709551615,9223372036854775807,18446744073709551614,18446744073709551613)'))
    expect(line).toBe('18446744073709551614 committed w 18446744073709551615=9223372036854775807')
  })

  it('reads 0 as what was there before, unless something writes it', () => {
    const table = tableOf('r(1,0,0,0)\nr(2,0,0,0)\nw(2,0,1,0)\nr(3,0,1,0)\nw(3,7,1,0)\n')
    expect(Array.from(table.version)).toEqual([initialVersion, 0, 0, initialVersion, 1])
    expect(Array.from(table.versions.transaction)).toEqual([1, 1])
  })

  it('has the transactions of each session in the order of the file, however its sessions are mixed', () => {
    const step = fc.record({ session: fc.nat({ max: 3 }), next: fc.boolean(), isWrite: fc.boolean(), key: fc.nat({ max: 3 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const numbers = [0, 0, 0, 0]
        const expected: string[][][] = [[[]], [[]], [[]], [[]]]
        const lines = steps.map(({ session, next, isWrite, key }, value) => {
          const own = expected[session] as string[][]
          if (next && (own.at(-1) as string[]).length > 0) {
            numbers[session] = (numbers[session] as number) + 1
            own.push([])
          }
          ;(own.at(-1) as string[]).push(keyOf([isWrite ? 'write' : 'read', key, value + 1]))
          // Numbers that rise and fall.
          const number = (numbers[session] as number) % 2 === 0 ? numbers[session] : 1000 - (numbers[session] as number)
          return `${isWrite ? 'w' : 'r'}(${key},${value + 1},${session},${number})\n`
        })
        const found = new Map<Value, string[][]>()
        if (lines.length > 0) {
          const table = tableOf(lines.join(''))
          for (let t = 0; t < table.count; t++) {
            const transaction = transactionOf(table, t)
            const own = found.get(transaction.process as number) ?? []
            own.push(transaction.steps.map(({ f, key, value }) => keyOf([f, key, value as Value])))
            found.set(transaction.process as number, own)
          }
        }
        for (const [session, own] of expected.entries()) expect(found.get(session) ?? [[]]).toEqual(own)
      }),
      { numRuns: 300 },
    )
  })

  it('says the same with spaces between its numbers as without, of any size and spelling', () => {
    const number = fc.oneof(
      fc.nat({ max: 3 }).map(String),
      fc.constantFrom('-1', '007', '999999999999999', '1000000000000000', '9007199254740993'),
    )
    const line = fc.tuple(fc.constantFrom('r', 'w'), number, number, number)
    const tableOrError = (text: string): unknown => {
      try {
        return shortly(tableOf(text))
      } catch (error) {
        return String(error)
      }
    }
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        const plain = lines.map(([f, key, value, session]) => `${f}(${key},${value},${session},0)\n`)
        const spaced = plain.map((text, i) => (i % 2 === 0 ? text : text.replaceAll(',', ' , ')))
        expect(tableOrError(spaced.join(''))).toEqual(tableOrError(plain.join('')))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['r(1,2,3)', '1:1', 'found r(1,2,3), expected a line such as r(1,2,3,4): a read or a write with key, value, session and transaction'],
    ['r(1,2,3,4)\n  w(1,x,3,4)', '2:3', 'found w(1,x,3,4), expected a line such as r(1,2,3,4): a read or'],
    ['r(1,2,3,4)\nw(1,2,3', '2:1', 'found w(1,2,3, expected a line such as r(1,2,3,4): a read or'],
    ['r(1,2,3,4)\nr(1,2,3,4)x', '2:1', 'found r(1,2,3,4)x, expected a line such as r(1,2,3,4): a read or'],
  ])('is refused at what is no step: %j', (text, place, message) => {
    const error = errorOf(() => readTransactions([Buffer.from(text)], { file: 'h', format: 'plume' }))
    expect(error).toContain(`history-syntax h:${place}: ${message}`)
    expect(error).not.toContain('\n')
  })

  it('is refused where a transaction goes on after another of its session', () => {
    expect(errorOf(() => tableOf('r(1,2,3,4)\nr(1,2,3,5)\nr(1,2,9,4)\n r(1,2,3,4)\n'))).toBe(
      "history-events h:4:2: found another step of transaction 4 of session 3, after steps of the session's transaction 5; a session's transactions come one after another, so put their steps together",
    )
  })
})
