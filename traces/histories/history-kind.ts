/** Tells histories of transactions from those of single operations, by how they begin. */
import { isList, type Value } from '../../properties/value.ts'
import { fileChunks } from './file-chunks.ts'
import { openHistory, type ReadOptions } from './read.ts'

export type HistoryKind = 'operations' | 'transactions'

/** How many events are looked at: the first ones may have no value that tells. */
const eventsMax = 1000

/**
 * @param path of the file; errors call it by `options.file`, or by its path
 * @throws HistoryError for a file that is no history
 */
export function historyKind(path: string, options: Partial<ReadOptions> = {}): HistoryKind {
  const file = options.file ?? path
  const { model, events } = openHistory(fileChunks(path, file), { ...options, file })
  if (model !== null) return model === 'rw-register' ? 'transactions' : 'operations'
  let seen = 0
  let isEmpty = false
  for (const { value } of events) {
    if (isTransaction(value)) return 'transactions'
    // A transaction without steps tells nothing, unless there are no others.
    const isNothing = isList(value) && value.length === 0
    isEmpty ||= isNothing
    if ((value !== null && !isNothing) || ++seen === eventsMax) return 'operations'
  }
  return isEmpty ? 'transactions' : 'operations'
}

/** Steps named as Elle names them; those that are spelled out, `read` and `write`, are of Knossos' multi-register. */
export function isTransaction(value: Value): boolean {
  return isList(value) && value.length > 0 && value.every((step) => isList(step) && /^:?(r|w|append)$/.test(String(step[0])))
}
