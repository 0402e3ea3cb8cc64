import { describe, expect, it } from 'vitest'
import type { Facts } from '../facts.ts'
import { tableOf } from '../table/table-builder.ts'
import type { Step, Transaction, TransactionStatus } from '../table/transaction.ts'
import { decideWeak, type WeakDecision } from './weak-levels.ts'

function read(key: string, value: number | number[] | null | undefined): Step {
  return { f: 'read', key, value }
}
function write(key: string, value: number): Step {
  return { f: 'write', key, value }
}
function append(key: string, value: number): Step {
  return { f: 'append', key, value }
}

/** Cut isolation is decided on the table alone. */
function decided(...all: readonly (readonly Step[])[]): WeakDecision {
  return decidedOf(all.map((steps) => ({ steps, status: 'committed' })))
}

function decidedOf(all: readonly Pick<Transaction, 'steps' | 'status'>[]): WeakDecision {
  const table = tableOf(all.map((transaction) => ({ ...transaction, process: null, began: null, ended: null })))
  const happened = Uint8Array.from(all, ({ status }) => (status === 'committed' ? 1 : 0))
  const none = new Int32Array()
  const facts: Facts = {
    table,
    happened,
    slots: 0,
    slotsFrom: new Int32Array(table.keys.length + 1),
    writer: none,
    place: none,
    readsFrom: new Int32Array(table.count + 1),
    readSlot: none,
    readKey: none,
    extra: [],
  }
  return decideWeak(facts, 'item-cut-isolation', 'none')
}

const holds: WeakDecision = { holds: true }

describe('item cut isolation', () => {
  it('is violated by two versions of a register in one transaction', () => {
    expect(decided([write('x', 1)], [write('x', 2)], [read('x', 1), read('y', null), read('x', 2)])).toEqual({
      holds: false,
      proof: 'reads',
      transaction: 2,
      key: 0,
      steps: [2, 4],
    })
    expect(decided([write('x', 1)], [read('x', null), read('x', 1)]).holds).toBe(false)
  })

  it('is violated by two versions of one writer', () => {
    expect(decided([write('x', 1), write('x', 2)], [read('x', 1), read('x', 2)]).holds).toBe(false)
    expect(decided([append('x', 1), append('x', 2)], [read('x', [1]), read('x', [1, 2])]).holds).toBe(false)
  })

  it('holds where a transaction reads the same again, or does not know what it read', () => {
    expect(decided([write('x', 1)], [read('x', 1), read('x', undefined), read('x', 1)])).toEqual(holds)
    expect(decided([append('x', 1)], [read('x', [1]), read('x', [1])], [read('x', null), read('x', [])])).toEqual(holds)
  })

  it('holds where different transactions read different versions', () => {
    expect(decided([write('x', 1)], [read('x', null)], [read('x', 1)])).toEqual(holds)
  })

  it('is not about what a transaction has written itself', () => {
    expect(decided([read('x', null), write('x', 1), read('x', 1)])).toEqual(holds)
    expect(decided([append('x', 1)], [read('x', [1]), append('x', 2), append('x', 3), read('x', [1, 2, 3])])).toEqual(holds)
  })

  it('leaves lists that are read after own appends to internal consistency', () => {
    expect(decided([append('x', 1)], [read('x', [1]), append('x', 2), read('x', [])])).toEqual(holds)
    expect(decided([append('x', 1)], [read('x', []), append('x', 2), read('x', [1, 2])])).toEqual(holds)
  })

  it('is of transactions that happened only', () => {
    const steps = [read('x', null), read('x', 1)]
    const status: TransactionStatus = 'aborted'
    expect(
      decidedOf([
        { steps: [write('x', 1)], status: 'committed' },
        { steps, status },
      ]),
    ).toEqual(holds)
  })
})
