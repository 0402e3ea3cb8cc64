/** The transactions that prove something as a history by themselves, which can be saved and judged again. */
import type { HistoryEvent } from '../../history.ts'
import type { Value } from '../../value.ts'
import { transactionOf } from '../table/table-builder.ts'
import type { Step, Transaction } from '../table/transaction.ts'
import type { Story } from './explain.ts'

/**
 * The events of the transactions of a story, in Jepsen's shape: `invoke` and `ok`, `fail` or `info` of `txn`, with `[[f key value] ...]`.
 * Events keep their positions where the history says them; else transactions follow one another, and real time means nothing. One
 * without a process gets its own, called by its name in the story; so does one of unknown outcome whose process went on. Reads of
 * which nobody knows what they returned are left out of what committed. Transactions that wrote what others read may be missing:
 * judge it with what nothing wrote ignored.
 */
export function subHistory({ facts, cast }: Story): HistoryEvent<Value>[] {
  const { table } = facts
  const taken = new Set<unknown>(table.sessions)
  const numbers = cast.transactions.toSorted((a, b) => a - b)
  const all = numbers.map((number): Named => {
    const transaction = transactionOf(table, number)
    // After a crash a process does nothing more.
    const isFollowed = numbers.some((later) => later > number && table.session[later] === table.session[number])
    const process = transaction.status === 'unknown' && isFollowed ? null : transaction.process
    return { ...transaction, process: process ?? freeName(cast.name(number), taken) }
  })
  const events = all.flatMap((transaction, i) => eventsOf(transaction, 2 * i))
  const isTimed = events.every(({ hasPosition }) => hasPosition) && new Set(events.map(({ event }) => event.index)).size === events.length
  if (isTimed) return events.map(({ event }) => event).sort((a, b) => a.index - b.index)
  return events.map(({ event }, index) => ({ ...event, index }))
}

interface Named extends Transaction {
  readonly process: number | string
}

interface Placed {
  readonly event: HistoryEvent<Value>
  readonly hasPosition: boolean
}

function eventsOf({ process, status, steps, began, ended }: Named, next: number): Placed[] {
  const f = 'txn'
  const known = status === 'committed' ? steps.filter(({ value }) => value !== undefined) : steps
  const asked = known.map(({ f, key, value }): Value => [names[f], key, f === 'read' ? null : (value ?? null)])
  const invocation: Placed = {
    event: { index: began ?? next, process, type: 'invoke', f, value: asked },
    hasPosition: began !== null,
  }
  // One that nobody saw end has no completion: with or without an `info` it means the same.
  if (status === 'unknown' && ended === null) return [invocation]
  const type = status === 'committed' ? 'ok' : status === 'aborted' ? 'fail' : 'info'
  const value = status === 'committed' ? known.map(({ f, key, value }): Value => [names[f], key, value ?? null]) : asked
  return [invocation, { event: { index: ended ?? next + 1, process, type, f, value }, hasPosition: ended !== null }]
}

const names: Readonly<Record<Step['f'], string>> = { read: 'r', write: 'w', append: 'append' }

function freeName(wanted: string, taken: Set<unknown>): string {
  let name = wanted
  while (taken.has(name)) name += "'"
  taken.add(name)
  return name
}
