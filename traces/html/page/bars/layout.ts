/**
 * Where the bars of operations stand: a row for each process, and on a time axis that is warped: calls and returns are in their order,
 * and as far apart as labels and points need. Distances say nothing; only the order does. The terminal's pictures do the same in columns.
 */
import { textPixels } from './text.ts'

export interface BarItem {
  readonly id: number
  readonly process: string
  readonly label: string
  /** Positions in the history; null: it never returned. A call at the position of a return comes before it. */
  readonly call: number
  readonly return: number | null
  /** Nanoseconds, where the history has them. */
  readonly callTime: number | null
  readonly returnTime: number | null
}

export interface Bar {
  readonly item: BarItem
  readonly row: number
  /** Where it begins and ends, in pixels; one that never returned goes on to the end of the picture. */
  readonly from: number
  readonly to: number
}

/** Where an operation of an order takes effect. */
export interface Point {
  readonly id: number
  readonly x: number
  readonly row: number
}

export interface Tick {
  readonly x: number
  /** Nanoseconds. */
  readonly time: number
}

export interface BarLayout {
  /** The process of each row; those whose own operations overlap have several. */
  readonly rows: readonly string[]
  /** In the order of calls. */
  readonly bars: readonly Bar[]
  readonly points: readonly Point[]
  /** Whether every point is inside its bar, and each comes after the one before: the order is that of some moments in time. */
  readonly isInTime: boolean
  readonly ticks: readonly Tick[]
  readonly width: number
}

/** Pixels of a bar beside its label. */
export const labelRoom = 18
const left = 8
const eventGap = 7
const pointGap = 12
const barGap = 6
/** An open end is seen as one. */
const openRoom = 26
const tickGap = 110

/** @param order ids of operations, in the order that explains them */
export function layOutBars(items: readonly BarItem[], order: readonly number[]): BarLayout {
  const placed = place(items)
  const events = eventsOf(placed)
  const slots = slotsOf(order, placed)
  const x = positionsOf(events, slots)
  const end = Math.max(left, ...placed.map((one) => (x[one.call] ?? 0) + one.room)) + pointGap * (countOf(slots, events.length - 1) + 1)
  const width = Math.max(end, (x.at(-1) ?? 0) + pointGap * (countOf(slots, events.length - 1) + 2))
  const rowOf = rowsOf(placed)
  const bars = placed.map(
    (one): Bar => ({
      item: one.item,
      row: rowOf.get(one.track) ?? 0,
      from: x[one.call] ?? 0,
      to: one.return === null ? width : (x[one.return] ?? width),
    }),
  )
  const rows: string[] = []
  for (const [{ process }, row] of rowOf) rows[row] = process
  return { rows, bars, ...pointsOf(order, bars, slots, x, width), ticks: ticksOf(events, x), width }
}

interface Track {
  readonly process: string
  /** When its last operation returns. */
  free: number
}

interface Placed {
  readonly item: BarItem
  readonly track: Track
  readonly room: number
  /** Ranks among all events. */
  call: number
  return: number | null
}

interface Event {
  readonly of: Placed
  readonly isCall: boolean
}

function place(items: readonly BarItem[]): Placed[] {
  const tracks = new Map<string, Track[]>()
  return [...items]
    .sort((a, b) => a.call - b.call)
    .map((item) => {
      const own = tracks.get(item.process) ?? []
      tracks.set(item.process, own)
      let track = own.find(({ free }) => free < item.call)
      if (track === undefined) {
        track = { process: item.process, free: 0 }
        own.push(track)
      }
      track.free = item.return ?? Number.POSITIVE_INFINITY
      return { item, track, room: textPixels(item.label) + labelRoom + (item.return === null ? openRoom : 0), call: 0, return: null }
    })
}

function eventsOf(placed: readonly Placed[]): Event[] {
  const events = placed.flatMap((of): (Event & { readonly at: number })[] => [
    { of, isCall: true, at: of.item.call },
    ...(of.item.return === null ? [] : [{ of, isCall: false, at: of.item.return }]),
  ])
  events.sort((a, b) => a.at - b.at || Number(b.isCall) - Number(a.isCall))
  for (const [rank, { of, isCall }] of events.entries()) {
    if (isCall) of.call = rank
    else of.return = rank
  }
  return events
}

interface Slots {
  /** Of each operation of the order: the event after which it takes effect; null: the order is not one of time. */
  readonly of: readonly number[] | null
  /** How many take effect between an event and the next. */
  readonly counts: ReadonlyMap<number, number>
}

/** The earliest moments that an order allows: each operation after its call and after the one before. */
function slotsOf(order: readonly number[], placed: readonly Placed[]): Slots {
  const byId = new Map(placed.map((one) => [one.item.id, one]))
  const of: number[] = []
  const counts = new Map<number, number>()
  let slot = 0
  for (const id of order) {
    const one = byId.get(id)
    if (one === undefined) return { of: null, counts: new Map() }
    slot = Math.max(slot, one.call)
    if (one.return !== null && one.return <= slot) return { of: null, counts: new Map() }
    of.push(slot)
    counts.set(slot, (counts.get(slot) ?? 0) + 1)
  }
  return { of, counts }
}

function countOf({ counts }: Slots, slot: number): number {
  return counts.get(slot) ?? 0
}

/** The leftmost places of events that leave room for every bar and every point. */
function positionsOf(events: readonly Event[], slots: Slots): number[] {
  const x: number[] = []
  const freeAt = new Map<Track, number>()
  let next = left
  for (const [rank, { of, isCall }] of events.entries()) {
    const at = Math.max(next, isCall ? (freeAt.get(of.track) ?? 0) : (x[of.call] ?? 0) + of.room)
    x.push(at)
    const points = countOf(slots, rank)
    next = at + (points === 0 ? eventGap : pointGap * (points + 1))
    if (!isCall) freeAt.set(of.track, at + barGap)
  }
  return x
}

/** Tracks of a process stand next to each other; processes in the order of their first calls. */
function rowsOf(placed: readonly Placed[]): Map<Track, number> {
  const tracks = new Map<string, Set<Track>>()
  for (const { track } of placed) {
    const own = tracks.get(track.process) ?? new Set()
    tracks.set(track.process, own.add(track))
  }
  return new Map([...tracks.values()].flatMap((own) => [...own]).map((track, row) => [track, row]))
}

function pointsOf(
  order: readonly number[],
  bars: readonly Bar[],
  { of, counts }: Slots,
  x: readonly number[],
  width: number,
): { readonly points: readonly Point[]; readonly isInTime: boolean } {
  const byId = new Map(bars.map((bar) => [bar.item.id, bar]))
  const known = order.flatMap((id) => byId.get(id) ?? [])
  if (of === null)
    return {
      points: known.map(({ item, row, from, to }) => ({ id: item.id, x: Math.min((from + to) / 2, from + 60), row })),
      isInTime: false,
    }
  let before = 0
  const points = known.map(({ item, row }, i): Point => {
    const slot = of[i] ?? 0
    before = of[i - 1] === slot ? before + 1 : 1
    const from = x[slot] ?? left
    const count = counts.get(slot) ?? 1
    return { id: item.id, x: from + (((x[slot + 1] ?? width) - from) * before) / (count + 1), row }
  })
  return { points, isInTime: true }
}

function ticksOf(events: readonly Event[], x: readonly number[]): Tick[] {
  const ticks: Tick[] = []
  for (const [rank, { of, isCall }] of events.entries()) {
    const time = isCall ? of.item.callTime : of.item.returnTime
    const at = x[rank] ?? 0
    if (time !== null && (ticks.length === 0 || at - (ticks.at(-1)?.x ?? 0) >= tickGap)) ticks.push({ x: at, time })
  }
  return ticks
}
