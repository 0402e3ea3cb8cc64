import type { HistoryEvent } from '../../properties/history.ts'

/** The events of these indexes; those of a part of a history need not be at the position that they have in the whole. */
export function eventsAt<V>(history: readonly HistoryEvent<V>[], indexes: readonly number[]): HistoryEvent<V>[] {
  return indexes.flatMap((index) => {
    const at = history[index]
    return (at?.index === index ? at : history.find((event) => event.index === index)) ?? []
  })
}
