/** Published histories of transactions: the anomalies that are no cycles are those that Elle finds, and valid histories have none. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { infer } from '../../properties/isolation/inference/infer.ts'
import type { InferOptions } from '../../properties/isolation/inference/inference.ts'
import { readTransactionsFile } from './read-transactions.ts'

const folder = join(import.meta.dirname, '../../../shared/data')
const isHere = existsSync(join(folder, 'verdicts.json'))

interface Entry {
  readonly file: string
  readonly family: string
  readonly model: string
  readonly expected: string
  readonly anomalies?: readonly string[] | null
}

/** What Elle's names are of here; it takes two different reads of a key for an internal inconsistency. */
const elleNames = [
  'G1a',
  'G1b',
  'internal',
  'future-read',
  'dirty-update',
  'lost-update',
  'incompatible-order',
  'duplicate-elements',
  'cyclic-versions',
]

// Skipped where the histories are not beside the repository: they are not ours to publish.
describe.skipIf(!isHere)('inference from published histories', () => {
  const entries = isHere ? (JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8')) as Entry[]) : []
  const ofElle = entries.filter(({ family, anomalies }) => family.startsWith('elle') && anomalies)
  const valid = entries.filter(
    ({ family, model, expected }) =>
      family === 'txn-valid' || (family.startsWith('elle') && model === 'list-append' && expected === 'valid'),
  )
  const found = (file: string, options: InferOptions = {}): string[] => [
    ...infer(readTransactionsFile(join(folder, file)).table, options).counts.keys(),
  ]

  it('has files to read', () => {
    expect([ofElle.length > 30, valid.length > 20]).toEqual([true, true])
  })

  // As Elle, which says nothing about reads of what nothing wrote.
  it.each(ofElle.map((entry) => [entry.file, entry.anomalies ?? []] as const))('finds in %s what Elle does', (file, anomalies) => {
    const names = found(file, { neverWritten: 'ignored' })
    expect(names.filter((name) => elleNames.includes(name)).sort()).toEqual(anomalies.filter((name) => elleNames.includes(name)).sort())
  })

  it('finds nothing in valid ones', () => {
    for (const { file } of valid) expect([file, found(file)]).toEqual([file, []])
  })

  it.each([
    ['elle/unit/rw-register-checker-test-37.edn', ['thin-air-read']],
    ['elle/unit/rw-register-lost-update-test-44.edn', ['thin-air-read', 'lost-update']],
    ['elle/unit/list-append-rr-g-single-item-test-23.edn', ['fractured-read']],
    ['txn/real-violations/galera-lost-update.txt', ['lost-update']],
    ['awdit/causal/lost-update.txt', ['lost-update']],
    ['awdit/read-committed/test-rc.txt', ['non-repeatable-read']],
  ])('finds in %s, read as a whole history, %s', (file, names) => {
    expect(found(file)).toEqual(names)
  })

  it('orders registers that are assumed to be sequentially consistent as Elle does', () => {
    const { table } = readTransactionsFile(join(folder, 'elle/unit/rw-register-checker-test-31.edn'))
    const { extra } = infer(table, { versions: 'sequential' }).facts
    expect(extra.map(({ from, to, key }) => [from, to, table.keys[key]])).toEqual([
      [0, 1, ':x'],
      [1, 0, ':y'],
    ])
  })
})
