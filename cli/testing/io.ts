/** An `Io` that remembers what was written, and whose Ctrl-C is a function. */
import type { Io, Output } from '../io.ts'
import { run } from '../run.ts'

export interface Ran {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
  /** Whether the process was to end at once. */
  readonly exited: boolean
}

export interface TestIoOptions {
  readonly cwd?: string
  readonly env?: Io['env']
  /** Whether standard error is a terminal, so many columns wide. */
  readonly terminal?: number
  /** Whether standard output is a terminal, so many columns wide. */
  readonly outputTerminal?: number
  /** Presses Ctrl-C as soon as something listens, at these milliseconds. */
  readonly interruptsAt?: readonly number[]
  /** Is done first, with what was written until something listened; then Ctrl-C. */
  readonly beforeInterrupt?: (stdout: string) => Promise<void>
}

/** Runs the command line in this process. */
export async function runCli(argv: readonly string[], options: TestIoOptions = {}): Promise<Ran> {
  const [stdout, stderr] = [recorder(options.outputTerminal), recorder(options.terminal)]
  let ended: number | undefined
  let time = 0
  let before: Promise<void> | undefined
  const io: Io = {
    stdout,
    stderr,
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    onInterrupt: (listener) => {
      for (time of options.interruptsAt ?? []) listener()
      before = options.beforeInterrupt?.(stdout.written.join('')).finally(listener)
      return () => {}
    },
    now: () => time,
    exitNow: (status) => {
      ended = status
    },
  }
  const status = await run(argv, io)
  await before
  return { status: ended ?? status, stdout: stdout.written.join(''), stderr: stderr.written.join(''), exited: ended !== undefined }
}

function recorder(terminal: number | undefined): Output & { readonly written: string[] } {
  const written: string[] = []
  return { written, write: (text) => void written.push(text), isTTY: terminal !== undefined, columns: terminal ?? 80 }
}
