/** Where bars in a long row of time are cut to fit on paper: where labels are whole on one side at least. */
import { type BarLayout, labelRoom } from './layout.ts'
import { textPixels } from './text.ts'

export interface Cut {
  readonly from: number
  readonly to: number
}

/** A part is at least so much of the room: no cut is worth more. */
const least = 0.6

/** Parts of at most so many pixels of the layout, from left to right, with nothing left out. */
export function cutsOf({ bars, width }: Pick<BarLayout, 'bars' | 'width'>, room: number): readonly Cut[] {
  const sized = bars.map(({ item, from, to }) => ({ from, to, needs: textPixels(item.label) + labelRoom }))
  const cuts: Cut[] = []
  for (let from = 0; from < width; ) {
    const end = from + room
    if (end >= width) {
      cuts.push({ from, to: width })
      break
    }
    const crossing = sized.filter((bar) => bar.from < end && bar.to > from + least * room)
    const edges = crossing.flatMap((bar) => [bar.from - 2, bar.to + 2]).filter((x) => x > from + least * room && x < end)
    const broken = (x: number): number =>
      crossing.filter(
        (bar) =>
          bar.from < x && bar.to > x && x - Math.max(bar.from, from) < bar.needs && Math.min(bar.to, x + least * room) - x < bar.needs,
      ).length
    let [to, fewest] = [end, broken(end)]
    for (const x of edges.sort((a, b) => b - a)) {
      const count = broken(x)
      if (count < fewest) [to, fewest] = [x, count]
    }
    cuts.push({ from, to })
    from = to
  }
  return cuts
}

/** A layout of some of its rows only, which move together. */
export function withRows(layout: BarLayout, rows: readonly number[]): BarLayout {
  const places = new Map(rows.map((row, i) => [row, i]))
  const moved = <T extends { readonly row: number }>(all: readonly T[]): readonly T[] =>
    all.flatMap((one) => {
      const row = places.get(one.row)
      return row === undefined ? [] : [{ ...one, row }]
    })
  return { ...layout, rows: rows.map((row) => layout.rows[row] ?? ''), bars: moved(layout.bars), points: moved(layout.points) }
}

export function chunk<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))
}
