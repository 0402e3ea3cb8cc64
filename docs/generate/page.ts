/** The page of a model, and the index of all pages: written from what the models say of themselves and what was found. */
import isEqual from 'lodash/isEqual.js'
import {
  describeConstants,
  type Instance,
  type Model,
  type PropertyKind,
  program,
  type Table,
  type TableResult,
} from '../../checker/index.ts'
import { deadlockProperty, deadlockSentence } from '../../checker/language/program.ts'
import { counted, elapsed, plural } from '../../cli/quantities.ts'
import { reproduceCommand } from '../../cli/reproduce.ts'
import type { Findings } from './findings.ts'

/** Where the pages are, beside the manual. */
export const pagesFolder = 'docs/models'

export function pageName(model: Model): string {
  return `${model.name}.md`
}

/** What one model is, promises and was found to do. */
export function modelPage(model: Model, findings: Findings): string {
  const promised = propertiesOf(model)
  const sections: (readonly [string, string])[] = [
    ['What is modelled', bullets(model.covers)],
    ['What is left out', bullets(Object.entries(model.omits).map(([what, why]) => `**${what}**: ${why}`))],
    ['Constants', constants(model)],
    ['Properties', properties(promised)],
    ['Known bugs', bugs(model, findings)],
    ...Object.entries(model.tables).map(([name, table]) => [`Table: ${name}`, tableText(model, name, table, promised, findings)] as const),
    ['Checked instances', instances(model, findings)],
  ]
  const head = `# ${model.name}\n\n${sentence(model.about)}${model.source === '' ? '' : `\n\nSource: ${sentence(model.source)}`}\n\n${written}`
  const body = sections.filter(([, text]) => text !== '').map(([title, text]) => `## ${title}\n\n${text}`)
  return `${[head, ...body].join('\n\n')}\n`
}

/** All models, with what there is to each. */
export function indexPage(models: readonly Model[]): string {
  const rows = models.map((model) => [
    `[${model.name}](${pageName(model)})`,
    escaped(model.about),
    `${Object.keys(propertiesOf(model)).length}`,
    `${Object.keys(model.bugs).length}`,
    `${Object.keys(model.tables).length || '-'}`,
    counted(Math.max(0, ...model.instances.map(({ distinct = 0 }) => distinct))),
  ])
  const head = ['model', 'what it is about', 'properties', 'known bugs', 'tables', 'largest instance, in states']
  return `# The models\n\n${written}\n\n${table(head, rows)}\n\n[How many random walks](walks.md) it takes to find each known bug, and [that no smaller constants](smallest.md) show it. What the words mean is in [the manual](../models.md).\n`
}

/** What running alone tells stands between these, so that a test can leave it aside. */
const [found, foundEnd] = ['<!-- found -->', '<!-- end -->']

/** A page without what only running tells: times, pictures and the cells' searches. */
export function withoutFindings(page: string): string {
  return page
    .replaceAll(/<!-- found -->[\s\S]*?<!-- end -->\n*/g, '')
    .replaceAll(/\| [^|]* \|$/gm, (cell) => (isTime(cell) ? '| - |' : cell))
}

/** A page with what an older one tells, where it was not found anew. */
export function keepingFindings(page: string, old: string): string {
  const [sections, before] = [page, old].map((text) => text.split(/^(?=##)/m)) as [string[], string[]]
  const times = new Map(before.flatMap((section) => section.split('\n').flatMap((line) => timed(line))))
  return sections
    .map((section) => {
      const kept = before.find((other) => headingOf(other) === headingOf(section))?.match(foundBlock)?.[0]
      const whole = kept === undefined || foundBlock.test(section) ? section : `${section.trimEnd()}\n\n${kept.trimEnd()}\n\n`
      return whole.replaceAll(/^(\|.*) \| - \|$/gm, (_, row: string) => `${row} | ${times.get(row) ?? '-'} |`)
    })
    .join('')
}

const foundBlock = /<!-- found -->[\s\S]*?<!-- end -->/

function headingOf(section: string): string {
  return section.slice(0, section.indexOf('\n'))
}

/** A row without its time, and the time. */
function timed(line: string): [string, string][] {
  const [, row, time] = /^(\|.*) \| ([^|]* s) \|$/.exec(line) ?? []
  return row === undefined || time === undefined ? [] : [[row, time]]
}

const written = 'This page is written by `npm run docs:models` from the model and its catalogue.'

function isTime(cell: string): boolean {
  return /^\| (?:-|(?:\d+ h )?(?:\d+ min )?[\d.]+ s) \|$/.test(cell)
}

function constants(model: Model): string {
  const rows = describeConstants(model.constants).map(({ name, default: value, range, about }) => [
    `\`${name}\``,
    `${value}`,
    escaped(range.replaceAll(' | ', ', ')),
    escaped(about),
  ])
  return rows.length === 0 ? '' : table(['constant', 'default', 'values', ''], rows)
}

function properties(promised: Readonly<Record<string, Promised>>): string {
  const rows = Object.entries(promised).map(([name, { kind, sentence: meaning, holdsIn }]) => [
    `\`${name}\``,
    kind,
    escaped(meaning),
    holdsIn === 0 ? 'in no instance' : `holds in ${plural(holdsIn, 'instance')}`,
  ])
  return table(['property', 'kind', 'meaning', 'corrected model'], rows)
}

interface Promised {
  readonly kind: PropertyKind
  readonly sentence: string
  /** Instances that were expected to hold, and have it. */
  holdsIn: number
}

/** Some properties are there with some constants only. */
function propertiesOf(model: Model): Record<string, Promised> {
  const all: Record<string, Promised> = {}
  const cells = Object.values(model.tables).flatMap(({ rows, columns }) =>
    Object.values(rows).flatMap((row) =>
      Object.values(columns).flatMap(({ variants = [{}] }) =>
        variants.map(({ constants: own, bugs: planted }) => ({
          constants: { ...row.constants, ...own },
          bugs: [...(row.bugs ?? []), ...(planted ?? [])],
          expect: '',
        })),
      ),
    ),
  )
  const known = Object.keys(model.bugs).map((bug): Instance => ({ bugs: [bug], expect: '' }))
  for (const { constants: values = {}, bugs: planted = [], expect } of [
    { expect: '' },
    ...model.instances,
    ...known,
    ...cells,
  ] as Instance[]) {
    const holds = expect === 'holds' && planted.length === 0
    for (const [name, { kind, sentence: meaning }] of program(model, { constants: values, bugs: planted }).properties) {
      const promised = all[name] ?? { kind, sentence: meaning, holdsIn: 0 }
      all[name] = promised
      if (holds) promised.holdsIn += 1
    }
  }
  const holding = model.instances.filter(({ expect, bugs: planted = [] }) => expect === 'holds' && planted.length === 0)
  if (model.spec.done !== undefined) all[deadlockProperty] = { kind: 'deadlock', sentence: deadlockSentence, holdsIn: holding.length }
  return all
}

function bugs(model: Model, { pictures }: Findings): string {
  const names = Object.keys(model.bugs)
  if (names.length === 0) return ''
  const rows = names.map((name) => {
    const { about, violates = '' } = model.bugs[name] ?? { about: '' }
    const depth = instanceOf(model, name)?.depth
    return [`[${name}](#${name})`, escaped(about), `\`${violates}\``, depth === undefined ? '' : `${depth - 1}`]
  })
  const details = names.map((name) => {
    const { about, source, constants: values = {} } = model.bugs[name] ?? { about: '' }
    const shown = Object.entries(values).map(([constant, value]) => `\`${constant}=${value}\``)
    const text = [
      `### ${name}`,
      sentence(about),
      ...(source === undefined ? [] : [`Source: ${sentence(source)}`]),
      `\`${reproduceCommand({ model: model.name, bugs: [name] })}\`${shown.length === 0 ? '' : `, with ${shown.join(', ')}`}`,
      ...(pictures[name] === undefined ? [] : [folded('The shortest counterexample', code(pictures[name]))]),
    ]
    return text.join('\n\n')
  })
  return `${table(['bug', 'what it is', 'violates', 'steps'], rows)}\n\n${details.join('\n\n')}`
}

/** The catalogue's instance of a bug, at the constants that show it. */
function instanceOf(model: Model, bug: string): Instance | undefined {
  const shown = program(model, { bugs: [bug] }).constants
  return model.instances.find(
    ({ constants: values = {}, bugs: planted = [] }) =>
      isEqual(planted, [bug]) && isEqual(program(model, { constants: values, bugs: planted }).constants, shown),
  )
}

function tableText(
  model: Model,
  name: string,
  { about, source, rows, columns, expect }: Table,
  promised: Readonly<Record<string, Promised>>,
  { tables }: Findings,
): string {
  const words = Object.keys(rows).map((row) => [escaped(row), ...(expect[row] ?? []).map((word) => escaped(word ?? '-'))])
  const asked = Object.entries(columns).map(([column, { property }]) => [
    escaped(column),
    `\`${property}\``,
    escaped(promised[property]?.sentence ?? ''),
  ])
  const result = tables[name]
  const text = [
    sentence(about),
    ...(source === undefined ? [] : [`Source: ${sentence(source)}`]),
    table(['', ...Object.keys(columns).map(escaped)], words),
    table(['column', 'property', 'meaning'], asked),
    `\`${reproduceCommand({ model: model.name, table: name })}\``,
    ...(result === undefined ? [] : [folded('How each word was found', searches(model, result))]),
  ]
  return text.join('\n\n')
}

function searches(model: Model, { cells }: TableResult): string {
  const rows = cells.flatMap(({ row, column, property, checks }) =>
    checks.map(({ verdict, trace, distinct, constants: values, bugs: planted }) => [
      escaped(row),
      escaped(column),
      verdict === 'violated' && trace !== null ? `${plural(trace.steps.length, 'step')} to a counterexample` : verdict,
      counted(distinct),
      `\`${reproduceCommand({ model: model.name, constants: values, bugs: planted, properties: [property] })}\``,
    ]),
  )
  return table(['row', 'column', 'found', 'states', 'command'], rows)
}

function instances(model: Model, { seconds }: Findings): string {
  const rows = model.instances.map(({ constants: values = {}, bugs: planted = [], expect, distinct, generated, depth }, i) => [
    Object.entries({ ...Object.assign({}, ...planted.map((bug) => model.bugs[bug]?.constants ?? {})), ...values })
      .map(([name, value]) => `${name}=${value}`)
      .join(' ') || 'default',
    planted.join(', '),
    expect === 'holds' ? 'holds' : `\`${expect}\` is violated`,
    distinct === undefined ? '' : counted(distinct),
    generated === undefined ? '' : counted(generated),
    depth === undefined ? '' : `${depth}`,
    typeof seconds[i] === 'number' ? elapsed(seconds[i]) : '-',
  ])
  const times =
    'Levels of breadth-first search, the initial states being level 1. Times are those of one run on a machine with 2 cores, of which a check uses one.'
  return `${times}\n\n${table(['constants', 'bug', 'verdict', 'distinct states', 'generated', 'levels', 'time'], rows)}`
}

function bullets(texts: readonly string[]): string {
  return texts.map((text) => `- ${text}`).join('\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

function folded(summary: string, text: string): string {
  return `${found}\n<details>\n<summary>${summary}</summary>\n\n${text}\n\n</details>\n${foundEnd}`
}

function code(text: string): string {
  return `\`\`\`\n${text.trimEnd()}\n\`\`\``
}

function sentence(text: string): string {
  return /[.?!)]$/.test(text) ? text : `${text}.`
}

/** What Markdown would take for the border of a cell. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}
