/** The operations on one register as intervals of time, with who read from whom. */
import type { Operation } from '../operation.ts'
import { fromInitial, fromNothing, type RegisterHistory } from './register-history.ts'

/** Moments are ordered by their time, then by their rank. */
export interface Moment {
  readonly time: number
  readonly rank: number
}

export interface Interval {
  readonly operation: Operation
  readonly start: Moment
  readonly end: Moment
  /** The interval that it read from, by index; `fromInitial`, `fromNothing`. */
  readonly source: number
  readonly writes: boolean
}

export function isBefore(a: Moment, b: Moment): boolean {
  return a.time < b.time || (a.time === b.time && a.rank < b.rank)
}

/** The intervals of each key. In nanoseconds where every operation has its times, else in events. */
export function intervalsOf(history: RegisterHistory): Interval[][] {
  const { operations, key, keys, source, writes } = history
  const timed = hasTimes(operations)
  const groups: number[][] = Array.from({ length: keys }, () => [])
  const place = new Int32Array(operations.length)
  for (const [i, number] of key.entries()) place[i] = (groups[number] as number[]).push(i) - 1
  return groups.map((group) =>
    group.map((i) => {
      const operation = operations[i] as Operation
      const from = source[i] as number
      return {
        operation,
        start: { time: (timed ? operation.callTime : operation.call) ?? 0, rank: operation.call },
        end:
          operation.completion === 'info'
            ? { time: Number.POSITIVE_INFINITY, rank: Number.POSITIVE_INFINITY }
            : { time: (timed ? operation.returnTime : operation.return) ?? 0, rank: operation.return },
        source: from < 0 ? from : (place[from] as number),
        writes: writes[i] === 1,
      }
    }),
  )
}

/** Whether every operation says when it began and, if anybody knows, when it ended. */
export function hasTimes(operations: readonly Operation[]): boolean {
  return operations.every(
    ({ callTime, returnTime, completion }) => callTime !== undefined && (returnTime !== undefined || completion === 'info'),
  )
}

/** The intervals if everything that only reads had begun so much earlier. */
export function readsMoved(intervals: readonly Interval[], delta: number): readonly Interval[] {
  if (delta === 0) return intervals
  return intervals.map((interval) =>
    interval.writes || interval.source === fromNothing
      ? interval
      : { ...interval, start: { time: interval.start.time - delta, rank: Number.NEGATIVE_INFINITY } },
  )
}

/** A read that ended before its write began, which no staleness explains. */
export function readFromFuture(intervals: readonly Interval[]): Interval | undefined {
  return intervals.find(({ source, end }) => source > fromInitial && isBefore(end, (intervals[source] as Interval).start))
}
