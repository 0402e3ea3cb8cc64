/**
 * Reads a file of transactions and judges it at one level, several times in a process of its own, and prints the figures as JSON: the
 * first pass is what a user meets, in the others the code is warm. Reading and judging are timed apart.
 */
import { resourceUsage } from 'node:process'
import { type IsolationLevel, judgeIsolation } from 'counterpoint/properties'
import { readTransactionsFile } from 'counterpoint/traces'

export interface TransactionsFileFigures {
  readonly transactions: number
  readonly operations: number
  /** Of each pass, as the times are. */
  readonly verdicts: readonly string[]
  readonly algorithm: string
  readonly readMs: readonly number[]
  readonly judgeMs: readonly number[]
  /** After the first pass. */
  readonly peakBytes: number
}

const [path = '', level = '', anomalies = 'false', passes = '1'] = process.argv.slice(2)
let peakBytes = 0
const all = Array.from({ length: Number(passes) }, () => {
  const started = performance.now()
  const { table } = readTransactionsFile(path)
  const read = performance.now()
  const judgement = judgeIsolation(table, {
    levels: [level as IsolationLevel],
    anomalies: anomalies === 'true',
    limits: { seconds: 60 },
  })
  const judgeMs = performance.now() - read
  peakBytes ||= resourceUsage().maxRSS * 1024
  const { verdict = 'none', algorithm = 'none' } = judgement.levels[0] ?? {}
  return { transactions: table.count, operations: judgement.operations, verdict, algorithm, readMs: read - started, judgeMs }
})
const [first] = all
if (first === undefined) throw new Error('there is to be at least one pass')
const figures: TransactionsFileFigures = {
  transactions: first.transactions,
  operations: first.operations,
  verdicts: all.map(({ verdict }) => verdict),
  algorithm: first.algorithm,
  readMs: all.map(({ readMs }) => readMs),
  judgeMs: all.map(({ judgeMs }) => judgeMs),
  peakBytes,
}
console.log(JSON.stringify(figures))
