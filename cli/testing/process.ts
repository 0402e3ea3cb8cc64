/** The built command line in a process of its own, for what a test in one process cannot see. */
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root: string = fileURLToPath(new URL('../..', import.meta.url))
export const binary: string = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Compiles the sources to dist/, as `npm run build` does; type errors are another test's concern. */
export function build(): void {
  const { status, stderr } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`the build failed: ${stderr}`)
}

export interface Finished {
  /** `null` where a signal ended the process. */
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts the binary; `onError` sees what it writes on standard error, with a way to send it signals. */
export function start(
  argv: readonly string[],
  cwd: string,
  onOutput: (text: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [binary, ...argv], { cwd, env: { ...process.env, NO_COLOR: '1' } })
    const texts = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        texts[stream] += text
        onOutput(text, (signal) => child.kill(signal))
      })
    }
    child.on('close', (status, signal) => resolve({ status, signal, ...texts }))
  })
}

/** Runs a command of a shell, with the binary as `$COUNTERPOINT`. */
export function shell(command: string, cwd: string): Finished {
  const { status, signal, stdout, stderr } = spawnSync('bash', ['-c', command], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COUNTERPOINT: `${process.execPath} ${binary}` },
  })
  return { status, signal, stdout, stderr }
}
