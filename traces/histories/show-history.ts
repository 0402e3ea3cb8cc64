/**
 * Shows what an oracle says of a history: the verdict, and the evidence for it. Of a violation, the operations that matter as
 * a picture and why the one that is marked cannot be explained. Never wider than asked, and readable without colour.
 */
import sortBy from 'lodash/sortBy.js'
import { match } from 'ts-pattern'
import type { Holds, Judgement, Unknown, Violated } from '../../properties/decision.ts'
import type { Operation } from '../../properties/operation.ts'
import { operationText, shortened } from '../../properties/operation-text.ts'
import { keyOf, showValue } from '../../properties/value.ts'
import { paint, type Rich, span, trimEnd, visible, wrap } from '../text.ts'
import { operationRows, widthMin } from './picture-operations.ts'
import { whole, wrapWhole } from './picture-text.ts'
import { verdictText } from './picture-verdict.ts'

export { type OperationsOptions, showOperations } from './picture-operations.ts'

export interface JudgementOptions {
  /** The name of the file, as the reader knows it. */
  readonly file?: string
  /** Columns that the text may take; 80 by default. */
  readonly width?: number
  /** Whether to colour; the text says the same without. */
  readonly colours: boolean
  /** The operations of the history. Where they are few they are drawn around those that matter. */
  readonly operations?: readonly Operation[]
  /** What to do about a verdict that is unknown. */
  readonly hint?: string
}

/** The judgement, ready to print. */
export function showJudgement(judgement: Judgement, options: JudgementOptions): string {
  const width = Math.max(options.width ?? 80, widthMin)
  const { decision } = judgement
  const evidence = match(decision)
    .with({ verdict: 'holds' }, (holds) => holdsLines(holds, width))
    .with({ verdict: 'violated' }, (violated) => violatedLines(violated, judgement, { ...options, width }))
    .with({ verdict: 'unknown' }, (unknown) => unknownLines(unknown, width, options.hint))
    .with({ verdict: 'inapplicable' }, ({ reason }) => paragraph([span(reason)], width))
    .exhaustive()
  return [...headline(judgement, width, options.file), ...evidence].map((line) => `${paint(trimEnd(line), options.colours)}\n`).join('')
}

/** A picture of more operations explains nothing. */
const drawnMax = 40
/** Histories of up to so many operations are drawn whole. */
const contextMax = 24
const longestShown = 8
const witnessShown = 8
const indent = 2

function headline(judgement: Judgement, width: number, file: string | undefined): Rich[] {
  const { model, operations, algorithm, seconds } = judgement
  const { sign, text, style } = verdictText(judgement)
  const facts = [model, counted(operations, 'operation'), ...keyFact(judgement), algorithm, elapsed(seconds)]
  const title = [span(`${sign} ${visible(text)}`, style), span(file === undefined ? '' : `: ${visible(file)}`)]
  return [...wrap(title, { width, indent }), ...paragraph([span(facts.map(whole).join(' · '), 'dim')], width)]
}

function keyFact({ objects, key }: Judgement): string[] {
  if (key === undefined) return objects > 1 ? [counted(objects, 'key')] : []
  return [`key ${shortened(visible(showValue(key)), 30)}${objects > 1 ? `, one of ${objects.toLocaleString('en-US')}` : ''}`]
}

function holdsLines({ witness, note }: Holds, width: number): Rich[] {
  const lines = note === undefined ? [] : paragraph([span(note)], width)
  if (witness === null || witness.length === 0) return lines
  const texts = witness.slice(0, witnessShown).map((operation) => whole(operationText(operation, 30)))
  const order =
    witness.length > witnessShown ? `${texts.join(', ')}, … ${whole(`(${counted(witness.length, 'operation')})`)}` : texts.join(', ')
  return [...lines, ...paragraph([span('one order that explains it: ', 'dim'), span(order)], width)]
}

function unknownLines({ limit, reached }: Unknown, width: number, hint: string | undefined): Rich[] {
  const limits: Readonly<Record<Unknown['limit'], string>> = {
    time: 'the time limit',
    configurations: 'the limit on configurations',
    memory: 'the memory limit',
  }
  return [
    ...paragraph([span(`stopped by ${limits[limit]}: ${reached}`)], width),
    ...(hint === undefined ? [] : paragraph([span('hint: ', 'bold'), span(hint)], width)),
  ]
}

function violatedLines(violated: Violated, judgement: Judgement, options: JudgementOptions & { readonly width: number }): Rich[] {
  const { sentence, states = [], longest } = violated
  const { width } = options
  const why = span(operationsWhole(visible(sentence), violated), 'bold')
  const lines = [[], ...wrapWhole([why], { width, linesMax: 12 }), ...picture(violated, judgement, options)]
  const ending: Rich[] = []
  if (states.length > 0) {
    const possible = states.map((state) => whole(shortened(visible(state), 60))).join(', ')
    ending.push(...wrapWhole([span('The possible states then: ', 'dim'), span(possible)], { width, indent, linesMax: 6 }))
  }
  if (longest !== undefined) ending.push(...wrapWhole(longestText(longest, judgement), { width, indent, linesMax: 6 }))
  return ending.length === 0 ? lines : [...lines, [], ...ending]
}

/** The sentence, broken inside none of the operations that matter. */
function operationsWhole(sentence: string, { core, failing, longest = [] }: Violated): string {
  const operations = [...(failing === null ? [] : [failing]), ...core.slice(0, drawnMax), ...longest.slice(-longestShown)]
  const texts = operations.map((operation) => operationText({ ...operation, key: undefined }))
  return texts.reduce((text, name) => text.replaceAll(name, whole(name)), sentence)
}

function picture({ core, failing }: Violated, judgement: Judgement, options: JudgementOptions & { readonly width: number }): Rich[] {
  const matter = failing === null || core.some(({ id }) => id === failing.id) ? core : [...core, failing]
  if (matter.length === 0) return []
  const around = withoutOtherKeys(options.operations ?? [], judgement)
  const wanted = around.length > 0 && around.length <= contextMax ? union(around, matter) : matter
  const drawn = lastOf(wanted, failing)
  const caption =
    drawn.length < wanted.length
      ? `${drawn.length} of the ${counted(matter.length, 'operation')} that matter:`
      : wanted.length > matter.length || matter.length === judgement.operations
        ? null
        : `what matters, ${matter.length} of ${counted(judgement.operations, 'operation')}:`
  const { key } = judgement
  // The key has been said already.
  const plain = key === undefined ? drawn : drawn.map((operation) => ({ ...operation, key: undefined }))
  const rows = operationRows(plain, {
    width: options.width,
    colours: options.colours,
    core: new Set(matter.map(({ id }) => id)),
    ...(failing === null ? {} : { mark: new Set([failing.id]) }),
  })
  return [[], ...(caption === null ? [] : wrap([span(caption, 'dim')], { width: options.width })), ...rows]
}

function withoutOtherKeys(operations: readonly Operation[], { key }: Judgement): readonly Operation[] {
  if (key === undefined) return operations
  const wanted = keyOf(key)
  return operations.filter((operation) => operation.key !== undefined && keyOf(operation.key) === wanted)
}

function union(operations: readonly Operation[], others: readonly Operation[]): readonly Operation[] {
  const ids = new Set(operations.map(({ id }) => id))
  return [...operations, ...others.filter(({ id }) => !ids.has(id))]
}

/** As many as a picture shows, in order of their calls: the last ones that were called before the failing one returned. */
function lastOf(operations: readonly Operation[], failing: Operation | null): readonly Operation[] {
  const sorted = sortBy(operations, ({ call }) => call)
  const at = failing === null ? sorted.length : sorted.findIndex(({ id }) => id === failing.id)
  const called = sorted.filter(({ call }) => failing === null || call < failing.return).length
  const end = sorted.length <= drawnMax ? sorted.length : Math.min(at + drawnMax, called)
  return sorted.slice(Math.max(0, end - drawnMax), Math.max(end, Math.min(drawnMax, sorted.length)))
}

function longestText(longest: readonly Operation[], { level, key }: Judgement): Rich {
  const noun = level.startsWith('lineariz') ? 'linearization' : 'order'
  if (longest.length === 0) return [span(`The longest ${noun} found is empty.`, 'dim')]
  const texts = longest
    .slice(-longestShown)
    .map((operation) => whole(operationText(key === undefined ? operation : { ...operation, key: undefined }, 30)))
  const order = `${longest.length > longestShown ? '…, ' : ''}${texts.join(', ')}`
  return [span(`The longest ${noun} found: `, 'dim'), span(order), span(` ${whole(`(${counted(longest.length, 'operation')})`)}`, 'dim')]
}

/** Text under the headline; control characters in it are escaped. */
function paragraph(text: Rich, width: number): Rich[] {
  const escaped = text.map(({ text: piece, style }) => span(visible(piece), style))
  return wrapWhole(escaped, { width: width - indent, linesMax: 8 }).map((line) => [span(' '.repeat(indent)), ...line])
}

/** `1 key`, `1,240 operations` */
function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}

/** `0.02 s`, `34.0 s`; less than what can be read as `0.00` in milliseconds. */
function elapsed(seconds: number): string {
  if (seconds < 0.01) return `${(seconds * 1000).toFixed(1)} ms`
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`
}
