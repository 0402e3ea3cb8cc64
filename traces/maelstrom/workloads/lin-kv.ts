/** A linearizable map: read, write, and compare-and-set of one key. */
import { casRegister, isList, operationsOf, type Spec, type Value, verify } from '../../../properties/index.ts'
import { showJudgement } from '../../histories/show-history.ts'
import { acknowledged, field, type Judged, type Observed, type Operation, type Random, type Workload } from './workload.ts'

export const linKv: Workload = {
  name: 'lin-kv',
  about: 'a linearizable map: read, write and cas of a key',
  operations,
  request: ({ f, key = null, value }) => {
    if (f === 'read') return { type: 'read', key }
    if (f === 'write') return { type: 'write', key, value }
    const [from = null, to = null] = isList(value) ? value : []
    return { type: 'cas', key, from, to }
  },
  answer: ({ f, value }, reply) => {
    if (f === 'read') return field(reply, 'value', 'read_ok')
    acknowledged(reply, `${f}_ok`)
    return value
  },
  // A key that does not exist is one that nobody has written.
  resultOfError: ({ f }, code) => (f === 'read' && code === 20 ? { value: null } : null),
  final: [],
  judge,
}

/** Of two keys. Values are all different, so that each read tells which write it has seen. */
function operations(random: Random, count: number): readonly Operation[] {
  const written = new Map<number, number[]>()
  let last = 0
  return Array.from({ length: count }, (): Operation => {
    const key = random(2)
    const before = written.get(key) ?? []
    const kind = random(before.length > 0 ? 5 : 3)
    if (kind < 2) return { f: 'read', key, value: null }
    written.set(key, [...before, ++last])
    if (kind < 4) return { f: 'write', key, value: last }
    return { f: 'cas', key, value: [before[before.length - 1 - random(Math.min(2, before.length))] as Value, last] }
  })
}

function judge({ history }: Observed): Judged {
  const judgement = verify(history, casRegister)
  const { decision, verdict, key } = judgement
  const reason =
    decision.verdict === 'violated'
      ? decision.sentence
      : decision.verdict === 'unknown'
        ? `stopped by the ${decision.limit} limit: ${decision.reached}`
        : `${judgement.operations} operations on ${judgement.objects} keys are linearizable`
  return {
    verdict: verdict === 'inapplicable' ? 'unknown' : verdict,
    reason: key === undefined || decision.verdict !== 'violated' ? reason : `key ${JSON.stringify(key)}: ${reason}`,
    show: (options) => showJudgement(judgement, { ...options, operations: operationsOf(history, casRegister as unknown as Spec) }),
  }
}
