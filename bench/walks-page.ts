/** The page of walks: how many it takes to find each known bug. */

export interface Walks {
  /** Of the walks that each seed needed; `null` where most seeds did not find the bug. */
  readonly median: number | null
  /** Seeds that found it, of those that were tried. */
  readonly found: number
  readonly tried: number
  /** The constraints that PCT reckoned with. */
  readonly bugDepth?: number
  /** What all seeds took together. */
  readonly seconds: number
}

export interface BugWalks {
  readonly model: string
  readonly bug: string
  readonly constants: Readonly<Record<string, unknown>>
  readonly random: Walks
  readonly pct: Walks
}

export interface WalksPage {
  readonly seeds: number
  /** The most walks of a run. */
  readonly walks: number
  readonly rows: readonly string[]
}

/** How the row of a bug begins. */
export function rowStart(model: string, bug: string): string {
  return `| [${model}](${model}.md) | [${bug}](${model}.md#${bug}) |`
}

export function walksRow({ model, bug, random, pct }: BugWalks): string {
  const cell = ({ median, found, tried, bugDepth = 3 }: Walks): string =>
    `${median === null ? 'beyond the limit' : median.toLocaleString('en')}${found === tried ? '' : ` (found by ${found} of ${tried} seeds)`}${bugDepth === 3 ? '' : `, \`--bug-depth ${bugDepth}\``}`
  return `${rowStart(model, bug)} ${cell(random)} | ${cell(pct)} |`
}

export function unmeasuredRow(model: string, bug: string): string {
  return `${rowStart(model, bug)} not measured yet | not measured yet |`
}

export function walksPage({ seeds, walks, rows }: WalksPage): string {
  return `${[
    '# Walks to each known bug',
    '',
    'This page is written by `npm run bench:walks`.',
    '',
    `How many random walks it takes to find each known bug: the median over ${seeds} seeds, uniform (\`--strategy random\`) and by random priorities`,
    `(\`--strategy pct\`). Walks have at most 100 steps; a run has at most ${walks.toLocaleString('en')} walks, and a minute. The constants are those that the bug brings.`,
    'Once more than half of the seeds have reached a limit, the median is beyond it, and no others are tried.',
    'What shows only in executions that go on for ever is looked for after 1, 2, 4, 8 ... walks.',
    '',
    '| model | bug | uniform | pct |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n')}\n`
}
