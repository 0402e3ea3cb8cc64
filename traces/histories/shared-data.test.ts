/** Published histories of other tools: every one is recognized and read, with as many operations or transactions as known. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import groupBy from 'lodash/groupBy.js'
import { describe, expect, it } from 'vitest'
import { operations } from '../../properties/history.ts'
import type { FormatName } from './formats.ts'
import { type ReadHistory, readHistoryFile } from './read.ts'
import { readTransactionsFile } from './read-transactions.ts'

const folder = join(import.meta.dirname, '../../../shared/data')
const isHere = existsSync(join(folder, 'verdicts.json'))

interface Entry {
  readonly file: string
  readonly family: string
  readonly format: string
  readonly model: string
  readonly ops?: number
  readonly txns?: number
}

const formatNames: Readonly<Record<string, FormatName>> = {
  'jepsen-edn': 'jepsen-edn',
  'jepsen-json': 'jepsen-json',
  'jepsen-log': 'jepsen-log',
  'porcupine-kv-edn-lines': 'porcupine-kv',
  'limo-hist': 'limo',
  polylin: 'polylin',
}
const transactionFormats: Readonly<Record<string, FormatName>> = {
  'elle-edn-lines': 'jepsen-edn',
  'jepsen-edn': 'jepsen-edn',
  'jepsen-json': 'jepsen-json',
  'awdit-test': 'awdit',
  'plume-text': 'plume',
}
const modelNames: Readonly<Record<string, string>> = {
  'rw-txn': 'rw-register',
  'priority-queue(max)': 'priority-queue',
  'set(insert/remove/contains with bool result)': 'set',
  'kv-get-put-append (per-key, initial "")': 'key-value',
}

// Skipped where the histories are not beside the repository: they are not ours to publish.
describe.skipIf(!isHere)('published histories', () => {
  const entries = isHere ? (JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8')) as Entry[]) : []
  const ofOneObject = entries.filter(
    ({ family, model }) =>
      ['porcupine-etcd', 'porcupine-kv', 'knossos', 'limo', 'polylin', 'synthetic-containers', 'synthetic-registers'].includes(family) ||
      (family === 'elle-cli' && ['counter', 'set'].includes(model)),
  )
  const transactions = entries.filter(({ model }) => ['list-append', 'rw-register', 'rw-txn'].includes(model))

  it('are many', () => {
    expect(ofOneObject.length).toBeGreaterThan(300)
    expect(transactions.length).toBeGreaterThan(50)
  })

  it.each(Object.entries(groupBy(ofOneObject, 'family')))('of %s are read whole', (family, files) => {
    for (const { file, format, model, ops } of files) {
      const read = readHistoryFile(join(folder, file))
      expect(read.format, file).toBe(formatNames[format])
      expect(read.independent ?? false, file).toBe(false)
      if (read.model !== null) expect(read.model, file).toBe(modelNames[model] ?? model)
      if (ops !== undefined) expect(countOf(family, read), file).toBe(ops)
    }
  })

  it.each(Object.entries(groupBy(transactions, 'format')))('of transactions are read whole, in %s', (format, files) => {
    for (const { file, model, family, ops, txns } of files) {
      const { format: found, model: told, table, events } = readTransactionsFile(join(folder, file))
      expect(found, file).toBe(transactionFormats[format])
      expect(told, file).toBe(modelNames[model] ?? model)
      expect(table.hasTimes, file).toBe(format !== 'plume-text' && format !== 'awdit-test')
      if (txns !== undefined) expect(table.count, file).toBe(txns)
      // Of Elle's, pairs of events are counted.
      if (ops !== undefined) expect(family.startsWith('elle') ? events / 2 : table.kind.length, file).toBe(ops)
    }
  })
})

/** Of Knossos's files, operations that failed are not counted: they did not happen. */
function countOf(family: string, { history }: ReadHistory): number {
  const all = operations(history)
  return family === 'knossos' ? all.filter(({ completion }) => completion?.type !== 'fail').length : all.length
}
