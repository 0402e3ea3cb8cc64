/** Independent Redis servers under a coordinator of ours, which takes requests of clients server by server. */
import type { Adapter, Capability, Facts, Outcome, RealStep, StepResult } from '../adapter.ts'
import type { Ended } from '../quorum/judge-quorum.ts'
import { coordinatorName, type QuorumMessage, storedName } from '../quorum/quorum-plan.ts'
import { type QuorumOptions, QuorumRequest, type QuorumVersion } from '../quorum/quorum-request.ts'
import { RedisClients } from './redis-clients.ts'
import { RedisReplica } from './redis-replica.ts'
import type { RedisServer } from './redis-server.ts'

export interface RedisQuorumOptions extends QuorumOptions {
  readonly level: string
  /** Coordinators do as those of the trace. */
  readonly isAsInTrace: boolean
  /** What its keys are called. */
  readonly key: string
  /** How far the clock of each coordinator is ahead, in writes. */
  readonly ahead: readonly number[]
}

export class RedisQuorum implements Adapter {
  readonly capabilities: ReadonlySet<Capability> = new Set<Capability>(['operation', 'deliver', 'crash', 'restart', 'link'])
  readonly #servers: readonly RedisServer[]
  readonly #options: RedisQuorumOptions
  readonly #clients: RedisClients
  readonly #replicas: readonly RedisReplica[]
  /** Those that are not over, and those whose messages may still be on their way. */
  readonly #requests: { readonly client: string; readonly request: QuorumRequest }[] = []
  readonly #down = new Set<number>()
  /** Whom coordinators take for failed: `0 1` is server 1 to coordinator 0. */
  readonly #suspected = new Set<string>()
  /** Real time, counted in writes. */
  #time = 0
  #version = ''

  /** @param servers each of which is next to one of the coordinators */
  constructor(servers: readonly RedisServer[], options: RedisQuorumOptions) {
    this.#servers = servers
    this.#options = options
    this.#clients = new RedisClients(servers.map(({ address }) => address))
    this.#replicas = servers.map(
      (_, i) =>
        new RedisReplica(
          () => this.#clients.of('coordinators', i),
          options.key,
          (coordinator) => !this.#down.has(i) && !this.#suspected.has(`${coordinator} ${i}`),
        ),
    )
  }

  get name(): string {
    const { N, R, W, quorum, level } = this.#options
    const servers = `${this.#servers.length} servers of Redis ${this.#version}`.trimEnd()
    return `${servers} under Counterpoint's own coordinator, N=${N} R=${R} W=${W}${quorum === 'sloppy' ? ' sloppy' : ''}, ${level}`
  }

  async setup(): Promise<void> {
    this.#version = await (await this.#clients.of('coordinators')).version()
  }

  async step(step: RealStep): Promise<StepResult> {
    return { outcome: await this.#take(step), completed: [] }
  }

  /** What each server has that is up. At another level than the trace's own, servers get to have other things. */
  async observe(): Promise<Facts> {
    if (!this.#options.isAsInTrace) return {}
    const up = [...this.#replicas.entries()].filter(([i]) => !this.#down.has(i))
    const found = await Promise.all(
      up.map(async ([i, replica]) =>
        (await replica.stored(this.#servers.length)).map(({ owner, value }) => [storedName(i, owner), value] as const),
      ),
    )
    return Object.fromEntries(found.flat())
  }

  /** Servers that have crashed are started again. */
  async reset(): Promise<boolean> {
    for (const server of this.#down) {
      await this.#servers[server]?.restart()
      this.#clients.forget(server)
    }
    this.#down.clear()
    this.#suspected.clear()
    this.#requests.length = 0
    this.#time = 0
    await Promise.all(this.#replicas.map((replica) => replica.clear()))
    return true
  }

  async teardown(): Promise<void> {
    for (const [i, replica] of this.#replicas.entries()) {
      const connection = await this.#clients.of('coordinators', i).catch(() => null)
      await connection?.command('DEL', ...replica.keys)
    }
    this.#clients.close()
  }

  async #take(step: RealStep): Promise<Outcome> {
    switch (step.kind) {
      case 'operation':
        return step.node === undefined
          ? this.#audit(step.actor)
          : this.#ask(step.actor, numberIn(step.node), step.argument as number | null)
      case 'deliver':
        return this.#deliver(step.from, step.to, step.message as QuorumMessage)
      case 'link': {
        const pair = `${numberIn(step.from)} ${numberIn(step.to)}`
        if (step.mode === 'cut') this.#suspected.add(pair)
        else this.#suspected.delete(pair)
        return done
      }
      case 'crash': {
        const server = numberIn(step.node)
        await this.#servers[server]?.crash()
        this.#down.add(server)
        // The coordinator beside it is gone, too; what it has sent is still on its way.
        for (const one of this.#requests) if (one.request.coordinator === server) one.request.abandon()
        return done
      }
      case 'restart': {
        const server = numberIn(step.node)
        await this.#servers[server]?.restart()
        this.#clients.forget(server)
        this.#down.delete(server)
        return done
      }
      default:
        throw new Error(`a quorum cannot ${step.kind}`)
    }
  }

  async #ask(client: string, coordinator: number, value: number | null): Promise<Outcome> {
    if (value !== null) this.#time += 1
    const clock = this.#time + (this.#options.ahead[coordinator] ?? 0)
    const operation = value === null ? ({ f: 'read' } as const) : ({ f: 'write', value, clock } as const)
    const request = new QuorumRequest(this.#replicas, this.#options, coordinator, operation)
    this.#requests.push({ client, request })
    await request.begin()
    return becomes(client, request)
  }

  async #deliver(from: string, to: string, message: QuorumMessage): Promise<Outcome> {
    if ('hint' in message) {
      const owner = this.#replicas[numberIn(to)]
      if (owner !== undefined) await this.#replicas[numberIn(from)]?.handOver(numberIn(to), owner)
      return done
    }
    if ('answerTo' in message) {
      const last = this.#requests.findLast(({ client }) => client === message.answerTo)
      if (last !== undefined && (await last.request.ask(numberIn(from)))) return becomes(last.client, last.request)
      return refusal(`${to} does not ask ${from}`)
    }
    if ('sendLater' in message) {
      const last = this.#requests.findLast(({ client }) => client === message.sendLater)
      return last?.request.sendLater(message.server) ? done : refusal(`${from} does not send it to server ${message.server}`)
    }
    return this.#store(from, to, message)
  }

  /** By the request that waits for it, or else by one that has sent it. Whoever waits for the same learns of it. */
  async #store(from: string, to: string, { store, waits }: Extract<QuorumMessage, { store: number }>): Promise<Outcome> {
    const server = numberIn(to)
    const own = this.#requests.filter(({ request }) => coordinatorName(request.coordinator) === from).reverse()
    const waiting = own.find(({ client }) => client === waits)
    const sender = [...(waiting === undefined ? [] : [waiting]), ...own.filter(({ request }) => request.version?.value === store)]
    for (const { request } of sender) {
      if (!(await request.send(server))) continue
      for (const other of own) if (other.request.version?.value === request.version?.value) other.request.learn(server)
      return waiting === undefined ? done : becomes(waiting.client, waiting.request)
    }
    return refusal(`${from} has sent ${to} nothing for that`)
  }

  async #audit(client: string): Promise<Outcome> {
    const found: QuorumVersion[] = []
    for (const [i, replica] of this.#replicas.entries()) {
      const version = this.#down.has(i) ? null : await replica.read()
      if (version !== null) found.push(version)
    }
    const newest = found.sort((a, b) => b.time - a.time || b.value - a.value)[0]
    return { kind: 'ok', value: { client, returns: newest?.value ?? null } satisfies Ended }
  }
}

const done: Outcome = { kind: 'ok', value: null }

function becomes(client: string, { answer }: QuorumRequest): Outcome {
  if (answer.is === 'waiting') return { kind: 'blocked', on: answer.for }
  return { kind: 'ok', value: { client, returns: answer.value } satisfies Ended }
}

/** The coordinator does not do that, and so nothing has happened. */
function refusal(message: string): Outcome {
  return { kind: 'error', code: 'REFUSED', message, definite: true }
}

/** The number in a name such as `server 2`. */
function numberIn(name: string): number {
  return Number(name.slice(name.lastIndexOf(' ') + 1))
}
