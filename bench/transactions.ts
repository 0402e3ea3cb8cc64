/** The section of the benchmark on histories of transactions: generated ones of growing size, and files with published targets. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { child } from './child.ts'
import { median, slope } from './statistics.ts'
import type { Times } from './stopwatch.ts'
import { print } from './table.ts'
import type { TransactionsFileFigures } from './transactions-file.ts'
import type { GeneratedTransactionsFigures, StoreIsolation } from './transactions-generated.ts'
import { type TransactionTarget, targets } from './transactions-targets.ts'
import type { WrittenFigures } from './transactions-write.ts'

interface Workload {
  readonly kind: 'list' | 'register'
  readonly isolation: StoreIsolation
  readonly level: string
  readonly expected: 'holds' | 'violated'
}

interface GeneratedRow extends Workload, GeneratedTransactionsFigures {
  readonly transactions: number
  /** The power of the number of transactions that the processor time of table and judgement has grown with since the size before. */
  readonly growth: number | null
}

interface TargetRow extends TransactionTarget {
  /** Of each of several processes. */
  readonly runs: readonly TransactionsFileFigures[]
  readonly fileBytes: number | null
}

export interface TransactionsFigures {
  readonly generated: readonly GeneratedRow[]
  /** Over all sizes, by workload. */
  readonly growth: Readonly<Record<string, number | null>>
  readonly targets: readonly TargetRow[]
}

const data = resolve(import.meta.dirname, '../../shared/data')

export function benchTransactions(smoke: boolean): TransactionsFigures {
  const generated = workloads(smoke).flatMap((workload) => generatedRows(workload, smoke ? [200, 400] : [1000, 10_000, 100_000, 1_000_000]))
  const growth = Object.fromEntries(workloads(smoke).map((workload) => [nameOf(workload), overallGrowth(generated, workload)]))
  printGenerated(generated, growth)
  const measured = targetRows(smoke)
  printTargets(measured, smoke)
  return { generated, growth, targets: measured }
}

/** At levels as people ask for them: of registers with the order of the sessions, as AWDIT, PolySI and Cobra do. */
function workloads(smoke: boolean): Workload[] {
  const lists = ['read-committed', 'read-atomic', 'causal', 'snapshot-isolation', 'serializable', 'strict-serializable']
  const registers = [
    'strong-session-read-committed',
    'strong-session-read-atomic',
    'causal',
    'strong-session-snapshot-isolation',
    'strong-session-serializable',
    'strict-serializable',
  ]
  const holds = (kind: 'list' | 'register', levels: readonly string[]): Workload[] =>
    levels.map((level) => ({ kind, isolation: 'serializable', level, expected: 'holds' }))
  const violated = (kind: 'list' | 'register'): Workload => ({ kind, isolation: 'snapshot', level: 'serializable', expected: 'violated' })
  if (smoke) return [...holds('list', ['strict-serializable']), violated('list'), ...holds('register', ['causal'])]
  return [...holds('list', lists), violated('list'), ...holds('register', registers), violated('register')]
}

function generatedRows(workload: Workload, sizes: readonly number[]): GeneratedRow[] {
  const { kind, isolation, level, expected } = workload
  const rows: GeneratedRow[] = []
  for (const transactions of sizes) {
    process.stderr.write(`${nameOf(workload)}, ${transactions} transactions ...\n`)
    const figures = child<GeneratedTransactionsFigures>('transactions-generated.ts', [kind, isolation, level, transactions])
    checkVerdict(figures.verdict, expected, `${nameOf(workload)}, ${transactions} transactions`)
    const before = rows.at(-1)
    rows.push({
      ...workload,
      transactions,
      ...figures,
      growth: before === undefined ? null : slope([pointOf(before), pointOf({ transactions, ...figures })]),
    })
    // What is given up at one size is not tried at the next.
    if (figures.verdict === 'unknown') break
  }
  return rows
}

/** `unknown` is an honest answer of a search at its limit; the opposite of what is known is not. */
function checkVerdict(verdict: string, expected: string, what: string): void {
  if (verdict !== expected && verdict !== 'unknown') throw new Error(`${what}: expected ${expected}, and is ${verdict}`)
}

function nameOf({ kind, isolation, level }: Workload): string {
  return `${kind === 'list' ? 'list-append' : 'register'}; store ${isolation}; ${level}`
}

function cpuSecondsOf({ table, judgement }: Pick<GeneratedRow, 'table' | 'judgement'>): number {
  return table.cpuSeconds + judgement.cpuSeconds
}

function pointOf(row: Pick<GeneratedRow, 'transactions' | 'table' | 'judgement'>): readonly [number, number] {
  return [Math.log(row.transactions), Math.log(cpuSecondsOf(row))]
}

function overallGrowth(rows: readonly GeneratedRow[], workload: Workload): number | null {
  const decided = rows.filter((row) => nameOf(row) === nameOf(workload) && row.verdict === row.expected)
  return decided.length < 2 ? null : slope(decided.map(pointOf))
}

function targetRows(smoke: boolean): TargetRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'counterpoint-bench-'))
  try {
    return targets(smoke).flatMap((target) => {
      const { source, level, anomalies, expected, passes } = target
      const path = 'file' in source ? join(data, source.file) : join(folder, `${source.transactions}.edn`)
      if ('file' in source && !existsSync(path)) return []
      process.stderr.write(`${target.title} ...\n`)
      const fileBytes = 'file' in source ? null : child<WrittenFigures>('transactions-write.ts', [path, source.transactions]).bytes
      const runs = Array.from({ length: smoke ? 1 : 3 }, () =>
        child<TransactionsFileFigures>('transactions-file.ts', [path, level, String(anomalies), passes]),
      )
      for (const verdict of runs.flatMap(({ verdicts }) => verdicts)) checkVerdict(verdict, expected, target.title)
      return [{ ...target, runs, fileBytes }]
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function printGenerated(rows: readonly GeneratedRow[], growth: TransactionsFigures['growth']): void {
  console.log(
    '\nGenerated transactions of 20 clients, each size in a fresh process: seconds for the table of a history and for its judgement;',
  )
  console.log('of both together per processor second. Growth: the power of the number of transactions, since the size before and overall.')
  print(
    [
      'workload',
      'transactions',
      'verdict',
      'table s',
      'judge s',
      'cpu s',
      'transactions/s',
      'operations/s',
      'growth',
      'overall',
      'table MB',
      'peak MB',
    ],
    rows.map((row, i) => {
      const next = rows[i + 1]
      const isLast = next === undefined || nameOf(next) !== nameOf(row)
      return [
        nameOf(row),
        count(row.transactions),
        row.verdict,
        row.table.seconds.toFixed(3),
        row.judgement.seconds.toFixed(3),
        cpuSecondsOf(row).toFixed(3),
        count(row.transactions / cpuSecondsOf(row)),
        count(row.operations / cpuSecondsOf(row)),
        row.growth?.toFixed(2) ?? '',
        isLast ? (growth[nameOf(row)]?.toFixed(2) ?? '') : '',
        megabytes(row.tablePeakBytes),
        megabytes(row.peakBytes),
      ]
    }),
  )
}

function printTargets(rows: readonly TargetRow[], smoke: boolean): void {
  console.log('\nTransactions beside what others need, milliseconds; cold: the first pass of a fresh process; warm: the others; medians.')
  console.log('Cpu: processor time of the cold pass, all threads. Times: how many times the cold pass fits into its target.')
  const columns = ['cold', 'cpu', 'warm', 'target', 'times']
  print(
    [
      'history',
      'level',
      'verdict',
      ...columns.map((name) => `read ${name}`),
      ...columns.map((name) => `judge ${name}`),
      'peak MB',
      'target is',
    ],
    rows.map(({ title, level, readTargetMs, judgeTargetMs, about, runs }) => [
      title,
      level,
      [...new Set(runs.flatMap(({ verdicts }) => verdicts))].join(', '),
      ...besideTarget(
        runs.map(({ reading }) => reading),
        readTargetMs,
      ),
      ...besideTarget(
        runs.map(({ judgement }) => judgement),
        judgeTargetMs,
      ),
      megabytes(median(runs.map(({ peakBytes }) => peakBytes))),
      about,
    ]),
  )
  if (rows.length < targets(smoke).length) console.log('Published histories were not found in ../shared/data: no figures of them.')
}

function besideTarget(runs: readonly (readonly Times[])[], target: number | null): string[] {
  const cold = 1000 * median(runs.map(([first]) => first?.seconds ?? 0))
  const cpu = 1000 * median(runs.map(([first]) => first?.cpuSeconds ?? 0))
  const warm = 1000 * median(runs.flatMap(([, ...others]) => others.map(({ seconds }) => seconds)))
  return [
    ...[cold, cpu, warm].map((ms) => ms.toFixed(0)),
    ...(target === null ? ['', ''] : [target.toFixed(0), (target / cold).toFixed(1)]),
  ]
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}
