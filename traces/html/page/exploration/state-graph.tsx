/** A graph of states to look around in: moved by dragging or arrow keys, zoomed by the wheel, buttons or + and -. */
import type { JSX } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import type { StateGraph } from '../../document.ts'
import { type Drawing, SavePicture } from '../picture/save-picture.tsx'
import { useKeys } from '../use-keys.ts'
import { usePrinting } from '../use-printing.ts'
import { layOut, type Placed } from './layout.ts'

interface Size {
  readonly width: number
  readonly height: number
}

interface Window {
  readonly x: number
  readonly y: number
  readonly width: number
}

const ratio = 0.55
/** Of what is in sight, saved. */
const savedWidth = 1200
/** So that a title fits. */
const savedWidthMin = 640

interface Properties {
  readonly graph: StateGraph
  /** Of the file of a picture. */
  readonly name: string
  readonly title: string
}

export function StateGraphPicture({ graph, name, title }: Properties): JSX.Element {
  const isPrinting = usePrinting()
  const placed = useMemo(() => layOut(graph), [graph])
  const whole = useMemo(() => boundsOf(placed), [placed])
  const [window, setWindow] = useState(whole)
  const [chosen, choose] = useState<number | null>(
    () => (graph.nodes.find(({ isBad }) => isBad) ?? graph.nodes.find(({ isInitial }) => isInitial))?.id ?? null,
  )
  const dragged = useRef<{ x: number; y: number; window: Window } | null>(null)
  const svg = useRef<SVGSVGElement>(null)
  const zoom = (by: number): void =>
    setWindow(({ x, y, width }) => ({ x: x + (width * (1 - by)) / 2, y: y + (width * ratio * (1 - by)) / 2, width: width * by }))
  const move = (dx: number, dy: number): void => setWindow(({ x, y, width }) => ({ x: x + dx * width, y: y + dy * width, width }))
  useKeys({
    '+': () => zoom(0.8),
    '-': () => zoom(1.25),
    '0': () => setWindow(whole),
    ArrowLeft: () => move(-0.1, 0),
    ArrowRight: () => move(0.1, 0),
    ArrowUp: () => move(0, -0.1),
    ArrowDown: () => move(0, 0.1),
  })
  const show = (id: number): void => {
    choose(id)
    const at = placed[id]
    if (at !== undefined && !isInside(at, window)) setWindow(({ width }) => ({ x: at.x - width / 2, y: at.y - (width * ratio) / 2, width }))
  }
  const drawing = (box: Size & { readonly viewBox: string }, part: string | null): Drawing => ({
    ...box,
    part,
    draw: () => (
      <svg {...box} class="states" role="img" aria-label={`${graph.nodes.length} states`}>
        <States graph={graph} placed={placed} chosen={chosen} onChoose={choose} />
      </svg>
    ),
  })
  const inSight = { width: savedWidth, height: savedWidth * ratio, viewBox: boxOf(window) }
  return (
    <section aria-label="graph of states" class="graph">
      <div class="controls">
        <button type="button" aria-label="zoom in" title="+" onClick={() => zoom(0.8)}>
          +
        </button>
        <button type="button" aria-label="zoom out" title="-" onClick={() => zoom(1.25)}>
          −
        </button>
        <button type="button" title="0" onClick={() => setWindow(whole)}>
          show all
        </button>
        <span class="faint">
          {graph.isWhole ? 'all' : 'around the trace:'} {graph.nodes.length} states, {graph.edges.length} steps; ◆ initial, ✗ violating,
          thick: the trace
        </span>
      </div>
      <div class="side-by-side">
        {/* The buttons, the keys and the list of steps do what the mouse does here. */}
        <svg
          ref={svg}
          class="states"
          viewBox={boxOf(isPrinting ? whole : window)}
          role="img"
          aria-label={`${graph.nodes.length} states`}
          onWheel={(event) => {
            event.preventDefault()
            zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15)
          }}
          onPointerDown={(event) => {
            dragged.current = { x: event.clientX, y: event.clientY, window }
          }}
          onPointerUp={() => {
            dragged.current = null
          }}
          onPointerLeave={() => {
            dragged.current = null
          }}
          onPointerMove={(event) => {
            const from = dragged.current
            const size = svg.current?.clientWidth ?? 0
            if (from === null || size === 0) return
            const scale = from.window.width / size
            setWindow({
              ...from.window,
              x: from.window.x - (event.clientX - from.x) * scale,
              y: from.window.y - (event.clientY - from.y) * scale,
            })
          }}
        >
          <States graph={graph} placed={placed} chosen={chosen} onChoose={choose} />
        </svg>
        {chosen !== null && <Chosen graph={graph} chosen={chosen} onChoose={show} />}
      </div>
      <SavePicture
        name={`${name} states`}
        title={title}
        style="states"
        drawings={[drawing(savedBox(placed), null), drawing(inSight, 'what is in sight')]}
      />
    </section>
  )
}

interface StatesProperties {
  readonly graph: StateGraph
  readonly placed: readonly Placed[]
  readonly chosen: number | null
  readonly onChoose: (id: number) => void
}

function States({ graph, placed, chosen, onChoose }: StatesProperties): JSX.Element {
  const [plain, onTrace] = useMemo(() => {
    const line = (wanted: boolean): string =>
      graph.edges
        .filter(({ isOnTrace }) => isOnTrace === wanted)
        .map(({ from, to }) => edgePath(placed[from], placed[to]))
        .join('')
    return [line(false), line(true)]
  }, [graph, placed])
  return (
    <>
      <path class="edge" d={plain} />
      <path class="edge on-trace" d={onTrace} />
      {graph.nodes.map(({ id, isInitial, isOnTrace, isBad }) => {
        const { x, y } = placed[id] ?? { x: 0, y: 0 }
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the list of steps does the same
          <g
            key={id}
            class={`node${isOnTrace ? ' on-trace' : ''}${isBad ? ' bad' : ''}${id === chosen ? ' chosen' : ''}`}
            onClick={() => onChoose(id)}
          >
            {isInitial ? (
              <rect x={x - 6} y={y - 6} width="12" height="12" transform={`rotate(45 ${x} ${y})`} />
            ) : (
              <circle cx={x} cy={y} r="7" />
            )}
            {isBad && <path class="cross" d={`M${x - 4},${y - 4} l8,8 m0,-8 l-8,8`} />}
          </g>
        )
      })}
    </>
  )
}

interface ChosenProperties {
  readonly graph: StateGraph
  readonly chosen: number
  readonly onChoose: (id: number) => void
}

function Chosen({ graph, chosen, onChoose }: ChosenProperties): JSX.Element {
  const node = graph.nodes[chosen]
  const into = graph.edges.filter(({ to }) => to === chosen)
  const out = graph.edges.filter(({ from }) => from === chosen)
  const list = (title: string, edges: StateGraph['edges'], end: 'from' | 'to'): JSX.Element => (
    <>
      <h3>{title}</h3>
      <ul class="steps">
        {edges.map((edge, i) => (
          <li key={`${i} ${edge.text}`}>
            <button type="button" onClick={() => onChoose(edge[end])}>
              <bdi>{edge.text}</bdi>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
    <section class="beside" tabIndex={0} aria-label="the chosen state">
      <h2>
        State {chosen} <span class="faint">at depth {node?.depth}</span>
      </h2>
      <pre>{node?.text}</pre>
      {list('Steps from here', out, 'to')}
      {list('Steps to here', into, 'from')}
    </section>
  )
}

type Point = { readonly x: number; readonly y: number } | undefined

function edgePath(from: Point, to: Point): string {
  if (from === undefined || to === undefined) return ''
  if (from === to) return `M${from.x + 6},${from.y} c14,-14 14,14 0,4`
  // Steps that lead up or stay at a depth bend aside, or they would lie on others.
  const bend = to.y <= from.y ? 30 : 0
  return `M${from.x},${from.y}Q${(from.x + to.x) / 2 + bend},${(from.y + to.y) / 2} ${to.x},${to.y}`
}

function boxOf({ x, y, width }: Window): string {
  return `${x} ${y} ${width} ${width * ratio}`
}

type Points = readonly { readonly x: number; readonly y: number }[]

/** What is drawn, with a margin. */
function extentOf(placed: Points): Window & Size {
  const [left, right] = [Math.min(...placed.map(({ x }) => x)), Math.max(...placed.map(({ x }) => x))]
  const bottom = Math.max(...placed.map(({ y }) => y))
  return { x: left - 30, y: -30, width: right - left + 60, height: bottom + 60 }
}

/** The window that shows everything. */
function boundsOf(placed: Points): Window {
  const { x, y, width, height } = extentOf(placed)
  const wide = Math.max(width, height / ratio, 300)
  return { x: x + (width - wide) / 2, y: y + (height - wide * ratio) / 2, width: wide }
}

/** Of a picture of everything. */
function savedBox(placed: Points): Size & { readonly viewBox: string } {
  const { x, y, width, height } = extentOf(placed)
  const wide = Math.max(width, savedWidthMin)
  return { width: wide, height, viewBox: `${x + (width - wide) / 2} ${y} ${wide} ${height}` }
}

function isInside({ x, y }: { readonly x: number; readonly y: number }, window: Window): boolean {
  return x > window.x && x < window.x + window.width && y > window.y && y < window.y + window.width * ratio
}
