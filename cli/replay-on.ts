/** `counterpoint replay --on`: takes the steps of a trace on a real system. */
import { dirname, resolve } from 'node:path'
import countBy from 'lodash/countBy.js'
import { isUserError, UserError } from '../checker/index.ts'
import {
  ReadyTarget,
  type RealRun,
  type RealVerdict,
  type RecordedRun,
  type Replay,
  recordedRun,
  replayOn,
  reportHtml,
  type Scenario,
  saveHistory,
  scenarioOf,
  showRun,
  traceReport,
} from '../traces/index.ts'
import { exitStatus, type Io } from './io.ts'
import { counted, plural } from './quantities.ts'
import { quoted } from './reproduce.ts'
import type { Printing } from './summary.ts'
import { targetOf } from './target-of.ts'
import { requireApart, requireWritable, saveText, saveTrace } from './trace-file.ts'

export interface RealFlags {
  readonly on?: string
  readonly level?: string
  readonly target?: string
  readonly keep?: boolean
  readonly out?: string
  readonly record?: string
  readonly html?: string
  readonly runs?: number
}

const statuses: Readonly<Record<RealVerdict, number>> = {
  reproduced: exitStatus.violated,
  prevented: exitStatus.holds,
  conforms: exitStatus.holds,
  diverged: exitStatus.inconclusive,
  inconclusive: exitStatus.inconclusive,
}

export interface RealRequest {
  /** The file of the trace, as the user named it. */
  readonly file: string
  readonly replayed: Replay
  readonly flags: RealFlags
  readonly json: boolean
}

export async function replayOnTarget({ file, replayed, flags, json }: RealRequest, printing: Printing, io: Io): Promise<number> {
  const { level, target: url, keep } = flags
  const options = { ...(level !== undefined && { level }), ...(url !== undefined && { url }), ...(keep !== undefined && { keep }) }
  const target = await targetOf(flags.on ?? '', options, io.cwd)
  if (!target.models.includes(replayed.trace.model))
    throw new UserError(
      'bad-option',
      `--on ${target.name} replays traces of ${target.models.join(', ')}; this one is of ${replayed.trace.model}`,
    )
  for (const name of ['out', 'record', 'html'] as const) {
    const path = flags[name]
    if (path !== undefined) requireWritable(path, io.cwd, `--${name}`)
  }
  requireApart(
    (['out', 'record', 'html'] as const).map((name) => [`--${name}`, flags[name]] as const),
    io.cwd,
    file,
  )
  const interrupted = new AbortController()
  const stop = io.onInterrupt(() => interrupted.abort())
  const ready = new ReadyTarget(target, options, `--on ${target.name}`)
  try {
    const scenario = scenarioOf(target, replayed)
    const runs = await replays({ ready, scenario, replayed, count: flags.runs ?? 1 }, interrupted.signal)
    const [first] = runs
    // Ctrl-C reaches what is being started, too, and ends it.
    if (first === undefined) return exitStatus.interrupted
    const run = runs.find(({ verdict }) => verdict !== first.verdict) ?? first
    const recorded = recordedRun(run, scenario)
    const kept = keep ? ready.where : null
    const notes = [
      ...(runs.length > 1 ? [`${plural(runs.length, 'run')}: ${tallyText(runs)}`] : []),
      ...saved({ file, replayed, flags, json }, run, recorded, io.cwd),
      ...(kept === null ? [] : [`kept: ${kept}`]),
    ]
    io.stdout.write(
      json
        ? `${JSON.stringify({ ...documentOf(run), ...(runs.length > 1 && { runs: tally(runs) }), kept }, null, 2)}\n`
        : `${showRun(recorded, { width: printing.width, colours: printing.colour })}${notes.map((line) => `${line}\n`).join('')}`,
    )
    if (interrupted.signal.aborted) return exitStatus.interrupted
    return run === first ? statuses[run.verdict] : exitStatus.inconclusive
  } finally {
    await ready.close()
    stop()
  }
}

interface Repeated {
  readonly ready: ReadyTarget
  readonly scenario: Scenario
  readonly replayed: Replay
  readonly count: number
}

/** None, where the target could not be opened before Ctrl-C. */
async function replays({ ready, scenario, replayed, count }: Repeated, signal: AbortSignal): Promise<readonly RealRun[]> {
  const runs: RealRun[] = []
  while (runs.length < count && !(signal.aborted && runs.length > 0)) {
    try {
      const { adapter, begin } = await ready.ready(scenario, replayed)
      const run = await replayOn(adapter, scenario, { signal, begin })
      runs.push(run)
      // What has kept this one from a verdict, such as a server that is gone, would keep the others.
      if (run.verdict === 'inconclusive') break
    } catch (error) {
      if (signal.aborted) break
      if (isUserError(error)) throw error
      throw new UserError('bad-option', `${ready.called}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return runs
}

function tally(runs: readonly RealRun[]): Readonly<Record<string, number>> {
  return countBy(runs, ({ verdict }) => verdict)
}

function tallyText(runs: readonly RealRun[]): string {
  return Object.entries(tally(runs))
    .map(([verdict, count]) => `${counted(count)} ${verdict}`)
    .join(', ')
}

function documentOf({ target, scenario, verdict, reason, at, steps, history, judged, seconds }: RealRun): object {
  return {
    target,
    scenario,
    verdict,
    reason,
    step: at === null ? null : (steps[at]?.planned.of ?? null),
    steps: steps.map(({ planned, outcome, completed, isAllowed, facts }) => ({
      step: planned.of,
      text: planned.text,
      allowed: planned.allowed,
      outcome,
      completed,
      isAllowed,
      facts,
    })),
    history,
    judged,
    seconds,
  }
}

/** Writes what the flags ask for, and says what that is. */
function saved({ file, replayed, flags }: RealRequest, run: RealRun, recorded: RecordedRun, cwd: string): string[] {
  const { out, record, html, on, level, target } = flags
  const said: string[] = []
  const trace = { ...replayed.trace, real: recorded }
  if (out !== undefined) {
    saveHistory(run.history, resolve(cwd, out))
    said.push(`what the clients saw: ${out}`)
  }
  if (record !== undefined) {
    saveTrace(trace, record, cwd, trace.file === undefined ? null : resolve(cwd, dirname(file), trace.file))
    said.push(`the trace with what was done: counterpoint show ${quoted(record)}`)
  }
  if (html !== undefined) {
    const given = Object.entries({ on, level, target: target && withoutPassword(target) }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, value],
    )
    const command = ['counterpoint', 'replay', file, ...given].map(quoted).join(' ')
    saveText(reportHtml(traceReport({ ...replayed, trace }, { command })), html, cwd, '--html')
    said.push(`open ${quoted(html)} in a browser`)
  }
  return said
}

/** Pages and logs are mailed and attached: nobody's password goes into them. */
export function withoutPassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^/@:]*):[^/]*@/, '$1@')
}
