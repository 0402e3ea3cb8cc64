/** Counters: once the network has healed and everything has arrived, every node reads the sum of what was added. */
import { judgeCounter } from '../../../properties/index.ts'
import { showWorkload } from '../../histories/show-workload.ts'
import {
  acknowledged,
  BadAnswer,
  field,
  type Judged,
  judgedBy,
  type Observed,
  type Operation,
  type Random,
  type Workload,
} from './workload.ts'

export const growOnlyCounter: Workload = counter('g-counter', 'a number to which nodes add', (random) => random(5))
export const plusMinusCounter: Workload = counter(
  'pn-counter',
  'a number to which nodes add, also negative ones',
  (random) => random(10) - 5,
)

function counter(name: string, about: string, delta: (random: Random) => number): Workload {
  return {
    name,
    about: `${about}, and that is the same on all of them in the end`,
    operations: (random, count) =>
      Array.from(
        { length: count },
        (_, i): Operation => (i === 0 || random(3) > 0 ? { f: 'add', value: delta(random) } : { f: 'read', value: null }),
      ),
    request: ({ f, value }) => (f === 'add' ? { type: 'add', delta: value } : { type: 'read' }),
    answer: ({ f }, reply) => {
      if (f === 'add') return acknowledged(reply, 'add_ok')
      const value = field(reply, 'value', 'read_ok')
      if (Number.isSafeInteger(value)) return value
      throw new BadAnswer(`expected a whole number, found ${JSON.stringify(value)}`)
    },
    final: [{ f: 'read', value: null }],
    judge: judgeSums,
  }
}

/** Reads before the end may miss anything, so that only the last ones are looked at. */
function judgeSums({ history, nodeOf, finalFrom }: Observed): Judged {
  const finals = history.filter(({ f, index }) => f === 'add' || index >= finalFrom)
  const decision = judgeCounter(finals)
  if (decision.verdict === 'violated')
    return {
      verdict: 'violated',
      reason: decision.findings[0]?.sentence ?? decision.note,
      show: (options) => showWorkload({ model: 'counter', history: finals, decision, seconds: 0 }, options),
    }
  const property = 'every node reads the sum in the end'
  const nodes = [...new Set(nodeOf.values())]
  const answered = new Set(finals.flatMap(({ f, type, process }) => (f === 'read' && type === 'ok' ? [nodeOf.get(String(process))] : [])))
  const silent = nodes.find((node) => !answered.has(node))
  if (silent === undefined) return judgedBy(property, [], decision.note)
  const reason = `${silent} does not answer the last read, although the network is whole`
  return { ...judgedBy(property, [reason], reason), verdict: 'unknown' }
}
