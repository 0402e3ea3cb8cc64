/**
 * Operations as bars in rows of processes, with the order that explains them drawn through. However large, only what is in sight is
 * drawn: a picture as large as its window stays in place while an empty one as large as the whole scrolls beneath it.
 */
import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { axisHeight, BarsPart, type Marks, namesWidth, right, rowHeight } from './bars-part.tsx'
import { useSight } from './in-sight.ts'
import type { Bar, BarLayout } from './layout.ts'
import { barsBetween, barsById, barsByRow } from './search.ts'

export const farSentence =
  'Only what is in sight is drawn: the rest follows as you scroll. Where that is too much to tell apart, labels and the line are left out: zoom in.'

interface Properties extends Marks {
  readonly layout: BarLayout
  /** Pixels of the picture for each of the layout. */
  readonly zoom: number
  readonly label: string
  readonly onChoose: (id: number) => void
  /** Null: the mouse is on none. */
  readonly onHover: (id: number | null) => void
  /** Told when it is known, and when it changes: the zoom that shows everything. */
  readonly onWhole: (zoom: number) => void
}

export function BarsPicture(properties: Properties): JSX.Element {
  const { layout, zoom, chosen, label, onChoose, onHover, onWhole } = properties
  const box = useRef<HTMLElement>(null)
  const sight = useSight(box)
  const byRow = useMemo(() => barsByRow(layout), [layout])
  const byId = useMemo(() => barsById(layout), [layout])
  const width = namesWidth + Math.ceil(layout.width * zoom) + right
  const height = axisHeight + layout.rows.length * rowHeight + 8
  useEffect(() => onWhole(Math.max(1e-4, (sight.width - namesWidth - right) / layout.width)), [sight.width, layout])
  useKeptMiddle(box, zoom)
  const bar = chosen === null ? undefined : byId.get(chosen)
  useEffect(() => {
    if (box.current !== null && bar !== undefined) scrollTo(box.current, bar, zoom)
  }, [bar])
  const at = (event: MouseEvent): number | null => {
    const frame = box.current?.getBoundingClientRect()
    if (frame === undefined) return null
    const x = event.clientX - frame.left - namesWidth
    const y = event.clientY - frame.top - axisHeight
    if (x < 0 || y < 0) return null
    const inLayout = (x + sight.x) / zoom
    const [hit] = barsBetween(byRow[Math.floor((y + sight.y) / rowHeight)] ?? [], inLayout - 1 / zoom, inLayout + 1 / zoom)
    return hit?.item.id ?? null
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
    <section class="bars-place on-screen" ref={box} tabIndex={0} aria-label={label}>
      <div class="wide">
        <svg class="room" width={width} height={height} aria-hidden="true" />
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys and buttons reach every operation, too */}
        <svg
          class="bars"
          width={Math.min(width, sight.width)}
          height={Math.min(height, Math.max(sight.height, axisHeight + rowHeight))}
          role="img"
          aria-label={`${layout.bars.length} bars in ${layout.rows.length} rows`}
          onClick={(event) => {
            const hit = at(event)
            if (hit !== null) onChoose(hit)
          }}
          onMouseMove={(event) => onHover(at(event))}
          onMouseLeave={() => onHover(null)}
        >
          <BarsPart {...properties} sight={sight} byRow={byRow} byId={byId} />
        </svg>
      </div>
    </section>
  )
}

function scrollTo(element: HTMLElement, { row, from, to, item }: Bar, zoom: number): void {
  const [x, end] = [from * zoom, item.return === null ? from * zoom + 80 : to * zoom]
  const seen = element.clientWidth - namesWidth
  if (x < element.scrollLeft || end > element.scrollLeft + seen) element.scrollLeft = Math.max(0, Math.min(x - 40, (x + end - seen) / 2))
  const y = row * rowHeight
  const high = element.clientHeight - axisHeight
  if (y < element.scrollTop || y + rowHeight > element.scrollTop + high) element.scrollTop = y - high / 2
}

/** What is in the middle stays there while the zoom changes. */
function useKeptMiddle(box: { readonly current: HTMLElement | null }, zoom: number): void {
  const last = useRef(zoom)
  useLayoutEffect(() => {
    const element = box.current
    if (element === null || last.current === zoom) return
    const half = (element.clientWidth - namesWidth) / 2
    element.scrollLeft = ((element.scrollLeft + half) / last.current) * zoom - half
    last.current = zoom
  }, [zoom])
}
