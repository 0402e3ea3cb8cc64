import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { transactionOf } from '../../properties/isolation/table/table-builder.ts'
import { initialVersion } from '../../properties/isolation/table/transaction-table.ts'
import { type ReadTransactions, type ReadTransactionsOptions, readTransactions, readTransactionsFile } from './read-transactions.ts'
import { errorOf } from './testing/read-text.ts'

const folder = mkdtempSync(join(tmpdir(), 'transactions-'))
afterAll(() => rmSync(folder, { recursive: true }))

function read(text: string, options: ReadTransactionsOptions = {}): ReadTransactions {
  return readTransactions([Buffer.from(text)], { file: 'h', ...options })
}

/** One transaction after another, each of the steps of one line. */
function edn(...steps: readonly string[]): string {
  return steps.map((step) => `{:type :invoke, :f :txn, :value [${step}]}\n{:type :ok, :f :txn, :value [${step}]}\n`).join('')
}

describe('the transactions of a file', () => {
  it('are those of its clients, with positions, from the first event to the last', () => {
    const { format, model, table, events, annotations } = read(
      [
        '{:process 0, :type :invoke, :f :txn, :value [[:append :x 1] [:r :x nil]]}',
        '{:process :nemesis, :type :info, :f :kill}',
        '{:process 1, :type :invoke, :f :txn, :value [[:append :x 2]]}',
        '{:process 1, :type :fail, :f :txn, :value [[:append :x 2]], :error :conflict}',
        '{:process 0, :type :ok, :f :txn, :value [[:append :x 1] [:r :x [1]]]}',
        '{:process 2, :type :invoke, :f :txn, :value [[:append :x 3]]}',
      ].join('\n'),
    )
    expect({ format, model, events, annotations }).toEqual({ format: 'jepsen-edn', model: 'list-append', events: 5, annotations: 1 })
    expect([0, 1, 2].map((t) => transactionOf(table, t))).toEqual([
      { process: 1, status: 'aborted', steps: [{ f: 'append', key: ':x', value: 2 }], began: 1, ended: 2 },
      {
        process: 0,
        status: 'committed',
        steps: [
          { f: 'append', key: ':x', value: 1 },
          { f: 'read', key: ':x', value: [1] },
        ],
        began: 0,
        ended: 3,
      },
      { process: 2, status: 'unknown', steps: [{ f: 'append', key: ':x', value: 3 }], began: 4, ended: null },
    ])
    expect(table.hasTimes).toBe(true)
  })

  it.each<[string, string, string]>([
    ['an append', edn('[:r 1 nil]', '[:append 1 2]'), 'list-append'],
    ['a write', edn('[:r 1 nil]', '[:w 1 2]'), 'rw-register'],
    ['reads of lists', edn('[:r 1 nil]', '[:r 1 [3]]'), 'list-append'],
    ['reads of anything else', edn('[:r 1 nil]', '[:r 1 3]'), 'rw-register'],
    ['no events', '[]', 'rw-register'],
    ['lists that are written', edn('[:w 1 [2]]', '[:r 1 [2]]'), 'rw-register'],
    ['a format of registers', 'w 1 2\n', 'rw-register'],
  ])('are of a model that is told by %s', (_, text, model) => {
    expect(read(text).model).toBe(model)
  })

  it('are read alike from JSON, without f, and without processes', () => {
    const values = '[["append",1,2],["r",1,[2]]]'
    const { format, model, table } = read(`[{"type":"invoke","value":${values}},\n{"type":"ok","value":${values}}]`)
    expect([format, model, table.count]).toEqual(['jepsen-json', 'list-append', 1])
    expect(transactionOf(table, 0).steps).toEqual(transactionOf(read(edn('[:append 1 2] [:r 1 [2]]')).table, 0).steps)
  })

  it('have no positions where the file says no times', () => {
    const { table } = read('w(1,1,0,0)\nr(1,1,1,1)\n')
    expect(table.hasTimes).toBe(false)
    expect([...table.began, ...table.ended]).toEqual([-1, -1, -1, -1])
    expect(table.sessions).toEqual([0, 1])
  })

  it('start from the initial value that the format has, unless told otherwise', () => {
    expect(Array.from(read('r(1,0,0,0)\nr(1,5,0,0)\n').table.version)).toEqual([initialVersion, 0])
    expect(Array.from(read('r(1,0,0,0)\nr(1,5,0,0)\n', { initial: 5 }).table.version)).toEqual([0, initialVersion])
    expect(Array.from(read(edn('[:r 1 0]')).table.version)).toEqual([0])
    expect(Array.from(read(edn('[:r 1 0]'), { initial: 0 }).table.version)).toEqual([initialVersion])
  })

  it('may come from a file that gzip has packed, and tell how far they are', () => {
    const path = join(folder, 'h.edn')
    const text = edn(...Array.from({ length: 30_000 }, (_, i) => `[:append 1 ${i}]`))
    writeFileSync(path, text)
    writeFileSync(`${path}.gz`, gzipSync(text))
    const progress: [number, number][] = []
    const plain = readTransactionsFile(path, { onProgress: (share, events) => progress.push([share, events]) })
    expect(plain.table.count).toBe(30_000)
    expect(progress.length).toBeGreaterThan(2)
    expect(progress.at(-1)?.[0]).toBe(1)
    expect(progress.at(-1)?.[1]).toBeGreaterThan(20_000)
    expect(readTransactionsFile(`${path}.gz`).table.key).toEqual(plain.table.key)
  })

  it.each<[string, string, ReadTransactionsOptions, string]>([
    [
      'no transactions',
      '{:type :invoke, :f :read}\n{:type :ok, :f :read, :value 5}\n',
      {},
      'history-operation h: event 1: found 5, expected a transaction such as [[r x null] [w y 1]]',
    ],
    [
      'not only appends',
      edn('[:append 1 2]', '[:r 2 5] [:w 2 5]'),
      {},
      'history-operation h: event 2: found a write, but steps before it show a history of list-append; a history is of one model',
    ],
    [
      'not what was named',
      edn('[:append 1 2]'),
      { model: 'rw-register' },
      'history-operation h: event 0: found an append, but the model is to be rw-register; name the model list-append, or leave it out',
    ],
    [
      'not unique',
      edn('[:w 1 2]', '[:w 1 2]'),
      {},
      'history-events h: 2 is written to key 1 by the transaction of event 0 and again by the transaction of event 2; writes must be unique per key, to tell which one a read saw: give each a value of its own',
    ],
    [
      'not lists',
      edn('[:append 1 2]', '[:r 1 2]'),
      {},
      'history-events h: the transaction of event 2 reads 2 of key 1, expected a list, since it is appended to; correct the read',
    ],
    ['no text', '{:type :invoke, :f :txn, :value [[:append 1 2', {}, 'history-syntax h:1:34: the file ends'],
  ])('that are %s are refused with the place', (_, text, options, message) => {
    const error = errorOf(() => read(text, options))
    expect(error.startsWith(message) ? message : error).toBe(message)
    expect(error).not.toContain('\n')
  })

  it('are refused with the name of the file that is missing', () => {
    expect(errorOf(() => readTransactionsFile(join(folder, 'none'), { file: 'none' }))).toBe(
      'history-syntax cannot read none: no such file',
    )
  })
})
