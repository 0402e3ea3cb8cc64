/** `counterpoint replay --on`: takes the steps of a trace on a real system. */
import { resolve } from 'node:path'
import { isUserError, UserError } from '../checker/index.ts'
import { type RealRun, type RealVerdict, type Replay, replayOn, saveHistory, showRun, targetNamed } from '../traces/index.ts'
import { exitStatus, type Io } from './io.ts'
import type { Printing } from './summary.ts'
import { requireWritable } from './trace-file.ts'

export interface RealFlags {
  readonly on?: string
  readonly level?: string
  readonly target?: string
  readonly keep?: boolean
  readonly out?: string
}

const statuses: Readonly<Record<RealVerdict, number>> = {
  reproduced: exitStatus.violated,
  prevented: exitStatus.holds,
  diverged: exitStatus.inconclusive,
  inconclusive: exitStatus.inconclusive,
}

export async function replayOnTarget(replayed: Replay, flags: RealFlags, json: boolean, printing: Printing, io: Io): Promise<number> {
  const { level, target: url, keep, out } = flags
  const options = { ...(level !== undefined && { level }), ...(url !== undefined && { url }), ...(keep !== undefined && { keep }) }
  const target = targetNamed(flags.on ?? '', options)
  if (!target.models.includes(replayed.trace.model))
    throw new UserError(
      'bad-option',
      `--on ${target.name} replays traces of ${target.models.join(', ')}; this one is of ${replayed.trace.model}`,
    )
  const missing = url === undefined ? target.missing() : null
  if (missing !== null)
    throw new UserError(
      'bad-option',
      `--on ${target.name}: it is not installed; ${missing}${target.isInProcess ? '' : ', or give a server with --target'}`,
    )
  if (out !== undefined) requireWritable(out, io.cwd)
  const scenario = target.plan(replayed)

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
      if (out !== undefined) saveHistory(run.history, resolve(io.cwd, out))
      const kept = keep ? open.where : null
      io.stdout.write(json ? `${JSON.stringify({ ...documentOf(run), kept }, null, 2)}\n` : text(run, out, kept, printing))
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

function text(run: RealRun, out: string | undefined, kept: string | null, { width, colour }: Printing): string {
  const lines = [showRun(run, { width, colours: colour })]
  if (out !== undefined) lines.push(`what the clients saw: ${out}\n`)
  if (kept !== null) lines.push(`kept: ${kept}\n`)
  return lines.join('')
}
