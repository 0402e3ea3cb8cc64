/** Everything through which the command line touches the world, so that tests can run it in their own process. */

export interface Output {
  write(text: string): void
  readonly isTTY: boolean
  readonly columns: number
}

export interface Io {
  /** The result. */
  readonly stdout: Output
  /** Progress, hints and errors. */
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Calls back on each Ctrl-C, and where the process is asked to end in another way (SIGTERM, SIGHUP), until the returned function is called. */
  onInterrupt(listener: () => void): () => void
  /** Milliseconds of a clock that only rises; the process's own by default. */
  readonly now?: () => number
  /** Ends the process at once. */
  exitNow(status: number): void
}

export const exitStatus = { holds: 0, violated: 1, badInput: 2, inconclusive: 3, internal: 70, interrupted: 130 } as const

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The process's own streams. A reader that goes away (`| head`) is not an error. */
export function processIo(): Io {
  return {
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    onInterrupt: (listener) => {
      for (const signal of endings) process.on(signal, listener)
      return () => {
        for (const signal of endings) process.off(signal, listener)
      }
    },
    exitNow: (status) => process.exit(status),
  }
}

/** FORCE_COLOR and NO_COLOR decide where they are set (to more than nothing), as in Node itself; else whether it is a terminal. */
export function hasColours({ isTTY }: Output, env: Io['env']): boolean {
  const { FORCE_COLOR: force, NO_COLOR: none, TERM: terminal } = env
  if (force !== undefined) return force !== '0' && force !== 'false'
  if (none !== undefined && none !== '') return false
  return isTTY && terminal !== 'dumb'
}

/** How wide to print: as wide as the terminal, within reason, and 80 columns elsewhere. */
export function printWidth({ isTTY, columns }: Output): number {
  return isTTY ? Math.min(Math.max(columns, 40), 120) : 80
}

function output(stream: NodeJS.WriteStream): Output {
  let open = true
  stream.on('error', (error: NodeJS.ErrnoException) => {
    open = false
    if (error.code === 'EPIPE') return
    // Whatever the verdict is: who reads the output has not got it.
    process.once('exit', () => {
      process.exitCode = exitStatus.internal
    })
    if (stream !== process.stderr) process.stderr.write(`error: cannot write the output: ${error.message}\n`)
  })
  return {
    write: (text) => {
      if (open && !stream.destroyed) stream.write(text)
    },
    get isTTY() {
      return stream.isTTY === true
    },
    get columns() {
      return stream.columns ?? 80
    },
  }
}
