/** Logs of messages, of which each has an offset; clients send, poll from where they are, and commit how far they have come. */
import { isList, isRecord, type Value } from '../../../properties/index.ts'
import { kafkaProblems } from './kafka-log.ts'
import {
  acknowledged,
  BadAnswer,
  completed,
  field,
  judgedBy,
  type Operation,
  type Random,
  type Session,
  type Workload,
} from './workload.ts'

const keys = ['k1', 'k2']

export const kafka: Workload = {
  name: 'kafka',
  about: 'logs of messages with rising offsets, none of which is skipped',
  operations,
  request: ({ f, key = null, value }, session) => {
    switch (f) {
      case 'send':
        return { type: 'send', key, msg: value }
      case 'poll':
        return { type: 'poll', offsets: Object.fromEntries(keys.map((one) => [one, session.get(one) ?? 0])) }
      case 'poll-all':
        return { type: 'poll', offsets: Object.fromEntries(keys.map((one) => [one, 0])) }
      case 'commit':
        return { type: 'commit_offsets', offsets: Object.fromEntries([...session].map(([one, next]) => [one, next - 1])) }
      default:
        return { type: 'list_committed_offsets', keys }
    }
  },
  answer: ({ f, key = null, value }, reply, session) => {
    switch (f) {
      case 'send':
        return { key, msg: value, offset: offset(field(reply, 'offset', 'send_ok')) }
      case 'poll':
        return polled(field(reply, 'msgs', 'poll_ok'), session)
      case 'poll-all':
        return polled(field(reply, 'msgs', 'poll_ok'), new Map())
      case 'commit':
        acknowledged(reply, 'commit_offsets_ok')
        return Object.fromEntries([...session].map(([one, next]) => [one, next - 1]))
      default:
        return offsets(field(reply, 'offsets', 'list_committed_offsets_ok'))
    }
  },
  final: [{ f: 'poll-all', value: null }],
  judge: ({ history }) => {
    const sends = completed(history, 'send').length
    const polls = completed(history, 'poll').length + completed(history, 'poll-all').length
    return judgedBy(
      'no message is lost, doubled, moved or out of order',
      kafkaProblems(history),
      `${sends} messages were sent; ${polls} polls are in order and skip none of them`,
    )
  },
}

function operations(random: Random, count: number): readonly Operation[] {
  return Array.from({ length: count }, (_, i): Operation => {
    const kind = i === 0 ? 0 : random(10)
    if (kind < 5) return { f: 'send', key: keys[random(keys.length)] as string, value: i }
    return { f: kind < 8 ? 'poll' : kind < 9 ? 'commit' : 'list', value: null }
  })
}

/** What was polled, with the offsets that were asked for; the client goes on behind. */
function polled(messages: Value, session: Session): Value {
  if (!isRecord(messages)) throw new BadAnswer(`expected lists of [offset message] by key, found ${JSON.stringify(messages)}`)
  const from = Object.fromEntries(keys.map((one) => [one, session.get(one) ?? 0]))
  for (const [key, pairs] of Object.entries(messages)) {
    if (!isList(pairs) || !pairs.every((pair) => isList(pair) && pair.length === 2 && Number.isSafeInteger(pair[0])))
      throw new BadAnswer(`expected pairs [offset message], found ${JSON.stringify(pairs)} for ${key}`)
    const last = Math.max(...pairs.map((pair) => Number((pair as readonly Value[])[0])))
    if (pairs.length > 0) session.set(key, Math.max(session.get(key) ?? 0, last + 1))
  }
  return { from, messages }
}

function offsets(value: Value): Value {
  if (isRecord(value) && Object.values(value).every((one) => Number.isSafeInteger(one))) return value
  throw new BadAnswer(`expected an offset for each key, found ${JSON.stringify(value)}`)
}

function offset(value: Value): Value {
  if (Number.isSafeInteger(value)) return value
  throw new BadAnswer(`expected an offset, found ${JSON.stringify(value)}`)
}
