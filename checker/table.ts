/**
 * Judges the tables of a model: one cell per row and column, whose word says whether the column's property holds with the
 * constants and bugs of the row, in all of the column's variants.
 *
 * A search that sees every state decides all properties at once, so cells with the same constants and bugs share it; each that
 * ends at a counterexample is repeated for the properties that it left open.
 */
import groupBy from 'lodash/groupBy.js'
import { explore } from './check.ts'
import { invariant, isUserError, suggest, UserError } from './errors.ts'
import { canonicalKey } from './language/json.ts'
import type { Column, Model, Table, Variant } from './language/model.ts'
import { deadlockSentence, program } from './language/program.ts'
import type { CheckOptions, CheckResult, Limit, Progress, Verdict } from './result.ts'
import type { Trace } from './trace.ts'

/** Limits: `timeMs` is for the whole table, the others for each check. */
export type TableOptions = Pick<CheckOptions, 'maxStates' | 'maxDepth' | 'timeMs' | 'memoryBytes' | 'checkPurity' | 'signal'>

/** What a cell is found to be: `differs` where the property holds in some variants only. */
export type CellVerdict = Verdict | 'differs'

export interface TableResult {
  readonly model: string
  readonly table: string
  readonly about: string
  readonly source: string
  /** `holds` where every cell says what is expected; worst first. */
  readonly verdict: Verdict
  readonly rows: readonly ({ readonly name: string } & Required<Variant>)[]
  readonly columns: readonly { readonly name: string; readonly property: string; readonly sentence: string }[]
  /** Row by row; those that do not apply are left out. */
  readonly cells: readonly TableCell[]
  /** How many searches it took, and their states. */
  readonly searches: number
  readonly distinct: number
  readonly seconds: number
}

export interface TableCell {
  readonly row: string
  readonly column: string
  readonly property: string
  /** The word that the table promises. */
  readonly expected: string
  /** The word that was found; `null` where a limit was reached before it was certain. */
  readonly word: string | null
  readonly verdict: CellVerdict
  /** States of all its checks. */
  readonly distinct: number
  /** The level of the shortest counterexample, or else of the deepest state. */
  readonly depth: number
  /** Of the searches that decided it, which may have decided other cells, too. */
  readonly seconds: number
  /** One per variant. */
  readonly checks: readonly CellCheck[]
}

export interface CellCheck extends Required<Variant> {
  readonly verdict: Verdict
  readonly limit: Limit | null
  readonly distinct: number
  readonly generated: number
  readonly depth: number
  readonly seconds: number
  /** The counterexample, or the witness of a `sometimes`. */
  readonly trace: Trace | null
  /** The part that failed, of a property made of named parts. */
  readonly part: string | null
}

export interface TableProgress {
  /** Cells that are decided. */
  readonly decided: number
  readonly cells: number
  /** The search under way, on behalf of this cell and maybe others. */
  readonly row: string
  readonly column: string
  readonly search: Progress
}

/**
 * Judges every cell of a table.
 * @throws UserError where there is no such table, or its rows, columns and words do not fit the model
 */
export function judgeTable(model: Model, name: string, options: TableOptions = {}): TableResult {
  const run = judgingTable(model, name, options)
  for (;;) {
    const next = run.next()
    if (next.done) return next.value
  }
}

/** The same, in slices: yields progress a few times a second. */
export function* judgingTable(model: Model, name: string, options: TableOptions = {}): Generator<TableProgress, TableResult, void> {
  const { table, rows, columns, cells } = planTable(model, name)
  const clock = stopwatch(options.timeMs)
  const decided = new Map<PlannedCheck, CellCheck>()
  const results: CheckResult[] = []
  const isDecided = (cell: PlannedCell): boolean => cell.checks.every((check) => decided.has(check))
  const planned = cells.flatMap((cell) => cell.checks.map((check) => ({ cell, check })))
  for (const group of Object.values(groupBy(planned, ({ check }) => check.key))) {
    for (;;) {
      const open = group.filter(({ check }) => !decided.has(check))
      const [first] = open
      if (first === undefined) break
      const { row, column } = first.cell
      const between = (search: Progress): TableProgress => ({
        decided: cells.filter(isDecided).length,
        cells: cells.length,
        row,
        column,
        search,
      })
      const properties = [...new Set(open.map(({ cell }) => cell.property))]
      const result = yield* searchFor(model, { ...options, ...first.check.variant, properties }, clock, between)
      if (typeof result !== 'string') results.push(result)
      for (const { cell, check } of open) {
        const found = foundIn(result, cell.property, check.variant)
        // A search that ended at the counterexample of one property says nothing about the others yet.
        if (found.verdict !== 'inconclusive' || typeof result === 'string' || result.verdict !== 'violated') decided.set(check, found)
      }
    }
  }
  const judged = cells.map((cell) =>
    judgeCell(
      cell,
      cell.checks.map((check) => decided.get(check) as CellCheck),
    ),
  )
  const { about, source = '' } = table
  return {
    model: model.name,
    table: name,
    about,
    source,
    verdict: verdictOf(judged),
    rows,
    columns,
    cells: judged,
    searches: results.length,
    distinct: results.reduce((sum, { distinct }) => sum + distinct, 0),
    seconds: clock.seconds(),
  }
}

/** @throws UserError where one of the model's tables does not fit it */
export function requireTables(model: Model): void {
  for (const name of Object.keys(model.tables)) planTable(model, name)
}

interface PlannedCheck {
  readonly variant: Required<Variant>
  /** The same for checks of the same states. */
  readonly key: string
}

interface PlannedCell {
  readonly row: string
  readonly column: string
  readonly property: string
  readonly words: Words
  readonly expected: string
  readonly checks: readonly PlannedCheck[]
}

type Words = Required<NonNullable<Column['words']>>

interface Plan extends Pick<TableResult, 'rows' | 'columns'> {
  readonly table: Table
  readonly cells: readonly PlannedCell[]
}

function planTable(model: Model, name: string): Plan {
  const where = `table ${name} of model ${model.name}`
  const table = Object.hasOwn(model.tables, name) ? model.tables[name] : undefined
  if (table === undefined)
    throw new UserError('bad-option', `model ${model.name} has no table "${name}"${suggest(name, Object.keys(model.tables))}`)
  const [rows, columns] = [Object.entries(table.rows), Object.entries(table.columns)]
  requireExpectations(table, where)
  const sentences = new Map<string, string>()
  const cells = rows.flatMap(([row, rowVariant]) =>
    columns.flatMap(([column, { property, variants = [{}], words: given }], i): PlannedCell[] => {
      const expected = table.expect[row]?.[i] ?? null
      if (expected === null) return []
      const place = `${where}, row "${row}", column "${column}"`
      const words = wordsOf(given)
      if (!Object.values(words).includes(expected))
        throw new UserError(
          'bad-model',
          `${place}: expect says "${expected}", which is none of the column's words: ${Object.values(words).join(', ')}`,
        )
      const checks = variants.map((variant): PlannedCheck => {
        const both = merged(rowVariant, variant)
        const { constants, properties } = placed(place, () => program(model, { ...both, properties: [property] }))
        sentences.set(column, properties.get(property)?.sentence ?? deadlockSentence)
        return { variant: both, key: canonicalKey({ constants, bugs: [...both.bugs].sort() }) }
      })
      return [{ row, column, property, words, expected, checks }]
    }),
  )
  return {
    table,
    rows: rows.map(([row, variant]) => ({ name: row, ...merged(variant, {}) })),
    columns: columns.map(([column, { property }]) => ({ name: column, property, sentence: sentences.get(column) ?? '' })),
    cells,
  }
}

function requireExpectations({ rows, columns, expect }: Table, where: string): void {
  const refuse = (why: string): UserError => new UserError('bad-model', `${where}: ${why}`)
  const width = Object.keys(columns).length
  if (width === 0 || Object.keys(rows).length === 0) throw refuse('it has no rows, or no columns')
  for (const [column, { variants, words }] of Object.entries(columns)) {
    if (variants?.length === 0) throw refuse(`column "${column}" has no variants; leave them out to check the rows as they are`)
    const all = Object.values(wordsOf(words))
    if (new Set(all).size < all.length) throw refuse(`column "${column}" says the same word for different verdicts`)
  }
  for (const row of Object.keys(expect)) {
    if (!Object.hasOwn(rows, row)) throw refuse(`expect has the row "${row}", which the table has not${suggest(row, Object.keys(rows))}`)
  }
  for (const row of Object.keys(rows)) {
    const words = Object.hasOwn(expect, row) ? expect[row] : undefined
    if (words === undefined) throw refuse(`expect lacks the row "${row}"`)
    if (words.length !== width) throw refuse(`expect has ${words.length} words in row "${row}", for ${width} columns`)
  }
}

function wordsOf(words: Column['words']): Words {
  return { holds: words?.holds ?? 'holds', violated: words?.violated ?? 'violated', differs: words?.differs ?? 'differs' }
}

function merged(row: Variant, variant: Variant): Required<Variant> {
  return {
    constants: { ...row.constants, ...variant.constants },
    bugs: [...new Set([...(row.bugs ?? []), ...(variant.bugs ?? [])])],
  }
}

function placed<T>(place: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw isUserError(error) ? new UserError(error.code, `${place}: ${error.message}`) : error
  }
}

interface Stopwatch {
  readonly seconds: () => number
  /** Milliseconds that are left; `undefined` where there is no limit. */
  readonly left: () => number | undefined
}

function stopwatch(timeMs: number | undefined): Stopwatch {
  const started = performance.now()
  const passed = (): number => performance.now() - started
  return { seconds: () => passed() / 1000, left: () => (timeMs === undefined ? undefined : timeMs - passed()) }
}

/** A result, or the limit for which the search did not begin. */
function* searchFor(
  model: Model,
  options: CheckOptions,
  { left }: Stopwatch,
  progress: (search: Progress) => TableProgress,
): Generator<TableProgress, CheckResult | Limit, void> {
  const { timeMs: _, ...others } = options
  const timeMs = left()
  if (options.signal?.aborted) return 'interrupted'
  if (timeMs !== undefined && timeMs <= 0) return 'time'
  const run = explore(model, { ...others, ...(timeMs !== undefined && { timeMs }) })
  for (;;) {
    const next = run.next()
    if (next.done) return next.value
    yield progress(next.value)
  }
}

function foundIn(result: CheckResult | Limit, property: string, variant: Required<Variant>): CellCheck {
  if (typeof result === 'string')
    return { ...variant, verdict: 'inconclusive', limit: result, distinct: 0, generated: 0, depth: 0, seconds: 0, trace: null, part: null }
  const { limit, distinct, generated, seconds } = result
  const found = result.properties[property]
  invariant(found, 'the property was among those to check, and the plan of the table has seen that the model has it')
  const { verdict, trace, part } = found
  const depth = (verdict === 'violated' ? found.depth : null) ?? result.depth
  return { ...variant, verdict, limit: verdict === 'inconclusive' ? limit : null, distinct, generated, depth, seconds, trace, part }
}

function judgeCell({ row, column, property, words, expected }: PlannedCell, checks: readonly CellCheck[]): TableCell {
  const violated = checks.filter(({ verdict }) => verdict === 'violated')
  const verdict = together(checks.map((check) => check.verdict))
  const depths = (of: readonly CellCheck[]): number[] => of.map(({ depth }) => depth)
  const total = (of: (check: CellCheck) => number): number => checks.reduce((sum, check) => sum + of(check), 0)
  return {
    row,
    column,
    property,
    expected,
    word: verdict === 'inconclusive' ? null : words[verdict],
    verdict,
    distinct: total(({ distinct }) => distinct),
    depth: violated.length > 0 ? Math.min(...depths(violated)) : Math.max(...depths(checks)),
    seconds: total(({ seconds }) => seconds),
    checks,
  }
}

/** What is certain whatever the checks that reached a limit would have found. */
function together(verdicts: readonly Verdict[]): CellVerdict {
  const has = (verdict: Verdict): boolean => verdicts.includes(verdict)
  if (has('holds') && has('violated')) return 'differs'
  if (has('inconclusive')) return 'inconclusive'
  return has('violated') ? 'violated' : 'holds'
}

function verdictOf(cells: readonly TableCell[]): Verdict {
  if (cells.some(({ word, expected }) => word !== null && word !== expected)) return 'violated'
  return cells.some(({ word }) => word === null) ? 'inconclusive' : 'holds'
}
