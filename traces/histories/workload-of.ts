/** Tells which of Jepsen's workloads a history is of, by its operations and by what its reads returned. */
import type { HistoryEvent } from '../../properties/history.ts'
import type { WorkloadName } from '../../properties/isolation/workloads/index.ts'
import { isList, isRecord, type Value } from '../../properties/value.ts'
import { isTransaction } from './history-kind.ts'

/** @returns `null` where the events do not tell */
export function workloadOf(events: readonly HistoryEvent<Value>[]): WorkloadName | null {
  const names = new Set(events.map(({ f }) => f))
  if (names.has('transfer')) return 'bank'
  if (names.has('increment') || names.has('decrement')) return 'counter'
  const adds = names.has('add')
  if (!adds && events.some(({ value }) => isTransaction(value))) return 'long-fork'
  const read = events.find(({ f, type, value }) => f === 'read' && type === 'ok' && value !== null)?.value ?? null
  if (isRecord(read)) return adds ? null : 'bank'
  if (isList(read)) return adds ? 'set' : null
  return typeof read === 'number' || typeof read === 'bigint' ? 'counter' : null
}
