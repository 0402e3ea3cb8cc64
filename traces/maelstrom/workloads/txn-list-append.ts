/** Transactions that read and append to lists, judged at an isolation level. */
import { isList, isolationLevelOf, judgeIsolation, tableOf, transactionsOf, type Value } from '../../../properties/index.ts'
import { isolationReason, showIsolation } from '../../histories/show-isolation.ts'
import { BadAnswer, field, type Judged, type JudgeOptions, type Observed, type Operation, type Random, type Workload } from './workload.ts'

/** As Maelstrom judges unless told otherwise. */
export const defaultLevel = 'strict-serializable'

export const txnListAppend: Workload = {
  name: 'txn-list-append',
  about: 'transactions that read lists and append to them',
  operations,
  request: ({ value }) => ({ type: 'txn', txn: value }),
  answer: ({ value }, reply) => sameTransaction(value, field(reply, 'txn', 'txn_ok')),
  final: [],
  judge,
}

/** Of three keys, which are replaced by others now and then so that lists stay short. */
function operations(random: Random, count: number): readonly Operation[] {
  const appended = new Map<number, number>()
  return Array.from({ length: count }, (_, i) => {
    const first = Math.floor(i / 20) * 2
    const steps = Array.from({ length: 1 + random(4) }, (): Value => {
      const key = first + random(3)
      if (random(2) === 0) return ['r', key, null]
      const value = (appended.get(key) ?? 0) + 1
      appended.set(key, value)
      return ['append', key, value]
    })
    return { f: 'txn', value: steps }
  })
}

/** What is answered is what was asked, with the reads filled in. */
function sameTransaction(asked: Value, answered: Value): Value {
  const wanted = isList(asked) ? asked : []
  const found = isList(answered) ? answered : []
  const isSame = wanted.length === found.length && wanted.every((step, i) => isFilledIn(step, found[i] ?? null))
  if (isSame) return answered
  throw new BadAnswer(`the transaction ${JSON.stringify(asked)} is answered with another one, ${JSON.stringify(answered)}`)
}

function isFilledIn(asked: Value, answered: Value): boolean {
  if (!isList(asked) || !isList(answered) || answered.length !== 3) return false
  const [f, , value = null] = answered
  if (JSON.stringify(answered.slice(0, 2)) !== JSON.stringify(asked.slice(0, 2))) return false
  return f === 'r' ? value === null || isList(value) : JSON.stringify(value) === JSON.stringify(asked[2])
}

function judge({ history }: Observed, { level = defaultLevel }: JudgeOptions): Judged {
  const name = isolationLevelOf(level) ?? defaultLevel
  const judgement = judgeIsolation(tableOf(transactionsOf(history)), { levels: [name] })
  const [judged] = judgement.levels
  const verdict = judged?.verdict === 'holds' || judged?.verdict === 'violated' ? judged.verdict : 'unknown'
  return {
    verdict,
    reason:
      verdict === 'violated'
        ? isolationReason(judgement)
        : `${judgement.transactions.committed} committed transactions: ${name} ${verdict}`,
    show: (options) => showIsolation(judgement, { ...options, model: 'list-append' }),
  }
}
