import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { Transaction } from '../../properties/isolation/table/transaction.ts'
import { transactionsOf } from '../../properties/isolation/table/transactions-of.ts'
import { showValue } from '../../properties/value.ts'
import { readHistoryFile } from './read.ts'
import { recorder } from './recorder.ts'
import { errorOf } from './testing/read-text.ts'
import { type RecordedTransaction, type TransactionRecorder, transactionRecorder } from './transaction-recorder.ts'
import { TimeoutError } from './within-time.ts'

const folder = mkdtempSync(join(tmpdir(), 'transaction-recorder-'))
afterAll(() => rmSync(folder, { recursive: true }))

function events({ history }: TransactionRecorder): string[] {
  return history.map(({ process, type, value }) => `${process} ${type} ${showValue(value)}`)
}

function summary({ history }: TransactionRecorder): string[] {
  return [...transactionsOf(history)].map(shortly)
}

function shortly({ process, status, steps }: Transaction): string {
  return `${process} ${status}: ${steps.map(({ f, key, value }) => `${f} ${showValue(key)} ${showValue(value)}`).join(', ')}`
}

class Conflict extends Error {}

const isAbort = (error: unknown): boolean => error instanceof Conflict

describe('a recorded transaction', () => {
  it('is an event when it begins and one when it ends, with what it read only where it has committed', () => {
    let now = 0
    const record = transactionRecorder({ clock: () => now++ })
    const [a, b, c] = [record.begin('a'), record.begin('b'), record.begin('c')]
    for (const transaction of [a, b, c]) {
      expect(transaction.read('x', [1, 2])).toEqual([1, 2])
      transaction.append('y', 3)
      transaction.write('z', 4)
    }
    b.abort()
    a.commit()
    c.unknown()
    expect(record.history[3]).toEqual({
      index: 3,
      process: 'b',
      type: 'fail',
      f: 'txn',
      value: [
        ['r', 'x', null],
        ['append', 'y', 3],
        ['w', 'z', 4],
      ],
      time: 3,
    })
    const call = '[[r x null] [append y 3] [w z 4]]'
    expect(events(record)).toEqual([
      `a invoke ${call}`,
      `b invoke ${call}`,
      `c invoke ${call}`,
      `b fail ${call}`,
      'a ok [[r x [1 2]] [append y 3] [w z 4]]',
      `c info ${call}`,
    ])
    expect(record.history.map(({ index, time }) => [index, time])).toEqual([0, 1, 2, 3, 4, 5].map((i) => [i, i]))
  })

  it('keeps what the values were, whatever becomes of them and of the history', () => {
    const record = transactionRecorder()
    const transaction = record.begin()
    const list = [1]
    transaction.read('x', list)
    transaction.read('y', undefined)
    list.push(2)
    const before = record.history
    transaction.write('z', 1)
    transaction.commit()
    expect(before.map(({ value }) => value)).toEqual([
      [
        ['r', 'x', null],
        ['r', 'y', null],
      ],
    ])
    expect(summary(record)).toEqual(['0 committed: read x [1], read y null, write z 1'])
  })

  it('that is still open is of unknown outcome, with what it has written so far', () => {
    const record = transactionRecorder()
    const transaction = record.begin(7)
    transaction.write('x', 1)
    expect(transaction.isOpen).toBe(true)
    expect(summary(record)).toEqual(['7 unknown: write x 1'])
    transaction.commit()
    expect(transaction.isOpen).toBe(false)
  })

  it('cannot go on after its end, but what a lost one writes still counts', () => {
    const record = transactionRecorder()
    const committed = record.begin('a')
    committed.commit()
    const why = 'history-events a transaction of process a goes on after it has been committed; begin another one'
    for (const action of [() => committed.write('x', 1), () => committed.read('x', 1), () => committed.commit(), () => committed.abort()])
      expect(errorOf(action)).toBe(why)
    const aborted = record.begin('b')
    aborted.abort()
    expect(errorOf(() => aborted.append('x', 1))).toBe(
      'history-events a transaction of process b goes on after it has been aborted; begin another one',
    )
    const lost = record.begin('c')
    lost.unknown()
    lost.write('x', 1)
    lost.commit()
    lost.abort()
    expect(summary(record)).toEqual(['a committed: ', 'b aborted: ', 'c unknown: write x 1'])
  })

  it('holds plain data only', () => {
    const transaction = transactionRecorder().begin()
    expect(errorOf(() => transaction.read('x', new Map()))).toBe(
      'not-plain-data the value of r is a Map; histories and specification states hold plain data only',
    )
    expect(errorOf(() => transaction.write(Number.NaN, 1))).toContain('not-plain-data the key of w is NaN')
  })
})

describe('the transactions of a client', () => {
  it('come one after another, under its name', () => {
    const record = transactionRecorder()
    for (const value of [1, 2, 3]) {
      const transaction = record.begin('client 1')
      transaction.write('x', value)
      transaction[value === 2 ? 'abort' : 'commit']()
    }
    expect(summary(record)).toEqual(['client 1 committed: write x 1', 'client 1 aborted: write x 2', 'client 1 committed: write x 3'])
  })

  it('that overlap, or follow one that was lost, have processes of their own', () => {
    const record = transactionRecorder()
    const [first, second] = [record.begin('a'), record.begin('a')]
    first.commit()
    record.begin('a').unknown()
    second.commit()
    record.begin('a').unknown()
    record.begin('a').commit()
    record.begin(1).unknown()
    record.begin(1).commit()
    record.begin('1').commit()
    expect(summary(record).map((line) => line.replace(': ', ''))).toEqual([
      'a committed',
      'a unknown',
      'a/0 committed',
      'a/0 unknown',
      'a/1 committed',
      '1 unknown',
      '2 committed',
      '2 committed',
    ])
  })

  it('never share a process with another client, whatever they are called', () => {
    const record = transactionRecorder()
    const nameless = record.begin()
    record.begin(0).commit()
    nameless.commit()
    record.begin().commit()
    record.begin(0).commit()
    expect(summary(record).map((line) => line.replace(': ', ''))).toEqual(['1 committed', '0 committed', '2 committed', '1 committed'])
  })

  it('make a history that clients can have produced, however they are interleaved', () => {
    const action = fc.tuple(
      fc.constantFrom('a', 'b', 0, undefined),
      fc.nat({ max: 5 }),
      fc.constantFrom('begin', 'commit', 'abort', 'unknown'),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const record = transactionRecorder()
        const open: RecordedTransaction[] = []
        let begun = 0
        for (const [client, which, what] of actions) {
          if (what === 'begin') {
            open.push(record.begin(client))
            open.at(-1)?.write('x', begun++)
          } else open.splice(which, 1)[0]?.[what as 'commit']()
        }
        const found = [...transactionsOf(record.history)]
        expect(found.map(({ steps }) => steps[0]?.value).sort((a, b) => Number(a) - Number(b))).toEqual(
          Array.from({ length: begun }, (_, i) => i),
        )
      }),
    )
  })
})

describe('running a transaction', () => {
  it('commits it when it returns, and gives what it returns', async () => {
    const record = transactionRecorder()
    expect(await record.run('a', async (t) => t.read('x', 1) + 1)).toBe(2)
    expect(await record.run('a', (t) => t.read('x', 2))).toBe(2)
    expect(summary(record)).toEqual(['a committed: read x 1', 'a committed: read x 2'])
  })

  it('aborts it on errors that are proof, and on others does not know', async () => {
    const record = transactionRecorder({ isAbort })
    const fail = async (error: Error): Promise<void> =>
      record.run('a', async (t) => {
        t.write('x', 1)
        throw error
      })
    await expect(fail(new Conflict('40001'))).rejects.toThrow('40001')
    await expect(fail(new Error('reset'))).rejects.toThrow('reset')
    await expect(fail(new Conflict('again'))).rejects.toThrow('again')
    await expect(transactionRecorder().run('a', () => Promise.reject(new Conflict('x')))).rejects.toThrow('x')
    expect(summary(record)).toEqual(['a aborted: write x 1', 'a unknown: write x 1', 'a/0 aborted: write x 1'])
  })

  it('knows nothing of one whose error says that it could not be recorded', async () => {
    const record = transactionRecorder({ isAbort: () => true })
    await expect(record.run('a', async (t) => t.read('x', () => 1))).rejects.toThrow('the value of r is a function')
    expect(summary(record)).toEqual(['a unknown: '])
  })

  it('leaves an outcome alone that is recorded already', async () => {
    const record = transactionRecorder({ isAbort })
    await record.run('a', async (t) => t.abort())
    await expect(
      record.run('a', async (t) => {
        t.commit()
        throw new Conflict('later')
      }),
    ).rejects.toThrow('later')
    expect(summary(record)).toEqual(['a aborted: ', 'a committed: '])
  })

  it('gives up on one that takes too long, and still knows what it writes then', async () => {
    const record = transactionRecorder({ timeoutMs: 20, isAbort: () => true })
    let goOn: () => void = () => {}
    const late = new Promise<void>((resolve) => {
      goOn = resolve
    })
    let ended: Promise<void> | undefined
    const run = record.run('a', (t) => {
      ended = late.then(() => t.write('x', 1))
      return ended
    })
    await expect(run).rejects.toBeInstanceOf(TimeoutError)
    expect(summary(record)).toEqual(['a unknown: '])
    goOn()
    await ended
    expect(summary(record)).toEqual(['a unknown: write x 1'])
    expect(record.history).toHaveLength(2)
    await record.run('a', () => 1)
    expect(record.history.at(-1)?.process).toBe('a/0')
  })

  it('is safe for many clients at once: a store that locks is recorded as one transaction after another', async () => {
    const record = transactionRecorder()
    const store = new Map<string, number[]>([['x', []]])
    let lock = Promise.resolve()
    const increment = (client: number, value: number): Promise<void> =>
      record.run(client, (t) => {
        const turn = lock.then(async () => {
          const list = t.read('x', store.get('x')) ?? []
          t.append('x', value)
          await Promise.resolve()
          store.set('x', [...list, value])
        })
        lock = turn
        return turn
      })
    await Promise.all(Array.from({ length: 60 }, (_, i) => increment(i % 5, i)))
    const transactions = [...transactionsOf(record.history)]
    expect(transactions).toHaveLength(60)
    for (const [i, { steps, status }] of transactions.entries()) {
      expect(status).toBe('committed')
      expect(steps[0]?.value).toEqual(Array.from({ length: i }, (_, before) => before))
    }
  })
})

describe('a recorded history', () => {
  async function recorded(): Promise<TransactionRecorder> {
    const record = transactionRecorder({ isAbort })
    await record.run('a', (t) => {
      t.read('x', null)
      t.append('x', 9007199254740993n)
    })
    await record.run(1, (t) => t.read(':k', [1, 2]))
    await record
      .run(1, (t) => {
        t.write('y', 'r')
        throw new Conflict('40001')
      })
      .catch(() => {})
    record.begin(1).append('x', 2)
    return record
  }

  it.each(['edn', 'json'])('reads back as the same transactions, from .%s', async (ending) => {
    const record = await recorded()
    const path = join(folder, 'deep', `h.${ending}`)
    record.save(path)
    const { history, format } = readHistoryFile(path)
    expect(format).toBe(ending === 'edn' ? 'jepsen-edn' : 'counterpoint')
    expect([...transactionsOf(history)]).toEqual([...transactionsOf(record.history)])
  })

  it('is one that Elle reads: steps are keywords in EDN, and plain names in JSON', async () => {
    const record = await recorded()
    const path = join(folder, 'elle.edn')
    record.save(path)
    expect(readFileSync(path, 'utf8').split('\n')[2]).toMatch(/:f :txn, :value \[\[:r "x" nil\] \[:append "x" 9007199254740993\]\]/)
    record.save(path, 'jepsen-json')
    expect(readFileSync(path, 'utf8').split('\n')[1]).toContain('"f":"txn","value":[["r","x",null],["append","x",9007199254740993]]')
  })

  it('has processes as that of a recorder of calls has them', async () => {
    const calls = recorder()
    const client = calls.client('a')
    await client.call('x', null, () => Promise.reject(new Error('lost'))).catch(() => {})
    await client.call('x', null, () => 1)
    const record = transactionRecorder()
    await record.run('a', () => Promise.reject(new Error('lost'))).catch(() => {})
    await record.run('a', () => 1)
    expect(record.history.map(({ process }) => process)).toEqual(calls.history.map(({ process }) => process))
  })
})
