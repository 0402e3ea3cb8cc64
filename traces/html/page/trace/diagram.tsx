/**
 * The space-time diagram: a lane for everyone who takes part, time downwards, an arrow from where a message is sent to where it arrives (Lamport, Time,
 * Clocks and the Ordering of Events, CACM 1978, figure 1).
 */
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import type { Lane, TraceMessage, TraceStep, TraceView } from '../../document.ts'
import { type Row, rowIndex } from './rows.ts'

export const rowHeight = 26
const laneGap = 64
const left = 74
const top = 34
export const headHeight: number = top - 6
const textGap = 30
/** Of a letter of the text, about. */
export const letterWidth = 7.2
const textWidthMin = 200
/** Letters of a lane's name that there is room for. */
const nameMax = 9
/** Where the numbers of steps end. */
const numberX = 66

interface Properties {
  readonly view: Omit<TraceView, 'exports'>
  readonly rows: readonly Row[]
  /** The state that is looked at. */
  readonly step: number
  readonly compared: number | null
  /** Which rows are drawn; what is outside is as high all the same, unless the picture is cut. */
  readonly from: number
  readonly to: number
  readonly isCut?: boolean
  readonly width: number
  readonly onStep?: (step: number) => void
  readonly onOpen?: (first: number) => void
}

/** How wide and high a diagram is, in pixels, in so much width; it may take more. */
export function diagramSize(
  { lanes, loop }: Pick<TraceView, 'lanes' | 'loop'>,
  rows: readonly Row[],
  width: number,
): { readonly width: number; readonly height: number } {
  return {
    width: Math.max(width, textStart(lanes.length) + textWidthMin),
    height: top + (rows.length + (loop === null ? 0 : 1)) * rowHeight + 14,
  }
}

/** How high the rows are alone, from one to another. */
export function cutHeight({ loop }: Pick<TraceView, 'loop'>, rows: readonly Row[], from: number, to: number): number {
  const isEnd = to >= rows.length - 1
  return (Math.min(to, rows.length - 1) - from + 1 + (isEnd && loop !== null ? 1 : 0)) * rowHeight + (isEnd ? 14 : 0)
}

/** The names of the lanes, which stay in sight while the diagram is scrolled. */
export function DiagramHead({ lanes, width }: { readonly lanes: readonly Lane[]; readonly width: number }): JSX.Element {
  return (
    <svg class="diagram head" width={width} height={headHeight} viewBox={`0 0 ${width} ${headHeight}`} aria-hidden="true">
      <LaneNames lanes={lanes} />
    </svg>
  )
}

function LaneNames({ lanes }: { readonly lanes: readonly Lane[] }): JSX.Element {
  return (
    <>
      {lanes.some(({ kind }) => kind === 'node') && (
        <text class="number" x={numberX} y="18" text-anchor="end">
          node
        </text>
      )}
      {lanes.map(({ name, short, kind }, lane) => (
        <text key={`${kind} ${name}`} class="lane-name" x={laneX(lane)} y="18" text-anchor="middle">
          {name.length > nameMax ? cut(short, nameMax) : name}
          <title>{kind === 'party' ? name : `${kind} ${name}`}</title>
        </text>
      ))}
    </>
  )
}

function cut(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max - 1)}…` : text
}

export function textStart(lanes: number): number {
  return left + Math.max(1, lanes) * laneGap + textGap
}

export function Diagram(properties: Properties): JSX.Element {
  const { view, rows, step, compared, from, to, isCut = false, width } = properties
  const { height } = diagramSize(view, rows, width)
  const y0 = isCut ? top + from * rowHeight : 0
  const drawn = isCut ? cutHeight(view, rows, from, to) : height
  // What is referred to by its id must be in the same picture: another one may not be displayed.
  const id = useId()
  const index = rowIndex(rows)
  const y = (at: number): number => top + (index[at] ?? 0) * rowHeight + rowHeight / 2
  const near = ({ sent, ended }: TraceMessage): boolean => (index[ended ?? sent] ?? 0) >= from && (index[sent] ?? 0) <= to
  const selected = index[step] ?? 0
  // What a step receives says more than what it asks or answers at once.
  const told = [...view.messages].sort((a, b) => Number(b.isCall) - Number(a.isCall))
  const ended = new Map(told.map((message) => [message.ended, message]))
  const shifts = callShifts(view.messages)
  const violated = new Set(view.properties.flatMap(({ first, kind }) => (kind === 'sometimes' ? [] : [first])))
  return (
    <svg
      class="diagram"
      width={width}
      height={drawn}
      viewBox={`0 ${y0} ${width} ${drawn}`}
      role="img"
      aria-label={`${view.steps.length} steps`}
    >
      <defs>
        <marker
          id={`${id}-head`}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerUnits="userSpaceOnUse"
          markerWidth="10"
          markerHeight="10"
          orient="auto-start-reverse"
        >
          <path d="M0,0 L8,4 L0,8 z" />
        </marker>
        <pattern id={`${id}-hatch`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" class="cut-ground" />
          <line x1="0" y1="0" x2="0" y2="6" class="cut-line" />
        </pattern>
      </defs>
      <rect class="selected" x="0" y={top + selected * rowHeight} width={width} height={rowHeight} />
      {compared !== null && <rect class="compared" x="0" y={top + (index[compared] ?? 0) * rowHeight} width={width} height={rowHeight} />}
      <Partitions view={view} y={y} end={height} hatch={`url(#${id}-hatch)`} />
      <LaneNames lanes={view.lanes} />
      {view.lanes.map(({ name, kind }, lane) => (
        <line
          key={`${kind} ${name}`}
          class={`lane ${kind}`}
          x1={laneX(lane)}
          x2={laneX(lane)}
          y1={top - 6}
          y2={top + rows.length * rowHeight + 6}
        />
      ))}
      {view.messages.filter(near).map((message) => (
        <Arrow
          key={message.name}
          message={message}
          y={(at) => y(at) + (shifts.get(message.name) ?? 0)}
          isOwn={view.steps[message.sent - 1]?.lane === message.from}
          step={step}
          head={`url(#${id}-head)`}
        />
      ))}
      {rows.slice(from, to + 1).map((row, i) => (
        <RowPicture key={rowKey(row)} row={row} at={from + i} ended={ended} violated={violated} properties={properties} />
      ))}
      {view.loop !== null && (
        <Lasso loop={view.loop} y={y} steps={view.steps.length} textX={textStart(view.lanes.length)} head={`url(#${id}-head)`} />
      )}
    </svg>
  )
}

/** How much lower than the first one the other calls of a step are drawn, so that they do not cover each other. */
function callShifts(messages: readonly TraceMessage[]): ReadonlyMap<string, number> {
  const counts = new Map<number, number>()
  const shifts = new Map<string, number>()
  for (const { name, isCall, sent } of messages) {
    if (!isCall) continue
    const before = counts.get(sent) ?? 0
    counts.set(sent, before + 1)
    shifts.set(name, Math.min(before * 7, rowHeight / 2))
  }
  return shifts
}

function laneX(lane: number): number {
  return left + lane * laneGap + laneGap / 2
}

function rowKey(row: Row): string {
  return row.kind === 'start' ? '0' : row.kind === 'step' ? String(row.step) : `${row.first}-${row.last}`
}

interface RowProperties {
  readonly row: Row
  readonly at: number
  /** By the step in which it arrived or was lost. */
  readonly ended: ReadonlyMap<number | null, TraceMessage>
  /** The states in which a property is violated for the first time. */
  readonly violated: ReadonlySet<number | null>
  readonly properties: Properties
}

function RowPicture({ row, at, ended, violated, properties }: RowProperties): JSX.Element {
  const { view, width, onStep, onOpen } = properties
  const middle = top + at * rowHeight + rowHeight / 2
  const textX = textStart(view.lanes.length)
  const step = row.kind === 'step' ? view.steps[row.step - 1] : undefined
  const lane = row.kind === 'run' ? row.lane : (step?.lane ?? null)
  const message = row.kind === 'step' ? ended.get(row.step) : undefined
  const text =
    row.kind === 'start'
      ? 'initially'
      : row.kind === 'run'
        ? `${row.last - row.first + 1} steps by itself: open`
        : `${step?.text ?? ''}${message === undefined ? '' : ` ${message.text}`}`
  const isViolated = row.kind !== 'run' && violated.has(row.kind === 'start' ? 0 : row.step)
  const number = row.kind === 'start' ? '0' : row.kind === 'run' ? `${row.first}–${row.last}` : String(row.step)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse; the slider and the keys reach every step, too
    <g
      class={`row ${row.kind} ${step?.mark ?? ''}`}
      onClick={() => (row.kind === 'run' ? onOpen?.(row.first) : onStep?.(row.kind === 'start' ? 0 : row.step))}
    >
      <rect class="target" x="0" y={middle - rowHeight / 2} width={width} height={rowHeight} />
      <text class="number" x={numberX} y={middle + 4} text-anchor="end">
        {number}
      </text>
      {isViolated && (
        <text class="violation" x="8" y={middle + 5}>
          ✗<title>a property is violated here for the first time</title>
        </text>
      )}
      {lane !== null && row.kind === 'step' && <Mark x={laneX(lane)} y={middle} mark={step?.mark ?? null} />}
      {lane !== null && row.kind === 'run' && <line class="run" x1={laneX(lane)} x2={laneX(lane)} y1={middle - 11} y2={middle + 11} />}
      <text class="what" x={textX} y={middle + 4}>
        {cut(text, Math.floor((width - textX) / letterWidth))}
        <title>{text}</title>
      </text>
    </g>
  )
}

function Mark({ x, y, mark }: { readonly x: number; readonly y: number; readonly mark: TraceStep['mark'] }): JSX.Element {
  if (mark === 'crash') return <path class="event fault" d={`M${x - 5},${y - 5} l10,10 m0,-10 l-10,10`} />
  if (mark === 'timer') return <rect class="event" x={x - 5} y={y - 5} width="10" height="10" transform={`rotate(45 ${x} ${y})`} />
  return <circle class="event" cx={x} cy={y} r="5" />
}

interface ArrowProperties {
  readonly message: TraceMessage
  readonly y: (step: number) => number
  /** Whether it starts where its step is drawn. */
  readonly isOwn: boolean
  readonly step: number
  /** What it ends with. */
  readonly head: string
}

function Arrow({ message, y, isOwn, step, head }: ArrowProperties): JSX.Element {
  const { name, isCall, from, to, text, sent, ended, isLost, copyOf } = message
  const x2 = laneX(to)
  const x1 = from === null ? x2 - laneGap / 2 : laneX(from)
  const y1 = y(sent)
  const y2 = ended === null ? y1 + rowHeight : y(ended)
  const isNow = sent === step || ended === step
  const kind = isLost ? 'lost' : ended === null ? 'waiting' : 'delivered'
  // A message to oneself leaves its lane and comes back.
  const reach = laneGap * 0.4
  const path = x1 === x2 ? `M${x1},${y1} C${x1 + reach},${y1} ${x1 + reach},${y2} ${x2},${y2}` : `M${x1},${y1} L${x2},${y2}`
  const isWhole = kind === 'delivered'
  const [endX, endY] = isWhole ? [x2, y2] : x1 === x2 ? [x1 + reach, (y1 + y2) / 2] : stop(isLost)
  // What has not arrived ends between lanes: soon where it is on its way, and shortly before its receiver where it is lost.
  function stop(isNear: boolean): [number, number] {
    const short = (laneGap * 0.4) / Math.abs(x2 - x1)
    const way = isNear ? 1 - short : short
    return [x1 + (x2 - x1) * way, y1 + (y2 - y1) * way]
  }
  return (
    <g class={`message ${kind}${isNow ? ' now' : ''}`}>
      <path d={isWhole ? path : `M${x1},${y1} L${endX},${endY}`} {...(isWhole && { 'marker-end': head })} />
      {!isOwn && <circle class="source" cx={x1} cy={y1} r="3" />}
      {kind === 'waiting' && <circle class="waiting-end" cx={endX} cy={endY} r="3" />}
      {isLost && <path class="lost-end" d={`M${endX - 5},${endY - 5} l10,10 m0,-10 l-10,10`} />}
      <title>{`${isCall ? (text === '' ? 'a call' : 'at once') : name}${copyOf === null ? '' : `, a copy of ${copyOf}`}: ${text}${isLost ? ' (lost)' : ended === null ? ' (on its way)' : ''}`}</title>
    </g>
  )
}

function Partitions({
  view,
  y,
  end,
  hatch,
}: {
  readonly view: Pick<TraceView, 'partitions'>
  readonly y: (step: number) => number
  readonly end: number
  readonly hatch: string
}): JSX.Element {
  return (
    <>
      {view.partitions.flatMap(({ lanes, from, to }) =>
        lanes.map((lane) => (
          <rect
            key={`${from} ${lane}`}
            class="cut"
            fill={hatch}
            x={laneX(lane) - laneGap / 2 + 6}
            width={laneGap - 12}
            y={y(from)}
            height={(to === null ? end - 6 : y(to)) - y(from)}
          >
            <title>cut off by a partition</title>
          </rect>
        )),
      )}
    </>
  )
}

interface LassoProperties {
  readonly loop: number
  readonly steps: number
  readonly y: (step: number) => number
  readonly textX: number
  readonly head: string
}

function Lasso({ loop, steps, y, textX, head }: LassoProperties): JSX.Element {
  const [start, stop] = [y(steps), y(loop)]
  const back = loop === 0 ? 'the initial state' : `the state after step ${loop}`
  return (
    <g class="lasso">
      {loop < steps && <path d={`M36,${start} C6,${start} 6,${stop} 36,${stop}`} marker-end={head} />}
      <text x={textX} y={start + rowHeight + 4}>
        {loop === steps ? '⟲ and then nothing, for ever' : `⟲ back to ${back}, for ever`}
      </text>
    </g>
  )
}
