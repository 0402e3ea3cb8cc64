/** Bars apart from the page: all of them, each with its label, in pictures and on paper. */
import type { JSX } from 'preact'
import { around } from '../around.ts'
import { pngPart } from '../picture/png-size.ts'
import type { Drawing } from '../picture/save-picture.tsx'
import { axisHeight, BarsPart, type Marks, namesWidth, right, rowHeight } from './bars-part.tsx'
import { type Cut, chunk, cutsOf, withRows } from './cuts.ts'
import type { Sight } from './in-sight.ts'
import { type BarItem, type BarLayout, layOutBars } from './layout.ts'
import { barsBetween, barsById, barsByRow } from './search.ts'

/** Of more bars those around the chosen one are printed. */
export const printedMax = 2000
/** Of a part on paper, which is made smaller to fit. */
const paperWidth = 960
const rowsTogether = 20

interface Whole {
  readonly layout: BarLayout
  readonly marks: Marks
  /** What the bars are: `operations`. */
  readonly what: string
}

/** All of it, and as much as a PNG can hold around the chosen bar. */
export function barDrawings({ layout, marks, what }: Whole): readonly [Drawing, ...Drawing[]] {
  const width = namesWidth + Math.ceil(layout.width) + right
  const height = axisHeight + layout.rows.length * rowHeight + 8
  const part = pngPart({ width, height })
  const bar = layout.bars.find(({ item }) => item.id === marks.chosen) ?? layout.bars[0]
  const [x, y] = bar === undefined ? [0, 0] : [(bar.from + Math.min(bar.to, bar.from + part.width)) / 2, bar.row * rowHeight]
  const near = {
    ...part,
    x: Math.max(0, Math.min(width - part.width, x - part.width / 2)),
    y: Math.max(0, Math.min(height - part.height, y - part.height / 2)),
  }
  const draw = (sight: Sight) => (): JSX.Element => (
    <svg class="bars" width={sight.width} height={sight.height} role="img" aria-label={what}>
      <BarsPart layout={layout} zoom={1} {...marks} sight={sight} byRow={barsByRow(layout)} byId={barsById(layout)} isLabelled />
    </svg>
  )
  return [
    { width, height, part: null, draw: draw({ x: 0, y: 0, width, height }) },
    { ...part, part: `the ${what} around the chosen one`, draw: draw(near) },
  ]
}

interface PrintedProperties {
  /** In the order of their calls. */
  readonly items: readonly BarItem[]
  /** Ids, as `layOutBars` takes them. */
  readonly order: readonly number[]
  readonly marks: Marks
  readonly what: string
}

/** Bars on paper: time goes on in the next line, as music does. */
export function PrintedBars({ items, order, marks, what }: PrintedProperties): JSX.Element {
  const at = Math.max(
    0,
    items.findIndex(({ id }) => id === marks.chosen),
  )
  const { from, to } = around(items.length, at, printedMax)
  const printed = items.slice(from, to + 1)
  const ids = new Set(printed.map(({ id }) => id))
  const layout = layOutBars(
    printed,
    order.filter((id) => ids.has(id)),
  )
  const count = (number: number): string => number.toLocaleString('en')
  return (
    <>
      {printed.length < items.length && (
        <p>
          Of {count(items.length)} {what}, {count(from + 1)} to {count(to + 1)} are on this paper: those around the chosen one.
        </p>
      )}
      <Lines layout={layout} marks={marks} since={items.find(({ callTime }) => callTime !== null)?.callTime ?? null} />
    </>
  )
}

interface LinesProperties extends Omit<Whole, 'what'> {
  /** When the whole begins, of which this may be a part. */
  readonly since: number | null
}

function Lines({ layout, marks, since }: LinesProperties): JSX.Element {
  const byRow = barsByRow(layout)
  return (
    <>
      {cutsOf(layout, paperWidth - namesWidth).flatMap((cut) => {
        const busy = byRow.flatMap((own, row) => (barsBetween(own, cut.from, cut.to).length > 0 ? [row] : []))
        return chunk(busy, rowsTogether).map((rows) => (
          <Line key={`${cut.from} ${rows[0]}`} layout={withRows(layout, rows)} marks={marks} since={since} cut={cut} />
        ))
      })}
    </>
  )
}

interface LineProperties extends LinesProperties {
  readonly cut: Cut
}

function Line({ layout, marks, since, cut: { from, to } }: LineProperties): JSX.Element {
  const sight = { x: from, y: 0, width: namesWidth + to - from, height: axisHeight + layout.rows.length * rowHeight }
  return (
    <svg
      class="bars printed"
      width={paperWidth}
      height={sight.height}
      viewBox={`0 0 ${paperWidth} ${sight.height}`}
      role="img"
      aria-label={`${layout.rows.length} rows`}
    >
      <svg width={sight.width} height={sight.height} aria-hidden="true">
        <BarsPart
          layout={layout}
          zoom={1}
          {...marks}
          sight={sight}
          byRow={barsByRow(layout)}
          byId={barsById(layout)}
          isLabelled
          since={since}
        />
      </svg>
    </svg>
  )
}
