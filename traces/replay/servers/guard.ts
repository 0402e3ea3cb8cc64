/**
 * Ends what a run has started, whatever becomes of the run: a process of its own waits for the end of its input, which comes also when
 * this process is killed, and then kills the servers that are left and removes their folders, and the segments of System V shared memory
 * that servers have noted: of one that was killed nobody else removes them. Ctrl-C does not reach it.
 */
import { type ChildProcess, spawn } from 'node:child_process'

/**
 * Reads lines: `+ pid 7`, `- pid 7`, `+ folder /tmp/x`, `- folder /tmp/x`, `+ segment /tmp/x/postmaster.pid`. A server leads a group of
 * processes. The seventh line of PostgreSQL's note has the key and the number of its segment.
 */
const script = `
const { execFileSync } = require('node:child_process')
const { readFileSync, rmSync } = require('node:fs')
const kept = new Set()
let rest = ''
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\\n')
  rest = lines.pop()
  for (const line of lines) line[0] === '+' ? kept.add(line.slice(2)) : kept.delete(line.slice(2))
})
process.stdin.on('end', () => {
  const of = (kind) => [...kept].filter((one) => one.startsWith(kind)).map((one) => one.slice(kind.length))
  for (const pid of of('pid ')) try { process.kill(-pid, 'SIGKILL') } catch {}
  for (const note of of('segment ')) try {
    const [, id] = readFileSync(note, 'utf8').split('\\n')[6].trim().split(/ +/)
    execFileSync('ipcrm', ['-m', id], { stdio: 'ignore' })
  } catch {}
  const remove = () => of('folder ').forEach((folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  remove()
  // What the last processes wrote while they ended.
  if (of('pid ').length > 0) setTimeout(remove, 500)
})
`

export class Guard {
  readonly #child: ChildProcess

  constructor() {
    this.#child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' })
    this.#child.unref()
    // A guard that is gone must not end the run.
    this.#child.stdin?.on('error', () => {})
  }

  keep(what: 'pid' | 'segment' | 'folder', name: string | number): void {
    this.#child.stdin?.write(`+ ${what} ${name}\n`)
  }

  release(what: 'pid' | 'folder', name: string | number): void {
    this.#child.stdin?.write(`- ${what} ${name}\n`)
  }

  /** Ends the guard; what it still keeps goes with it. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      this.#child.once('exit', () => resolve())
      this.#child.ref()
      this.#child.stdin?.end()
    })
  }
}
