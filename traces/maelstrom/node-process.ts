/** A program that speaks Maelstrom's protocol, as a process: lines in, lines out, and, of Node programs, a clock that we move. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Guard } from '../replay/servers/guard.ts'
import { NodeFault } from './message.ts'

export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly folder: string
  /** `virtual`: time moves only when it is told to, and chance is seeded; for programs of Node alone. */
  readonly clock: 'virtual' | 'real'
}

/** How a program is at rest. */
export interface Rest {
  /** Milliseconds until its next timer; null where it has none, or where nobody knows. */
  readonly next: number | null
}

/** How long a program may compute before it has to come to rest, in real milliseconds. */
const restMax = 30_000
/** How long a program with a clock of its own gets to answer, in real milliseconds: nothing tells when it will not. */
const answerMax = 15

export class NodeProcess {
  readonly id: string
  readonly ended: Promise<void>
  readonly #program: Program
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (rest: Rest | NodeFault) => void>()
  readonly #listeners = new Set<() => void>()
  #lines: string[] = []
  #partial = ''
  #said = ''
  #written = 0
  #commands = 0
  #end: string | null = null

  constructor(id: string, program: Program, seed: number, guard: Guard) {
    this.id = id
    this.#program = program
    const isVirtual = program.clock === 'virtual'
    this.#child = spawn(program.command, program.args, {
      cwd: program.folder,
      env: { ...process.env, ...(isVirtual && virtualEnvironment(seed)) },
      stdio: ['pipe', 'pipe', 'pipe', ...(isVirtual ? (['pipe'] as const) : [])],
      // A group of its own, so that Ctrl-C does not reach it before the run has ended in order.
      detached: true,
    })
    const { pid } = this.#child
    if (pid !== undefined) guard.keep('pid', pid)
    this.ended = new Promise((resolve) => {
      const end = (how: string): void => {
        this.#end = how
        if (pid !== undefined) guard.release('pid', pid)
        const fault = this.fault()
        for (const tell of this.#waiting.values()) if (fault !== null) tell(fault)
        this.#waiting.clear()
        this.#changed()
        resolve()
      }
      this.#child.once('error', (error) => end(`cannot be started: ${error.message}`))
      this.#child.once('close', (code, signal) => end(signal === null ? `has ended with exit status ${code}` : `was ended by ${signal}`))
    })
    this.#stream('stdout').on('data', (text: string) => this.#heard(text))
    this.#stream('stderr').on('data', (text: string) => {
      this.#said = `${this.#said}${text}`.slice(-2000)
    })
    for (const stream of this.#child.stdio) stream?.on('error', () => {})
  }

  /** What it has written since it was asked last. */
  takeLines(): readonly string[] {
    const lines = this.#lines
    this.#lines = []
    return lines
  }

  get hasLines(): boolean {
    return this.#lines.length > 0
  }

  /** That it has ended, with the last that it said. */
  fault(): NodeFault | null {
    if (this.#end === null) return null
    const lines = this.#said.trim().split('\n')
    const why = lines.findLast((line) => /^\w*(Error|Exception)\b.*:/.test(line)) ?? lines.at(-1) ?? ''
    return new NodeFault(this.id, 'ended', `${this.id} ${this.#end}${why === '' ? '' : `: ${why.trim()}`}`)
  }

  /** Hands it a line, and waits until it has done with it. */
  send(line: string): Promise<Rest> {
    const text = `${line}\n`
    this.#written += Buffer.byteLength(text)
    this.#child.stdin?.write(text)
    return this.#program.clock === 'virtual' ? this.#command(0) : this.#answers(answerMax)
  }

  /** Lets time pass, and waits until it has done what was due. */
  advance(milliseconds: number): Promise<Rest> {
    return this.#program.clock === 'virtual' ? this.#command(milliseconds) : this.#answers(milliseconds)
  }

  async kill(): Promise<void> {
    if (this.#end !== null || this.#child.pid === undefined) return
    try {
      process.kill(-this.#child.pid, 'SIGKILL')
    } catch {
      // It has just ended by itself.
    }
    await this.ended
  }

  #command(advance: number): Promise<Rest> {
    const id = ++this.#commands
    const fault = this.fault()
    if (fault !== null) return Promise.reject(fault)
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(id)
        reject(new NodeFault(this.id, 'no-rest', `${this.id} has not come to rest in ${restMax / 1000} s: it computes without end`))
      }, restMax)
      this.#waiting.set(id, (rest) => {
        clearTimeout(late)
        if (rest instanceof NodeFault) reject(rest)
        else resolve(rest)
      })
      const control = this.#child.stdio[3] as Writable | undefined
      control?.write(`${JSON.stringify({ id, read: this.#written, advance })}\n`)
    })
  }

  /** Ends as soon as it has written something, or after so long. */
  async #answers(milliseconds: number): Promise<Rest> {
    if (this.#lines.length === 0 && this.#end === null) {
      await new Promise<void>((resolve) => {
        const late = setTimeout(end, milliseconds)
        const listeners = this.#listeners
        listeners.add(end)
        function end(): void {
          clearTimeout(late)
          listeners.delete(end)
          resolve()
        }
      })
    }
    const fault = this.fault()
    if (fault !== null && this.#lines.length === 0) throw fault
    return { next: null }
  }

  #stream(name: 'stdout' | 'stderr'): Readable {
    return (this.#child[name] as Readable).setEncoding('utf8')
  }

  #heard(text: string): void {
    const lines = `${this.#partial}${text}`.split('\n')
    this.#partial = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith(mark)) this.#rested(line.slice(mark.length))
      else if (line.trim() !== '') this.#lines.push(line)
    }
    this.#changed()
  }

  #rested(text: string): void {
    const { id, hasRead, next } = JSON.parse(text) as { id: number; hasRead: boolean; next: number | null }
    const tell = this.#waiting.get(id)
    this.#waiting.delete(id)
    const unread = `${this.id} does not read its input through process.stdin, which a virtual clock has to follow; try --clock real`
    tell?.(hasRead ? { next } : new NodeFault(this.id, 'no-rest', unread))
  }

  #changed(): void {
    for (const tell of [...this.#listeners]) tell()
  }
}

/** Begins the lines that are ours; no JSON begins so. */
const mark = '\u0001counterpoint '

function virtualEnvironment(seed: number): Readonly<Record<string, string>> {
  const options = [process.env['NODE_OPTIONS'], `--require=${JSON.stringify(preload())}`]
  return { COUNTERPOINT_NODE: JSON.stringify({ seed, mark }), NODE_OPTIONS: options.filter(Boolean).join(' ') }
}

/** It is shipped among the sources, and not built. */
function preload(): string {
  const beside = fileURLToPath(new URL('./virtual-clock.cjs', import.meta.url))
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../../traces/maelstrom/virtual-clock.cjs', import.meta.url))
}
