/** The result of a check for people: verdicts first, then what was covered, then what it took. */
import sortBy from 'lodash/sortBy.js'
import { match } from 'ts-pattern'
import type { CheckResult, Limit, Program, PropertyResult, Trace, Verdict } from '../checker/index.ts'
import { livenessKinds } from '../checker/language/properties.ts'
import { findingText } from '../traces/index.ts'
import { paint, type Rich, span, textWidth, trimEnd, visible, wrap } from '../traces/text.ts'
import { counted, elapsed, plural, sized } from './quantities.ts'

export interface Printing {
  readonly width: number
  readonly colour: boolean
}

export const verdictMarks: Readonly<Record<Verdict, { readonly mark: string; readonly style: 'green' | 'red' | 'yellow' }>> = {
  holds: { mark: '✓', style: 'green' },
  violated: { mark: '✗', style: 'red' },
  inconclusive: { mark: '?', style: 'yellow' },
}

export const strategyNames: Readonly<Record<CheckResult['strategy'], string>> = {
  bfs: 'breadth-first search',
  dfs: 'depth-first search',
  random: 'random walks',
  pct: 'PCT walks',
}

/** What is about to be checked, printed before the search begins. */
export function headerText({ model, constants, bugs, fairness }: Program, strategy: string, { width, colour }: Printing): string {
  const fields: [string, string][] = [
    [
      'constants',
      Object.entries(constants)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ') || 'none',
    ],
    ...bugs.map((bug): [string, string] => ['bug', `${bug}: ${model.bugs[bug]?.about ?? ''}`]),
    ...(fairness ? [] : [['fairness', 'left aside'] satisfies [string, string]]),
    ['strategy', strategy],
  ]
  const title: Rich = [span(model.name, 'bold'), span(`: ${visible(model.about)}`)]
  const rows = fields.map(([name, value]): Rich => [span(`  ${name.padEnd(11)}`, 'dim'), span(visible(value))])
  return text([...wrap(title, { width, indent: 2 }), ...rows.flatMap((row) => wrap(row, { width, indent: 13 }))], colour)
}

/**
 * Verdict per property, counts, coverage and costs.
 * @param violationsMax the violations at which the search stops
 */
export function summaryText(result: CheckResult, program: Program, { width, colour }: Printing, violationsMax: number = 1): string {
  // Lassos are found when everything has been seen.
  const early = result.violations.filter(({ trace }) => trace.loop === undefined)
  const stopped = result.limit !== null || early.length >= violationsMax
  const blocks: Rich[][] = [
    propertyRows(result, width),
    coverage(result, program, stopped).flatMap((line) => wrap(line, { width, indent: 2 })),
    actionRows(result, stopped).flatMap((line) => wrap(line, { width, indent: 4 })),
    slotRows(result).flatMap((line) => wrap(line, { width, indent: 4 })),
    costs(result).flatMap((line) => wrap(line, { width, indent: 2 })),
  ]
  return text(
    blocks.filter((block) => block.length > 0).flatMap((block, i) => (i === 0 ? block : [[], ...block])),
    colour,
  )
}

/** The verdict of the whole check in a sentence. */
export function verdictText(result: CheckResult, { width, colour }: Printing): string {
  const { mark, style } = verdictMarks[result.verdict]
  const names = Object.entries(result.properties).flatMap(([name, { verdict }]) => (verdict === 'violated' ? [name] : []))
  const why = match(result)
    .with({ verdict: 'holds', outside: 0 }, ({ distinct }) => `every property holds; all ${plural(distinct, 'reachable state')} were seen`)
    .with({ verdict: 'holds' }, ({ distinct }) => `every property holds in all ${plural(distinct, 'state')} within the model's boundary`)
    .with({ verdict: 'violated' }, () => names.join(', '))
    .otherwise(
      ({ limit, distinct }) =>
        `${limit === null ? 'not every property was decided' : limitReasons[limit](result)}; no violation among the ${plural(distinct, 'state')} that were seen`,
    )
  const interrupted = result.limit === 'interrupted' && result.verdict === 'violated' ? ' (interrupted)' : ''
  return text(wrap([span(`${mark} ${result.verdict}`, ['bold', style]), span(`: ${why}${interrupted}`)], { width, indent: 2 }), colour)
}

const limitReasons: Readonly<Record<Limit, (result: CheckResult) => string>> = {
  states: () => 'the limit on states was reached',
  depth: ({ depth }) => `paths were cut off at the limit on depth (level ${depth} reached)`,
  time: () => 'the limit on time was reached',
  memory: () => 'the limit on memory was reached',
  walks: ({ walks }) => `${plural(walks ?? 0, 'walk')} ended without a violation, and walks never cover everything for certain`,
  interrupted: () => 'interrupted',
}

function propertyRows({ properties, outside }: CheckResult, width: number): Rich[] {
  const names = Object.keys(properties)
  const column = Math.min(Math.max(0, ...names.map(textWidth)), 28)
  return Object.entries(properties).flatMap(([name, property]) => {
    const { mark, style } = verdictMarks[property.verdict]
    const sentence = [property.sentence, outcome(name, property, outside)].filter((part) => part !== '').join(' ')
    const row: Rich = [
      span(`${mark} ${name.padEnd(column)}  `, style),
      span(property.verdict.padEnd(12), ['bold', style]),
      span(`  ${visible(sentence)}`),
    ]
    const hanging = column + 18
    return wrap(row, { width, indent: width - hanging >= 32 ? hanging : 4 })
  })
}

function outcome(name: string, property: PropertyResult, outside: number): string {
  const { kind, verdict, depth, part, message, trace } = property
  if (livenessKinds.some((known) => known === kind)) {
    if (verdict === 'holds') return outside > 0 ? '(within the boundary)' : ''
    return trace === null ? `(${message})` : `(${lassoText(trace)}: ${message})`
  }
  if (kind === 'sometimes' && verdict === 'holds') return `(witness in level ${depth})`
  if (kind === 'sometimes') return verdict === 'violated' ? '(no reachable state is a witness)' : '(no witness so far)'
  return verdict === 'violated' ? `(level ${depth}: ${findingText({ property: name, part, message: message ?? '' })})` : ''
}

function coverage(result: CheckResult, program: Program, stopped: boolean): Rich[] {
  const { strategy, distinct, generated, depth, levels, terminal, outside, walks, limit } = result
  const lines: string[] = []
  const walked = walks === null ? '' : ` in ${plural(walks, 'walk')}`
  lines.push(`${plural(distinct, 'distinct state')}${walked}, ${counted(generated)} generated, depth ${counted(depth)}`)
  if (limit !== null && strategy === 'bfs' && levels.length > 0)
    lines.push(`every state of the first ${plural(Math.max(levels.length - 1, 0), 'level')} was seen`)
  if (levels.length > 0) lines.push(`states per level: ${levelsText(levels)}`)
  if (program.model.spec.done !== undefined) lines.push(plural(terminal, 'terminal state'))
  else if (terminal > 0)
    lines.push(`${plural(terminal, 'terminal state')}, not judged: without \`done\`, the model does not say where it may stop`)
  if (outside > 0) lines.push(`${plural(outside, 'successor')} beyond the model's boundary, not explored`)
  if (limit === null && stopped) lines.push('the search stopped at the violation, so these are not totals')
  return lines.map((line) => [span(line)])
}

function lassoText({ steps, loop = 0 }: Trace): string {
  const [stem, round] = [plural(loop, 'step'), plural(steps.length - loop, 'step')]
  return loop === steps.length ? `${stem}, then nothing for ever` : `${stem}, then ${round} for ever`
}

/** All of them where they are few, else the first and the last. */
function levelsText(levels: readonly number[]): string {
  const texts = levels.map(counted)
  return (texts.length <= 60 ? texts : [...texts.slice(0, 40), '...', ...texts.slice(-15)]).join(' ')
}

/** One row per action; what was never enabled stands out. */
function actionRows({ actions }: CheckResult, stopped: boolean): Rich[] {
  const rows = Object.entries(actions).map(([name, { taken, enabled }]) => [name, counted(taken), counted(enabled)] as const)
  const never = stopped ? 'not enabled so far' : 'never enabled'
  return table(['action', 'taken', 'enabled in states'], rows, (i) => (actions[rows[i]?.[0] ?? '']?.enabled === 0 ? never : ''))
}

function slotRows({ slots }: CheckResult): Rich[] {
  const sorted = sortBy(Object.entries(slots), ([, values]) => -values)
  return table(
    ['slot', 'distinct values'],
    sorted.map(([name, values]) => [name, counted(values)] as const),
    () => '',
  )
}

/** First column to the left, the others to the right, and a remark behind. */
function table(head: readonly string[], rows: readonly (readonly string[])[], remark: (row: number) => string): Rich[] {
  const widths = head.map((title, column) => Math.max(textWidth(title), ...rows.map((row) => textWidth(row[column] ?? ''))))
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')
  if (rows.length === 0) return []
  return [
    [span(line(head), 'dim')],
    ...rows.map((row, i) => [span(visible(line(row))), ...(remark(i) === '' ? [] : [span(`  ${remark(i)}`, 'yellow')])]),
  ]
}

function costs({ seconds, statesPerSecond, bytesPerState, stateBytes, memoBytes, modelRuns, guarantee }: CheckResult): Rich[] {
  const speed = `${elapsed(seconds)}, ${counted(statesPerSecond)} states/s, ${bytesPerState.toFixed(1)} bytes/state`
  const memory = `states ${sized(stateBytes)}, memo ${sized(memoBytes)}`
  return [
    [span(`${speed} (${memory}); the model's functions ran ${counted(modelRuns)} times`)],
    ...(guarantee === null ? [] : [[span('guarantee: ', 'bold'), span(guarantee.explanation)]]),
  ]
}

function text(lines: readonly Rich[], colour: boolean): string {
  return `${lines.map((line) => paint(trimEnd(line), colour)).join('\n')}\n`
}
