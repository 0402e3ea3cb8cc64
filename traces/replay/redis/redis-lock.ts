/**
 * A lock that clients take in Redis, as its documentation of `SET` and of Redlock says: a key that only one of them can set, with a time
 * to live, in one server or in a majority of several; and a resource, which is another key. Only the owner deletes the lock, by a
 * script. With tokens, the server counts the holders while it lets one in, and the resource refuses whoever is not the last it has seen.
 */
import type { Adapter, Capability, Outcome, RealStep, StepResult } from '../adapter.ts'
import type { LockOperation } from '../locks/lock-plan.ts'
import { RedisClients } from './redis-clients.ts'
import type { RedisAddress } from './redis-server.ts'

export interface RedisLockOptions {
  readonly level: string
  /** What its keys begin with. */
  readonly prefix: string
  /** Whether the resource checks tokens, which the first server gives out. */
  readonly isFenced: boolean
  readonly keep?: boolean
}

/** Longer than any run: a lease ends by a step. */
export const leaseMs = 3_600_000

/** Deletes a lock of one's own. */
export const releaseScript = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"

const acquireScript = "if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return redis.call('incr', KEYS[2]) end return false"

const useScript = `
local seen = tonumber(redis.call('get', KEYS[1]) or '0')
if tonumber(ARGV[1]) < seen then return redis.error_reply('FENCED token ' .. ARGV[1] .. ' is older than ' .. seen) end
return redis.call('set', KEYS[1], ARGV[1])`

export class RedisLock implements Adapter {
  readonly capabilities: ReadonlySet<Capability> = new Set<Capability>(['operation', 'pause', 'resume', 'expire'])
  readonly #clients: RedisClients
  readonly #options: RedisLockOptions
  readonly #paused = new Set<string>()
  /** Where no server counts them. */
  #holders = 0
  /** As which holder each client has the lock, or had it. */
  readonly #holderOf = new Map<string, number>()
  #version = ''

  /** @param servers one, or those of which a majority is the lock */
  constructor(servers: readonly RedisAddress[], options: RedisLockOptions) {
    this.#clients = new RedisClients(servers)
    this.#options = options
  }

  get name(): string {
    return `Redis ${this.#version}`.trimEnd().concat(`, ${this.#options.level}`)
  }

  async setup(): Promise<void> {
    this.#version = await (await this.#clients.of('monitor')).version()
  }

  async step(step: RealStep): Promise<StepResult> {
    return { outcome: await this.#take(step), completed: [] }
  }

  async teardown(): Promise<void> {
    const { keep = false } = this.#options
    for (let server = 0; !keep && server < this.#clients.servers; server += 1) {
      const connection = await this.#clients.of('monitor', server).catch(() => null)
      await connection?.command('DEL', this.#key('lock'), this.#key('token'), this.#key('resource'))
    }
    this.#clients.close()
  }

  async #take(step: RealStep): Promise<Outcome> {
    switch (step.kind) {
      case 'operation':
        if (this.#paused.has(step.actor)) throw new Error(`${step.actor} is paused, and cannot do anything`)
        return this.#operate(step.actor, step.operation as LockOperation)
      case 'pause':
        this.#paused.add(step.node)
        return done
      case 'resume':
        this.#paused.delete(step.node)
        return done
      case 'expire':
        await this.#everywhere('monitor', 'PEXPIRE', this.#key('lock'), 0)
        return done
      default:
        throw new Error(`a lock cannot ${step.kind}`)
    }
  }

  async #operate(client: string, operation: LockOperation): Promise<Outcome> {
    const first = await this.#clients.of(client)
    switch (operation) {
      case 'acquire': {
        const outcome = this.#options.isFenced
          ? await first.command('EVAL', acquireScript, 2, this.#key('lock'), this.#key('token'), client, leaseMs)
          : await this.#acquire(client)
        if (outcome.kind === 'ok' && outcome.value !== null) this.#holderOf.set(client, Number(outcome.value))
        return outcome
      }
      case 'release': {
        const deleted = await this.#everywhere(client, 'EVAL', releaseScript, 1, this.#key('lock'), client)
        return { kind: 'ok', value: this.#isMajority(deleted, 1) ? 1 : 0 }
      }
      case 'delete':
        await this.#everywhere(client, 'DEL', this.#key('lock'))
        return done
      case 'use': {
        const holder = this.#holderOf.get(client)
        if (holder === undefined) throw new Error(`${client} has never had the lock`)
        const used = this.#options.isFenced
          ? await first.command('EVAL', useScript, 1, this.#key('resource'), holder)
          : await first.command('SET', this.#key('resource'), holder)
        return used.kind === 'ok' ? done : used
      }
    }
  }

  /** One server after the other; whoever does not get a majority gives up what it got. */
  async #acquire(client: string): Promise<Outcome> {
    const set = await this.#everywhere(client, 'SET', this.#key('lock'), client, 'NX', 'PX', leaseMs)
    if (this.#isMajority(set, 'OK')) {
      this.#holders += 1
      return { kind: 'ok', value: this.#holders }
    }
    await this.#everywhere(client, 'EVAL', releaseScript, 1, this.#key('lock'), client)
    return { kind: 'ok', value: null }
  }

  async #everywhere(client: string, command: string, ...args: readonly (string | number)[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = []
    for (let server = 0; server < this.#clients.servers; server += 1)
      outcomes.push(await (await this.#clients.of(client, server)).command(command, ...args))
    return outcomes
  }

  #isMajority(outcomes: readonly Outcome[], value: string | number): boolean {
    return 2 * outcomes.filter((outcome) => outcome.kind === 'ok' && outcome.value === value).length > this.#clients.servers
  }

  #key(name: 'lock' | 'token' | 'resource'): string {
    return `${this.#options.prefix}:${name}`
  }
}

const done: Outcome = { kind: 'ok', value: null }
