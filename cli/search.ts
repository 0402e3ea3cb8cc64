/** Runs a check in slices, between which progress is drawn and an interrupt can be heard. */
import { type CheckResult, explore, judgingTable, type Model, type TableResult } from '../checker/index.ts'
import { minimizingResult } from '../traces/index.ts'
import { exitStatus, type Io } from './io.ts'
import { type ProgressLine, progressLine, progressText, silentProgress } from './progress.ts'
import { plural } from './quantities.ts'
import type { CheckRequest } from './reproduce.ts'

export interface Searched {
  readonly result: CheckResult
  /** Whether the counterexamples are minimized to the end; `null` where that was not asked for. */
  readonly minimal: boolean | null
}

/** Searches, and minimizes what was found. */
export async function search(model: Model, request: CheckRequest, json: boolean, io: Io): Promise<Searched> {
  const { strategy = 'bfs', minimize = strategy !== 'bfs' } = request
  const progress = json && !io.stderr.isTTY ? silentProgress() : progressLine(io.stderr, strategy, clock(io))
  const interruption = interruptible(io, progress)
  try {
    const result = await inSlices(explore(model, { ...request, signal: interruption.signal }), progress.report)
    if (!minimize || result.violations.length === 0 || interruption.signal.aborted) return { result, minimal: null }
    let stopped = false
    const minimized = await inSlices(minimizingResult(model, result), (left) => {
      progress.say(`minimizing the counterexample: ${plural(left, 'step')} left`)
      stopped = interruption.signal.aborted
      return stopped ? 'stop' : undefined
    })
    return { result: minimized, minimal: !stopped }
  } finally {
    progress.clear()
    interruption.end()
  }
}

/** Judges tables of a model, one after the other. A limit on time is for all of them. */
export async function judgeTables(
  model: Model,
  names: readonly string[],
  request: CheckRequest,
  json: boolean,
  io: Io,
): Promise<readonly TableResult[]> {
  const progress = json && !io.stderr.isTTY ? silentProgress() : progressLine(io.stderr, 'bfs', clock(io))
  const interruption = interruptible(io, progress)
  const { timeMs, ...limits } = request
  const started = performance.now()
  const results: TableResult[] = []
  try {
    for (const name of names) {
      const left = timeMs === undefined ? {} : { timeMs: timeMs - (performance.now() - started) }
      const run = judgingTable(model, name, { ...limits, ...left, signal: interruption.signal })
      const result = await inSlices(run, ({ decided, cells, row, column, search }) => {
        progress.say(`${name}: ${decided} of ${plural(cells, 'cell')}; ${row}, ${column}: ${progressText(search, 'bfs')}`)
        return undefined
      })
      results.push(result)
    }
    return results
  } finally {
    progress.clear()
    interruption.end()
  }
}

// npx passes on the signal that the terminal has sent to everyone already: one key press, two signals.
const echoMs = 300

/** The first Ctrl-C asks the search to end; the second ends the process. */
export function interruptible(io: Io, progress: ProgressLine): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const now = clock(io)
  let first = Number.POSITIVE_INFINITY
  const end = io.onInterrupt(() => {
    progress.clear()
    if (now() - first > echoMs) return io.exitNow(exitStatus.interrupted)
    if (controller.signal.aborted) return
    first = now()
    controller.abort()
    io.stderr.write('interrupted; ending the search (Ctrl-C again to quit at once)\n')
  })
  return { signal: controller.signal, end }
}

export function clock({ now = () => performance.now() }: Io): () => number {
  return now
}

/** Runs a generator to its end, and lets the process hear signals between its slices. */
export async function inSlices<T, R, N>(run: Generator<T, R, N | undefined>, between: (value: T) => N | undefined): Promise<R> {
  let next = run.next(undefined)
  while (!next.done) {
    const answer = between(next.value)
    await new Promise((done) => setImmediate(done))
    next = run.next(answer)
  }
  return next.value
}
