/** `counterpoint check --table`: judges a model's tables, and prints them. */
import { join } from 'node:path'
import countBy from 'lodash/countBy.js'
import { type CellCheck, type Model, requireTables, type TableResult, UserError, type Verdict } from '../checker/index.ts'
import { exitStatus, hasColours, type Io, printWidth } from './io.ts'
import { loadModel } from './load-model.ts'
import { plural } from './quantities.ts'
import { type CheckRequest, quoted, reproduceCommand } from './reproduce.ts'
import { judgeTables } from './search.ts'
import { tableMarkdown, tableText } from './table-text.ts'
import { requireWritableFolder, type Saved, saveTrace } from './trace-file.ts'

/** How to print: as text by default. */
export interface TableFormat {
  readonly json: boolean
  readonly markdown: boolean
}

export async function checkTables(request: CheckRequest, { json, markdown }: TableFormat, io: Io): Promise<number> {
  const { model, file } = await loadModel(request.model, io.cwd)
  const { out } = request
  const names = tablesOf(model, request.table)
  if (out !== undefined) requireWritableFolder(out, io.cwd)
  const results = await judgeTables(model, names, request, json, io)
  const { written, failure } = out === undefined ? { written: [] } : saveTraces(results, out, io.cwd, file)
  if (json) io.stdout.write(`${JSON.stringify(document(model, results), null, 2)}\n`)
  else if (markdown) io.stdout.write(results.map(tableMarkdown).join('\n'))
  else {
    const printing = { width: printWidth(io.stdout), colour: hasColours(io.stdout, io.env) }
    const texts = results.map((result) => tableText(result, request.model, printing))
    if (out !== undefined)
      texts.push(
        `${plural(written.length, 'trace')} in ${out}${written[0] === undefined ? '' : `; see one: counterpoint show ${quoted(written[0])}`}\n`,
      )
    io.stdout.write(`${texts.join('\n')}\nreproduce: ${reproduceCommand(request)}\n`)
  }
  // A full disk must not cost the result of a long search.
  if (failure !== undefined) throw failure
  return isInterrupted(results) ? exitStatus.interrupted : exitStatus[worst(results)]
}

/** Saves the counterexamples and witnesses of the cells, in files that are named after row and column. */
function saveTraces(results: readonly TableResult[], folder: string, cwd: string, modelFile: string | null): Saved {
  const traces = results.flatMap(({ table, cells }) =>
    cells.flatMap(({ row, column, checks }) =>
      checks.flatMap(({ trace, part }, i) =>
        trace === null
          ? []
          : [{ trace, part, name: [table, row, column, ...(checks.length > 1 ? [`${i + 1}`] : [])].map(plain).join('-') }],
      ),
    ),
  )
  // What differs in signs only would have the same name.
  const repeated = countBy(traces, ({ name }) => name)
  const written: string[] = []
  try {
    for (const [i, { trace, part, name }] of traces.entries()) {
      const file = join(folder, `${name}${repeated[name] === 1 ? '' : `-${i + 1}`}.json`)
      saveTrace({ ...trace, part }, file, cwd, modelFile)
      written.push(file)
    }
    return { written }
  } catch (failure) {
    return { written, failure }
  }
}

function plain(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')
}

function tablesOf(model: Model, asked: CheckRequest['table']): readonly string[] {
  if (typeof asked === 'string') return [asked]
  const names = Object.keys(model.tables)
  if (names.length === 0) throw new UserError('bad-option', `model ${model.name} has no tables`)
  requireTables(model)
  return names
}

function document({ name }: Model, results: readonly TableResult[]): object {
  const checks = ({ trace: _, part: __, ...check }: CellCheck): object => check
  const tables = results.map(({ model: _, ...result }) => ({
    ...result,
    cells: result.cells.map((cell) => ({ ...cell, checks: cell.checks.map(checks) })),
  }))
  return { model: name, verdict: worst(results), tables }
}

function worst(results: readonly TableResult[]): Verdict {
  const verdicts = results.map(({ verdict }) => verdict)
  return verdicts.find((verdict) => verdict === 'violated') ?? verdicts.find((verdict) => verdict === 'inconclusive') ?? 'holds'
}

function isInterrupted(results: readonly TableResult[]): boolean {
  return results.some(({ cells }) => cells.some(({ checks }) => checks.some(({ limit }) => limit === 'interrupted')))
}
