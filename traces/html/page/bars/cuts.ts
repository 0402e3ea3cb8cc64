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
