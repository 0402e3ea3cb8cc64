/** Published histories of other tools: every one of a single object is recognized and read, with as many operations as known. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import groupBy from 'lodash/groupBy.js'
import { describe, expect, it } from 'vitest'
import { isHistoryError } from '../../properties/errors.ts'
import { operations } from '../../properties/history.ts'
import type { FormatName } from './formats.ts'
import { type ReadHistory, readHistoryFile } from './read.ts'

const folder = join(import.meta.dirname, '../../../shared/data')
const isHere = existsSync(join(folder, 'verdicts.json'))

interface Entry {
  readonly file: string
  readonly family: string
  readonly format: string
  readonly model: string
  readonly ops?: number
}

const formatNames: Readonly<Record<string, FormatName>> = {
  'jepsen-edn': 'jepsen-edn',
  'jepsen-json': 'jepsen-json',
  'jepsen-log': 'jepsen-log',
  'porcupine-kv-edn-lines': 'porcupine-kv',
  'limo-hist': 'limo',
  polylin: 'polylin',
}
const modelNames: Readonly<Record<string, string>> = {
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
  const transactions = entries.filter(({ format }) => format === 'awdit-test' || format === 'plume-text')

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

  it('of transactions are refused as what they are', () => {
    for (const { file } of transactions) expect(refusal(file), file).toContain('transaction histories are not judged by this command yet')
  })

  function refusal(file: string): string {
    try {
      return `no error, ${readHistoryFile(join(folder, file)).format}`
    } catch (error) {
      return isHistoryError(error) ? error.message : `not a HistoryError: ${error}`
    }
  }
})

/** Of Knossos's files, operations that failed are not counted: they did not happen. */
function countOf(family: string, { history }: ReadHistory): number {
  const all = operations(history)
  return family === 'knossos' ? all.filter(({ completion }) => completion?.type !== 'fail').length : all.length
}
