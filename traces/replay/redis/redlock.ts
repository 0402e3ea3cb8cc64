/**
 * Redlock server by server: clients ask each server for the lock by `SET NX PX`, and hold it while they count on a majority. Answers may
 * be on their way for as long as the scenario wants, and the servers crash.
 */
import type { Adapter, Capability, Outcome, RealStep, StepResult } from '../adapter.ts'
import { serverName } from '../locks/election-plan.ts'
import { RedisClients } from './redis-clients.ts'
import { leaseMs } from './redis-lock.ts'
import type { RedisServer } from './redis-server.ts'

export interface RedlockOptions {
  readonly level: string
  /** The key of the lock, in each server. */
  readonly key: string
}

/** Extends a lock of one's own. */
const extendScript = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0"

/** What a client knows of the servers. */
interface Answers {
  /** What each server has said last. */
  readonly said: Map<number, boolean>
  /** The servers that it counts on. */
  readonly counted: Set<number>
}

export class Redlock implements Adapter {
  readonly capabilities: ReadonlySet<Capability> = new Set<Capability>(['operation', 'deliver', 'timer', 'expire', 'crash', 'restart'])
  readonly #servers: readonly RedisServer[]
  readonly #options: RedlockOptions
  readonly #clients: RedisClients
  readonly #down = new Set<number>()
  readonly #answers = new Map<string, Answers>()
  #version = ''

  constructor(servers: readonly RedisServer[], options: RedlockOptions) {
    this.#servers = servers
    this.#options = options
    this.#clients = new RedisClients(servers.map(({ address }) => address))
  }

  get name(): string {
    return `Redlock over ${this.#servers.length} servers of Redis ${this.#version}`.trimEnd().concat(`, ${this.#options.level}`)
  }

  async setup(): Promise<void> {
    this.#version = await (await this.#clients.of('monitor')).version()
  }

  async step(step: RealStep): Promise<StepResult> {
    return { outcome: await this.#take(step), completed: [] }
  }

  /** Servers that have crashed are started again. */
  async reset(): Promise<boolean> {
    for (const server of this.#down) {
      await this.#servers[server]?.restart()
      this.#clients.forget(server)
    }
    this.#down.clear()
    this.#answers.clear()
    for (const server of this.#servers.keys()) await (await this.#clients.of('monitor', server)).ask('DEL', this.#options.key)
    return true
  }

  async teardown(): Promise<void> {
    for (const server of this.#servers.keys()) {
      const connection = await this.#clients.of('monitor', server).catch(() => null)
      await connection?.command('DEL', this.#options.key)
    }
    this.#clients.close()
  }

  async #take(step: RealStep): Promise<Outcome> {
    switch (step.kind) {
      case 'operation':
        return this.#ask(step.actor, this.#numberOf(step.node ?? ''))
      case 'deliver': {
        const server = this.#numberOf(step.from)
        const { said, counted } = this.#of(step.to)
        if (said.get(server) === true) counted.add(server)
        return { kind: 'ok', value: counted.size }
      }
      case 'timer': {
        const { counted } = this.#of(step.node)
        counted.delete(this.#numberOf(step.timer))
        return { kind: 'ok', value: counted.size }
      }
      case 'expire':
        await (await this.#clients.of('monitor', this.#numberOf(step.what))).ask('PEXPIRE', this.#options.key, 0)
        return done
      case 'crash':
        await this.#servers[this.#numberOf(step.node)]?.crash()
        this.#down.add(this.#numberOf(step.node))
        return done
      case 'restart': {
        const server = this.#numberOf(step.node)
        await this.#servers[server]?.restart()
        this.#clients.forget(server)
        this.#down.delete(server)
        return done
      }
      default:
        throw new Error(`Redlock cannot ${step.kind}`)
    }
  }

  /** Whether the server lets the client have the lock, or have it for longer. */
  async #ask(client: string, server: number): Promise<Outcome> {
    const { key } = this.#options
    const connection = await this.#clients.of(client, server)
    const set = await connection.command('SET', key, client, 'NX', 'PX', leaseMs)
    if (set.kind !== 'ok') return set
    const isGranted = set.value === 'OK' || (await connection.ask('EVAL', extendScript, 1, key, client, leaseMs)) === 1
    this.#of(client).said.set(server, isGranted)
    return { kind: 'ok', value: isGranted }
  }

  #of(client: string): Answers {
    const known = this.#answers.get(client)
    if (known !== undefined) return known
    const made: Answers = { said: new Map(), counted: new Set() }
    this.#answers.set(client, made)
    return made
  }

  #numberOf(name: string): number {
    const number = this.#servers.findIndex((_, i) => serverName(i) === name)
    if (number < 0) throw new Error(`there is no ${name}`)
    return number
  }
}

const done: Outcome = { kind: 'ok', value: null }
