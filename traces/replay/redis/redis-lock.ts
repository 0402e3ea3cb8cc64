/**
 * A lock that clients take in Redis, as its documentation of `SET` and of Redlock says: a key that only one of them can set, with a time
 * to live, in one server or in a majority of several; and a resource, which is another key. Only the owner deletes the lock, by a
 * script. With tokens, the server counts the holders while it lets one in, and the resource refuses whoever is not the last it has seen.
 */
import type { Json } from '../../../checker/index.ts'
import type { Outcome } from '../adapter.ts'
import { LockFailure, type LockOptions, LockPlace, type LockService, type StoredLock } from '../locks/lock-service.ts'
import { RedisClients } from './redis-clients.ts'
import type { RedisAddress } from './redis-server.ts'

/** Longer than any run: a lease ends by a step. */
export const leaseMs = 3_600_000

/** Deletes a lock of one's own. */
export const releaseScript = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"

const acquireScript = "if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return redis.call('incr', KEYS[2]) end return false"

const useScript = `
local seen = tonumber(redis.call('get', KEYS[1]) or '0')
if tonumber(ARGV[1]) < seen then return redis.error_reply('FENCED token ' .. ARGV[1] .. ' is older than ' .. seen) end
return redis.call('set', KEYS[1], ARGV[1])`

export class RedisLock implements LockService {
  readonly #clients: RedisClients
  readonly #place: LockPlace
  readonly #token: string
  /** Where no server counts them. */
  #holders = 0
  #version = ''

  /**
   * @param servers one, or those of which a majority is the lock
   * @param options tokens are given out by the first server
   */
  constructor(servers: readonly RedisAddress[], options: LockOptions) {
    this.#clients = new RedisClients(servers)
    this.#place = new LockPlace(options)
    this.#token = `${options.root}token`
  }

  get name(): string {
    return this.#place.name('Redis', this.#version)
  }

  async ready(): Promise<void> {
    this.#version = await (await this.#clients.of('monitor')).version()
  }

  async acquire(client: string): Promise<number | null> {
    if (!this.#place.isFenced) return this.#acquire(client)
    const first = await this.#clients.of(client)
    const token = granted(await first.command('EVAL', acquireScript, 2, this.#place.lock, this.#token, client, leaseMs))
    return token === null ? null : Number(token)
  }

  async release(client: string): Promise<boolean> {
    const deleted = await this.#everywhere(client, 'EVAL', releaseScript, 1, this.#place.lock, client)
    return this.#isMajority(deleted, 1)
  }

  async delete(client: string): Promise<void> {
    await this.#everywhere(client, 'DEL', this.#place.lock)
  }

  async expire(): Promise<void> {
    await this.#everywhere('monitor', 'PEXPIRE', this.#place.lock, 0)
  }

  async use(client: string, token: number): Promise<string | null> {
    const first = await this.#clients.of(client)
    const used = this.#place.isFenced
      ? await first.command('EVAL', useScript, 1, this.#place.resource, token)
      : await first.command('SET', this.#place.resource, token)
    if (used.kind === 'error' && used.code === 'FENCED') return used.message
    granted(used)
    return null
  }

  /** Whoever has the key in a majority of the servers. */
  async observe(): Promise<StoredLock> {
    const found = await this.#everywhere('monitor', 'GET', this.#place.lock)
    const names = found.flatMap((one) => (one.kind === 'ok' && one.value !== null ? [String(one.value)] : []))
    const acted = await (await this.#clients.of('monitor')).ask('GET', this.#place.resource)
    return { holder: names.find((name) => this.#isMajority(found, name)) ?? null, acted: acted === null ? null : Number(acted) }
  }

  async clear(): Promise<void> {
    await this.#everywhere('monitor', 'DEL', this.#place.lock, this.#token, this.#place.resource)
    this.#holders = 0
  }

  async remove(): Promise<void> {
    for (let server = 0; !this.#place.isKept && server < this.#clients.servers; server += 1) {
      const connection = await this.#clients.of('monitor', server).catch(() => null)
      await connection?.command('DEL', this.#place.lock, this.#token, this.#place.resource)
    }
    this.#clients.close()
  }

  /** One server after the other; whoever does not get a majority gives up what it got. */
  async #acquire(client: string): Promise<number | null> {
    const set = await this.#everywhere(client, 'SET', this.#place.lock, client, 'NX', 'PX', leaseMs)
    if (this.#isMajority(set, 'OK')) {
      this.#holders += 1
      return this.#holders
    }
    await this.#everywhere(client, 'EVAL', releaseScript, 1, this.#place.lock, client)
    return null
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
}

/** @throws LockFailure with what the server has said instead */
function granted(outcome: Outcome): Json {
  if (outcome.kind === 'ok') return outcome.value
  throw new LockFailure(outcome)
}
