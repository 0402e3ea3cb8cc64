/**
 * Draws a trace for a terminal or a bug report: one lane per party, messages from sender to receiver, beside it what each
 * step did and changed, and last why the final state is wrong. Never wider than asked, and readable without colour.
 */
import { match } from 'ts-pattern'
import type { Model } from '../checker/index.ts'
import type { TraceDocument } from './format.ts'
import { Lanes } from './lanes.ts'
import { literal } from './literal.ts'
import type { Parties } from './parties.ts'
import { showRun } from './replay/show-run.ts'
import { findingText, type Replay, replay } from './replay.ts'
import { changedSlots, describeState } from './show-state.ts'
import { type Row, stepRows } from './show-step.ts'
import { isOutside, type Message, type Story, tellStory } from './story.ts'
import { paint, type Rich, type Style, span, trimEnd, visible, wrap } from './text.ts'

export interface ShowOptions {
  /** Columns that the picture may take; 80 by default. */
  readonly width?: number
  /** Whether to colour; the picture says the same without. */
  readonly colour?: boolean
}

/**
 * The picture of a trace, ready to print.
 * @throws UserError `bad-trace` where the trace does not fit the model
 */
export function showTrace(model: Model, trace: TraceDocument, options: ShowOptions = {}): string {
  return showReplay(replay(model, trace), options)
}

/** The same for a trace that has been replayed already. */
export function showReplay(replayed: Replay, { width: asked = 80, colour = false }: ShowOptions = {}): string {
  const width = Math.max(asked, widthMin)
  const story = tellStory(replayed)
  const lines: Rich[] = [...title(replayed, width), [], ...labelled('initially', describeState(replayed, story, 0), width), []]
  const { rows, symbols } = picture(replayed, story, width)
  if (replayed.transitions.length > 0 || replayed.trace.loop !== undefined)
    lines.push(
      ...rows,
      [],
      ...labelled(endLabel(replayed), describeState(replayed, story, replayed.states.length - 1, changedSlots(replayed)), width),
    )
  lines.push(...labelled('in flight', story.inFlight.flatMap(inFlight(story.parties)), width, 1))
  const seen = Object.entries(symbols).filter(([symbol]) => rows.some((row) => row.some(({ text }) => text.includes(symbol))))
  const legend = [...(rows.length > 0 && seen.length > 0 ? story.parties.legend() : []), ...seen]
  if (legend.length > 0)
    lines.push(
      [],
      ...wrap(
        legend.map(([symbol, meaning]) => span(`${symbol} ${meaning}   `, 'dim')),
        { width },
      ),
    )
  lines.push([], ...wrap(verdict(replayed), { width, indent: 2 }))
  const { real } = replayed.trace
  const run = real === undefined ? '' : `\n${showRun(real, { width, colours: colour })}`
  return `${lines
    .map((line) => paint(trimEnd(line), colour))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')}\n${run}`
}

/** The lane of steps that belong to no node. */
const environment = -1
const widthMin = 40
const inFlightMax = 6

const symbolsOfLanes: Readonly<Record<string, string>> = { '●': 'acts', '╌': 'sends', '─': 'receives', '╳': 'lost', '║': 'cut off' }

function title({ trace, program, finding }: Replay, width: number): Rich[] {
  const witness = trace.kind === 'sometimes'
  const [mark, style, word] =
    finding === null
      ? (['?', 'yellow', ''] as const)
      : witness
        ? (['✓', 'green', ' is witnessed'] as const)
        : (['✗', 'red', ' is violated'] as const)
  const sentence = program.properties.get(trace.property)?.sentence ?? ''
  const head: Rich =
    trace.kind === 'path'
      ? [span(trace.model, 'bold'), span(': a path that it allows')]
      : [span(`${mark} ${trace.property}`, ['bold', style]), span(`${word}${sentence === '' ? '' : `: ${visible(sentence)}`}`)]
  const constants = Object.entries(trace.constants)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
  const walk = trace.seed === null ? '' : `, seed ${trace.seed}`
  const steps = `${lengthText(trace)} by ${strategyNames[trace.strategy]}${walk}`
  const fairness = trace.fairness === false ? ['fairness left aside'] : []
  const about = [trace.model, ...trace.bugs.map((bug) => `bug ${bug}`), ...fairness, steps].join(' · ')
  const subtitles = [about, constants].filter((text) => text !== '').map((text) => [span('  '), span(visible(text), 'dim')])
  return [head, ...subtitles].flatMap((line) => wrap(line, { width, indent: 2 }))
}

/** How long the trace is; of a lasso, its stem and its loop. */
function lengthText({ steps, loop }: TraceDocument): string {
  if (loop === undefined) return counted(steps.length)
  const stem = loop === 0 ? '' : `${counted(loop)}, then `
  return `${stem}${loop === steps.length ? 'nothing' : counted(steps.length - loop)} for ever,`
}

function counted(steps: number): string {
  return `${steps} ${steps === 1 ? 'step' : 'steps'}`
}

function endLabel({ trace: { loop, steps } }: Replay): string {
  return loop === undefined ? 'finally' : loop === steps.length ? 'for ever' : 'loops from'
}

const strategyNames: Readonly<Record<TraceDocument['strategy'], string>> = {
  bfs: 'breadth-first search',
  dfs: 'depth-first search',
  random: 'random walk',
  pct: 'PCT walk',
  'by-hand': 'hand',
}

/** Lines under a word in the margin. */
function labelled(label: string, texts: readonly Rich[], width: number, linesMax = 6): Rich[] {
  const margin = 11
  const lines = texts.flatMap((text) => wrap(text, { width: width - margin, indent: 2, linesMax }))
  return lines.map((line, i) => [span((i === 0 ? label : '').padEnd(margin), 'dim'), ...line])
}

function inFlight(parties: Parties): (message: Message, i: number, all: readonly Message[]) => Rich[] {
  return ({ name, to, content }, i, all) => {
    if (i < inFlightMax || all.length === inFlightMax + 1)
      return [[span(name, 'yellow'), span(` to ${parties.nameOf(to)}: ${literal(content)}`)]]
    return i === inFlightMax ? [[span(`and ${all.length - inFlightMax} more`)]] : []
  }
}

function picture({ trace, program }: Replay, story: Story, width: number): { rows: Rich[]; symbols: Readonly<Record<string, string>> } {
  const { loop = null } = trace
  const outside = story.steps.some(isOutside)
  const nodes = [...story.nodes, ...(outside ? [environment] : [])]
  const margin = Math.max(4, String(story.steps.length).length + 1)
  const gap = laneGap(nodes.length, width - margin - 2)
  const lanes = new Lanes(gap === null ? [] : nodes, gap ?? 2)
  const textWidthMax = width - margin - 2 - lanes.width
  const put = (number: string, { lane, text, indent }: Row, bracket: string): Rich[] =>
    wrap(text, { width: textWidthMax - indent, indent: 2, linesMax: 5 }).map((line, i) => [
      span(`${i === 0 || bracket === '' ? bracket : '│'}${(i === 0 ? number : '').padStart(margin - bracket.length)}  `, 'dim'),
      ...(i === 0 ? lane : lanes.row()),
      span(' '.repeat(indent)),
      ...line,
    ])
  const rows = story.steps.flatMap((step, i) => {
    const acting = step.lane ?? (isOutside(step) ? environment : null)
    const bracket = (line: number): string => (loop === null || i < loop ? '' : i === loop && line === 0 ? '╭' : '│')
    return stepRows(step, lanes, { acting, width: textWidthMax, nameOf: (lane) => story.parties.nameOf(lane) }).flatMap((row, line) =>
      put(line === 0 ? String(i + 1) : '', row, bracket(line)),
    )
  })
  if (loop !== null) rows.push(...wrap([span(endText(loop, story.steps.length, program), 'bold')], { width, indent: 6 }))
  if (lanes.width === 0) return { rows, symbols: {} }
  const names = lanes.header((lane) => (lane === environment ? { role: '', number: 'env' } : story.parties.shortOf(lane)))
  const word = story.parties.count === 0 ? 'node' : ''
  const header = names.map((line, i): Rich => [span(`${(i === 0 ? word : '').padStart(margin)}  `, 'dim'), ...line])
  return { rows: [...header, [span(' '.repeat(margin + 2)), ...lanes.row()], ...rows], symbols: symbolsOfLanes }
}

function endText(loop: number, steps: number, { actions }: Replay['program']): string {
  const why = actions.some(({ fair }) => fair !== null) ? 'no action that is fair can change anything' : 'no action is declared fair'
  if (loop === steps) return `   ⟲  and then nothing, for ever: ${why}`
  return `╰⟲ back to ${loop === 0 ? 'the initial state' : `the state after step ${loop}`}, for ever`
}

/** How far lanes stand apart: as far as leaves enough room for the text; `null` where even close lanes leave none. */
function laneGap(nodes: number, width: number): number | null {
  const roomy = [6, 5, 4, 3].find((gap) => width - nodes * gap >= 44)
  return roomy ?? [3, 2].find((gap) => width - nodes * gap >= 26) ?? null
}

function verdict({ trace, finding, transitions, refused }: Replay): Rich {
  const place =
    trace.loop !== undefined
      ? 'for ever'
      : transitions.length === 0
        ? 'initially'
        : trace.kind === 'step'
          ? `in step ${transitions.length}`
          : `after step ${transitions.length}`
  if (trace.kind === 'path')
    return trace.real === undefined
      ? [span(`${place}: `, 'bold'), span(visible(trace.message))]
      : [span('≠ diverged: ', ['bold', 'yellow']), span(visible(trace.message), 'bold')]
  if (finding === null) {
    const gone = trace.kind === 'sometimes' ? 'is not witnessed' : 'is not violated'
    return [
      span(`? ${trace.property}`, ['bold', 'yellow']),
      span(
        ` ${gone} ${place} any more${refused === undefined ? '' : `, since ${visible(refused)}`}; the trace said: ${visible(trace.message)}`,
      ),
    ]
  }
  const [mark, style] = match<TraceDocument['kind'], [string, Style]>(trace.kind)
    .with('sometimes', () => ['✓', ['bold', 'green']])
    .otherwise(() => ['✗', ['bold', 'red']])
  return [span(`${mark} ${place}, ${trace.property}: `, style), span(visible(findingText(finding)), 'bold')]
}
