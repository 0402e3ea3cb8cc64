/**
 * `npm run bench`: how fast, how large, and how much faster than the reference explorer (plain objects in a Map), all in
 * one run on this machine, speed compared by processor time; then what monitors of clients save, and how fast recorded
 * histories and those of transactions are judged. `--smoke` uses tiny sizes; `--out FILE` names the JSON.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { benchHistories } from './histories.ts'
import type { Measurement } from './measure.ts'
import { benchMonitors } from './monitors.ts'
import { print } from './table.ts'
import { benchTransactions } from './transactions.ts'
import { workloads } from './workloads.ts'

interface Row {
  readonly workload: string
  readonly title: string
  readonly engine: Measurement
  readonly reference: Measurement
  /** Transitions per processor second, relative to the reference explorer. */
  readonly timesReference: number
  readonly sketchSeconds: number | null
  /** Processor seconds of the sketch over ours. */
  readonly timesSketch: number | null
}

const { values } = parseArgs({
  options: { smoke: { type: 'boolean', default: false }, out: { type: 'string', default: 'bench/results/latest.json' } },
})
const smoke = values.smoke
const root = resolve(import.meta.dirname, '..')
const sketchFolder = prepareSketch()
const rows: Row[] = []
for (const [workload, { title, sketch }] of Object.entries(workloads(smoke))) {
  process.stderr.write(`${title} ...\n`)
  const engine = measure(workload, 'engine')
  const reference = measure(workload, 'reference')
  const sketchSeconds = sketch && sketchFolder ? runSketch(sketchFolder, sketch) : null
  rows.push({
    workload,
    title,
    engine,
    reference,
    timesReference: rate(engine) / rate(reference),
    sketchSeconds,
    timesSketch: sketchSeconds === null ? null : sketchSeconds / engine.cpuSeconds,
  })
}
if (sketchFolder) rmSync(sketchFolder, { recursive: true })
report()

function report(): void {
  const header = [
    'workload',
    'states',
    'transitions',
    'cpu s',
    'states/s',
    'transitions/s',
    'bytes/state',
    'peak MB',
    'model runs',
    'states/run',
    'x reference',
    'x sketch',
  ]
  const table = rows.map(({ title, engine, timesReference, timesSketch }) => [
    title,
    count(engine.distinct),
    count(engine.generated),
    engine.cpuSeconds.toFixed(2),
    count(engine.distinct / engine.cpuSeconds),
    count(rate(engine)),
    (engine.bytesPerState ?? 0).toFixed(1),
    count(engine.peakBytes / 1e6),
    count(engine.modelRuns ?? 0),
    count(engine.distinct / (engine.modelRuns ?? 1)),
    timesReference.toFixed(1),
    timesSketch === null ? '-' : timesSketch.toFixed(2),
  ])
  print(header, table)
  const cpuSeconds = (name: string): number => rows.find(({ workload }) => workload === name)?.engine.cpuSeconds ?? 0
  const [remembering, never] = [cpuSeconds('reads-everything'), cpuSeconds('reads-everything, never memoizing')]
  console.log(
    `\nDeciding a property of whole executions takes raft ${(cpuSeconds('raft, liveness') / cpuSeconds('raft')).toFixed(2)} times the processor time of exploring alone.`,
  )
  console.log(
    `Where remembering cannot help, trying it costs ${(remembering / (never || 1)).toFixed(2)} times the processor time of never trying.`,
  )
  if (sketchFolder === null) console.log('The sketch was not found in ../shared/prototype: no comparison with it.')
  const monitors = benchMonitors(smoke)
  const histories = benchHistories(smoke)
  const transactions = benchTransactions(smoke)
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, memoryBytes: totalmem() }
  const document = { ...machine, smoke, rows, monitors, histories, transactions }
  const out = resolve(root, values.out)
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(`${out}.part`, `${JSON.stringify(document, null, 2)}\n`)
  renameSync(`${out}.part`, out)
  console.log(`Figures: ${values.out}`)
}

function measure(workload: string, what: 'engine' | 'reference'): Measurement {
  const args = ['--import', 'tsx', join(import.meta.dirname, 'measure.ts'), workload, what, String(smoke)]
  return JSON.parse(
    execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
  ) as Measurement
}

/** Copies the sketch next to our node_modules, which it needs; `null` where it is not there. */
function prepareSketch(): string | null {
  const source = resolve(root, '../shared/prototype')
  if (!existsSync(source)) return null
  const folder = join(root, 'node_modules/.cache/counterpoint-sketch')
  rmSync(folder, { recursive: true, force: true })
  cpSync(source, folder, { recursive: true })
  return folder
}

function runSketch(folder: string, [script = '', ...args]: readonly string[]): number {
  const code = `const before = process.cpuUsage(); process.on('exit', () => { const { user, system } = process.cpuUsage(before); console.log('cpu', (user + system) / 1e6) }); await import(${JSON.stringify(join(folder, script))})`
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code, '--', script, ...args], { encoding: 'utf8' })
  return Number(/^cpu (.*)$/m.exec(output)?.[1])
}

function rate({ generated, cpuSeconds }: Measurement): number {
  return generated / cpuSeconds
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}
