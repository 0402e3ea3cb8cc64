/**
 * Draws recorded operations for a terminal or a bug report: one lane a process, each operation a bar from its call to its
 * return, time from left to right. Never wider than asked, and readable without colour.
 */
import type { Operation } from '../../properties/operation.ts'
import { operationText, shortened } from '../../properties/operation-text.ts'
import { paint, type Rich, type Style, span, textWidth, visible } from '../text.ts'
import { type Band, type Bar, isOpen, layOut } from './picture-layout.ts'
import { whole, wrapWhole } from './picture-text.ts'

export interface OperationsOptions {
  /** Columns that the picture may take; 80 by default. */
  readonly width?: number
  /** Whether to colour; the picture says the same without. */
  readonly colours: boolean
  /** Ids of the operations that fail, marked with `✗`. */
  readonly mark?: ReadonlySet<number>
  /** Ids of the operations that matter, drawn heavier than the others; all of them by default. */
  readonly core?: ReadonlySet<number>
}

/** The least width that pictures are drawn in. */
export const widthMin = 40

/** The picture, ready to print; empty where there are no operations. */
export function showOperations(operations: readonly Operation[], options: OperationsOptions): string {
  return operationRows(operations, options)
    .map((line) => `${paint(line, options.colours)}\n`)
    .join('')
}

/** The same as lines, with what the signs in it mean. */
export function operationRows(operations: readonly Operation[], { width: asked = 80, mark = new Set(), core }: OperationsOptions): Rich[] {
  if (operations.length === 0) return []
  const width = Math.max(asked, widthMin)
  const names = new Map(
    operations.map(({ process }) => [process, fitted(nameOf(process), Math.max(heading.length, Math.floor(width / 6)))]),
  )
  const margin = Math.max(heading.length, ...[...names.values()].map(textWidth))
  const differs = operations.some(({ id }) => core !== undefined && !core.has(id))
  const drawing: Drawing = {
    name: (process) => names.get(process) ?? '',
    margin,
    width,
    mark,
    heavy: (id) => differs && (mark.has(id) || core?.has(id) === true),
    light: (id) => differs && !mark.has(id) && core?.has(id) !== true,
    label: (operation) => operationText(operation),
  }
  const { bands, label } = fittedBands(operations, width - margin - gap, drawing)
  const rows = bands.flatMap((band, i) => [...(i === 0 ? [] : [[]]), ...bandRows(band, { ...drawing, label })])
  return [[span(`${heading.padStart(margin)}${' '.repeat(gap)}time →`, 'dim')], ...rows, ...legend(bands, drawing)]
}

const heading = 'process'
const gap = 2

interface Drawing {
  readonly name: (process: Operation['process']) => string
  readonly margin: number
  readonly width: number
  readonly mark: ReadonlySet<number>
  readonly heavy: (id: number) => boolean
  readonly light: (id: number) => boolean
  readonly label: (operation: Operation) => string
}

/** One part with the longest labels that fit into one; else several, with labels of middling length. */
function fittedBands(
  operations: readonly Operation[],
  columns: number,
  { mark }: Drawing,
): { readonly bands: Band[]; readonly label: Drawing['label'] } {
  const longest = columns - openExtra - bandExtra
  for (const labelMax of [60, 40, 28, 20]) {
    const tried = attempt(Math.min(labelMax, longest))
    if (tried.bands.length === 1) return tried
  }
  return attempt(Math.min(32, longest))

  function attempt(labelMax: number): { bands: Band[]; label: Drawing['label'] } {
    const labels = new Map(operations.map((operation) => [operation, labelOf(operation, mark.has(operation.id), labelMax)]))
    const label: Drawing['label'] = (operation) => labels.get(operation) ?? ''
    const bands = layOut(operations, columns, (operation) => textWidth(label(operation)) + (isOpen(operation) ? openExtra : returnedExtra))
    return { bands, label }
  }
}

/** Columns of a bar beside its label: `├─ label ─┤` and `├─ label ╌╌ ?`; and of a part, where bars begin at its edge or go on. */
const returnedExtra = 6
const openExtra = 8
const bandExtra = 3

function labelOf(operation: Operation, marked: boolean, columns: number): string {
  const sign = marked ? '✗ ' : ''
  return `${sign}${fitted((width) => operationText(operation, width), columns - sign.length)}`
}

/** The longest version of a text that takes at most so many columns; wide characters take two. */
function fitted(text: string | ((characters: number) => string), columns: number): string {
  const version = typeof text === 'string' ? (characters: number) => shortened(text, characters) : text
  let characters = columns
  while (textWidth(version(characters)) > columns) characters--
  return version(characters)
}

function bandRows({ lanes, stillOpen }: Band, drawing: Drawing): Rich[] {
  const { name, margin, width } = drawing
  const rows = lanes.map(({ process, bars }): Rich => {
    const line = [span(padded(name(process), margin), 'bold'), span(' '.repeat(gap))]
    let column = 0
    for (const bar of bars) {
      line.push(span(' '.repeat(bar.from - column)), span(drawn(bar, drawing), styleOf(bar, drawing)))
      column = bar.to + 1
    }
    return line
  })
  if (stillOpen.length === 0) return rows
  const texts = stillOpen.slice(0, stillOpenMax).map((operation) => whole(`${operationText(operation, 24)} (${name(operation.process)})`))
  const more = stillOpen.length > stillOpenMax ? ` and ${stillOpen.length - stillOpenMax} more` : ''
  const note = wrapWhole([span(`still open: ${texts.join(', ')}${more}`, 'dim')], { width: width - margin - gap, indent: 2, linesMax: 3 })
  return [...rows, ...note.map((line): Rich => [span(' '.repeat(margin + gap)), ...line])]
}

const stillOpenMax = 6

function drawn({ operation, from, to, begun, continues }: Bar, { heavy, label }: Drawing): string {
  const [start, end, line, dashed] = heavy(operation.id) ? '┣┫━╍' : '├┤─╌'
  const open = isOpen(operation)
  const left = `${begun ? '…' : start}${line} ${label(operation)} `
  const right = open ? ' ?' : continues ? '…' : (end ?? '')
  return `${left}${(open ? dashed : line)?.repeat(to - from + 1 - textWidth(left) - right.length)}${right}`
}

function styleOf({ operation: { id } }: Bar, { mark, light }: Drawing): Style | undefined {
  return mark.has(id) ? ['bold', 'red'] : light(id) ? 'dim' : undefined
}

/** What the signs mean that are in the picture. */
function legend(bands: readonly Band[], { mark, heavy, width }: Drawing): Rich[] {
  const bars = bands.flatMap(({ lanes }) => lanes.flatMap((lane) => lane.bars))
  const signs: readonly (readonly [string, (bar: Bar) => boolean])[] = [
    ['✗ cannot be explained', ({ operation }) => mark.has(operation.id)],
    ['━ matters', ({ operation }) => heavy(operation.id)],
    ['? never returned', ({ operation }) => isOpen(operation)],
    ['… goes on in the next part', ({ continues }) => continues],
  ]
  const shown = signs.filter(([, isShown]) => bars.some(isShown)).map(([meaning]) => meaning)
  return shown.length === 0 ? [] : [[], ...wrapWhole([span(shown.map(whole).join('   '), 'dim')], { width })]
}

function nameOf(process: Operation['process']): string {
  return visible(String(process))
}

function padded(text: string, columns: number): string {
  return `${' '.repeat(Math.max(0, columns - textWidth(text)))}${text}`
}
