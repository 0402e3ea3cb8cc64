/** Published histories of registers: read committed, read atomic and causal consistency, as AWDIT and others have judged them. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AnomalyName } from '../../properties/isolation/anomaly.ts'
import { infer } from '../../properties/isolation/inference/infer.ts'
import { decideWeak, type WeakBase } from '../../properties/isolation/weak-levels/weak-levels.ts'
import { readTransactionsFile } from './read-transactions.ts'

const folder = join(import.meta.dirname, '../../../shared/data')
const isHere = existsSync(join(folder, 'verdicts.json'))

interface Entry {
  readonly file: string
  readonly format: string
  readonly levels: Readonly<Record<string, string>>
}

/** All with session order. What they call read committed forbids what we call monotonic atomic view to. */
const levels: Readonly<Record<string, WeakBase>> = { rc: 'monotonic-atomic-view', ra: 'read-atomic', cc: 'causal' }

/** What these tools reject at every level, and is no cycle. */
const inconsistent: readonly AnomalyName[] = ['G1a', 'G1b', 'internal', 'future-read', 'thin-air-read']

// Skipped where the histories are not beside the repository: they are not ours to publish.
describe.skipIf(!isHere)('published histories of registers', () => {
  const all = isHere ? (JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8')) as Entry[]) : []
  const entries = all.filter(({ format }) => format === 'awdit-test' || format === 'plume-text')

  it('are many, and are at some levels and not at others', () => {
    expect(entries.length).toBeGreaterThan(50)
    for (const level of Object.keys(levels)) {
      expect(new Set(entries.map((entry) => entry.levels[level]))).toEqual(new Set(['valid', 'invalid']))
    }
  })

  it.each(entries.map(({ file }) => file))('%s', (file) => {
    const { facts, counts } = infer(readTransactionsFile(join(folder, file)).table)
    const isConsistent = !inconsistent.some((name) => counts.has(name))
    const verdicts = Object.entries(levels).map(([level, base]): [string, string] => [
      level,
      isConsistent && decideWeak(facts, base, 'session').holds ? 'valid' : 'invalid',
    ])
    const known = entries.find((entry) => entry.file === file)?.levels ?? {}
    expect(Object.fromEntries(verdicts)).toEqual(Object.fromEntries(Object.keys(levels).map((level) => [level, known[level]])))
  })
})
