/** Where private servers live: a temporary folder, the processes in it, and the promise that nothing of either is left behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, chownSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Guard } from './guard.ts'

/** Who runs a server that refuses to be run by root. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

export interface ServerOptions {
  /** What it is called in messages. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Where it runs; the folder of the workplace, unless told. */
  readonly folder?: string
  readonly env?: Readonly<Record<string, string>>
  readonly owner?: Owner | null
  /** Where the server notes a segment of shared memory that outlives it when it is killed, as PostgreSQL does in `postmaster.pid`. */
  readonly segmentNote?: string
  /** Asked again and again until it is true. */
  readonly isReady: () => Promise<boolean>
  /** How long that may take, in milliseconds. */
  readonly readyWithinMs?: number
}

/** A server that could not be started, with what it said. */
export class ServerError extends Error {
  override readonly name = 'ServerError'
}

export class Workplace {
  readonly folder: string
  readonly #guard = new Guard()
  readonly #servers = new Set<Server>()
  readonly #ports = new Set<number>()

  constructor(name: string) {
    this.folder = mkdtempSync(join(tmpdir(), `counterpoint-${name}-`))
    this.#guard.keep('folder', this.folder)
    chmodSync(this.folder, 0o755)
  }

  /** A folder of its own for one server. */
  makeFolder(name: string, owner: Owner | null = null): string {
    const folder = join(this.folder, name)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (owner !== null) chownSync(folder, owner.uid, owner.gid)
    return folder
  }

  /** A port of the loopback interface that nobody listens on, and that this workplace has not handed out before. */
  async freePort(): Promise<number> {
    for (;;) {
      const port = await unusedPort()
      if (this.#ports.has(port)) continue
      this.#ports.add(port)
      return port
    }
  }

  /** @throws ServerError if it ends, or is not ready in time */
  async start(options: ServerOptions): Promise<Server> {
    const server = new Server(options, this)
    this.#servers.add(server)
    if (options.segmentNote !== undefined) this.#guard.keep('segment', options.segmentNote)
    this.#guard.keep('pid', server.pid)
    server.begin()
    void server.ended.then(() => this.#guard.release('pid', server.pid))
    try {
      await server.ready()
    } catch (error) {
      await server.kill()
      throw error
    }
    return server
  }

  /** Stops what runs and removes everything, unless the folder is to be kept. */
  async close({ keep = false }: { readonly keep?: boolean } = {}): Promise<void> {
    await Promise.all([...this.#servers].map((server) => server.kill()))
    if (keep) this.#guard.release('folder', this.folder)
    await this.#guard.end()
    // Whatever the guard could not do is an error here.
    if (!keep) rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
}

export class Server {
  readonly pid: number
  readonly ended: Promise<void>
  readonly #options: ServerOptions
  readonly #child: ChildProcess
  readonly #log: string
  #hasEnded = false

  constructor(options: ServerOptions, workplace: Pick<Workplace, 'folder'>) {
    const { name, command, args, folder = workplace.folder, env = {}, owner = null } = options
    this.#options = options
    this.#log = join(workplace.folder, `${name}.log`)
    const log = openSync(this.#log, 'a')
    this.#child = spawn('/bin/sh', ['-c', held, 'sh', command, ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['pipe', log, log],
      // A group of its own, so that Ctrl-C does not reach it before the run has ended in order.
      detached: true,
      ...(owner ?? {}),
    })
    closeSync(log)
    this.pid = this.#child.pid ?? -1
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.#hasEnded = true
        resolve()
      }
      this.#child.once('exit', end)
      this.#child.once('error', end)
    })
    // It may be gone before it is told to begin.
    this.#child.stdin?.on('error', () => {})
  }

  /** Until then there is only a shell that waits, and ends with this process: nothing runs that the guard does not know. */
  begin(): void {
    this.#child.stdin?.end('\n')
  }

  /** The last lines that it has printed. */
  get said(): string {
    return readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-5).join('\n')
  }

  async ready(): Promise<void> {
    const { name, isReady, readyWithinMs = 20_000 } = this.#options
    const until = performance.now() + readyWithinMs
    while (!(await isReady().catch(() => false))) {
      if (this.#hasEnded) throw new ServerError(`${name} has ended while it started: ${this.said}`)
      if (performance.now() > until) throw new ServerError(`${name} was not ready after ${readyWithinMs / 1000} s: ${this.said}`)
      await sleep(5)
    }
  }

  /** A pause of the process: what others send it waits in the kernel. */
  pause(): void {
    this.#signal('SIGSTOP')
  }

  resume(): void {
    this.#signal('SIGCONT')
  }

  /** A crash of the process: nothing is flushed, but what it has written to files is there. */
  async kill(): Promise<void> {
    if (this.#hasEnded) return
    this.#signal('SIGKILL')
    await this.ended
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#hasEnded) return
    try {
      process.kill(-this.pid, signal)
    } catch {
      // It has just ended by itself.
    }
  }
}

/** Becomes the program once it is told to; where nobody is left to tell it, it ends. */
const held = 'read -r _ && exec "$@" < /dev/null'

function unusedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
