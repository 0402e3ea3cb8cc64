/** `counterpoint check --table`: judges a model's tables, and prints them. */
import { type CellCheck, type Model, requireTables, type TableResult, UserError, type Verdict } from '../checker/index.ts'
import { exitStatus, hasColours, type Io, printWidth } from './io.ts'
import { loadModel } from './load-model.ts'
import { type CheckRequest, reproduceCommand } from './reproduce.ts'
import { judgeTables } from './search.ts'
import { tableMarkdown, tableText } from './table-text.ts'

/** How to print: as text by default. */
export interface TableFormat {
  readonly json: boolean
  readonly markdown: boolean
}

export async function checkTables(request: CheckRequest, { json, markdown }: TableFormat, io: Io): Promise<number> {
  const { model } = await loadModel(request.model, io.cwd)
  const results = await judgeTables(model, tablesOf(model, request.table), request, json, io)
  if (json) io.stdout.write(`${JSON.stringify(document(model, results), null, 2)}\n`)
  else if (markdown) io.stdout.write(results.map(tableMarkdown).join('\n'))
  else {
    const printing = { width: printWidth(io.stdout), colour: hasColours(io.stdout, io.env) }
    const texts = results.map((result) => tableText(result, request.model, printing))
    io.stdout.write(`${texts.join('\n')}\nreproduce: ${reproduceCommand(request)}\n`)
  }
  return isInterrupted(results) ? exitStatus.interrupted : exitStatus[worst(results)]
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
