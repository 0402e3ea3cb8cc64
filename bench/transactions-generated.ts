/**
 * Judges one generated history of transactions in a process of its own and prints the figures as JSON. Its transactions are made in
 * batches, which is not timed, and taken into the table, which is.
 */
import { resourceUsage } from 'node:process'
import { type IsolationLevel, judgeIsolation, TableBuilder, type Transaction } from 'counterpoint/properties'
import { generateTransactions, type LargeOptions } from '../properties/isolation/testing/generate-large.ts'
import { Stopwatch, type Times } from './stopwatch.ts'

/** How the store of a generated history isolates its transactions. */
export type StoreIsolation = NonNullable<LargeOptions['isolation']>

export interface GeneratedTransactionsFigures {
  readonly verdict: string
  readonly algorithm: string
  readonly operations: number
  /** Of building the table. */
  readonly table: Times
  readonly judgement: Times
  /** Of the process, when the table was there and at the end. */
  readonly tablePeakBytes: number
  readonly peakBytes: number
}

const limits = { seconds: 60 }
const [kind = 'list', isolation = 'serializable', level = 'serializable', count = '1000'] = process.argv.slice(2)
const options: LargeOptions = { kind: kind as LargeOptions['kind'], isolation: isolation as StoreIsolation, count: Number(count) }
const builder = new TableBuilder()
const building = new Stopwatch()
let batch: Transaction[] = []
for (const transaction of generateTransactions(options)) {
  batch.push(transaction)
  if (batch.length === 1 << 8) take()
}
take()
const table = building.time(() => builder.finish())
const tablePeakBytes = peakBytes()
const judging = new Stopwatch()
const { levels, operations } = judging.time(() => judgeIsolation(table, { levels: [level as IsolationLevel], limits }))
const [judged] = levels
if (judged === undefined) throw new Error(`${level} was not judged`)
const figures: GeneratedTransactionsFigures = {
  verdict: judged.verdict,
  algorithm: judged.algorithm,
  operations,
  table: building.times,
  judgement: judging.times,
  tablePeakBytes,
  peakBytes: peakBytes(),
}
console.log(JSON.stringify(figures))

function take(): void {
  building.time(() => {
    for (const transaction of batch) builder.add(transaction)
  })
  batch = []
}

function peakBytes(): number {
  return resourceUsage().maxRSS * 1024
}
