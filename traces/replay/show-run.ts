/** A replay on a real system as text: what the model says and what the system did, step by step. */
import { paint, type Rich, span, textWidth, visible, wrap } from '../text.ts'
import { outcomeText, type RealRun, type RealVerdict, type TakenStep } from './replayer.ts'
import type { Pattern } from './scenario.ts'

export interface RunTextOptions {
  readonly width: number
  readonly colours: boolean
}

const marks: Readonly<Record<RealVerdict, readonly [mark: string, style: 'red' | 'green' | 'yellow']>> = {
  reproduced: ['✗', 'red'],
  prevented: ['✓', 'green'],
  diverged: ['≠', 'yellow'],
  inconclusive: ['?', 'yellow'],
}

export function showRun(run: RealRun, { width, colours }: RunTextOptions): string {
  const rows = run.steps.flatMap(rowsOf)
  const widest = (cells: readonly string[], most: number): number => Math.min(most, Math.max(0, ...cells.map(textWidth)))
  const step = widest(
    rows.map((row) => row.step),
    Math.floor(width / 3),
  )
  const model = widest(['model', ...rows.map((row) => row.model)], Math.floor(width / 4))
  const lines: Rich[] = [
    [span(run.target, 'bold'), span(` · ${run.scenario}`)],
    [],
    [span(`      ${''.padEnd(step)}  ${'model'.padEnd(model)}  server`, 'dim')],
    ...rows.flatMap(({ at, step: text, model: expected, real, isAllowed }) =>
      wrap(
        [
          span(`${at.padStart(4)}  ${pad(text, step)}  ${pad(expected, model)}  `),
          span(visible(real), isAllowed ? undefined : ['bold', 'yellow']),
        ],
        { width, indent: 10 + step + model, linesMax: 3 },
      ),
    ),
    [],
    ...verdictLines(run, width),
  ]
  return `${lines.map((line) => paint(line, colours)).join('\n')}\n`
}

interface Row {
  readonly at: string
  readonly step: string
  readonly model: string
  readonly real: string
  readonly isAllowed: boolean
}

function rowsOf({ planned, outcome, completed, isAllowed }: TakenStep): Row[] {
  return [
    {
      at: String(planned.of),
      step: planned.text,
      model: planned.allowed.map((pattern) => patternText(pattern, planned.show)).join(' or '),
      real: short(outcomeText(outcome, planned.show)),
      isAllowed,
    },
    ...completed.map((one) => ({
      at: '',
      step: `${one.actor} goes on`,
      model: '',
      real: short(outcomeText(one.outcome)),
      isAllowed: true,
    })),
  ]
}

function verdictLines({ verdict, reason, at, steps, seconds }: RealRun, width: number): readonly Rich[] {
  const [mark, style] = marks[verdict]
  const where = at === null ? '' : ` at step ${steps[at]?.planned.of ?? at + 1}`
  return wrap([span(`${mark} ${verdict}${where}`, ['bold', style]), span(`: ${visible(reason)} (${seconds.toFixed(1)} s)`)], {
    width,
    indent: 2,
  })
}

function patternText(pattern: Pattern, show: (value: unknown) => string = JSON.stringify): string {
  if (pattern.kind === 'ok') return pattern.value === undefined || pattern.value === null ? 'ok' : show(pattern.value)
  return pattern.kind === 'error' ? `error ${pattern.codes?.join(' or ') ?? ''}`.trim() : pattern.kind
}

/** Of a step that returns nothing, that it was done. */
function short(text: string): string {
  return text === 'null' ? 'ok' : text
}

function pad(text: string, columns: number): string {
  const shown = visible(text)
  return textWidth(shown) > columns ? `${shown.slice(0, columns - 1)}…` : shown + ' '.repeat(columns - textWidth(shown))
}
