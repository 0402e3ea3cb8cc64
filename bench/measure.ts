/** Runs one workload in a process of its own, so that memory and warm-up are its own too, and prints the figures as JSON. */
import { cpuUsage, resourceUsage } from 'node:process'
import { check } from 'counterpoint'
import { program } from '../checker/language/program.ts'
import { referenceExplore } from '../checker/testing/reference.ts'
import { workloads } from './workloads.ts'

export interface Measurement {
  readonly distinct: number
  readonly generated: number
  /** Processor seconds, all threads: what a busy machine disturbs least. */
  readonly cpuSeconds: number
  readonly seconds: number
  readonly bytesPerState: number | null
  readonly memoBytes: number | null
  readonly modelRuns: number | null
  readonly peakBytes: number
}

const [name = '', what = 'engine', smoke = 'false'] = process.argv.slice(2)
const workload = workloads(smoke === 'true')[name]
if (workload === undefined) throw new Error(`no workload ${name}`)
const before = cpuUsage()
const started = performance.now()
const measured = what === 'reference' ? reference() : engine()
const { user, system } = cpuUsage(before)
const result: Measurement = {
  ...measured,
  cpuSeconds: (user + system) / 1e6,
  seconds: (performance.now() - started) / 1000,
  peakBytes: resourceUsage().maxRSS * 1024,
}
console.log(JSON.stringify(result))

type Counts = Omit<Measurement, 'cpuSeconds' | 'seconds' | 'peakBytes'>

function engine(): Counts {
  const { distinct, generated, bytesPerState, memoBytes, modelRuns, verdict } = check(workload?.model as never, workload?.options)
  if (verdict !== 'holds') throw new Error(`${name} is expected to hold, and is ${verdict}`)
  return { distinct, generated, bytesPerState, memoBytes, modelRuns }
}

function reference(): Counts {
  const { distinct, generated } = referenceExplore(program(workload?.model as never, workload?.options), workload?.referenceStates)
  return { distinct, generated, bytesPerState: null, memoBytes: null, modelRuns: null }
}
