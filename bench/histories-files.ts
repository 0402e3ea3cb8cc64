/**
 * Judges the published histories of one family, twice, in a process of its own, and prints the figures as JSON: the first
 * pass is what a user meets, in the second the code is warm. Reading the file and checking it are timed apart.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { resourceUsage } from 'node:process'
import { judge, operationsOf, type Reading, specs, type Value } from 'counterpoint/properties'
import { readHistoryFile } from 'counterpoint/traces'

export interface PublishedFile {
  readonly file: string
  readonly family: string
  readonly model: string
  readonly expected: string
  readonly init?: Value
  readonly fail?: 'did-not-happen'
  readonly fail_cas?: 'observed-mismatch'
  readonly nil_read?: string
}

export interface FileFigures {
  readonly file: string
  readonly isRight: boolean
  readonly isUnknown: boolean
  readonly readMs: number
  readonly checkMs: number
}

export interface FamilyFigures {
  readonly cold: readonly FileFigures[]
  readonly warm: readonly FileFigures[]
  readonly peakBytes: number
}

/** What the list of verdicts calls a model, where the library has another name for it. */
const modelNames: Readonly<Record<string, string>> = {
  'priority-queue(max)': 'priority-queue',
  'set(insert/remove/contains with bool result)': 'set',
  'kv-get-put-append (per-key, initial "")': 'key-value',
}

const [folder = '', family = '', evidence = 'small', filesMax = 'Infinity'] = process.argv.slice(2)
const all = JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8')) as PublishedFile[]
const files = all.filter((file) => file.family === family).slice(0, Number(filesMax))
const figures: FamilyFigures = { cold: files.map(judged), warm: files.map(judged), peakBytes: resourceUsage().maxRSS * 1024 }
console.log(JSON.stringify(figures))

function judged({ file, model, expected, init, fail, fail_cas: failedCas, nil_read: nil }: PublishedFile): FileFigures {
  const started = performance.now()
  const { history, reading: usual } = readHistoryFile(join(folder, file))
  const read = performance.now()
  const spec = specs.get(modelNames[model] ?? model)
  if (spec === undefined) throw new Error(`there is no model ${model}`)
  const reading: Reading = {
    ...usual,
    ...(init === undefined ? {} : { initial: init }),
    ...(fail && { fail }),
    ...(failedCas && { fail: { cas: 'observed' } }),
    ...(nil === undefined ? {} : { nil: 'unknown' }),
  }
  const { verdict } = judge(operationsOf(history, spec, reading), spec, {
    limits: { seconds: 10 },
    evidence: evidence === 'any' ? 'any' : 'small',
    ...(reading.initial === undefined ? {} : { initial: reading.initial }),
  })
  const isRight = verdict === (expected === 'valid' ? 'holds' : 'violated')
  return { file, isRight, isUnknown: verdict === 'unknown', readMs: read - started, checkMs: performance.now() - read }
}
