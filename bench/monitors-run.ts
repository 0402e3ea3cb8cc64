/** Explores one case in a process of its own, with what is kept of histories as told, and prints the figures as JSON. */
import { cpuUsage, resourceUsage } from 'node:process'
import { check } from 'counterpoint'
import { monitorCases } from './monitor-cases.ts'

export interface MonitorFigures {
  readonly distinct: number
  readonly generated: number
  /** Whether all states were seen, or so many that the rest was left. */
  readonly isWhole: boolean
  /** Distinct values of the slot. */
  readonly values: number
  readonly cpuSeconds: number
  readonly peakBytes: number
}

const statesMax = 4_000_000

const [at = '0', history = 'monitor', smoke = 'false'] = process.argv.slice(2)
const chosen = monitorCases(smoke === 'true')[Number(at)]
if (chosen === undefined) throw new Error(`no case ${at}`)
const before = cpuUsage()
const { distinct, generated, verdict, slots, limit } = check(chosen.model, {
  constants: { ...chosen.constants, history },
  maxStates: statesMax,
})
if (verdict !== 'holds' && limit !== 'states') throw new Error(`${chosen.title} is expected to hold, and is ${verdict}`)
const { user, system } = cpuUsage(before)
const figures: MonitorFigures = {
  distinct,
  generated,
  isWhole: verdict === 'holds',
  values: slots['ops'] ?? 0,
  cpuSeconds: (user + system) / 1e6,
  peakBytes: resourceUsage().maxRSS * 1024,
}
console.log(JSON.stringify(figures))
