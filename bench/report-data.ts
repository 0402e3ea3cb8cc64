/** A large report of real runs: a walk of raft, a history of a register, and transactions of a store that isolates them badly. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { program, type State, type Step, simulation } from '../checker/index.ts'
import { raft } from '../models/index.ts'
import {
  type ReportDocument,
  replay,
  type TraceDocument,
  traceReport,
  verdictReport,
  verifyFile,
  verifyTransactionsFile,
  writeHistory,
} from '../traces/index.ts'
import { child } from './child.ts'
import { historyEvents, historyWorkloads } from './history-workloads.ts'

export interface ReportSize {
  readonly steps: number
  readonly operations: number
  readonly transactions: number
}

export function largeReport({ steps, operations, transactions }: ReportSize): ReportDocument {
  const folder = mkdtempSync(join(tmpdir(), 'counterpoint-bench-'))
  try {
    const views = [historyReport(folder, operations), transactionsReport(folder, transactions)].flatMap((report) =>
      report.views.slice(0, 1),
    )
    return walkReport(steps, views)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A walk that chooses among the enabled steps, with enough of everything that it does not end. */
function walkReport(length: number, views: ReportDocument['views']): ReportDocument {
  const constants = { maxTerm: 1_000_000, maxLog: 20, crashes: 10_000, drops: 10_000 }
  const instance = program(raft, { constants })
  const sim = simulation(instance)
  const generator = xoroshiro128plus(1)
  const [first] = sim.initialStates()
  let state = first as State
  const steps: Step[] = []
  while (steps.length < length) {
    const possible = sim.transitions(state).filter(({ after }) => sim.inside(after))
    const { action, args, process, after } = possible[uniformInt(generator, 0, possible.length - 1)] as (typeof possible)[number]
    steps.push({ action, args, process })
    state = after
  }
  const claim = { property: '', kind: 'path', message: 'were chosen at random' } as const
  const initial = sim.record(first as State)
  const trace: TraceDocument = {
    schema: 1,
    model: raft.name,
    constants: instance.constants,
    bugs: [],
    strategy: 'random',
    seed: 1,
    ...claim,
    initial,
    steps,
  }
  return traceReport(replay(raft, trace), { views })
}

function historyReport(folder: string, operations: number): ReportDocument {
  const workload = historyWorkloads['register, unique values']
  if (workload === undefined) throw new Error('there is no such workload')
  const file = join(folder, 'history.edn')
  writeFileSync(file, writeHistory([...historyEvents(workload, { operations, processes: 10, seed: 1 })], 'jepsen-edn'))
  return verdictReport(verifyFile(file), 'counterpoint verify history.edn')
}

function transactionsReport(folder: string, transactions: number): ReportDocument {
  const file = join(folder, 'transactions.edn')
  child('transactions-write.ts', [file, transactions, 'read-committed'])
  return verdictReport(verifyTransactionsFile(file, {}), 'counterpoint verify transactions.edn')
}
