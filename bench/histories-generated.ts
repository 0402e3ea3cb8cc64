/**
 * Judges one generated history in a process of its own and prints the figures as JSON. Held: reading its operations and
 * judging them is timed; streamed: the events are made in batches, and only taking them is timed.
 */
import { resourceUsage } from 'node:process'
import type { Decision, HistoryEvent } from 'counterpoint/properties'
import { judge, LinearizabilityStream, operationsOf } from 'counterpoint/properties'
import { type HistorySize, type HistoryWorkload, historyEvents, historyWorkloads } from './history-workloads.ts'

/** `auto` and `general`: held in memory, with and without the polynomial monitors. */
export type HistoryMode = 'auto' | 'general' | 'streamed'

export interface GeneratedFigures {
  readonly verdict: Decision['verdict']
  readonly algorithm: string
  readonly seconds: number
  readonly peakBytes: number
}

const limits = { seconds: 10 }
const [name = '', operations = '1000', processes = '5', mode = 'auto'] = process.argv.slice(2)
const workload = historyWorkloads[name]
if (workload === undefined) throw new Error(`no workload ${name}`)
const size = { operations: Number(operations), processes: Number(processes), seed: 1 }
const decided = mode === 'streamed' ? streamed(workload, size) : held(workload, size, mode === 'general' ? 'general' : 'auto')
const figures: GeneratedFigures = { ...decided, peakBytes: resourceUsage().maxRSS * 1024 }
console.log(JSON.stringify(figures))

type Timed = Omit<GeneratedFigures, 'peakBytes'>

function held(object: HistoryWorkload, historySize: HistorySize, algorithm: 'auto' | 'general'): Timed {
  const history = [...historyEvents(object, historySize)]
  const started = performance.now()
  const judgement = judge(operationsOf(history, object.spec), object.spec, { algorithm, limits })
  return { verdict: judgement.verdict, algorithm: judgement.algorithm, seconds: (performance.now() - started) / 1000 }
}

function streamed(object: HistoryWorkload, historySize: HistorySize): Timed {
  const stream = new LinearizabilityStream(object.spec, { limits })
  let milliseconds = 0
  let batch: HistoryEvent[] = []
  const take = (): void => {
    const started = performance.now()
    for (const event of batch) stream.push(event)
    milliseconds += performance.now() - started
    batch = []
  }
  for (const event of historyEvents(object, historySize)) {
    batch.push(event)
    if (batch.length < 1 << 13) continue
    take()
    if (stream.decision) break
  }
  take()
  const started = performance.now()
  const { verdict, algorithm } = stream.end()
  return { verdict, algorithm, seconds: (milliseconds + performance.now() - started) / 1000 }
}
