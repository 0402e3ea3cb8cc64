/**
 * `npm run bench:walks`: how many walks it takes to find each known bug, uniform and by PCT, at the constants that show it. Per bug and
 * strategy, the median over 20 seeds. Arguments such as `raft` or `raft/commit-on-half` measure only those, and keep the rows that the
 * page has of the others. `--bug-depth 24` has PCT reckon with so many constraints from the start. `--smoke` only shows that it works.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type CheckOptions, check, type Model, program } from '../checker/index.ts'
import { models } from '../models/index.ts'
import { writeWhole } from '../traces/index.ts'
import { median } from './statistics.ts'
import { print } from './table.ts'
import { type BugWalks, rowStart, unmeasuredRow, type Walks, walksPage, walksRow } from './walks-page.ts'

const { values, positionals } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    out: { type: 'string', default: 'bench/results/walks.json' },
    'bug-depth': { type: 'string' },
  },
  allowPositionals: true,
})
const { smoke, out } = values
const limits = smoke ? { seeds: 2, walks: 50 } : { seeds: 20, walks: 1_000_000 }
/** Where most seeds find nothing with the first of these constraints that PCT reckons with, the next is tried. */
const bugDepths = values['bug-depth'] === undefined ? (smoke ? [3] : [3, 8, 24]) : [Number(values['bug-depth'])]
/** A run that takes longer counts as one that has not found the bug. */
const timeMs = 60_000

const root = resolve(import.meta.dirname, '..')
const page = resolve(root, 'docs/models/walks.md')
const isAsked = (model: string, bug: string): boolean =>
  positionals.length > 0 ? positionals.includes(model) || positionals.includes(`${model}/${bug}`) : !smoke || model === 'token-ring'
const known = models.flatMap((model) => Object.keys(model.bugs).map((bug) => ({ model, bug })))
const before = existsSync(page) ? readFileSync(page, 'utf8').split('\n') : []
const bugs: BugWalks[] = []
const rows = new Map(known.map(({ model, bug }) => [`${model.name}/${bug}`, rowBefore(model.name, bug)]))
for (const { model, bug } of known) {
  if (!isAsked(model.name, bug)) continue
  const measured = measure(model, bug)
  bugs.push(measured)
  rows.set(`${model.name}/${bug}`, walksRow(measured))
  // What has been measured is kept, whatever becomes of the rest.
  if (!smoke) writeWhole(page, walksPage({ ...limits, rows: [...rows.values()] }))
}
const file = resolve(root, out)
mkdirSync(resolve(file, '..'), { recursive: true })
writeWhole(file, `${JSON.stringify({ ...limits, bugs }, null, 2)}\n`)
const cell = ({ median: middle, found, tried }: Walks): string => `${middle ?? 'not found'} (${found} of ${tried})`
print(
  ['model, bug', 'uniform', 'pct'],
  bugs.map(({ model, bug, random, pct }) => [`${model}, ${bug}`, cell(random), cell(pct)]),
)

function rowBefore(model: string, bug: string): string {
  return before.find((line) => line.startsWith(rowStart(model, bug))) ?? unmeasuredRow(model, bug)
}

function measure(model: Model, bug: string): BugWalks {
  process.stderr.write(`${model.name}, ${bug} ...\n`)
  const { constants } = program(model, { bugs: [bug] })
  const random = walksOf(model, bug, { strategy: 'random' })
  const [first = 3, ...others] = bugDepths
  let pct = walksOf(model, bug, { strategy: 'pct', bugDepth: first })
  for (const bugDepth of others) if (pct.median === null) pct = walksOf(model, bug, { strategy: 'pct', bugDepth })
  return { model: model.name, bug, constants, random, pct }
}

function walksOf(model: Model, bug: string, how: Pick<CheckOptions, 'strategy' | 'bugDepth'>): Walks {
  const started = performance.now()
  const needed: number[] = []
  const missed = (): number => needed.filter((walks) => !Number.isFinite(walks)).length
  // Once more than half of the seeds have found nothing, the median is known to be beyond the limit.
  while (needed.length < limits.seeds && missed() <= limits.seeds / 2) {
    const { violations, walks } = check(model, {
      ...how,
      bugs: [bug],
      seed: needed.length + 1,
      walks: limits.walks,
      timeMs,
      checkPurity: false,
    })
    needed.push(violations.length > 0 && walks !== null ? walks : Number.POSITIVE_INFINITY)
  }
  const middle = missed() > limits.seeds / 2 ? Number.POSITIVE_INFINITY : median(needed)
  return {
    ...(how.bugDepth !== undefined && { bugDepth: how.bugDepth }),
    median: Number.isFinite(middle) ? middle : null,
    found: needed.length - missed(),
    tried: needed.length,
    seconds: (performance.now() - started) / 1000,
  }
}
