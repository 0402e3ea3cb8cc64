/** The section of the benchmark on recorded histories: the published ones, and generated ones of growing size. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { child } from './child.ts'
import type { FamilyFigures, FileFigures } from './histories-files.ts'
import type { GeneratedFigures, HistoryMode } from './histories-generated.ts'
import { historyWorkloads } from './history-workloads.ts'
import { median, slope, sum } from './statistics.ts'
import { print } from './table.ts'

interface FamilyRow {
  readonly family: string
  readonly files: number
  readonly wrong: number
  readonly unknown: number
  /** Milliseconds of all files, each the median of the runs. */
  readonly readColdMs: number
  readonly verdictColdMs: number
  readonly verdictWarmMs: number
  readonly evidenceColdMs: number
  readonly evidenceWarmMs: number
  /** By the time of a cold check with evidence. */
  readonly slowest: string
  readonly slowestMs: number
  readonly peakBytes: number
}

interface GeneratedRow {
  readonly workload: string
  readonly processes: number
  readonly operations: number
  readonly modes: Partial<Record<HistoryMode, GeneratedFigures>>
}

export interface HistoriesFigures {
  /** `null`: the published histories are not here. */
  readonly published: readonly FamilyRow[] | null
  readonly generated: readonly GeneratedRow[]
  readonly growth: Readonly<Record<string, number | null>>
}

const families = ['porcupine-etcd', 'porcupine-kv', 'knossos', 'limo', 'polylin', 'synthetic-containers', 'synthetic-registers']
const root = resolve(import.meta.dirname, '..')
const data = resolve(root, '../shared/data')

export function benchHistories(smoke: boolean): HistoriesFigures {
  const published = existsSync(join(data, 'verdicts.json')) ? families.map((family) => publishedRow(family, smoke)) : null
  const generated = generatedRows(smoke)
  const growth = growthOf(generated)
  if (published === null) console.log('\nThe published histories were not found in ../shared/data: no figures of them.')
  else printPublished(published)
  printGenerated(generated, growth)
  return { published, generated, growth }
}

function publishedRow(family: string, smoke: boolean): FamilyRow {
  process.stderr.write(`published histories, ${family} ...\n`)
  const runs = Array.from({ length: smoke ? 1 : 5 }, () => ({
    any: inFamily(family, 'any', smoke),
    small: inFamily(family, 'small', smoke),
  }))
  const files = runs[0]?.small.cold ?? []
  const medians = (of: (run: (typeof runs)[number], i: number) => number): number[] =>
    files.map((_, i) => median(runs.map((run) => of(run, i))))
  const withEvidence = medians(({ small }, i) => small.cold[i]?.checkMs ?? 0)
  const slowestMs = Math.max(...withEvidence)
  const all = runs.flatMap(({ any, small }) => [any, small])
  return {
    family,
    files: files.length,
    wrong: countOf(all, ({ isRight }) => !isRight),
    unknown: countOf(all, ({ isUnknown }) => isUnknown),
    readColdMs: sum(medians(({ any }, i) => any.cold[i]?.readMs ?? 0)),
    verdictColdMs: sum(medians(({ any }, i) => any.cold[i]?.checkMs ?? 0)),
    verdictWarmMs: sum(medians(({ any }, i) => any.warm[i]?.checkMs ?? 0)),
    evidenceColdMs: sum(withEvidence),
    evidenceWarmMs: sum(medians(({ small }, i) => small.warm[i]?.checkMs ?? 0)),
    slowest: files[withEvidence.indexOf(slowestMs)]?.file ?? '',
    slowestMs,
    peakBytes: Math.max(...all.map(({ peakBytes }) => peakBytes)),
  }
}

function inFamily(family: string, evidence: 'any' | 'small', smoke: boolean): FamilyFigures {
  return child('histories-files.ts', [data, family, evidence, smoke ? '3' : 'Infinity'])
}

/** Files that are so in any run. */
function countOf(runs: readonly FamilyFigures[], is: (file: FileFigures) => boolean): number {
  return new Set(runs.flatMap(({ cold, warm }) => [...cold, ...warm]).flatMap((file) => (is(file) ? [file.file] : []))).size
}

function generatedRows(smoke: boolean): GeneratedRow[] {
  const rows: GeneratedRow[] = []
  for (const [workload, { operationsMax, isMonitored }] of Object.entries(historyWorkloads)) {
    for (const processes of smoke ? [5] : [5, 20, 100]) {
      process.stderr.write(`${workload}, ${processes} processes ...\n`)
      // What is given up at one size is not tried at the next.
      let modes: HistoryMode[] = isMonitored ? ['auto', 'general', 'streamed'] : ['general', 'streamed']
      for (const operations of smoke ? [200, 400] : [1000, 10_000, 100_000, 1_000_000]) {
        if (operations > operationsMax || modes.length === 0) break
        const measured = modes.map(
          (mode) => [mode, child<GeneratedFigures>('histories-generated.ts', [workload, operations, processes, mode])] as const,
        )
        const wrong = measured.find(([, { verdict }]) => verdict === 'violated')
        if (wrong)
          throw new Error(
            `${workload}, ${operations} operations of ${processes} processes, ${wrong[0]}: holds by construction, and is violated`,
          )
        rows.push({ workload, processes, operations, modes: Object.fromEntries(measured) })
        modes = measured.flatMap(([mode, { verdict }]) => (verdict === 'unknown' ? [] : [mode]))
      }
    }
  }
  return rows
}

/** By workload, processes and mode: the power of the number of operations that the time grows with, from 10,000 on. */
function growthOf(rows: readonly GeneratedRow[]): Record<string, number | null> {
  const points = new Map<string, (readonly [x: number, y: number])[]>()
  for (const { workload, processes, operations, modes } of rows) {
    for (const [mode, { verdict, seconds }] of Object.entries(modes)) {
      const name = growthName(workload, processes, mode)
      const known = points.get(name) ?? []
      points.set(name, known)
      // Of small histories most of the time is spent on warming up.
      if (verdict === 'holds' && operations >= 10_000) known.push([Math.log(operations), Math.log(seconds)])
    }
  }
  return Object.fromEntries([...points].map(([name, known]) => [name, known.length < 2 ? null : slope(known)]))
}

function growthName(workload: string, processes: number, mode: string): string {
  return `${workload}; ${processes} processes; ${mode}`
}

function printPublished(rows: readonly FamilyRow[]): void {
  console.log('\nPublished histories, milliseconds for all files of a family; cold: the first pass of a fresh process.')
  console.log('Reading; the verdict alone; the verdict and the smallest evidence.')
  print(
    [
      'family',
      'files',
      'wrong',
      'unknown',
      'read cold',
      'verdict cold',
      'warm',
      'evidence cold',
      'warm',
      'slowest ms',
      'peak MB',
      'slowest file',
    ],
    rows.map((row) => [
      row.family,
      String(row.files),
      String(row.wrong),
      String(row.unknown),
      ...[row.readColdMs, row.verdictColdMs, row.verdictWarmMs, row.evidenceColdMs, row.evidenceWarmMs, row.slowestMs].map((ms) =>
        ms.toFixed(1),
      ),
      (row.peakBytes / 2 ** 20).toFixed(0),
      row.slowest,
    ]),
  )
  const etcd = rows.find(({ family }) => family === 'porcupine-etcd')
  if (etcd) {
    const scaled = (etcd.files / 102) * 1000
    console.log(
      `Target, etcd: a tenth of Porcupine's 400-600 ms for all 102 logs, which is ${(0.04 * scaled).toFixed(1)}-${(0.06 * scaled).toFixed(1)} ms for the ${etcd.files} here.`,
    )
    console.log(
      `Porcupine's time over ours, verdict alone: ${ratios(scaled, etcd.verdictColdMs)} cold, ${ratios(scaled, etcd.verdictWarmMs)} warm.`,
    )
  }
  console.log(
    `Targets, all: no unknown at 10 s (${sum(rows.map(({ unknown }) => unknown))}); at most 256 MiB (${(Math.max(...rows.map(({ peakBytes }) => peakBytes)) / 2 ** 20).toFixed(0)}).`,
  )
}

function ratios(scaled: number, ms: number): string {
  return `${((0.4 * scaled) / ms).toFixed(1)}-${((0.6 * scaled) / ms).toFixed(1)}`
}

function printGenerated(rows: readonly GeneratedRow[], growth: HistoriesFigures['growth']): void {
  console.log('\nGenerated histories that hold, operations per second and peak MB; -: not decided in 10 s.')
  console.log('Monitor: where the type has one; general: the search; both hold the history. Growth: the power of the number of operations.')
  const modes: HistoryMode[] = ['auto', 'general', 'streamed']
  print(
    ['workload', 'processes', 'operations', ...modes.flatMap((mode) => [mode === 'auto' ? 'monitor' : mode, 'MB', 'growth']), 'x general'],
    rows.map(({ workload, processes, operations, modes: measured }) => [
      workload,
      String(processes),
      operations.toLocaleString('en'),
      ...modes.flatMap((mode) => {
        const figures = measured[mode]
        const exponent = growth[growthName(workload, processes, mode)]
        const isLast = !rows.some(
          (row) =>
            row.workload === workload && row.processes === processes && row.operations > operations && row.modes[mode]?.verdict === 'holds',
        )
        if (figures === undefined) return ['', '', '']
        return [
          figures.verdict === 'holds' ? Math.round(operations / figures.seconds).toLocaleString('en') : '-',
          (figures.peakBytes / 2 ** 20).toFixed(0),
          isLast && figures.verdict === 'holds' && exponent !== null && exponent !== undefined ? exponent.toFixed(2) : '',
        ]
      }),
      measured.auto?.verdict === 'holds' && measured.general?.verdict === 'holds'
        ? (measured.general.seconds / measured.auto.seconds).toFixed(1)
        : '',
    ]),
  )
}
