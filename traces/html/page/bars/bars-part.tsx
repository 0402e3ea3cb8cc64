/** A part of the bars, as large as what is in sight of them: with the names of its rows at the left, and the time above. */
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { merged, type Span } from './crowd.ts'
import type { Sight } from './in-sight.ts'
import { type Bar, type BarLayout, labelRoom } from './layout.ts'
import { barsBetween, pointsBetween } from './search.ts'
import { fitted, textPixels, timeText } from './text.ts'

export const rowHeight = 36
const barHeight = 27
export const axisHeight = 24
export const namesWidth = 104
/** Free at the end of a picture. */
export const right = 24
/** Where more bars are in sight they are too small for labels, and for a line through them. */
const labelledMax = 1200

export interface Marks {
  readonly chosen: number | null
  /** Drawn heavier. */
  readonly core: ReadonlySet<number>
  /** Marked as wrong. */
  readonly failing: number | null
}

interface Properties extends Marks {
  readonly layout: BarLayout
  /** Pixels of the picture for each of the layout. */
  readonly zoom: number
  /** Where the part is in the whole picture. */
  readonly sight: Sight
  readonly byRow: readonly (readonly Bar[])[]
  readonly byId: ReadonlyMap<number, Bar>
  /** Every bar has its label, however many there are. */
  readonly isLabelled?: boolean
  /** The time that others are told from, in nanoseconds; that of the first bar unless told. */
  readonly since?: number | null
}

export function BarsPart({
  layout,
  zoom,
  chosen,
  core,
  failing,
  sight,
  byRow,
  byId,
  isLabelled = false,
  since = null,
}: Properties): JSX.Element {
  const firstRow = Math.max(0, Math.floor((sight.y - axisHeight) / rowHeight))
  const lastRow = Math.min(layout.rows.length - 1, Math.ceil((sight.y + sight.height) / rowHeight))
  const rows = Array.from({ length: Math.max(0, lastRow - firstRow + 1) }, (_, i) => firstRow + i)
  const from = sight.x / zoom
  const to = (sight.x + sight.width) / zoom
  const xOf = (x: number): number => namesWidth + x * zoom - sight.x
  const yOf = (row: number): number => axisHeight + row * rowHeight - sight.y
  const bars = useMemo(() => rows.flatMap((row) => barsBetween(byRow[row] ?? [], from, to)), [byRow, sight, zoom])
  const isClose = isLabelled || bars.length <= labelledMax
  // All of them: those that stand out are drawn above, and what is chosen changes nothing here.
  const crowd = useMemo(
    () => (isClose ? '' : rows.map((row) => crowdPath(byRow[row] ?? [], xOf, yOf(row))).join('')),
    [byRow, sight, zoom, isClose],
  )
  const isSpecial = ({ item: { id } }: Bar): boolean => core.has(id) || id === failing || id === chosen
  const drawn = (isClose ? bars : bars.filter(isSpecial)).map((bar): BarProperties => {
    const { id } = bar.item
    return {
      bar,
      x: Math.max(xOf(bar.from), -50),
      end: Math.min(Math.max(xOf(bar.to), xOf(bar.from) + 2), sight.width + 50),
      edge: sight.width,
      y: yOf(bar.row),
      isCore: core.has(id),
      isFailing: id === failing,
      isChosen: id === chosen,
    }
  })
  const points = !isClose ? [] : layout.isInTime ? pointsBetween(layout.points, from, to) : layout.points
  const near = points.filter(({ row, x }) => row >= firstRow - 1 && row <= lastRow + 1 && x >= from - 10 / zoom && x <= to + 10 / zoom)
  const bottom = sight.height + rowHeight
  return (
    <>
      {rows.map((row) => (
        <line key={row} class="row-line" x1={namesWidth} x2={sight.width} y1={yOf(row) + rowHeight - 2} y2={yOf(row) + rowHeight - 2} />
      ))}
      <path class="many" d={crowd} />
      {drawn.map((one) => (
        <BarPicture key={one.bar.item.id} {...one} />
      ))}
      {isClose && (
        <path class={`order${layout.isInTime ? '' : ' not-in-time'}`} d={linePath(points, xOf, (row) => yOf(row) + pointY, sight)} />
      )}
      {isClose &&
        near.map(({ id, x, row }) => (
          <circle
            key={id}
            class={`point${id === chosen ? ' chosen' : ''}`}
            cx={xOf(x)}
            cy={yOf(row) + pointY}
            r={id === chosen ? 5.5 : 3.5}
          />
        ))}
      {drawn.map((one) => (
        <BarLabel key={one.bar.item.id} {...one} />
      ))}
      {chosen !== null && <Here bar={byId.get(chosen)} xOf={xOf} bottom={bottom} />}
      <rect class="ground" x="0" y="0" width={namesWidth - 4} height={bottom} />
      {rows.map((row) => (
        <text key={row} class="row-name" x={namesWidth - 12} y={yOf(row) + 18} text-anchor="end">
          {fitted(layout.rows[row] ?? '', namesWidth - 22)}
          <title>{`process ${layout.rows[row]}`}</title>
        </text>
      ))}
      <rect class="ground" x="0" y="0" width={sight.width} height={axisHeight - 2} />
      <text class="axis" x={namesWidth - 12} y="15" text-anchor="end">
        process
      </text>
      {ticksInSight(layout, from, from + (sight.width - namesWidth) / zoom, zoom, since).map(({ x, text }) => (
        <g key={x}>
          <line class="tick" x1={xOf(x)} x2={xOf(x)} y1={axisHeight - 7} y2={axisHeight - 2} />
          <text class="axis" x={xOf(x)} y="15">
            {text}
          </text>
        </g>
      ))}
      {layout.ticks.length === 0 && (
        <text class="axis" x={namesWidth} y="15">
          time →
        </text>
      )}
    </>
  )
}

/** Points stand in the lower part of their bars, labels in the upper one. */
const pointY = barHeight - 2

interface BarProperties {
  readonly bar: Bar
  /** What is out of sight is cut off. */
  readonly x: number
  readonly end: number
  /** Where the picture ends: labels do before. */
  readonly edge: number
  readonly y: number
  readonly isCore: boolean
  readonly isFailing: boolean
  readonly isChosen: boolean
}

function BarPicture({ bar: { item }, x, end, y, isCore, isFailing, isChosen }: BarProperties): JSX.Element {
  const isOpen = item.return === null
  return (
    <g class={`bar${isCore ? ' core' : ''}${isFailing ? ' failing' : ''}${isChosen ? ' chosen' : ''}${isOpen ? ' open' : ''}`}>
      {isOpen ? (
        <>
          <rect class="inside" x={x} y={y + 2} width={Math.max(0, end - x)} height={barHeight} />
          <path class="frame" d={`M${end},${y + 2} H${x} V${y + 2 + barHeight} H${end}`} />
        </>
      ) : (
        <rect class="inside frame" x={x} y={y + 2} width={Math.max(1, end - x)} height={barHeight} rx="3" />
      )}
    </g>
  )
}

/** Above the line of the order; at the left edge of what is in sight, where the bar begins before. */
function BarLabel({ bar: { item }, x, end, edge, y, isFailing, isChosen }: BarProperties): JSX.Element {
  const start = Math.max(x, namesWidth - 4)
  return (
    <text class={`label${isFailing ? ' failing' : ''}${isChosen ? ' chosen' : ''}`} x={start + 6} y={y + 16}>
      {fitted(item.label, Math.min(end, edge) - start - (labelRoom - 8))}
    </text>
  )
}

/** A line down from the chosen bar, so that it is found where bars are small. */
function Here({
  bar,
  xOf,
  bottom,
}: {
  readonly bar: Bar | undefined
  readonly xOf: (x: number) => number
  readonly bottom: number
}): JSX.Element | null {
  if (bar === undefined) return null
  const x = xOf(bar.from)
  return <line class="here" x1={x} x2={x} y1={axisHeight - 4} y2={bottom} />
}

function crowdPath(row: readonly Bar[], xOf: (x: number) => number, y: number): string {
  const outline = ({ from, to }: Span): string => `M${from.toFixed(1)},${y + 2}H${to.toFixed(1)}V${y + 2 + barHeight}H${from.toFixed(1)}z`
  return merged(row.map((bar) => ({ from: xOf(bar.from), to: xOf(bar.to) })))
    .map(outline)
    .join('')
}

function linePath(points: BarLayout['points'], xOf: (x: number) => number, yOf: (row: number) => number, { width, height }: Sight): string {
  let path = ''
  let isDown = false
  for (const [i, { x, row }] of points.entries()) {
    const next = points[i + 1]
    if (next === undefined) break
    const [x1, x2, y1, y2] = [xOf(x), xOf(next.x), yOf(row), yOf(next.row)]
    const isSeen = Math.max(x1, x2) >= 0 && Math.min(x1, x2) <= width && Math.max(y1, y2) >= 0 && Math.min(y1, y2) <= height
    if (isSeen) path += `${isDown ? '' : `M${x1.toFixed(1)},${y1}`}L${x2.toFixed(1)},${y2}`
    isDown = isSeen
  }
  return path
}

/** As many as do not overlap, and are not cut off at the right. */
function ticksInSight(
  { ticks }: BarLayout,
  from: number,
  to: number,
  zoom: number,
  since: number | null,
): readonly { readonly x: number; readonly text: string }[] {
  const start = since ?? ticks[0]?.time ?? 0
  let last = Number.NEGATIVE_INFINITY
  return ticks.flatMap(({ x, time }) => {
    if (x - last < 90 / zoom) return []
    last = x
    const text = timeText(time - start)
    return x >= from && x + textPixels(text) / zoom <= to ? [{ x, text }] : []
  })
}
