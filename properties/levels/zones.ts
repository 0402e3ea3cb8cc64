/**
 * Atomicity of a register whose written values are distinct, in O(n log n) (Gibbons & Korach, Testing shared memories, 1997). The
 * zone of a write reaches from the first end to the last start among it and its reads. Forward zones (first end before last start)
 * must not overlap, nor contain a backward one.
 */
import { type Interval, isBefore, type Moment } from './intervals.ts'
import { fromInitial } from './register-history.ts'

/** The operations of two zones that exclude each other, two of each: the one that ended first, the one that began last. */
export type Conflict = readonly Interval[]

/** `null` if the intervals are atomic. No operation may both read and write, and no read may end before its write begins. */
export function zoneConflict(intervals: readonly Interval[]): Conflict | null {
  const zones = zonesOf(intervals)
  const forward = zones.filter(isForward).sort((a, b) => compare(a.first, b.first))
  let last: Zone | undefined
  for (const zone of forward) {
    if (last !== undefined && isBefore(zone.first, last.last)) return conflict(last, zone)
    last = zone
  }
  for (const zone of zones) {
    if (isForward(zone)) continue
    const around = lastBegunBefore(forward, zone.last)
    if (around !== undefined && isBefore(zone.first, around.last)) return conflict(around, zone)
  }
  return null
}

interface Zone {
  /** The first end, and whose it is; nobody's for the initial value. */
  first: Moment
  firstOf: Interval | null
  /** The last start. */
  last: Moment
  lastOf: Interval | null
}

function zonesOf(intervals: readonly Interval[]): Zone[] {
  const zones = new Map<number, Zone>()
  const always: Moment = { time: Number.NEGATIVE_INFINITY, rank: Number.NEGATIVE_INFINITY }
  zones.set(fromInitial, { first: always, firstOf: null, last: always, lastOf: null })
  for (const [i, interval] of intervals.entries()) {
    const value = interval.writes ? i : interval.source
    const zone = zones.get(value)
    if (zone === undefined) {
      zones.set(value, { first: interval.end, firstOf: interval, last: interval.start, lastOf: interval })
      continue
    }
    if (isBefore(interval.end, zone.first)) {
      zone.first = interval.end
      zone.firstOf = interval
    }
    if (isBefore(zone.last, interval.start)) {
      zone.last = interval.start
      zone.lastOf = interval
    }
  }
  return [...zones.values()]
}

function isForward({ first, last }: Zone): boolean {
  return isBefore(first, last)
}

function lastBegunBefore(forward: readonly Zone[], moment: Moment): Zone | undefined {
  let [low, high] = [0, forward.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore((forward[middle] as Zone).first, moment)) low = middle + 1
    else high = middle
  }
  return forward[low - 1]
}

function conflict(...zones: readonly Zone[]): Conflict {
  const extremes = zones.flatMap(({ firstOf, lastOf }) => [firstOf, lastOf]).filter((interval) => interval !== null)
  return [...new Set(extremes)].sort((a, b) => a.operation.call - b.operation.call)
}

function compare(a: Moment, b: Moment): number {
  return isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0
}
