/**
 * Runs programs that speak Maelstrom's protocol under many schedules, judges what their clients saw, and makes the first schedule under
 * which something goes wrong small. One file says how it went, and takes it again.
 */
import { suggest } from '../../checker/errors.ts'
import { UserError } from '../../checker/index.ts'
import { isolationLevelOf, isolationLevels } from '../../properties/index.ts'
import { Guard } from '../replay/servers/guard.ts'
import { type ScheduleDocument, scheduleVersion } from './document.ts'
import { explorer, type Faults, type Strategy, seeded } from './explorer.ts'
import { NodeProcess } from './node-process.ts'
import { type Clock, programOf } from './program.ts'
import { type Scheduler, type Step, scripted } from './schedule.ts'
import { shrink } from './shrink.ts'
import { type Simulated, simulate } from './simulation.ts'
import { workloads } from './workloads/index.ts'
import { defaultLevel } from './workloads/txn-list-append.ts'
import type { Judged, Operation, Workload } from './workloads/workload.ts'

export interface MaelstromOptions extends Partial<Faults> {
  /** The program: a file of JavaScript, or anything that can be executed. */
  readonly bin: string
  readonly args?: readonly string[]
  /** Where it is, and where it runs; this process's own by default. */
  readonly folder?: string
  /** One of `maelstromWorkloads`. */
  readonly workload: string
  /** 3 by default. */
  readonly nodes?: number
  /** As many as nodes by default; each talks to one node. */
  readonly clients?: number
  /** Operations of all clients in one run; 20 by default. */
  readonly ops?: number
  /** Of the first schedule; the next has the next. */
  readonly seed?: number
  /** 20 by default. */
  readonly schedules?: number
  readonly strategy?: Strategy
  /** Of txn-list-append; strict-serializable by default. */
  readonly level?: string
  readonly clock?: Clock
  /** Runs that making a schedule small may take; 300 by default. */
  readonly shrinkRuns?: number
  /** For everything together, in milliseconds. */
  readonly timeLimitMs?: number
  readonly signal?: AbortSignal
  /** Called before each run. */
  readonly onRun?: (run: { readonly kind: 'schedule' | 'shrink'; readonly count: number }) => void
}

export interface MaelstromResult {
  readonly verdict: 'holds' | 'violated' | 'inconclusive'
  /** Why, in a sentence. */
  readonly reason: string
  readonly workload: string
  readonly nodes: number
  readonly clock: 'virtual' | 'real'
  /** Schedules that were run. */
  readonly schedules: number
  /** Operations that completed in all of them. */
  readonly operations: number
  /** The run that shows it: of a violation the smallest one, of other verdicts the last. */
  readonly run: JudgedRun | null
  /** Of a violation: how to do it again. */
  readonly document: ScheduleDocument | null
  /** How the schedule was made small. */
  readonly shrunk: { readonly from: number; readonly to: number; readonly runs: number; readonly isMinimal: boolean } | null
  readonly interrupted: boolean
  readonly seconds: number
}

export interface JudgedRun extends Simulated {
  readonly seed: number
  readonly judged: Judged | null
  /** What is wrong: `consistency`, or the kind of the fault; null: nothing is. */
  readonly wrong: string | null
  readonly reason: string
}

/** The names of the workloads. */
export const maelstromWorkloads: readonly string[] = [...workloads.keys()]

const defaults = { nodes: 3, ops: 20, schedules: 20, seed: 1, strategy: 'random', shrinkRuns: 300 } as const

/** @throws UserError `bad-option` for a program, a workload or a level that there is not */
export async function runMaelstrom(options: MaelstromOptions): Promise<MaelstromResult> {
  const { seed: first = defaults.seed, schedules = defaults.schedules, ops = defaults.ops, strategy = defaults.strategy } = options
  const lab = new Lab(options)
  const { clients, workload } = lab
  let operations = 0
  let count = 0
  let last: JudgedRun | null = null
  const errors = new Map<string, number>()
  try {
    while (count < schedules && lab.mayGoOn()) {
      options.onRun?.({ kind: 'schedule', count })
      const seed = first + count++
      const random = seeded(seed)
      const planned = workload.operations(random, ops)
      const { drops = 0, duplicates = 0, partitions = 0 } = options
      const scheduler = explorer({ strategy, drops, duplicates, partitions, stepsMax: 30 * ops + 10 * clients }, random)
      last = await lab.run(scheduler, seed, planned, seed + 1)
      if (last.interrupted) break
      operations += last.history.filter(({ type }) => type === 'ok').length
      for (const [text, times] of last.errors) errors.set(text, (errors.get(text) ?? 0) + times)
      if (last.fault !== null && !last.isSetUp) throw new UserError('bad-option', `--bin ${options.bin}: ${last.fault.message}`)
      if (last.wrong !== null) return await violated(last)
    }
    const isCut = count < schedules || last?.interrupted === true
    const unknown = last?.judged?.verdict === 'unknown' ? last.judged.reason : null
    const [error] = [...errors].sort((a, b) => b[1] - a[1])
    if (isCut) return lab.result('inconclusive', lab.cutReason(count - (last?.interrupted ? 1 : 0), schedules), { count, operations, last })
    if (operations === 0)
      return lab.result('inconclusive', `no operation completed${error === undefined ? '' : `; most say: ${error[0]}`}`, {
        count,
        operations,
        last,
      })
    if (unknown !== null) return lab.result('inconclusive', unknown, { count, operations, last })
    return lab.result('holds', `nothing is wrong in ${count} schedule${count === 1 ? '' : 's'}`, { count, operations, last })
  } finally {
    await lab.close()
  }

  async function violated(found: JudgedRun): Promise<MaelstromResult> {
    const attempt = async (steps: readonly Step[]): Promise<JudgedRun | null> => {
      options.onRun?.({ kind: 'shrink', count: runs++ })
      const run = await lab.run(scripted(steps, { messages: 'near' }), found.seed, [], found.seed)
      return run.wrong === found.wrong ? run : null
    }
    let runs = 0
    const shrunk = await shrink(found, attempt, {
      runsMax: options.shrinkRuns ?? defaults.shrinkRuns,
      mayGoOn: () => lab.mayGoOn(),
    })
    const { found: smallest } = shrunk
    return {
      ...lab.result('violated', smallest.reason, { count, operations, last: smallest }),
      document: lab.documentOf(smallest),
      shrunk: { from: found.steps.length, to: smallest.steps.length, runs: shrunk.runs, isMinimal: shrunk.isMinimal },
    }
  }
}

/**
 * Takes the steps of a schedule again.
 * @throws UserError `bad-option`, as `runMaelstrom`
 */
export async function replayMaelstrom(
  document: ScheduleDocument,
  options: Pick<MaelstromOptions, 'folder' | 'signal' | 'timeLimitMs'> & { readonly bin?: string } = {},
): Promise<MaelstromResult> {
  const { workload, bin, args, nodes, clients, clock, level, seed, steps } = document
  const lab = new Lab({ bin, args, workload, nodes, clients, clock, ...(level === undefined ? {} : { level }), ...options })
  try {
    const run = await lab.run(scripted(steps), seed, [], null)
    const counts = { count: 1, operations: run.history.filter(({ type }) => type === 'ok').length, last: run }
    if (run.interrupted) return lab.result('inconclusive', lab.cutReason(0, 1), counts)
    if (run.wrong !== null) return { ...lab.result('violated', run.reason, counts), document: lab.documentOf(run) }
    if (run.steps.length < steps.length) {
      const impossible = steps.length - run.steps.length
      return lab.result('inconclusive', `${impossible} of ${steps.length} steps are not possible any more, and nothing is wrong`, counts)
    }
    if (run.judged?.verdict === 'unknown') return lab.result('inconclusive', run.judged.reason, counts)
    return lab.result('holds', 'nothing is wrong when it is done again', counts)
  } finally {
    await lab.close()
  }
}

/** What all runs have in common. */
class Lab {
  readonly workload: Workload
  readonly nodes: number
  readonly clients: number
  readonly #options: MaelstromOptions
  readonly #program: ReturnType<typeof programOf>
  readonly #guard: Guard
  readonly #started = performance.now()
  #spare: { readonly seed: number; readonly started: readonly NodeProcess[] } | null = null

  constructor(options: MaelstromOptions) {
    const { bin, args, clock, level, nodes = defaults.nodes, clients = nodes } = options
    const workload = workloads.get(options.workload)
    if (workload === undefined)
      throw new UserError('bad-option', `there is no workload ${options.workload}${suggest(options.workload, maelstromWorkloads)}`)
    if (level !== undefined && workload.name !== 'txn-list-append')
      throw new UserError('bad-option', `the workload ${workload.name} has no isolation levels; leave level out`)
    if (level !== undefined && isolationLevelOf(level) === null)
      throw new UserError('bad-option', `there is no isolation level ${level}${suggest(level, isolationLevels)}`)
    this.#program = programOf({
      bin,
      folder: options.folder ?? process.cwd(),
      ...(args === undefined ? {} : { args }),
      ...(clock === undefined ? {} : { clock }),
    })
    this.#options = options
    this.workload = workload
    this.nodes = nodes
    this.clients = clients
    this.#guard = new Guard()
  }

  mayGoOn(): boolean {
    const { signal, timeLimitMs = Number.POSITIVE_INFINITY } = this.#options
    return signal?.aborted !== true && performance.now() - this.#started < timeLimitMs
  }

  /** @param nextSeed what the next run is likely to have */
  async run(scheduler: Scheduler, seed: number, operations: readonly Operation[], nextSeed: number | null): Promise<JudgedRun> {
    const { signal, level } = this.#options
    const { workload, clients } = this
    const { clock } = this.#program
    const started = this.#start(seed)
    // While these run, others start.
    this.#spare = clock === 'virtual' && nextSeed !== null ? { seed: nextSeed, started: this.#start(nextSeed) } : null
    const simulated = await simulate(
      { workload, nodes: started, clock, clients, operations, ...(signal === undefined ? {} : { signal }) },
      scheduler,
    )
    const { fault, interrupted } = simulated
    if (fault !== null) return { ...simulated, seed, judged: null, wrong: fault.kind, reason: fault.message }
    if (interrupted) return { ...simulated, seed, judged: null, wrong: null, reason: 'it was interrupted' }
    const judged = workload.judge(simulated, level === undefined ? {} : { level })
    return { ...simulated, seed, judged, wrong: judged.verdict === 'violated' ? 'consistency' : null, reason: judged.reason }
  }

  cutReason(done: number, schedules: number): string {
    const why = this.#options.signal?.aborted ? 'it was interrupted' : 'the time limit was reached'
    return `${why} after ${done} of ${schedules} schedules, in which nothing is wrong`
  }

  result(
    verdict: MaelstromResult['verdict'],
    reason: string,
    { count, operations, last }: { readonly count: number; readonly operations: number; readonly last: JudgedRun | null },
  ): MaelstromResult {
    return {
      verdict,
      reason,
      workload: this.workload.name,
      nodes: this.nodes,
      clock: this.#program.clock,
      schedules: count,
      operations,
      run: last,
      document: null,
      shrunk: null,
      interrupted: this.#options.signal?.aborted === true,
      seconds: (performance.now() - this.#started) / 1000,
    }
  }

  documentOf({ seed, steps, wrong, reason }: JudgedRun): ScheduleDocument {
    const { bin, args = [], level = defaultLevel } = this.#options
    return {
      maelstrom: scheduleVersion,
      workload: this.workload.name,
      bin,
      args,
      nodes: this.nodes,
      clients: this.clients,
      clock: this.#program.clock,
      ...(this.workload.name === 'txn-list-append' && { level }),
      seed,
      found: { kind: wrong ?? '', reason },
      steps,
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#spare?.started.map((node) => node.kill()) ?? [])
    await this.#guard.end()
  }

  #start(seed: number): readonly NodeProcess[] {
    const spare = this.#spare
    this.#spare = null
    if (spare?.seed === seed) return spare.started
    if (spare !== null) void Promise.all(spare.started.map((node) => node.kill()))
    return Array.from({ length: this.nodes }, (_, i) => new NodeProcess(`n${i + 1}`, this.#program, seed * 1009 + i, this.#guard))
  }
}
