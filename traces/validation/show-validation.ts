/** What became of a validation, as text: what explains the log, or where it stops being explained and what the model has there instead. */
import countBy from 'lodash/countBy.js'
import { match } from 'ts-pattern'
import type { Json, Step } from '../../checker/index.ts'
import { literal } from '../literal.ts'
import { stepText } from '../replay.ts'
import { clip, paint, type Rich, span, visible, wrap } from '../text.ts'
import type { Difference, Failure } from './failure.ts'
import type { LogEvent } from './log.ts'
import type { Validation } from './validate.ts'

export interface ValidationTextOptions {
  /** What to call the log; `log` by default. */
  readonly where?: string
  /** Columns that the text may take; 80 by default. */
  readonly width?: number
  /** Whether to colour; the text says the same without. */
  readonly colour?: boolean
}

/** The text, ready to print. */
export function showValidation(validation: Validation, { where = 'log', width = 80, colour = false }: ValidationTextOptions = {}): string {
  const { failure } = validation
  const lines = [...head(validation, where), ...(failure === null ? [] : [[], ...told(validation, failure)])]
  return `${lines
    .flatMap((line) => wrap(line, { width, indent: indentOf(line), linesMax: 6 }))
    .map((line) => paint(line, colour))
    .join('\n')}\n`
}

const shownMax = 12
const valueWidthMax = 60

function head(validation: Validation, where: string): Rich[] {
  const { verdict, model, explained, events, failure } = validation
  const [mark, colour] = match<Validation['verdict'], [string, 'green' | 'red' | 'yellow']>(verdict)
    .with('explained', () => ['✓', 'green'])
    .with('impossible', () => ['✗', 'red'])
    .with('inconclusive', () => ['?', 'yellow'])
    .exhaustive()
  const place = failure === null ? where : failure.line === null ? `${where}, event ${explained + 1}` : `${where}:${failure.line}`
  const title: Rich = [span(`${mark} ${verdict}`, ['bold', colour]), span(`: ${visible(place)}`)]
  const constants = Object.entries(validation.constants).map(([name, value]) => `${name}=${value}`)
  const about = [model, ...validation.bugs.map((bug) => `bug ${bug}`), constants.join(' '), effort(validation)]
  return [
    failure === null ? title : [...title, span(` ${visible(eventText(failure.event))}`)],
    [span(`  ${visible(about.filter((text) => text !== '').join(' · '))}`, 'dim')],
    [],
    [span(explanation(validation, explained === events ? plural(events, 'event') : `the ${plural(explained, 'event')} before it`))],
  ]
}

function effort({ pairs, seconds }: Validation): string {
  return `${plural(pairs, 'pair')} of event and state in ${seconds.toFixed(2)} s`
}

function explanation({ trace, stepEvents, explained }: Validation, events: string): string {
  if (explained === 0) return 'it is the first event'
  const hidden = trace.steps.filter((_, i) => stepEvents[i] === null)
  const kinds = Object.entries(countBy(hidden, ({ action }) => action)).map(([action, count]) =>
    count === 1 ? action : `${action} ×${count}`,
  )
  const unlogged = hidden.length === 0 ? '' : `, ${hidden.length} of them not logged: ${kinds.join(', ')}`
  return `${events} ${explained === 1 ? 'is' : 'are'} explained by ${plural(trace.steps.length, 'step')} of the model${unlogged}`
}

function told(validation: Validation, failure: Failure): Rich[] {
  const { verdict, limit, trace } = validation
  const lines: Rich[] = []
  if (verdict === 'inconclusive') {
    const remedy = limit === 'hidden' ? 'allow more hidden steps in a row (maxHidden)' : 'raise it, or log more'
    const what =
      limit === 'interrupted' ? 'the search was interrupted' : `the search ended at its limit on ${limitNames[limit ?? 'states']}`
    lines.push([span(`${what}${limit === 'interrupted' ? '' : `; ${remedy}`}`, 'bold')])
    lines.push([span('furthest so far, this event is not explained:')])
  } else lines.push([span('no path of the model explains this event after them', 'bold')])
  const inSome = failure.states === 1 ? '' : ` in some of the ${plural(failure.states, 'state')} that explain what is before it`
  lines.push(...failure.differences.slice(0, shownMax).map(differenceText))
  if (failure.isNeverEnabled) lines.push([span(visible(`  ${actionText(failure.event)} is not enabled there`))])
  lines.push([], [span(failure.allowed.length === 0 ? 'the model allows nothing there' : `the model allows there${inSome}`)])
  lines.push(...failure.allowed.slice(0, shownMax).map((step): Rich => [span(`  ${visible(allowedText(step))}`)]))
  const more = failure.more + Math.max(0, failure.allowed.length - shownMax)
  if (more > 0) lines.push([span(`  and ${more} more`)])
  if (trace.steps.length > 0 && validation.stepEvents.every((event) => event !== null))
    lines.push([], [span('actions that may have happened without being logged have to be declared as hidden', 'dim')])
  return lines
}

const limitNames: Readonly<Record<NonNullable<Validation['limit']>, string>> = {
  states: 'states',
  depth: 'depth',
  time: 'time',
  memory: 'memory',
  walks: 'walks',
  interrupted: 'patience',
  hidden: 'hidden steps in a row',
}

function differenceText({ step, of, path, logged, model }: Difference): Rich {
  const what = model === undefined ? 'the model has no such value' : `it is ${valueText(model)} in the model`
  const where = step === null ? '' : of === 'state' ? `after ${allowedText(step)}, ` : `of ${allowedText(step)}, `
  return [span(visible(`  ${where}${path}: the log says ${valueText(logged)}, and ${what}`))]
}

function valueText(value: Json): string {
  return literal(value, valueWidthMax)
}

/** An event as text: the action and its arguments, then what was seen of the state. */
function eventText(event: LogEvent): string {
  const seen = event.state === undefined ? '' : `→ ${literal(event.state as Json)}`
  return clip([actionText(event), seen].filter((part) => part !== '').join(' '), 200)
}

function actionText({ action = '', args, process }: LogEvent): string {
  const named = args === undefined ? '' : isList(args) ? argsText(args) : `(${literal(args as Json)})`
  const by = process === undefined || args !== undefined ? '' : ` by ${process === null ? 'the environment' : process}`
  return clip(`${action}${named}${by}`, 200)
}

function allowedText({ action, args }: Step): string {
  return args.length === 0 ? action : stepText({ action, args }, 200)
}

function argsText(args: Step['args']): string {
  return args.length === 0 ? '' : stepText({ action: '', args }, 200)
}

function isList(args: NonNullable<LogEvent['args']>): args is readonly Json[] {
  return Array.isArray(args)
}

function indentOf(line: Rich): number {
  return line[0]?.text.startsWith('  ') ? 4 : 2
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}
