/** Monitors told of recorded events. */
import type { HistoryEvent } from '../../history.ts'
import type { Operation } from '../../operation.ts'
import { eventsOf } from '../../testing/histories.ts'
import type { Value } from '../../value.ts'
import type { OperationEvents } from '../history.ts'
import { plainOf } from '../monitor.ts'

/** The next value of a monitor of operations. */
export function told<V>(events: OperationEvents<V>, value: V, { type, process, f, value: given }: HistoryEvent): V {
  if (type === 'invoke') return events.invoke(value, process, f, plainOf((given ?? null) as Value))
  if (type === 'ok') return events.ok(value, process, plainOf((given ?? null) as Value))
  return type === 'fail' ? events.fail(value, process) : events.info(value, process)
}

/** The events of operations; of those that never returned, two in three are said to be unknown, some events later. */
export function eventsWithCrashes(operations: readonly Operation[]): HistoryEvent[] {
  const recorded = eventsOf(operations)
  const crashed = new Set(operations.filter((operation) => operation.return === Number.POSITIVE_INFINITY).map(({ call }) => call))
  // Calls and returns have whole positions, in the order of the events.
  const positions = operations.flatMap(({ call, return: end }) => [call, end]).sort((a, b) => a - b)
  const placed = recorded.flatMap((event, i) => {
    const isCrashed = event.type === 'invoke' && crashed.has(positions[i] as number) && i % 3 > 0
    return [{ at: i, event }, ...(isCrashed ? [{ at: i + (i % 4) + 0.5, event: { ...event, type: 'info' as const } }] : [])]
  })
  return placed.sort((a, b) => a.at - b.at).map(({ event }, index) => ({ ...event, index }))
}
