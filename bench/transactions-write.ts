/**
 * Writes a generated history of list-append transactions to a file, in Jepsen's EDN; in a process of its own, for its memory. How their
 * store isolates them may be told, but for `snapshot`, by which some abort.
 */
import { appendFileSync, statSync, writeFileSync } from 'node:fs'
import type { HistoryEvent, Transaction, Value } from 'counterpoint/properties'
import { writeHistory } from 'counterpoint/traces'
import { generateTransactions } from '../properties/isolation/testing/generate-large.ts'
import type { StoreIsolation } from './transactions-generated.ts'

export interface WrittenFigures {
  readonly bytes: number
}

const [path = '', count = '1000', isolation = 'serializable'] = process.argv.slice(2)
const events: HistoryEvent[] = []
for (const { process: client, began, ended, steps } of generateTransactions({
  kind: 'list',
  count: Number(count),
  isolation: isolation as Exclude<StoreIsolation, 'snapshot'>,
})) {
  if (client === null || began === null || ended === null) throw new Error('generated transactions say who and when')
  const value = (isKnown: boolean): Value =>
    steps.map((step) => [shortName(step), step.key, (isKnown || step.f !== 'read' ? step.value : null) ?? null])
  events[began] = { index: began, process: client, type: 'invoke', f: 'txn', value: value(false) }
  events[ended] = { index: ended, process: client, type: 'ok', f: 'txn', value: value(true) }
}
writeFileSync(path, '')
// The clients still at work at the end have begun transactions that nobody sees end: their places are empty.
const history = events.filter(() => true)
const atOnce = 1 << 14
for (let from = 0; from < history.length; from += atOnce)
  appendFileSync(path, writeHistory(history.slice(from, from + atOnce), 'jepsen-edn'))
const figures: WrittenFigures = { bytes: statSync(path).size }
console.log(JSON.stringify(figures))

function shortName({ f }: Transaction['steps'][number]): string {
  return f === 'read' ? 'r' : f
}
