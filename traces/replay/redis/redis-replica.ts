/** A value with its timestamp in one Redis server, which keeps the later one; and what it keeps for others, under keys of their own. */
import type { QuorumReplica, QuorumVersion } from '../quorum/quorum-request.ts'
import type { RedisConnection } from './redis-server.ts'

/** Last writer wins, and of equal timestamps the greater value. */
const keepScript = `
local time = tonumber(redis.call('hget', KEYS[1], 'time') or '0')
local value = tonumber(redis.call('hget', KEYS[1], 'value') or '0')
local newTime, newValue = tonumber(ARGV[1]), tonumber(ARGV[2])
if newTime > time or (newTime == time and newValue > value) then
  redis.call('hset', KEYS[1], 'time', ARGV[1], 'value', ARGV[2])
end`

export class RedisReplica implements QuorumReplica {
  readonly #open: () => Promise<RedisConnection>
  readonly #key: string
  readonly #isReachable: (coordinator: number) => boolean
  /** For whom it keeps something. */
  readonly #owners = new Set<number>()

  /** @param isReachable what the coordinators think of it */
  constructor(open: () => Promise<RedisConnection>, key: string, isReachable: (coordinator: number) => boolean) {
    this.#open = open
    this.#key = key
    this.#isReachable = isReachable
  }

  isReachable(coordinator: number): boolean {
    return this.#isReachable(coordinator)
  }

  async read(): Promise<QuorumVersion | null> {
    const found: (QuorumVersion | null)[] = [await this.#get(this.#key)]
    for (const owner of this.#owners) found.push(await this.#get(this.#keyFor(owner)))
    return found.reduce((one, other) => (one === null || (other !== null && isLater(other, one)) ? other : one), null)
  }

  async keep({ time, value }: QuorumVersion, owner: number | null): Promise<void> {
    if (owner !== null) this.#owners.add(owner)
    const key = owner === null ? this.#key : this.#keyFor(owner)
    await (await this.#open()).ask('EVAL', keepScript, 1, key, time, value)
  }

  /** Hands over what it keeps for another one, and forgets it then. */
  async handOver(owner: number, to: QuorumReplica): Promise<void> {
    const hint = await this.#get(this.#keyFor(owner))
    if (hint === null) throw new Error(`there is nothing here for server ${owner}`)
    await to.keep(hint, null)
    await (await this.#open()).ask('DEL', this.#keyFor(owner))
    this.#owners.delete(owner)
  }

  /** The value of its own, and what it keeps for others, by who they are; null where there is nothing. */
  async stored(nodes: number): Promise<readonly { readonly owner: number | null; readonly value: number | null }[]> {
    const owners = [null, ...Array.from({ length: nodes }, (_, id) => id)]
    return Promise.all(
      owners.map(async (owner) => ({ owner, value: (await this.#get(owner === null ? this.#key : this.#keyFor(owner)))?.value ?? null })),
    )
  }

  /** Nothing is stored. */
  async clear(): Promise<void> {
    await (await this.#open()).ask('DEL', ...this.keys)
    this.#owners.clear()
  }

  /** Everything that was made in the server. */
  get keys(): readonly string[] {
    return [this.#key, ...[...this.#owners].map((owner) => this.#keyFor(owner))]
  }

  async #get(key: string): Promise<QuorumVersion | null> {
    return versionOf(await (await this.#open()).ask('HMGET', key, 'time', 'value'))
  }

  #keyFor(owner: number): string {
    return `${this.#key}:for:${owner}`
  }
}

function versionOf(fields: unknown): QuorumVersion | null {
  const [time, value] = fields as readonly (string | null)[]
  return typeof time === 'string' && typeof value === 'string' ? { time: Number(time), value: Number(value) } : null
}

function isLater(one: QuorumVersion, other: QuorumVersion): boolean {
  return one.time > other.time || (one.time === other.time && one.value > other.value)
}
