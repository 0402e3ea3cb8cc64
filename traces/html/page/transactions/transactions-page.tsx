/** Transactions: what is wrong in sentences, the cycle as a graph with the reason of each edge, and all of them in time. */
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { ReportHeader, TransactionBar, TransactionsView } from '../../document.ts'
import { BarsPicture, farSentence } from '../bars/bars.tsx'
import { type BarItem, layOutBars } from '../bars/layout.ts'
import { shortened } from '../bars/text.ts'
import { ChoiceButtons, useBarChoice } from '../bars/use-bar-choice.tsx'
import { barDrawings, PrintedBars } from '../bars/whole-bars.tsx'
import { useZoom, ZoomButtons, zoomKeys } from '../bars/zoom.tsx'
import { toneSigns } from '../header.tsx'
import { SavePicture } from '../picture/save-picture.tsx'
import { usePlace } from '../place.ts'
import { useKeys } from '../use-keys.ts'
import { usePrinting } from '../use-printing.ts'
import { CycleGraph, edgeName } from './cycle-graph.tsx'

const labelMax = 48
/** A graph of more transactions takes the whole width. */
const besideMax = 4
const noOrder: readonly number[] = []

interface Properties {
  readonly view: TransactionsView
  readonly header: ReportHeader
}

export function TransactionsPage({ view, header }: Properties): JSX.Element {
  const { tone, sentence, explanation, transactions, edges, notes } = view
  const [place, go] = usePlace()
  const cast = useMemo(() => castOf(view), [view])
  const edge = place.edge !== null && place.edge < edges.length ? place.edge : null
  const toEdge = (next: number): void => {
    const index = (next + edges.length) % edges.length
    go({ edge: index, operation: edges[index]?.from ?? null })
  }
  useKeys(edges.length === 0 ? {} : { j: () => toEdge((edge ?? -1) + 1), k: () => toEdge((edge ?? edges.length) - 1) })
  const saved = { name: `${header.title} ${view.level}`, title: `${header.title}: ${sentence}` }
  const names = new Map(transactions.map(({ id, name }) => [id, name ?? String(id)]))
  return (
    <div class="transactions">
      <p class={`oracle ${tone}`}>
        <span class="sign" role="img" aria-label={toneSigns[tone].word}>
          {toneSigns[tone].sign}
        </span>{' '}
        <bdi>{sentence}</bdi>
      </p>
      {explanation.length > 0 && (
        <section aria-label="proof">
          <h2>Why</h2>
          <ul class="proof">
            {explanation.map((line, i) => (
              <li key={`${i} ${line}`} class={`depth-${Math.min(4, Math.floor((line.length - line.trimStart().length) / 2))}`}>
                <bdi>{line.trim()}</bdi>
              </li>
            ))}
          </ul>
        </section>
      )}
      {edges.length > 0 && (
        <div class={`graph-and-edges${cast.length > besideMax ? ' large' : ''}`}>
          <CycleGraph {...saved} transactions={cast} edges={edges} edge={edge} onEdge={toEdge} />
          <section aria-label="dependencies">
            <h2>Dependencies</h2>
            <ol class="edges">
              {edges.map((one, i) => (
                <li key={`${i} ${one.reason}`}>
                  <button type="button" aria-pressed={i === edge} onClick={() => toEdge(i)}>
                    {one.isProof ? (
                      <strong>{`${names.get(one.from)} → ${names.get(one.to)}`}</strong>
                    ) : (
                      `${names.get(one.from)} → ${names.get(one.to)}`
                    )}{' '}
                    <code class={`kind ${one.kind}`}>
                      <bdi>{edgeName(one)}</bdi>
                    </code>{' '}
                    <bdi>{one.reason}</bdi>
                    {one.isProof ? '' : ' (not part of the proof)'}
                  </button>
                </li>
              ))}
            </ol>
            <p class="faint">
              Thick: they contradict each other. ww: overwrites what the other wrote; wr: reads what it wrote; rw: overwrites what it read.
              j and k go from one to the next.
            </p>
          </section>
        </div>
      )}
      {transactions.length > 0 && <Timeline {...saved} view={view} edge={edge} />}
      {notes.map((note) => (
        <p key={note} class="faint">
          <bdi>{note}</bdi>
        </p>
      ))}
    </div>
  )
}

/** Those that the proof speaks of: on the cycle in its order, and then the others. */
function castOf({ transactions, edges }: TransactionsView): readonly TransactionBar[] {
  const byId = new Map(transactions.map((transaction) => [transaction.id, transaction]))
  const round = edges.filter(({ isProof }) => isProof).map(({ from }) => from)
  const named = transactions.filter(({ name }) => name !== null).map(({ id }) => id)
  return [...new Set([...round, ...named])].flatMap((id) => byId.get(id) ?? [])
}

interface TimelineProperties {
  readonly view: TransactionsView
  readonly edge: number | null
  /** Of the file of a picture. */
  readonly name: string
  readonly title: string
}

function Timeline({ view: { transactions, edges, hasTimes }, edge, name, title }: TimelineProperties): JSX.Element {
  const [place, go] = usePlace()
  const items = useMemo(() => transactions.map(itemOf), [transactions])
  const layout = useMemo(() => layOutBars(items, noOrder), [items])
  const zoom = useZoom(layout.width)
  const isPrinting = usePrinting()
  const chosenEdge = edge === null ? undefined : edges[edge]
  const core = useMemo(
    () =>
      new Set(
        chosenEdge === undefined ? transactions.flatMap(({ id, name }) => (name === null ? [] : [id])) : [chosenEdge.from, chosenEdge.to],
      ),
    [transactions, chosenEdge],
  )
  const first = transactions.find(({ name }) => name !== null) ?? transactions[0]
  const choose = (operation: number): void => go({ operation })
  const choice = useBarChoice({ bars: transactions, layout, asked: place.operation, first: first?.id ?? null, choose })
  useKeys({ ...choice.keys, ...zoomKeys(zoom) })
  const shown = transactions[choice.shown]
  const marks = { chosen: choice.chosen, core, failing: null }
  return (
    <section aria-label="transactions in time">
      <h2>In time</h2>
      <div class="controls">
        <ChoiceButtons choice={choice} what="transaction" />
        <ZoomButtons zoom={zoom} />
      </div>
      <div class="picture-and-details">
        <div>
          <BarsPicture
            layout={layout}
            zoom={zoom.zoom}
            {...marks}
            label="transactions from beginning to end"
            onChoose={choose}
            onHover={choice.hover}
            onWhole={zoom.onWhole}
          />
          {isPrinting && <PrintedBars items={items} order={noOrder} marks={marks} what="transactions" />}
        </div>
        {shown !== undefined && <TransactionDetails transaction={shown} hasTimes={hasTimes} />}
      </div>
      <p class="faint legend">
        Time goes to the right, but warped, so that labels fit. Heavy outlines:{' '}
        {chosenEdge === undefined ? 'those that the proof speaks of' : 'the two of the chosen dependency'}. Dashed, and open at the right:
        nobody saw it end.
        {transactions.length > 1000 && ` ${farSentence}`}
      </p>
      <SavePicture name={`${name} in time`} title={title} style="bars" drawings={barDrawings({ layout, marks, what: 'transactions' })} />
    </section>
  )
}

function itemOf({ id, name, process, operations, status, call, return: end }: TransactionBar): BarItem {
  const fate = status === 'committed' ? '' : ` (${status})`
  return {
    id,
    process,
    label: `${name === null ? '' : `${name}: `}${shortened(operations.join(', ') || 'nothing', labelMax)}${fate}`,
    call,
    return: end,
    callTime: null,
    returnTime: null,
  }
}

interface DetailsProperties {
  readonly transaction: TransactionBar
  readonly hasTimes: boolean
}

function TransactionDetails({ transaction, hasTimes }: DetailsProperties): JSX.Element {
  const { name, process, operations, status, call, return: end } = transaction
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
    <section class="beside details" tabIndex={0} aria-label="transaction">
      <div role="status">
        <h2>
          {name ?? 'Transaction'} <span class="faint">of process {process}</span>
        </h2>
        <p>
          {status}
          {hasTimes && `; from event ${call} ${end === null ? 'on' : `to event ${end}`}`}
        </p>
        <ol class="steps">
          {operations.map((operation, i) => (
            <li key={`${i} ${operation}`}>
              <code>
                <bdi>{operation}</bdi>
              </code>
            </li>
          ))}
        </ol>
      </div>
    </section>
  )
}
