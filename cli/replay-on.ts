/** `counterpoint replay --on`: takes the steps of a trace on a real system. */
import { dirname, resolve } from 'node:path'
import { isUserError, UserError } from '../checker/index.ts'
import {
  type RealRun,
  type RealVerdict,
  type RecordedRun,
  type Replay,
  recordedRun,
  replayOn,
  reportHtml,
  saveHistory,
  scenarioOf,
  showRun,
  traceReport,
} from '../traces/index.ts'
import { exitStatus, type Io } from './io.ts'
import { quoted } from './reproduce.ts'
import type { Printing } from './summary.ts'
import { targetOf } from './target-of.ts'
import { requireWritable, saveText, saveTrace } from './trace-file.ts'

export interface RealFlags {
  readonly on?: string
  readonly level?: string
  readonly target?: string
  readonly keep?: boolean
  readonly out?: string
  readonly record?: string
  readonly html?: string
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
  const scenario = scenarioOf(target, replayed)

  const interrupted = new AbortController()
  const stop = io.onInterrupt(() => interrupted.abort())
  try {
    const open = await target.open(options, scenario, replayed).catch((error: unknown) => {
      // Ctrl-C reaches what is being started, too, and ends it.
      if (interrupted.signal.aborted) return null
      throw isUserError(error)
        ? error
        : new UserError('bad-option', `--on ${target.name}: ${error instanceof Error ? error.message : String(error)}`)
    })
    if (open === null) return exitStatus.interrupted
    try {
      const run = await replayOn(open.adapter, scenario, { signal: interrupted.signal })
      const recorded = recordedRun(run, scenario)
      const written = save(file, replayed, run, recorded, flags, io.cwd)
      const kept = keep ? open.where : null
      const notes = [...written, ...(kept === null ? [] : [`kept: ${kept}`])].map((line) => `${line}\n`)
      io.stdout.write(
        json
          ? `${JSON.stringify({ ...documentOf(run), kept }, null, 2)}\n`
          : `${showRun(recorded, { width: printing.width, colours: printing.colour })}${notes.join('')}`,
      )
      return interrupted.signal.aborted ? exitStatus.interrupted : statuses[run.verdict]
    } finally {
      await open.close()
    }
  } finally {
    stop()
  }
}

function documentOf({ target, scenario, verdict, reason, at, steps, history, judged, seconds }: RealRun): object {
  return {
    target,
    scenario,
    verdict,
    reason,
    step: at === null ? null : (steps[at]?.planned.of ?? null),
    steps: steps.map(({ planned, outcome, completed, isAllowed }) => ({
      step: planned.of,
      text: planned.text,
      allowed: planned.allowed,
      outcome,
      completed,
      isAllowed,
    })),
    history,
    judged,
    seconds,
  }
}

/** Writes what the flags ask for, and says what that is. */
function save(
  file: string,
  replayed: Replay,
  run: RealRun,
  recorded: RecordedRun,
  { out, record, html, on, level, target }: RealFlags,
  cwd: string,
): string[] {
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
    const flags = Object.entries({ on, level, target: target && withoutPassword(target) }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, value],
    )
    const command = ['counterpoint', 'replay', file, ...flags].map(quoted).join(' ')
    saveText(reportHtml(traceReport({ ...replayed, trace }, { command })), html, cwd, '--html')
    said.push(`open ${quoted(html)} in a browser`)
  }
  return said
}

/** A page is mailed and attached: nobody's password goes into it. */
export function withoutPassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^/@:]*):[^/]*@/, '$1@')
}
