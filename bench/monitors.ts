/** The section of the benchmark on monitors: what they save against the whole history of the clients in the state. */
import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { monitorCases } from './monitor-cases.ts'
import type { MonitorFigures } from './monitors-run.ts'
import { print } from './table.ts'

export interface MonitorRow {
  readonly title: string
  readonly monitor: MonitorFigures
  readonly full: MonitorFigures
}

const root = resolve(import.meta.dirname, '..')

export function benchMonitors(smoke: boolean): readonly MonitorRow[] {
  const rows = monitorCases(smoke).map(({ title }, at): MonitorRow => {
    process.stderr.write(`${title} ...\n`)
    return { title, monitor: run(at, 'monitor', smoke), full: run(at, 'full', smoke) }
  })
  console.log()
  const header = ['states with the history as a monitor, and whole', 'monitor', 'whole', 'times', 'cpu s', 'whole', 'peak MB', 'whole']
  print(
    header,
    rows.map(({ title, monitor, full }) => {
      const atLeast = full.isWhole ? '' : '>'
      return [
        title,
        count(monitor.distinct),
        `${atLeast}${count(full.distinct)}`,
        `${atLeast}${(full.distinct / monitor.distinct).toFixed(1)}`,
        monitor.cpuSeconds.toFixed(1),
        `${atLeast}${full.cpuSeconds.toFixed(1)}`,
        count(monitor.peakBytes / 1e6),
        `${atLeast}${count(full.peakBytes / 1e6)}`,
      ]
    }),
  )
  return rows
}

function run(at: number, history: 'monitor' | 'full', smoke: boolean): MonitorFigures {
  const args = ['--import', 'tsx', join(import.meta.dirname, 'monitors-run.ts'), String(at), history, String(smoke)]
  return JSON.parse(
    execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
  ) as MonitorFigures
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}
