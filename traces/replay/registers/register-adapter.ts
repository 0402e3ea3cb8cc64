/** Takes the steps of a register's trace on a cluster: operations of clients, what links carry, and elections. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Json } from '../../../checker/index.ts'
import type { Adapter, Capability, Completed, Facts, Outcome, RealStep, StepResult } from '../adapter.ts'
import { ServerError } from '../servers/workplace.ts'
import { appliedName, entryBytes, RefusedError, type RegisterNodes } from './register-nodes.ts'

/** What a `deliver` step says of the message. */
export type RegisterMessage =
  /** The entry of the last write goes through, and nothing after it. */
  | { readonly kind: 'entry' }
  /** That the follower has the entries, upon which a write may be answered. */
  | { readonly kind: 'acknowledgement'; readonly answers: string | null }
  /** What is committed: the follower applies it. */
  | { readonly kind: 'commit' }

/** What an operation `read` comes to; null for what nobody has written. */
export type ReadResult = { readonly read: Json }

export const everybodyElse = '*'

/** An operation that gets no answer for so long is taken to wait, where the links cannot tell. */
export const blockedAfterMs = 400

/** How long anything else may take. */
const doneWithinMs = 30_000

interface Call {
  readonly actor: string
  readonly controller: AbortController
  readonly ended: Promise<Outcome>
  outcome: Outcome | null
}

export class RegisterAdapter implements Adapter {
  readonly capabilities: ReadonlySet<Capability> = new Set<Capability>(['operation', 'link', 'deliver', 'timer', 'settle'])
  readonly #nodes: RegisterNodes
  readonly #waiting: Call[] = []
  /** What each link had carried when the last write began. */
  readonly #before = new Map<string, number>()
  /** Links on which what comes is held. */
  readonly #held = new Set<string>()
  readonly #servers: number

  /** @param servers how many there are */
  constructor(nodes: RegisterNodes, servers: number) {
    this.#nodes = nodes
    this.#servers = servers
  }

  get name(): string {
    return this.#nodes.name
  }

  async setup(): Promise<void> {
    await this.#nodes.ready()
  }

  async step(step: RealStep): Promise<StepResult> {
    switch (step.kind) {
      case 'operation':
        return this.#operate(step.actor, Number(step.node), step.operation, step.argument)
      case 'link':
        for (const to of this.#others(step.from, step.to)) this.#link(Number(step.from), to, step.mode)
        return done
      case 'deliver':
        return this.#deliver(Number(step.from), Number(step.to), step.message as unknown as RegisterMessage)
      case 'timer':
        await this.#nodes.elect(Number(step.node))
        return done
      case 'settle':
        await this.#nodes.rejoin(Number(step.node))
        return { ...done, completed: this.#takeCompleted() }
      default:
        throw new Error(`a register has no ${step.kind}`)
    }
  }

  async observe(): Promise<Facts> {
    const { applied } = this.#nodes
    if (applied === undefined) return {}
    const facts: Record<string, Json> = {}
    for (let i = 0; i < this.#servers; i++) facts[appliedName(i)] = await applied.call(this.#nodes, i)
    return facts
  }

  /** Not where the servers have come to something that cannot be taken back, as when another one leads for good. */
  async reset(): Promise<boolean> {
    this.#end()
    try {
      await this.#nodes.renew()
      return true
    } catch (error) {
      if (error instanceof ServerError) return false
      throw error
    }
  }

  async teardown(): Promise<void> {
    this.#end()
    await this.#nodes.close()
    this.#nodes.mesh.mend()
  }

  /** What is under way, and what is known of the links. */
  #end(): void {
    for (const { controller } of this.#waiting.splice(0)) controller.abort()
    this.#before.clear()
    this.#held.clear()
  }

  async #operate(actor: string, server: number, operation: string, argument: Json): Promise<StepResult> {
    const { mesh } = this.#nodes
    const followers = this.#others(String(server), everybodyElse)
    for (const to of followers) this.#before.set(`${server} ${to}`, mesh.carried(server, to))
    const call = this.#call(actor, operation, (signal) =>
      operation === 'write'
        ? this.#nodes.write(actor, server, argument, signal).then(() => null)
        : this.#nodes.read(actor, server, signal).then((read): ReadResult => ({ read })),
    )
    const until = performance.now() + blockedAfterMs
    while (call.outcome === null && performance.now() < until && !(operation === 'write' && this.#isWaiting(server)))
      await Promise.race([call.ended, sleep(2)])
    // On a busy machine, a server that answers nothing is slow.
    if (call.outcome === null) await Promise.race([call.ended, this.#nodes.probe(server)])
    if (call.outcome !== null) return { outcome: call.outcome, completed: [] }
    this.#waiting.push(call)
    return { outcome: { kind: 'blocked', on: operation === 'write' ? 'a majority' : 'the leader' }, completed: [] }
  }

  #call(actor: string, operation: string, send: (signal: AbortSignal) => Promise<Json>): Call {
    const controller = new AbortController()
    const ended = send(controller.signal).then(
      (value): Outcome => ({ kind: 'ok', value }),
      (error: unknown): Outcome =>
        // What only reads has had no effect.
        error instanceof RefusedError
          ? { kind: 'error', code: error.code, message: error.message, definite: operation === 'read' }
          : { kind: 'unknown' },
    )
    const call: Call = { actor, controller, ended, outcome: null }
    void ended.then((outcome) => {
      call.outcome = outcome
    })
    return call
  }

  async #deliver(from: number, to: number, message: RegisterMessage): Promise<StepResult> {
    this.#link(from, to, 'pass')
    if (message.kind === 'entry' && !(await within(() => this.#hasEntry(from, to)))) return unanswered
    if (message.kind === 'commit') await this.#nodes.catchUp(to)
    if (message.kind !== 'acknowledgement') this.#link(from, to, 'hold')
    const call = message.kind === 'acknowledgement' ? this.#waiting.find(({ actor }) => actor === message.answers) : undefined
    if (call !== undefined && !(await within(() => call.outcome !== null))) return unanswered
    return { outcome: { kind: 'ok', value: null }, completed: this.#takeCompleted() }
  }

  #takeCompleted(): readonly Completed[] {
    return this.#waiting.flatMap((call) => {
      if (call.outcome === null) return []
      this.#waiting.splice(this.#waiting.indexOf(call), 1)
      return [{ actor: call.actor, outcome: call.outcome }]
    })
  }

  #hasEntry(from: number, to: number): boolean {
    return this.#nodes.mesh.carried(from, to) - (this.#before.get(`${from} ${to}`) ?? 0) >= entryBytes
  }

  /** Whether a write has gone to others, and nothing comes back from any of them. */
  #isWaiting(server: number): boolean {
    const { mesh } = this.#nodes
    const connected = this.#others(String(server), everybodyElse).filter((i) => !mesh.isCut(server, i))
    return connected.some((to) => this.#hasEntry(server, to)) && connected.every((i) => this.#held.has(`${i} ${server}`))
  }

  #link(from: number, to: number, mode: 'pass' | 'hold' | 'drop' | 'cut'): void {
    const { mesh } = this.#nodes
    if (mode === 'hold') this.#held.add(`${from} ${to}`)
    else this.#held.delete(`${from} ${to}`)
    if (mode === 'cut') mesh.cut(from, to)
    else mesh.set(from, to, mode)
  }

  #others(of: string, to: string): readonly number[] {
    if (to !== everybodyElse) return [Number(to)]
    return Array.from({ length: this.#servers }, (_, i) => i).filter((i) => i !== Number(of))
  }
}

const done: StepResult = { outcome: { kind: 'ok', value: null }, completed: [] }
const unanswered: StepResult = { outcome: { kind: 'unknown' }, completed: [] }

/** Whether it comes to be so, in a time that is more than enough. */
async function within(isSo: () => boolean): Promise<boolean> {
  const until = performance.now() + doneWithinMs
  while (!isSo()) {
    if (performance.now() > until) return false
    await sleep(2)
  }
  return true
}
