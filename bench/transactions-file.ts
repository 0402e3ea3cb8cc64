/**
 * Reads a file of transactions and judges it at one level, several times in a process of its own, and prints the figures as JSON: the
 * first pass is what a user meets, in the others the code is warm. Reading and judging are timed apart.
 */
import { resourceUsage } from 'node:process'
import { type IsolationLevel, judgeIsolation } from 'counterpoint/properties'
import { readTransactionsFile } from 'counterpoint/traces'
import { Stopwatch, type Times } from './stopwatch.ts'

export interface TransactionsFileFigures {
  readonly transactions: number
  readonly operations: number
  /** Of each pass, as the times are. */
  readonly verdicts: readonly string[]
  readonly algorithm: string
  readonly reading: readonly Times[]
  readonly judgement: readonly Times[]
  /** After the first pass. */
  readonly peakBytes: number
}

const [path = '', level = '', anomalies = 'false', passes = '1'] = process.argv.slice(2)
let peakBytes = 0
const all = Array.from({ length: Number(passes) }, () => {
  const reading = new Stopwatch()
  const judging = new Stopwatch()
  const { table } = reading.time(() => readTransactionsFile(path))
  const options = { levels: [level as IsolationLevel], anomalies: anomalies === 'true', limits: { seconds: 60 } }
  const judgement = judging.time(() => judgeIsolation(table, options))
  peakBytes ||= resourceUsage().maxRSS * 1024
  const { verdict = 'none', algorithm = 'none' } = judgement.levels[0] ?? {}
  return {
    transactions: table.count,
    operations: judgement.operations,
    verdict,
    algorithm,
    reading: reading.times,
    judgement: judging.times,
  }
})
const [first] = all
if (first === undefined) throw new Error('there is to be at least one pass')
const figures: TransactionsFileFigures = {
  transactions: first.transactions,
  operations: first.operations,
  verdicts: all.map(({ verdict }) => verdict),
  algorithm: first.algorithm,
  reading: all.map(({ reading }) => reading),
  judgement: all.map(({ judgement }) => judgement),
  peakBytes,
}
console.log(JSON.stringify(figures))
