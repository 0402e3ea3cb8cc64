/** A history: its operations as bars, the order that explains them or the one that cannot be placed, and the states in between. */
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { HistoryObject, HistoryView, ReportHeader } from '../../document.ts'
import { BarsPicture, farSentence } from '../bars/bars.tsx'
import { type BarItem, type BarLayout, layOutBars } from '../bars/layout.ts'
import { shortened } from '../bars/text.ts'
import { ChoiceButtons, useBarChoice } from '../bars/use-bar-choice.tsx'
import { barDrawings, PrintedBars } from '../bars/whole-bars.tsx'
import { useZoom, ZoomButtons, zoomKeys } from '../bars/zoom.tsx'
import { toneSigns } from '../header.tsx'
import { SavePicture } from '../picture/save-picture.tsx'
import { usePlace } from '../place.ts'
import { useKeys } from '../use-keys.ts'
import { usePrinting } from '../use-printing.ts'
import { failingWords, OperationDetails } from './operation-details.tsx'

/** Characters of a label at most. */
const labelMax = 44

interface Properties {
  readonly view: HistoryView
  readonly header: ReportHeader
}

export function HistoryPage({ view, header }: Properties): JSX.Element {
  const { tone, sentence, objects, notes } = view
  const [place, go] = usePlace()
  const object = objects.find(({ operations }) => operations.some(({ id }) => id === place.operation)) ?? objects[0]
  return (
    <div class="history">
      <p class={`oracle ${tone}`}>
        <span class="sign" role="img" aria-label={toneSigns[tone].word}>
          {toneSigns[tone].sign}
        </span>{' '}
        <bdi>{sentence}</bdi>
      </p>
      {objects.length > 1 && object !== undefined && (
        <p class="controls">
          <label>
            key{' '}
            <select
              value={String(objects.indexOf(object))}
              onChange={(event) => {
                const next = objects[Number(event.currentTarget.value)]
                if (next !== undefined) go({ operation: firstOf(next) })
              }}
            >
              {objects.map((one, i) => (
                <option key={String(one.name)} value={String(i)}>
                  {`${one.failing === null ? '' : '✗ '}${one.name ?? '(none)'} · ${one.operations.length} operations`}
                </option>
              ))}
            </select>
          </label>
        </p>
      )}
      {object !== undefined && (
        <ObjectPicture
          key={String(object.name)}
          object={object}
          name={`${header.title} ${view.level}${object.name === null ? '' : ` ${object.name}`}`}
          title={`${header.title}${object.name === null ? '' : `, key ${object.name}`}: ${sentence}`}
          chosen={place.operation}
          onChoose={(operation) => go({ operation })}
        />
      )}
      {notes.map((note) => (
        <p key={note} class="faint">
          <bdi>{note}</bdi>
        </p>
      ))}
    </div>
  )
}

/** What is looked at where nothing is chosen. */
function firstOf({ failing, operations }: HistoryObject): number | null {
  return failing ?? operations.find(({ isCore }) => isCore)?.id ?? operations[0]?.id ?? null
}

interface ObjectProperties {
  readonly object: HistoryObject
  /** Of the file of a picture. */
  readonly name: string
  readonly title: string
  readonly chosen: number | null
  readonly onChoose: (id: number) => void
}

function ObjectPicture({ object, name, title, chosen: asked, onChoose }: ObjectProperties): JSX.Element {
  const { operations, order, failing } = object
  const items = useMemo(() => itemsOf(object), [object])
  const inOrderIds = useMemo(() => order?.places.map(({ id }) => id) ?? [], [order])
  const layout = useMemo(() => layOutBars(items, inOrderIds), [items, inOrderIds])
  const zoom = useZoom(layout.width)
  const position = useMemo(() => new Map(inOrderIds.map((id, i) => [id, i])), [inOrderIds])
  const core = useMemo(() => new Set(operations.flatMap(({ id, isCore }) => (isCore ? [id] : []))), [operations])
  const choice = useBarChoice({ bars: operations, layout, asked, first: firstOf(object), choose: onChoose })
  const { chosen, at } = choice
  const isPrinting = usePrinting()
  const inOrder = (by: 1 | -1): void => {
    const own = chosen === null ? undefined : position.get(chosen)
    // From one that has no place to the end of the order, which it cannot follow.
    const next = order?.places[own === undefined ? (order?.places.length ?? 0) - 1 : own + by]
    if (next !== undefined) onChoose(next.id)
  }
  const toFailing = (): void => {
    if (failing !== null) onChoose(failing)
  }
  const toNextThatMatters = (): void => {
    const next = operations.find(({ isCore }, i) => isCore && i > at) ?? operations.find(({ isCore }) => isCore)
    if (next !== undefined) onChoose(next.id)
  }
  useKeys({
    ...choice.keys,
    j: () => inOrder(1),
    k: () => inOrder(-1),
    v: toFailing,
    m: toNextThatMatters,
    ...zoomKeys(zoom),
  })
  const shown = operations[choice.shown]
  const marks = { chosen, core, failing }
  return (
    <>
      <div class="controls">
        <ChoiceButtons choice={choice} what="operation" />
        {failing !== null && (
          <button type="button" title="v" onClick={toFailing}>
            ✗ the failing one
          </button>
        )}
        {core.size > 0 && (
          <button type="button" title="m" onClick={toNextThatMatters}>
            next that matters
          </button>
        )}
        {order !== null && (
          <>
            <button type="button" title="k" onClick={() => inOrder(-1)}>
              back in the order
            </button>
            <button type="button" title="j" onClick={() => inOrder(1)}>
              on in the order
            </button>
          </>
        )}
        <ZoomButtons zoom={zoom} />
      </div>
      <div class="picture-and-details">
        <div>
          <BarsPicture
            layout={layout}
            zoom={zoom.zoom}
            {...marks}
            label="operations in time"
            onChoose={onChoose}
            onHover={choice.hover}
            onWhole={zoom.onWhole}
          />
          {isPrinting && <PrintedBars items={items} order={inOrderIds} marks={marks} what="operations" />}
          <Legend object={object} layout={layout} />
        </div>
        {shown !== undefined && (
          <OperationDetails operation={shown} object={object} place={order?.places[position.get(shown.id) ?? -1] ?? null} />
        )}
      </div>
      <SavePicture name={name} title={title} style="bars" drawings={barDrawings({ layout, marks, what: 'operations' })} />
    </>
  )
}

function itemsOf({ operations, failing }: HistoryObject): readonly BarItem[] {
  return operations.map(({ id, process, text, call, return: end, callTime, returnTime }) => ({
    id,
    process,
    label: `${id === failing ? '✗ ' : ''}${shortened(text, labelMax)}`,
    call,
    return: end,
    callTime,
    returnTime,
  }))
}

function Legend({ object: { order, failing, operations }, layout }: { readonly object: HistoryObject; readonly layout: BarLayout }) {
  const said = [
    'Time goes to the right, but warped, so that every label fits: only the order of calls and returns means something.',
    ...(order === null
      ? []
      : [
          `The line with points is ${order.isWhole ? 'an order that explains the history' : 'the longest order found of what comes before the operation that cannot be placed'}${layout.isInTime ? ', each operation at a moment inside its bar' : '; it need not agree with time, and its points only show which bar is meant'}.`,
        ]),
    ...(failing === null ? [] : [`✗ ${failingWords(order)}; heavy outlines are the operations that this takes.`]),
    ...(operations.some(({ return: end }) => end === null) ? ['Dashed, and open at the right: it never returned.'] : []),
    ...(operations.length > 1000 ? [farSentence] : []),
  ]
  return <p class="faint legend">{said.join(' ')}</p>
}
