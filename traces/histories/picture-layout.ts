/**
 * Where the bars of a picture of operations stand: a lane for each process, a column for each call and each return, in their
 * order, and as many parts one below the other as the width asks for. Distances say nothing; only the order does.
 */
import sortBy from 'lodash/sortBy.js'
import type { Operation } from '../../properties/operation.ts'

export interface Bar {
  readonly operation: Operation
  /** First and last column. */
  readonly from: number
  readonly to: number
  /** Whether it is called in an earlier part, or returns in a later one. */
  readonly begun: boolean
  readonly continues: boolean
}

/** A line of bars that do not overlap, in order of columns. A process has one, unless its own operations overlap. */
export interface Lane {
  readonly process: Operation['process']
  readonly bars: readonly Bar[]
}

export interface Band {
  /** Those in which something happens. */
  readonly lanes: readonly Lane[]
  /** Operations of earlier parts that never return. */
  readonly stillOpen: readonly Operation[]
}

/** Columns that the bar of an operation takes at least, both ends included. */
export type BarWidth = (operation: Operation) => number

/**
 * Lays operations out in parts of at most so many columns. Bars must leave three columns free in every part, or wider parts
 * come out.
 */
export function layOut(operations: readonly Operation[], columns: number, barWidth: BarWidth): Band[] {
  const placed = place(operations)
  const events = eventsOf(placed)
  const bands: Band[] = []
  let begun: readonly Placed[] = []
  for (let first = 0; first < events.length; ) {
    const part = { events, first, begun, barWidth }
    const end = bandEnd(part, columns)
    bands.push(bandOf(placed, part, end))
    begun = columnsOf(part, end).crossing
    first = end
  }
  return bands
}

/** Whether an operation never returned. */
export function isOpen({ return: end }: Operation): boolean {
  return end === Number.POSITIVE_INFINITY
}

interface Placed {
  readonly operation: Operation
  readonly track: Track
  /** Ranks of its events among all; Infinity for a return that never came. */
  call: number
  return: number
}

/** Where the bars of a lane stand, in all parts. */
interface Track {
  readonly process: Operation['process']
  readonly position: number
  /** When its last operation returns. */
  free: number
}

interface Event {
  readonly of: Placed
  readonly isCall: boolean
}

/** A part that begins at the event of rank `first`, while the operations `begun` are running. */
interface Part {
  readonly events: readonly Event[]
  readonly first: number
  /** Those that never return are not among them. */
  readonly begun: readonly Placed[]
  readonly barWidth: BarWidth
}

function place(operations: readonly Operation[]): Placed[] {
  const tracks: Track[] = []
  return sortBy(operations, ({ call }) => call).map((operation) => {
    const own = tracks.filter(({ process }) => process === operation.process)
    let track = own.find(({ free }) => free < operation.call)
    if (track === undefined) {
      // In the order of first calls; further tracks of a process stand next to its first.
      const position = (own[0]?.position ?? tracks.length) + own.length / (own.length + 1)
      track = { process: operation.process, position, free: 0 }
      tracks.push(track)
    }
    track.free = operation.return
    return { operation, track, call: 0, return: Number.POSITIVE_INFINITY }
  })
}

/** Calls and returns in order, ranked. A call at the time of a return comes first: the two operations are concurrent. */
function eventsOf(placed: readonly Placed[]): Event[] {
  const events = placed.flatMap((of): (Event & { at: number })[] => [
    { of, isCall: true, at: of.operation.call },
    ...(isOpen(of.operation) ? [] : [{ of, isCall: false, at: of.operation.return }]),
  ])
  const sorted = sortBy(events, [({ at }) => at, ({ isCall }) => (isCall ? 0 : 1)])
  for (const [rank, { of, isCall }] of sorted.entries()) {
    if (isCall) of.call = rank
    else of.return = rank
  }
  return sorted
}

/** The rank of the first event that is left to the next part. */
function bandEnd(part: Part, columns: number): number {
  const { events, first } = part
  // At least one event a part, or it would never end.
  let last = first + 1
  const cuts = new Map<number, number>()
  for (let end = first + 1; end <= events.length; end++) {
    const { right, crossing } = columnsOf(part, end)
    if (right >= columns) break
    cuts.set(end, crossing.length)
    last = end
  }
  if (last === events.length) return last
  // Rather a little earlier than through the middle of many operations.
  let best = last
  for (let end = last; end > first + (last - first) * 0.6; end--) if ((cuts.get(end) ?? 0) < (cuts.get(best) ?? 0)) best = end
  return best
}

interface Columns {
  /** Of the events from the first of the part on. */
  readonly at: readonly number[]
  /** The last column of the part. */
  readonly right: number
  /** The operations that it cuts through at its right; those that never return are not among them. */
  readonly crossing: readonly Placed[]
}

/** The leftmost columns that leave room for every bar of a part that ends before the event of rank `end`. */
function columnsOf({ events, first, begun, barWidth }: Part, end: number): Columns {
  const at: number[] = []
  const running = new Set(begun)
  const freeAt = new Map<Track, number>()
  const rightOf = (of: Placed): number => (of.call < first ? 0 : (at[of.call - first] ?? 0)) + barWidth(of.operation) - 1
  // The column at the left edge shows that an operation has begun before.
  let next = begun.length > 0 ? 1 : 0
  for (const { of, isCall } of events.slice(first, end)) {
    const column = Math.max(next, isCall ? (freeAt.get(of.track) ?? 0) : rightOf(of))
    at.push(column)
    next = column + 1
    if (isCall) running.add(of)
    else {
      running.delete(of)
      freeAt.set(of.track, column + 2)
    }
  }
  const crossing = [...running].filter(({ operation }) => !isOpen(operation))
  return { at, right: Math.max(crossing.length > 0 ? next : next - 1, ...[...running].map(rightOf)), crossing }
}

function bandOf(placed: readonly Placed[], part: Part, end: number): Band {
  const { first } = part
  const { at, right } = columnsOf(part, end)
  const isOld = (of: Placed): boolean => isOpen(of.operation) && of.call < first
  const inside = placed.filter((of) => of.call < end && of.return >= first && !isOld(of))
  const tracks = sortBy([...new Set(inside.map(({ track }) => track))], ({ position }) => position)
  const barOf = ({ operation, call, return: end_ }: Placed): Bar => ({
    operation,
    from: call < first ? 0 : (at[call - first] ?? 0),
    to: end_ < end ? (at[end_ - first] ?? right) : right,
    begun: call < first,
    continues: end_ >= end && !isOpen(operation),
  })
  return {
    lanes: tracks.map((track) => ({ process: track.process, bars: inside.filter((of) => of.track === track).map(barOf) })),
    stillOpen: placed.filter(isOld).map(({ operation }) => operation),
  }
}
