/** Time of recorders: how long what they record may take, and the moments that they stamp it with. */

/** A recorded operation took too long. Nobody knows what came of it. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
}

/** @throws TimeoutError if it takes longer than so many milliseconds; without them it may take as long as it likes */
export async function withinTime<T>(run: () => T | PromiseLike<T>, timeoutMs: number | undefined, what: string): Promise<T> {
  if (timeoutMs === undefined) return run()
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError(`${what} took longer than ${timeoutMs} ms; nobody knows what came of it`)), timeoutMs)
  })
  try {
    return await Promise.race([run(), timeout])
  } finally {
    clearTimeout(timer)
  }
}

/** A clock of nanoseconds since now. */
export function sinceNow(): () => number {
  const started = process.hrtime.bigint()
  return () => Number(process.hrtime.bigint() - started)
}
