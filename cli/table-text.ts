/** A model's table for people: words under headings, as wide as the terminal; and the same in Markdown. */
import groupBy from 'lodash/groupBy.js'
import type { TableCell, TableResult } from '../checker/index.ts'
import { paint, type Rich, type Style, span, textWidth, trimEnd, visible, wrap } from '../traces/text.ts'
import { elapsed, plural } from './quantities.ts'
import { reproduceCommand } from './reproduce.ts'
import { type Printing, verdictMarks } from './summary.ts'

/** The table, what its columns ask, and whether each cell says what it should. */
export function tableText(result: TableResult, modelName: string, { width, colour }: Printing): string {
  const { model, table, about, source, columns, cells, searches, distinct, seconds } = result
  const title = wrap([span(`${model}, ${table}`, 'bold'), span(`: ${visible(about)}`)], { width, indent: 2 })
  const from = source === '' ? [] : wrap([span('  source  ', 'dim'), span(visible(source))], { width, indent: 10 })
  const margin = Math.min(Math.max(...columns.map(({ name }) => textWidth(visible(name)))), 24) + gap
  const legend = columns.flatMap(({ name, property, sentence }) =>
    wrap([span(`${visible(name).padEnd(margin - gap)}${' '.repeat(gap)}`, 'dim'), span(`${property}: ${visible(sentence)}`)], {
      width,
      indent: margin,
    }),
  )
  const searched = `${plural(searches, 'search', 'searches')} of ${plural(distinct, 'state')}`
  const cost = wrap([span(`${plural(cells.length, 'cell')} by ${searched}, ${elapsed(seconds)}`)], { width, indent: 2 })
  const lines = [...title, ...from, [], ...grid(result, width), [], ...legend, [], ...cost, [], ...verdict(result, modelName, width)]
  return `${lines.map((line) => paint(trimEnd(line), colour)).join('\n')}\n`
}

export function tableMarkdown({ rows, columns, cells }: TableResult): string {
  const line = (texts: readonly string[]): string => `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`
  const head = [line(['', ...columns.map(({ name }) => name)]), `|${'---|'.repeat(columns.length + 1)}`]
  const body = rows.map((row) => line([row.name, ...columns.map((column) => wordOf(cellAt(cells, row.name, column.name)).text)]))
  return `${[...head, ...body].join('\n')}\n`
}

interface Word {
  readonly text: string
  readonly style?: Style
}

function cellAt(cells: readonly TableCell[], row: string, column: string): TableCell | undefined {
  return cells.find((cell) => cell.row === row && cell.column === column)
}

/** What differs from what is expected stands out, also without colour. */
function wordOf(cell: TableCell | undefined): Word {
  if (cell === undefined) return { text: '-', style: 'dim' }
  if (cell.word === null) return { text: `${verdictMarks.inconclusive.mark} ${cell.verdict}`, style: verdictMarks.inconclusive.style }
  if (cell.word !== cell.expected) return { text: `${verdictMarks.violated.mark} ${visible(cell.word)}`, style: ['bold', 'red'] }
  return { text: visible(cell.word) }
}

const gap = 2

/** Side by side as many columns as fit, the others below; what is too wide for its column is broken at its spaces. */
function grid({ rows, columns, cells }: TableResult, width: number): Rich[] {
  const headings = rows.map(({ name }) => visible(name))
  const margin = Math.min(Math.max(...headings.map(textWidth)), Math.floor(0.4 * width))
  const words = columns.map(({ name }) => [
    { text: visible(name), style: 'dim' } satisfies Word,
    ...rows.map((row) => wordOf(cellAt(cells, row.name, name))),
  ])
  const narrowest = words.map((column) => Math.max(...column.flatMap(({ text }) => text.split(' ').map(textWidth))))
  const widest = words.map((column) => Math.max(...column.map(({ text }) => textWidth(text))))
  const room = width - margin
  const blocks: number[][] = []
  const needs = widest.reduce((sum, each) => sum + gap + each, 0) <= room ? widest : narrowest
  for (const i of columns.keys()) {
    const block = blocks.at(-1)
    const taken = block?.reduce((sum, each) => sum + gap + (needs[each] ?? 0), gap + (needs[i] ?? 0)) ?? Number.POSITIVE_INFINITY
    if (block === undefined || taken > room) blocks.push([i])
    else block.push(i)
  }
  return blocks.flatMap((block, at) => {
    const fitted = block.map((i) => Math.max(1, Math.min(needs[i] ?? 1, room - gap)))
    const lines = ['', ...headings].flatMap((heading, row) =>
      sideBySide([{ text: heading }, ...block.map((i) => words[i]?.[row] ?? { text: '' })], [margin, ...fitted]),
    )
    return at === 0 ? lines : [[], ...lines]
  })
}

function sideBySide(texts: readonly Word[], widths: readonly number[]): Rich[] {
  const columns = texts.map(({ text, style }, i) => wrap([span(text, style)], { width: widths[i] ?? 1 }))
  const height = Math.max(...columns.map((lines) => lines.length))
  return Array.from({ length: height }, (_, at) =>
    columns.flatMap((lines, i): Rich => {
      const line = lines[at] ?? []
      const used = line.reduce((sum, { text }) => sum + textWidth(text), 0)
      return [...line, span(' '.repeat((widths[i] ?? 0) - used + gap))]
    }),
  )
}

function verdict({ verdict: found, cells }: TableResult, modelName: string, width: number): Rich[] {
  const { mark, style } = verdictMarks[found]
  const wrong = cells.filter(({ word, expected }) => word !== null && word !== expected)
  const open = cells.filter(({ word }) => word === null)
  const problems = [...wrong.flatMap((cell) => difference(cell, modelName, width)), ...doubts(open, width)]
  const of = plural(cells.length, 'cell')
  const sum = [
    ...(wrong.length > 0 ? [`${wrong.length} of ${of} not as expected`] : []),
    ...(open.length > 0 ? [`${open.length} of ${of} uncertain`] : []),
  ]
  const why = sum.length > 0 ? sum.join(', ') : `${of} as expected`
  const line = wrap([span(`${mark} ${found}`, ['bold', style]), span(`: ${why}`)], { width, indent: 2 })
  return problems.length === 0 ? line : [...problems, [], ...line]
}

/** With the commands that show how the cell came about. */
function difference(cell: TableCell, model: string, width: number): Rich[] {
  const { word, expected, property, checks } = cell
  return [
    ...wrap([span(`${place(cell)}: ${visible(word ?? '')}, where ${visible(expected)} was expected`)], { width, indent: 2 }),
    ...checks.map(({ constants, bugs }): Rich => {
      const command = reproduceCommand({ model, constants, bugs, properties: [property] })
      return [span(`  see it: ${command}`, 'dim')]
    }),
  ]
}

/** Cells of which nothing is certain, by row, for each limit. */
function doubts(open: readonly TableCell[], width: number): Rich[] {
  const reason = ({ checks }: TableCell): string => {
    const limits = [...new Set(checks.flatMap(({ limit }) => limit ?? []))]
    return limits.includes('interrupted') ? 'interrupted' : `the limit on ${limits.join(' and ')} was reached`
  }
  return Object.entries(groupBy(open, reason)).flatMap(([why, cells]) => {
    const rows = Object.entries(groupBy(cells, ({ row }) => row)).map(
      ([row, of]) => `${visible(row)} (${of.map(({ column }) => visible(column)).join(', ')})`,
    )
    return wrap([span(`${why}: ${rows.join('; ')}`)], { width, indent: 2 })
  })
}

function place({ row, column }: TableCell): string {
  return `row "${visible(row)}", column "${visible(column)}"`
}
