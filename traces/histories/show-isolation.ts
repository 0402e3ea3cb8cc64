/** Shows what the oracle says of transactions: one level with its proof, or a table of all levels with the proofs of the weakest violated. */
import { explanationText, type Story, storyOf } from '../../properties/isolation/evidence/explain.ts'
import { storyOfLevel } from '../../properties/isolation/evidence/story-of-level.ts'
import type { IsolationJudgement, LevelJudgement } from '../../properties/isolation/judge-isolation.ts'
import { levelNamed } from '../../properties/isolation/lattice.ts'
import { type LevelBase, type LevelOrder, levelBases } from '../../properties/isolation/level.ts'
import { paint, type Rich, type Style, span, trimEnd, visible, wrap } from '../text.ts'
import { verdictText } from './picture-verdict.ts'

export interface IsolationTextOptions {
  /** The name of the file, as the reader knows it. */
  readonly file?: string
  /** Such as `list-append`. */
  readonly model: string
  /** Columns that the text may take; 80 by default. */
  readonly width?: number
  readonly colours: boolean
  /** What to do about a verdict that is unknown. */
  readonly hint?: string
}

/** A judgement, ready to print: in full where it is of one level. */
export function showIsolation(judgement: IsolationJudgement, options: IsolationTextOptions): string {
  const [only] = judgement.levels
  if (only && judgement.levels.length === 1) return oneLevel(judgement, only, options)
  return allLevels(judgement, options)
}

/** All anomalies that were found, with a proof of each. */
export function showAnomalies(judgement: IsolationJudgement, { width = 80, colours }: IsolationTextOptions): string {
  const { anomalies, counts, facts, anomaliesLimit } = judgement
  const stopped = anomaliesLimit === null ? '' : ` before the ${anomaliesLimit} limit`
  const named = [...new Map([...anomalies].reverse().map((anomaly) => [anomaly.name, anomaly])).values()].reverse()
  if (named.length === 0) return text([[], [span(`no anomaly was found${stopped}`, stopped ? 'yellow' : 'green')]], colours)
  const counted = named.map(({ name }) => {
    const count = counts.get(name) ?? 1
    return count === 1 ? name : `${name} (${count.toLocaleString('en-US')})`
  })
  const stories = named.flatMap((anomaly) => proof(storyOf(anomaly, facts), width))
  return text(
    [[], ...wrap([span(`anomalies${stopped && ` found${stopped}`}: ${counted.join(', ')}`, 'bold')], { width, indent: 2 }), ...stories],
    colours,
  )
}

/** The reason in one line, for lists of files. */
export function isolationReason(judgement: IsolationJudgement): string {
  const violated = judgement.levels.find(({ verdict }) => verdict === 'violated')
  const story = violated && storyOfLevel(violated, judgement)
  return story === null || story === undefined ? '' : story.explanation.title
}

function oneLevel(
  judgement: IsolationJudgement,
  level: LevelJudgement,
  { file, model, width = 80, colours, hint }: IsolationTextOptions,
): string {
  const { sign, text: verdict, style } = verdictText(level)
  const facts = [model, transactionsText(judgement), level.algorithm, elapsed(judgement.seconds)].join(' · ')
  const head = [
    ...wrap([span(`${sign} ${verdict}`, style), span(file === undefined ? '' : `: ${visible(file)}`)], { width, indent: 2 }),
    ...wrap([span(`  ${facts}`, 'dim')], { width, indent: 2 }),
  ]
  const story = storyOfLevel(level, judgement)
  const { because } = level
  const rest: Rich[] =
    story !== null
      ? proof(story, width)
      : because.kind === 'limit'
        ? wrap([span(`  stopped by the ${because.limit} limit: ${because.reached}${hint === undefined ? '' : `; hint: ${hint}`}`)], {
            width,
            indent: 2,
          })
        : because.kind === 'inapplicable'
          ? wrap([span(`  ${because.reason}`)], { width, indent: 2 })
          : []
  return text([...head, ...rest], colours)
}

const columns: readonly LevelOrder[] = ['none', 'session', 'real-time']
const columnNames: Readonly<Record<LevelOrder, string>> = { none: 'plain', session: 'session', 'real-time': 'real time' }
const columnWidth = 11

function allLevels(judgement: IsolationJudgement, { file, model, width = 80, colours }: IsolationTextOptions): string {
  const { levels, weakest, strongest } = judgement
  const nameWidth = Math.max(...levelBases.map((base) => base.length)) + 2
  const title = [
    span(file === undefined ? '' : visible(file), 'bold'),
    span(`${file === undefined ? '' : ' · '}${model} · ${transactionsText(judgement)}`),
  ]
  const header = [span(' '.repeat(nameWidth)), ...columns.map((order) => span(columnNames[order].padEnd(columnWidth), 'dim'))]
  const rows = [...levelBases]
    .reverse()
    .map((base): Rich => [span(base.padEnd(nameWidth)), ...columns.map((order) => cell(levels, base, order))])
  const shown = levels.filter(({ level, because }) => weakest.includes(level) && because.kind !== 'implied')
  const stories = distinct(shown.flatMap((level) => storyOfLevel(level, judgement) ?? []))
  const limits = levels.flatMap(({ level, because }) =>
    because.kind === 'limit'
      ? wrap([span(`? ${level}: stopped by the ${because.limit} limit: ${because.reached}`)], { width, indent: 2 })
      : [],
  )
  return text(
    [
      ...wrap(title, { width, indent: 2 }),
      [],
      header,
      ...rows,
      [],
      ...wrap([span(`strongest that hold: ${strongest.join(', ') || 'none'}`)], { width, indent: 2 }),
      ...wrap([span(`weakest violated: ${weakest.join(', ') || 'none'}`)], { width, indent: 2 }),
      ...limits,
      ...stories.flatMap((story) => proof(story, width)),
    ],
    colours,
  )
}

const cells: Readonly<Record<LevelJudgement['verdict'], readonly [string, Style | readonly Style[]]>> = {
  holds: ['✓ holds', 'green'],
  violated: ['✗ violated', 'red'],
  unknown: ['? unknown', 'yellow'],
  inapplicable: ['– no times', 'dim'],
}

function cell(levels: readonly LevelJudgement[], base: LevelBase, order: LevelOrder): Rich[number] {
  const name = levelNamed(base, order)
  const found = name === null ? undefined : levels.find(({ level }) => level === name)
  if (found === undefined) return span('·'.padEnd(columnWidth), 'dim')
  const [sign, style] = cells[found.verdict]
  return span(sign.padEnd(columnWidth), style as Style)
}

function proof(story: Story, width: number): Rich[] {
  const [title = '', ...lines] = explanationText(story.explanation, width)
  return [[], [span(title, 'bold')], ...lines.map((line): Rich => [span(visible(line))])]
}

function distinct(stories: readonly Story[]): Story[] {
  return [...new Map(stories.map((story) => [explanationText(story.explanation, 80).join('\n'), story])).values()]
}

function transactionsText({ transactions: { committed, aborted, unknown } }: IsolationJudgement): string {
  const parts = [
    `${committed.toLocaleString('en-US')} committed`,
    ...(aborted ? [`${aborted.toLocaleString('en-US')} aborted`] : []),
    ...(unknown ? [`${unknown.toLocaleString('en-US')} unknown`] : []),
  ]
  return `${parts.join(', ')} ${committed === 1 && parts.length === 1 ? 'transaction' : 'transactions'}`
}

function elapsed(seconds: number): string {
  return seconds < 0.1 ? `${(1000 * seconds).toFixed(1)} ms` : `${seconds.toFixed(2)} s`
}

function text(lines: readonly Rich[], colours: boolean): string {
  return lines.map((line) => `${paint(trimEnd(line), colours)}\n`).join('')
}
