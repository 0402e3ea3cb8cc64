/** A history: its operations as bars, the order that explains them or the one that cannot be placed, and the states in between. */
import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { HistoryObject, HistoryView } from '../../document.ts'
import { BarsPicture, farSentence } from '../bars/bars.tsx'
import { type BarItem, type BarLayout, layOutBars } from '../bars/layout.ts'
import { barsByRow, nearestBeside } from '../bars/search.ts'
import { shortened } from '../bars/text.ts'
import { useZoom, ZoomButtons, zoomKeys } from '../bars/zoom.tsx'
import { toneSigns } from '../header.tsx'
import { usePlace } from '../place.ts'
import { useKeys } from '../use-keys.ts'
import { failingWords, OperationDetails } from './operation-details.tsx'

/** Characters of a label at most. */
const labelMax = 44

export function HistoryPage({ view }: { readonly view: HistoryView }): JSX.Element {
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
        <ObjectPicture key={String(object.name)} object={object} chosen={place.operation} onChoose={(operation) => go({ operation })} />
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
  readonly chosen: number | null
  readonly onChoose: (id: number) => void
}

function ObjectPicture({ object, chosen: asked, onChoose }: ObjectProperties): JSX.Element {
  const { operations, order, failing } = object
  const layout = useMemo(() => layoutOf(object), [object])
  const zoom = useZoom(layout.width)
  const byRow = useMemo(() => barsByRow(layout), [layout])
  const index = useMemo(() => new Map(operations.map(({ id }, i) => [id, i])), [operations])
  const position = useMemo(() => new Map(order?.places.map(({ id }, i) => [id, i])), [order])
  const core = useMemo(() => new Set(operations.flatMap(({ id, isCore }) => (isCore ? [id] : []))), [operations])
  const [hovered, hover] = useState<number | null>(null)
  const chosen = asked !== null && index.has(asked) ? asked : firstOf(object)
  const at = chosen === null ? 0 : (index.get(chosen) ?? 0)
  const toIndex = (i: number): void => {
    const next = operations[Math.max(0, Math.min(operations.length - 1, i))]
    if (next !== undefined) onChoose(next.id)
  }
  const beside = (by: 1 | -1): void => {
    const bar = layout.bars.find(({ item }) => item.id === chosen)
    const next = bar === undefined ? null : nearestBeside(byRow, bar, by)
    if (next !== null) onChoose(next.item.id)
  }
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
    ArrowRight: () => toIndex(at + 1),
    ArrowLeft: () => toIndex(at - 1),
    ArrowDown: () => beside(1),
    ArrowUp: () => beside(-1),
    j: () => inOrder(1),
    k: () => inOrder(-1),
    Home: () => toIndex(0),
    End: () => toIndex(operations.length - 1),
    v: toFailing,
    m: toNextThatMatters,
    ...zoomKeys(zoom),
  })
  const shown = operations[index.get(hovered ?? chosen ?? -1) ?? -1]
  return (
    <>
      <div class="controls">
        <button type="button" aria-label="first operation" title="Home" disabled={at === 0} onClick={() => toIndex(0)}>
          |◀
        </button>
        <button type="button" aria-label="operation before" title="←" disabled={at === 0} onClick={() => toIndex(at - 1)}>
          ◀
        </button>
        <output>
          {at + 1} of {operations.length}
        </output>
        <button type="button" aria-label="next operation" title="→" disabled={at === operations.length - 1} onClick={() => toIndex(at + 1)}>
          ▶
        </button>
        <button
          type="button"
          aria-label="last operation"
          title="End"
          disabled={at === operations.length - 1}
          onClick={() => toIndex(operations.length - 1)}
        >
          ▶|
        </button>
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
            chosen={chosen}
            core={core}
            failing={failing}
            label="operations in time"
            onChoose={onChoose}
            onHover={hover}
            onWhole={zoom.onWhole}
          />
          <Legend object={object} layout={layout} />
        </div>
        {shown !== undefined && (
          <OperationDetails operation={shown} object={object} place={order?.places[position.get(shown.id) ?? -1] ?? null} />
        )}
      </div>
    </>
  )
}

function layoutOf({ operations, order, failing }: HistoryObject): BarLayout {
  const items = operations.map(
    ({ id, process, text, call, return: end, callTime, returnTime }): BarItem => ({
      id,
      process,
      label: `${id === failing ? '✗ ' : ''}${shortened(text, labelMax)}`,
      call,
      return: end,
      callTime,
      returnTime,
    }),
  )
  return layOutBars(items, order?.places.map(({ id }) => id) ?? [])
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
