/** The diagram apart from the page: every step, with room for its text, in pictures and on paper. */
import type { JSX } from 'preact'
import type { TraceView } from '../../document.ts'
import { around } from '../around.ts'
import { pngHeight } from '../picture/png-size.ts'
import type { Drawing } from '../picture/save-picture.tsx'
import { cutHeight, Diagram, DiagramHead, diagramSize, headHeight, letterWidth, rowHeight, textStart } from './diagram.tsx'
import { everyRow, type Row } from './rows.ts'

const widthMin = 640
const widthMax = 1600
/** Pictures of more rows take too long to draw. */
const rowsMax = 20_000
/** Of more rows those around the step that is looked at are printed. */
export const printedMax = 2000
/** Rows that stay together on a page. */
const together = 5

type View = Omit<TraceView, 'exports'>

/** All of it, and as much as a PNG can hold around a step. */
export function drawingsOf(view: View, step: number): readonly [Drawing, ...Drawing[]] {
  const rows = everyRow(view.steps)
  const width = widthOf(view)
  const small = Math.floor((pngHeight(width) - headHeight) / rowHeight) - 2
  return [drawing(view, rows, step, width, rowsMax), drawing(view, rows, step, width, small)]
}

/** As wide as the longest text, within bounds. */
function widthOf(view: View): number {
  const texts = view.steps.map(({ text }) => text.length)
  const messages = new Map(view.messages.map(({ ended, text }) => [ended, text.length + 1]))
  const longest = texts.reduce((most, length, i) => Math.max(most, length + (messages.get(i + 1) ?? 0)), 0)
  return Math.ceil(Math.min(widthMax, Math.max(widthMin, textStart(view.lanes.length) + (longest + 2) * letterWidth)))
}

function drawing(view: View, rows: readonly Row[], step: number, wanted: number, most: number): Drawing {
  const { from, to } = around(rows.length, step, most)
  const { width } = diagramSize(view, rows, wanted)
  return {
    width,
    height: headHeight + cutHeight(view, rows, from, to),
    part: to - from + 1 === rows.length ? null : `${partText(from, to)}, around the one that is looked at`,
    draw: () => (
      <>
        <DiagramHead lanes={view.lanes} width={width} />
        <g transform={`translate(0 ${headHeight})`}>
          <Diagram view={view} rows={rows} step={step} compared={null} from={from} to={to} isCut width={width} />
        </g>
      </>
    ),
  }
}

function partText(from: number, to: number): string {
  return `the states after steps ${from.toLocaleString('en')} to ${to.toLocaleString('en')}`
}

/** The diagram on paper: the names of the lanes on every page, and no row cut by the end of one. */
export function PrintedDiagram({ view, step }: { readonly view: View; readonly step: number }): JSX.Element {
  const rows = everyRow(view.steps)
  const { width } = diagramSize(view, rows, widthOf(view))
  const { from, to } = around(rows.length, step, printedMax)
  const starts = Array.from({ length: Math.ceil((to - from + 1) / together) }, (_, i) => from + i * together)
  return (
    <>
      {to - from + 1 < rows.length && (
        <p>
          Of {view.steps.length.toLocaleString('en')} steps, {partText(from, to)} are on this paper: those around step{' '}
          {step.toLocaleString('en')}.
        </p>
      )}
      <table class="printed">
        <thead>
          <tr>
            <td>
              <DiagramHead lanes={view.lanes} width={width} />
            </td>
          </tr>
        </thead>
        <tbody>
          {starts.map((start) => (
            <tr key={start}>
              <td>
                <Diagram
                  view={view}
                  rows={rows}
                  step={step}
                  compared={null}
                  from={start}
                  to={Math.min(to, start + together - 1)}
                  isCut
                  width={width}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
