/** Finds bars and points by where they are. */
import type { Bar, BarLayout, Point } from './layout.ts'

/** The bars of each row, from left to right. */
export function barsByRow({ rows, bars }: Pick<BarLayout, 'rows' | 'bars'>): readonly (readonly Bar[])[] {
  const byRow = rows.map((): Bar[] => [])
  for (const bar of bars) byRow[bar.row]?.push(bar)
  return byRow
}

export function barsById({ bars }: Pick<BarLayout, 'bars'>): ReadonlyMap<number, Bar> {
  return new Map(bars.map((bar) => [bar.item.id, bar]))
}

/** Bars of a row that do not overlap, from left to right: those that reach into a part of it. */
export function barsBetween(row: readonly Bar[], from: number, to: number): readonly Bar[] {
  const first = firstWhere(row.length, (i) => (row[i]?.to ?? 0) >= from)
  const end = firstWhere(row.length, (i) => (row[i]?.from ?? 0) > to)
  return row.slice(first, end)
}

/** Points that are in order of place: those in a part, and one on either side. */
export function pointsBetween(points: readonly Point[], from: number, to: number): readonly Point[] {
  const first = firstWhere(points.length, (i) => (points[i]?.x ?? 0) >= from)
  const end = firstWhere(points.length, (i) => (points[i]?.x ?? 0) > to)
  return points.slice(Math.max(0, first - 1), end + 1)
}

/** The bar of the row above (-1) or below (1) that has one which is nearest to the middle of a bar; null: there is none. */
export function nearestBeside(byRow: readonly (readonly Bar[])[], bar: Bar, by: 1 | -1): Bar | null {
  const middle = centre(bar)
  const [nearest] = [...(byRow[bar.row + by] ?? [])].sort((a, b) => Math.abs(centre(a) - middle) - Math.abs(centre(b) - middle))
  return nearest ?? null
}

function centre({ from, to, item }: Bar): number {
  return item.return === null ? from : (from + to) / 2
}

/** The least index that a condition holds from; as many as there are where it never does. */
function firstWhere(count: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
