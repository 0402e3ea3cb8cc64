/** A replay on a real system as text: what the model says and what the system did, step by step. */
import { paint, type Rich, span, textWidth, visible, wrap } from '../text.ts'
import type { RecordedRun } from './recorded-run.ts'
import type { RealVerdict } from './replayer.ts'

export interface RunTextOptions {
  readonly width: number
  readonly colours: boolean
}

const marks: Readonly<Record<RealVerdict, readonly [mark: string, style: 'red' | 'green' | 'yellow']>> = {
  reproduced: ['✗', 'red'],
  prevented: ['✓', 'green'],
  conforms: ['✓', 'green'],
  diverged: ['≠', 'yellow'],
  inconclusive: ['?', 'yellow'],
}

/** Steps that were not taken are left out. */
export function showRun(run: RecordedRun, { width, colours }: RunTextOptions): string {
  const rows = run.rows.flatMap(({ real, ...row }) => (real === null ? [] : [{ ...row, real }]))
  const widest = (cells: readonly string[], most: number): number => Math.min(most, Math.max(0, ...cells.map(textWidth)))
  const step = widest(
    rows.map(({ text }) => text),
    Math.floor(width / 3),
  )
  const model = widest(['model', ...rows.map((row) => row.model)], Math.floor(width / 4))
  const lines: Rich[] = [
    ...wrap([span(run.target, 'bold'), span(` · ${run.scenario}`)], { width, indent: 2 }),
    [],
    [span(`      ${''.padEnd(step)}  ${'model'.padEnd(model)}  server`, 'dim')],
    ...rows.flatMap(({ of, text, model: expected, real, isAllowed }) =>
      wrap(
        [
          span(`${(expected === '' ? '' : String(of)).padStart(4)}  ${pad(text, step)}  ${pad(expected, model)}  `),
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

function verdictLines({ verdict, reason, at, seconds }: RecordedRun, width: number): readonly Rich[] {
  const [mark, style] = marks[verdict]
  const where = at === null ? '' : ` at step ${at}`
  return wrap([span(`${mark} ${verdict}${where}`, ['bold', style]), span(`: ${visible(reason)} (${seconds.toFixed(1)} s)`)], {
    width,
    indent: 2,
  })
}

function pad(text: string, columns: number): string {
  const shown = visible(text)
  return textWidth(shown) > columns ? `${shown.slice(0, columns - 1)}…` : shown + ' '.repeat(columns - textWidth(shown))
}
