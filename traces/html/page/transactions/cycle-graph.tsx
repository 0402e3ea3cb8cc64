/** Transactions that contradict each other as a graph: a box each, and an arrow for each dependency, thick for those of the proof. */
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { DependencyEdge, TransactionBar } from '../../document.ts'
import { fitted, textPixels } from '../bars/text.ts'
import { SavePicture } from '../picture/save-picture.tsx'
import { Scrolled } from '../scrolled.tsx'
import { type Arrow, arrows, type Box, onCircle } from './graph-layout.ts'

const line = 18
const widthMax = 300
/** Of an operation that proves the chosen dependency. */
const mark = '▸ '
const margin = 60

interface PictureProperties {
  readonly transactions: readonly TransactionBar[]
  readonly edges: readonly DependencyEdge[]
  /** Index of the edge that is looked at. */
  readonly edge: number | null
  readonly onEdge: (edge: number) => void
}

interface Properties extends PictureProperties {
  /** Of the file of a picture. */
  readonly name: string
  readonly title: string
}

export function CycleGraph({ name, title, ...properties }: Properties): JSX.Element {
  const { transactions, edges } = properties
  const graph = useMemo(() => graphOf(transactions, edges), [transactions, edges])
  const { width, height } = graph.frame
  const drawing = { width, height, part: null, draw: () => <Cycle {...properties} graph={graph} /> }
  return (
    <div class="cycle-place">
      <Scrolled label="graph of dependencies">
        <Cycle {...properties} graph={graph} />
      </Scrolled>
      <SavePicture name={`${name} cycle`} title={title} style="cycle" drawings={[drawing]} />
    </div>
  )
}

interface Graph {
  readonly boxes: readonly Box[]
  readonly curves: readonly Arrow[]
  readonly frame: Box
}

function graphOf(transactions: readonly TransactionBar[], edges: readonly DependencyEdge[]): Graph {
  const boxes = onCircle(transactions.map(sizeOf))
  const index = new Map(transactions.map(({ id }, i) => [id, i]))
  const curves = arrows(
    boxes,
    edges.map(({ from, to }) => ({ from: index.get(from) ?? 0, to: index.get(to) ?? 0 })),
  )
  return { boxes, curves, frame: frameOf(boxes, curves) }
}

function Cycle({ transactions, edges, edge, onEdge, graph }: PictureProperties & { readonly graph: Graph }): JSX.Element {
  const { boxes, curves, frame } = graph
  const chosen = edge === null ? undefined : edges[edge]
  const marked = ({ id }: TransactionBar): ReadonlySet<number | null> =>
    new Set([...(chosen?.from === id ? [chosen.fromOperation] : []), ...(chosen?.to === id ? [chosen.toOperation] : [])])
  return (
    <svg
      class="cycle"
      width={frame.width}
      height={frame.height}
      viewBox={`${frame.x} ${frame.y} ${frame.width} ${frame.height}`}
      role="img"
      aria-label={`${transactions.length} transactions, ${edges.length} dependencies; the list of dependencies says the same`}
    >
      {edges.map((one, i) => (
        <EdgePicture key={`${i} ${one.kind}`} edge={one} curve={curves[i]} isChosen={i === edge} onChoose={() => onEdge(i)} />
      ))}
      {transactions.map((transaction, i) => (
        <BoxPicture
          key={transaction.id}
          transaction={transaction}
          box={boxes[i]}
          marked={marked(transaction)}
          isChosen={chosen !== undefined && (chosen.from === transaction.id || chosen.to === transaction.id)}
        />
      ))}
      {edges.map((one, i) => (
        <EdgeLabel key={`${i} ${one.kind}`} edge={one} curve={curves[i]} isChosen={i === edge} onChoose={() => onEdge(i)} />
      ))}
    </svg>
  )
}

function headOf({ name, process, status }: TransactionBar): string {
  return `${name ?? '?'} · process ${process}${status === 'committed' ? '' : `, ${status}`}`
}

function sizeOf(transaction: TransactionBar): { readonly width: number; readonly height: number } {
  const widest = Math.max(...[headOf(transaction), ...transaction.operations.map((operation) => mark + operation)].map(textPixels))
  return { width: Math.min(widthMax, widest + 24), height: line * (transaction.operations.length + 1) + 12 }
}

interface BoxProperties {
  readonly transaction: TransactionBar
  readonly box: Box | undefined
  /** Indexes of operations. */
  readonly marked: ReadonlySet<number | null>
  readonly isChosen: boolean
}

function BoxPicture({ transaction, box, marked, isChosen }: BoxProperties): JSX.Element | null {
  if (box === undefined) return null
  const [left, top] = [box.x - box.width / 2, box.y - box.height / 2]
  return (
    <g class={`transaction${isChosen ? ' chosen' : ''}`}>
      <rect class="frame" x={left} y={top} width={box.width} height={box.height} rx="5" />
      <text class="head" x={left + 12} y={top + 18}>
        {fitted(headOf(transaction), box.width - 20)}
        <title>{headOf(transaction)}</title>
      </text>
      {transaction.operations.map((operation, i) => (
        <g key={`${i} ${operation}`} class={marked.has(i) ? 'marked' : ''}>
          {marked.has(i) && <rect x={left + 4} y={top + line * (i + 1) + 5} width={box.width - 8} height={line} rx="3" />}
          <text x={left + 12} y={top + line * (i + 2)}>
            {fitted(`${marked.has(i) ? mark : ''}${operation}`, box.width - 20)}
            <title>{operation}</title>
          </text>
        </g>
      ))}
    </g>
  )
}

interface EdgeProperties {
  readonly edge: DependencyEdge
  readonly curve: Arrow | undefined
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function classOf({ kind, isProof }: DependencyEdge, isChosen: boolean): string {
  return `edge ${kind}${isProof ? ' proof' : ''}${isChosen ? ' chosen' : ''}`
}

function EdgePicture({ edge, curve, isChosen, onChoose }: EdgeProperties): JSX.Element | null {
  if (curve === undefined) return null
  const { from, bend, to } = curve
  const angle = Math.atan2(to.y - bend.y, to.x - bend.x)
  const size = edge.isProof ? 15 : 10
  const corner = (by: number): string => `${to.x - size * Math.cos(angle + by)},${to.y - size * Math.sin(angle + by)}`
  const path = `M${from.x},${from.y} Q${bend.x},${bend.y} ${to.x - (size - 3) * Math.cos(angle)},${to.y - (size - 3) * Math.sin(angle)}`
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the list of dependencies does the same
    <g class={classOf(edge, isChosen)} onClick={onChoose}>
      <path class="wide-target" d={path} />
      <path class="line" d={path} />
      <path class="head" d={`M${to.x},${to.y} L${corner(0.42)} L${corner(-0.42)} z`} />
    </g>
  )
}

function EdgeLabel({ edge, curve, isChosen, onChoose }: EdgeProperties): JSX.Element | null {
  if (curve === undefined) return null
  const label = fitted(edgeName(edge), 200)
  const width = textPixels(label) + 12
  const { x, y } = curve.middle
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the list of dependencies does the same
    <g class={`${classOf(edge, isChosen)} edge-label`} onClick={onChoose}>
      <rect x={x - width / 2} y={y - 11} width={width} height="22" rx="4" />
      <text x={x} y={y + 5} text-anchor="middle">
        {label}
        <title>{edge.reason}</title>
      </text>
    </g>
  )
}

/** `rw x`, `real-time` */
export function edgeName({ kind, key }: DependencyEdge): string {
  return key === null ? kind : `${kind} ${key}`
}

function frameOf(boxes: readonly Box[], curves: readonly Arrow[]): Box {
  const xs = [...boxes.flatMap(({ x, width }) => [x - width / 2, x + width / 2]), ...curves.map(({ middle }) => middle.x)]
  const ys = [...boxes.flatMap(({ y, height }) => [y - height / 2, y + height / 2]), ...curves.map(({ middle }) => middle.y)]
  const [left, top] = [Math.min(0, ...xs) - margin, Math.min(0, ...ys) - margin / 2]
  return { x: left, y: top, width: Math.max(0, ...xs) + margin - left, height: Math.max(0, ...ys) + margin / 2 - top }
}
