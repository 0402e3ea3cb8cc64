/** Histories given as text, for tests. */

import { isHistoryError } from '../../../properties/errors.ts'
import type { HistoryEvent } from '../../../properties/history.ts'
import { type ReadHistory, type ReadOptions, readHistory } from '../read.ts'

export function readText(text: string, options: Partial<ReadOptions> = {}): ReadHistory {
  return readHistory([Buffer.from(text)], { file: 'h', ...options })
}

/** Events in short, such as `0 invoke write 1`, with key and time where they have them. */
export function shortly(history: readonly HistoryEvent[]): string[] {
  return history.map(({ process, type, f, value, key, time }) =>
    [
      process,
      type,
      f,
      JSON.stringify(value),
      ...(key === undefined ? [] : [`of ${JSON.stringify(key)}`]),
      ...(time === undefined ? [] : [`at ${time}`]),
    ].join(' '),
  )
}

/** The message of the HistoryError that reading it ends in; what else it throws is a defect. */
export function errorOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (isHistoryError(error)) return `${error.code} ${error.message}`
    throw error
  }
  return 'no error'
}
