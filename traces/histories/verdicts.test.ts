/** Published histories of single objects: each gets the verdict that is known of it, within ten seconds. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Reading } from '../../properties/operation.ts'
import { specs } from '../../properties/specs/index.ts'
import type { Value } from '../../properties/value.ts'
import { type FileVerdict, verifyFile } from './verify-file.ts'

const folder = join(import.meta.dirname, '../../../shared/data')
const isHere = existsSync(join(folder, 'verdicts.json'))

interface Entry {
  readonly file: string
  readonly family: string
  readonly model: string
  readonly expected: string
  readonly init?: Value
  readonly fail?: 'did-not-happen'
  readonly fail_cas?: 'observed-mismatch'
  readonly nil_read?: string
}

/** The families of single objects, and of how many files each is. */
const families = {
  'porcupine-etcd': 51,
  'porcupine-kv': 3,
  knossos: 60,
  limo: 146,
  polylin: 7,
  'synthetic-containers': 40,
  'synthetic-registers': 11,
  'elle-cli': 6,
} as const

/** What the list calls a model, where the library has another name for it. */
const modelNames: Readonly<Record<string, string>> = {
  'priority-queue(max)': 'priority-queue',
  'set(insert/remove/contains with bool result)': 'set',
  'kv-get-put-append (per-key, initial "")': 'key-value',
}

/** Files of which the format's own default, without any option, gives another verdict than the one that is known. */
const exceptions: Readonly<Record<string, string>> = {
  // Its registers start at 0; nothing in the file says so.
  'knossos/multi-register/good/multi-register.edn': 'invalid',
}

// Skipped where the histories are not beside the repository: they are not ours to publish.
describe.skipIf(!isHere)('published histories', () => {
  const entries = isHere ? (JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8')) as Entry[]) : []
  const filesOf = (family: string): Entry[] =>
    entries.filter((entry) => entry.family === family && !['list-append', 'long-fork group-size=3'].includes(entry.model))

  it.each(Object.entries(families))(
    'of %s, %i files, get their known verdicts with the options that are known of them',
    (family, count) => {
      const files = filesOf(family)
      expect(files).toHaveLength(count)
      expect(files.map((entry) => [entry.file, verdictOf(verified(entry, readingOf(entry)))])).toEqual(
        files.map(({ file, expected }) => [file, expected]),
      )
    },
  )

  // What the list says of the synthetic registers is what their format means.
  it.each(Object.keys(families).filter((family) => family !== 'synthetic-registers'))(
    'of %s get the same from the defaults of their format, but for those in the table',
    (family) => {
      const files = filesOf(family)
      expect(files.map((entry) => [entry.file, verdictOf(verified(entry, {}))])).toEqual(
        files.map(({ file, expected }) => [file, exceptions[file] ?? expected]),
      )
    },
  )

  it('of Knossos are mostly misjudged where nil is taken for a value that was read', () => {
    const good = filesOf('knossos').filter(({ model, expected }) => model === 'cas-register' && expected === 'valid')
    const misjudged = good.filter((entry) => verdictOf(verified(entry, { ...readingOf(entry), nil: 'value' })) === 'invalid')
    expect(misjudged.length).toBeGreaterThan(good.length / 2)
  })
})

function verified({ file, family, model }: Entry, reading: Reading): FileVerdict {
  const name = family === 'elle-cli' && model === 'set' ? 'grow-only-set' : (modelNames[model] ?? model)
  const spec = specs.get(name)
  if (spec === undefined) throw new Error(`there is no model ${name}`)
  return verifyFile(join(folder, file), { file, spec, reading, limits: { seconds: 10 } })
}

/** What the list says of a file. */
function readingOf({ init, fail, fail_cas: failedCas, nil_read: nil }: Entry): Reading {
  return {
    ...(init === undefined ? {} : { initial: init }),
    ...(fail && { fail }),
    ...(failedCas && { fail: { cas: 'observed' } }),
    ...(nil === undefined ? {} : { nil: 'unknown' }),
  }
}

function verdictOf({ judgements: [judgement] }: FileVerdict): string {
  const verdict = judgement?.verdict
  return verdict === 'holds' ? 'valid' : verdict === 'violated' ? 'invalid' : `${verdict}`
}
