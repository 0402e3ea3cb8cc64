/**
 * What is wrong with logs as clients saw them: a message at two offsets, two messages at one, polls that go back, that skip an offset at
 * which there is a message, or that begin before where they were told to; sends of one client whose offsets do not rise; a committed
 * offset that nobody committed. That a message is not yet seen is not wrong, unless one behind it is. After the checker of Jepsen's kafka
 * workload.
 */
import { type HistoryEvent, isList, isRecord, keyOf, showValue, type Value } from '../../../properties/index.ts'
import { type Completed, completed } from './workload.ts'

interface Entry {
  readonly key: string
  readonly offset: number
  readonly message: Value
  /** Who saw it there. */
  readonly by: string
}

interface Poll {
  readonly process: string | number
  readonly key: string
  readonly from: number
  readonly entries: readonly Entry[]
  readonly at: number
}

/** Sentences, the worst first; empty where everything is in order. */
export function kafkaProblems(history: readonly HistoryEvent<Value>[]): readonly string[] {
  const sends = completed(history, 'send').map(sendOf)
  const polls = [...completed(history, 'poll'), ...completed(history, 'poll-all')].flatMap(pollsOf)
  const entries = [...sends, ...polls.flatMap((poll) => poll.entries)]
  const known = new Map<string, Set<number>>()
  for (const { key, offset } of entries) known.set(key, (known.get(key) ?? new Set()).add(offset))
  return [
    ...conflicts(entries),
    ...polls.flatMap((poll) => misorder(poll)),
    ...polls.flatMap((poll) => skipped(poll, known.get(poll.key) ?? new Set())),
    ...fallingSends(history),
    ...inventedCommits(history),
  ]
}

function conflicts(entries: readonly Entry[]): readonly string[] {
  const at = new Map<string, Entry>()
  const of = new Map<string, Entry>()
  const found: string[] = []
  for (const entry of entries) {
    const { key, offset, message, by } = entry
    const there = at.get(keyOf([key, offset]))
    const elsewhere = of.get(keyOf([key, message]))
    if (there !== undefined && keyOf(there.message) !== keyOf(message))
      found.push(`offset ${offset} of ${key} holds ${showValue(there.message)} for ${there.by}, but ${showValue(message)} for ${by}`)
    else if (elsewhere !== undefined && elsewhere.offset !== offset)
      found.push(`message ${showValue(message)} of ${key} is at offset ${elsewhere.offset} for ${elsewhere.by}, but at ${offset} for ${by}`)
    at.set(keyOf([key, offset]), there ?? entry)
    of.set(keyOf([key, message]), elsewhere ?? entry)
  }
  return [...new Set(found)]
}

function misorder({ process, key, from, entries, at }: Poll): readonly string[] {
  const poll = `the poll of ${key} by ${process} (event ${at})`
  const [first] = entries
  const early =
    first !== undefined && first.offset < from ? [`${poll} begins at offset ${first.offset}, before ${from}, which was asked for`] : []
  const back = entries.flatMap((entry, i) => {
    const before = entries[i - 1]
    return before !== undefined && entry.offset <= before.offset ? [`${poll} has offset ${entry.offset} behind ${before.offset}`] : []
  })
  return [...early, ...back]
}

function skipped({ process, key, from, entries, at }: Poll, known: ReadonlySet<number>): readonly string[] {
  const last = Math.max(...entries.map(({ offset }) => offset))
  const seen = new Set(entries.map(({ offset }) => offset))
  return [...known]
    .filter((offset) => offset >= from && offset < last && !seen.has(offset))
    .sort((a, b) => a - b)
    .map(
      (offset) =>
        `the poll of ${key} by ${process} (event ${at}) from offset ${from} goes on to ${last}, but skips ${offset}, where there is a message`,
    )
}

/** A client that has been told of one offset is not told of a smaller one later. */
function fallingSends(history: readonly HistoryEvent<Value>[]): readonly string[] {
  const last = new Map<string, Entry>()
  return completed(history, 'send').flatMap((call) => {
    const entry = sendOf(call)
    const slot = keyOf([String(call.process), entry.key])
    const before = last.get(slot)
    last.set(slot, entry)
    if (before === undefined || entry.offset > before.offset) return []
    return [
      `${call.process} sent ${showValue(entry.message)} to ${entry.key} after ${showValue(before.message)}, but to offset ${entry.offset} after ${before.offset}`,
    ]
  })
}

function inventedCommits(history: readonly HistoryEvent<Value>[]): readonly string[] {
  const polls = [...completed(history, 'poll'), ...completed(history, 'poll-all')].flatMap(pollsOf)
  return completed(history, 'list').flatMap(({ process, result, ended }) =>
    Object.entries(isRecord(result) ? result : {}).flatMap(([key, committed]) => {
      // A client commits what it has polled; 0 may also mean that nobody has.
      const most = Math.max(
        ...polls.flatMap((poll) => (poll.key === key && poll.at < ended ? poll.entries.map(({ offset }) => offset) : [])),
      )
      return Number(committed) > Math.max(most, -1) && Number(committed) > 0
        ? [`${process} is told that offset ${committed} of ${key} is committed, but nobody has read so far`]
        : []
    }),
  )
}

function sendOf({ process, result }: Completed): Entry {
  const { key, offset, msg } = result as { readonly key: string; readonly offset: number; readonly msg: Value }
  return { key, offset, message: msg, by: `${process}, who sent it` }
}

function pollsOf({ process, result, ended }: Completed): readonly Poll[] {
  const { from, messages } = result as {
    readonly from: Readonly<Record<string, number>>
    readonly messages: Readonly<Record<string, Value>>
  }
  return Object.entries(messages).map(([key, pairs]) => ({
    process,
    key,
    from: from[key] ?? 0,
    at: ended,
    entries: (isList(pairs) ? pairs : []).map((pair) => {
      const [offset, message = null] = pair as readonly Value[]
      return { key, offset: Number(offset), message, by: `${process}, who polled it` }
    }),
  }))
}
