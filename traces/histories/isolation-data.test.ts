/** The published histories of transactions whose verdicts are known; they are not part of this package. */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { judgeIsolation } from '../../properties/isolation/judge-isolation.ts'
import type { IsolationLevel } from '../../properties/isolation/level.ts'
import { readTransactionsFile } from './read-transactions.ts'

interface Published {
  readonly file: string
  readonly model: string
  readonly expected: string
  readonly anomalies?: readonly string[]
  readonly levels?: Readonly<Record<string, string>>
}

const data = resolve(import.meta.dirname, '../../../shared/data')
const list = resolve(data, 'verdicts.json')
const published = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as Published[]) : []
const lists = published.filter(({ model }) => model === 'list-append')
const registers = published.filter(({ levels }) => levels !== undefined)

/** The levels of Biswas and Enea have session order. */
const names: Readonly<Record<string, IsolationLevel>> = {
  rc: 'strong-session-monotonic-atomic-view',
  ra: 'strong-session-read-atomic',
  cc: 'causal',
  pc: 'strong-session-prefix',
  si: 'strong-session-snapshot-isolation',
  ser: 'strong-session-serializable',
}

describe.skipIf(published.length === 0)('published histories of transactions (skipped where ../shared/data is missing)', () => {
  it.each(lists)('$file', ({ file, expected, anomalies = [] }) => {
    const { table } = readTransactionsFile(resolve(data, file))
    const judgement = judgeIsolation(table, { levels: ['strict-serializable'], anomalies: true })
    expect(judgement.levels[0]?.verdict).toBe(expected === 'valid' ? 'holds' : 'violated')
    const found = new Set<string>(judgement.anomalies.map(({ name }) => name))
    // Elle says -item of cycles that are all of items here, and reports that it found no cycle or took too long.
    const known = anomalies
      .map((name) => name.replace(/^(G-single|G-nonadjacent)-item/, '$1'))
      .filter((name) => !/graph|timeout/.test(name))
    expect(known.filter((name) => !found.has(name))).toEqual([])
  })

  it.each(registers)('$file', ({ file, levels = {} }) => {
    const { table } = readTransactionsFile(resolve(data, file))
    const asked = Object.keys(levels).map((name) => names[name] as IsolationLevel)
    const judgement = judgeIsolation(table, { levels: asked })
    for (const [name, expected] of Object.entries(levels)) {
      const found = judgement.levels.find(({ level }) => level === names[name])?.verdict
      // Of some nobody knows for sure; they are decided all the same.
      if (expected === 'valid-unverified') expect(['holds', 'violated']).toContain(found)
      else expect({ name, found }).toEqual({ name, found: expected === 'valid' ? 'holds' : 'violated' })
    }
  })
})
