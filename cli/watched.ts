/** Runs something that takes long, with its progress on standard error, and ends it in order on Ctrl-C. */
import type { Io } from './io.ts'
import { progressLine, silentProgress } from './progress.ts'

export interface Watching {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** Shows how far it is. */
  readonly say: (text: string) => void
}

export async function watched<T>(io: Io, isSilent: boolean, run: (watching: Watching) => Promise<T>): Promise<T> {
  const progress = isSilent ? silentProgress() : progressLine(io.stderr, 'random', io.now ?? (() => performance.now()))
  const interrupted = new AbortController()
  const stop = io.onInterrupt(() => interrupted.abort())
  try {
    return await run({ signal: interrupted.signal, say: (text) => progress.say(text) })
  } finally {
    progress.clear()
    stop()
  }
}
