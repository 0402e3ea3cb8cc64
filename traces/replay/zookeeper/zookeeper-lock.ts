/**
 * A lock in ZooKeeper: an ephemeral node, which ends with the session of its owner. The transaction that created it is the token of the
 * holder. The resource knows nothing of the sessions of others; it is a client of its own that keeps in a node for whom it acted last.
 */
import { type LockOptions, LockPlace, type LockService, type StoredLock, turnOf } from '../locks/lock-service.ts'
import { ZookeeperConnection, ZookeeperError } from './zookeeper-connection.ts'
import { serverAt } from './zookeeper-ensemble.ts'

export class ZookeeperLock implements LockService {
  readonly #ports: readonly number[]
  readonly #folder: string
  readonly #place: LockPlace
  readonly #connections = new Map<string, ZookeeperConnection>()
  /** Clients whose sessions have been ended, and who cannot do anything any more. */
  readonly #ended = new Set<string>()
  #version = ''

  /**
   * @param ports those of the servers that clients connect to in turn
   * @param options whose root is a node that there is not, with a slash behind it
   */
  constructor(ports: readonly number[], options: LockOptions) {
    this.#ports = ports
    this.#folder = options.root.slice(0, -1)
    this.#place = new LockPlace(options)
  }

  get name(): string {
    return this.#place.name('ZooKeeper', this.#version)
  }

  async ready(): Promise<void> {
    this.#version = (await serverAt(this.#ports[0] ?? 0)).version
    const resource = await this.#of('resource')
    await resource.create(this.#folder, '')
    await resource.create(this.#place.resource, unused)
  }

  async acquire(client: string): Promise<number | null> {
    const connection = await this.#of(client)
    try {
      await connection.create(this.#place.lock, client, { isEphemeral: true })
    } catch (error) {
      if (error instanceof ZookeeperError && error.code === 'NODEEXISTS') return null
      throw error
    }
    return (await connection.stat(this.#place.lock))?.created ?? null
  }

  async release(client: string, token: number): Promise<boolean> {
    const connection = await this.#of(client)
    await connection.sync(this.#place.lock)
    const isOwn = (await connection.stat(this.#place.lock))?.created === token
    if (isOwn) await connection.remove(this.#place.lock)
    return isOwn
  }

  /** Another connection takes the session of the client over, and closes it: what its expiry does, at a moment of our choice. */
  async expire(client: string): Promise<void> {
    const { session } = await this.#of(client)
    const taker = await ZookeeperConnection.open(this.#portOf('resource'), session)
    await taker.closeSession()
    this.#ended.add(client)
  }

  async use(_client: string, token: number): Promise<string | null> {
    const resource = await this.#of('resource')
    const { data, stat } = await resource.get(this.#place.resource)
    const seen = Number(data)
    if (this.#place.isFenced && token < seen) return `the lock was created at zxid ${token}, and one at ${seen} has acted since`
    await resource.set(this.#place.resource, String(token), stat.version)
    return null
  }

  async observe(): Promise<StoredLock> {
    const resource = await this.#of('resource')
    await resource.sync(this.#folder)
    const holder = (await resource.stat(this.#place.lock)) === null ? null : (await resource.get(this.#place.lock)).data
    const { data } = await resource.get(this.#place.resource)
    return { holder, acted: data === unused ? null : Number(data) }
  }

  /** Sessions stay, but for those that have been ended. */
  async clear(): Promise<void> {
    for (const client of this.#ended) {
      this.#connections.get(client)?.drop()
      this.#connections.delete(client)
    }
    this.#ended.clear()
    const resource = await this.#of('resource')
    await resource.sync(this.#folder)
    if ((await resource.stat(this.#place.lock)) !== null) await resource.remove(this.#place.lock)
    await resource.set(this.#place.resource, unused)
  }

  async remove(): Promise<void> {
    const connections = [...this.#connections.values()]
    if (connections.length === 0) return
    this.#connections.clear()
    if (!this.#place.isKept) {
      const janitor = await ZookeeperConnection.open(this.#portOf('resource'))
      for (const path of [this.#place.lock, this.#place.resource, this.#folder])
        if ((await janitor.stat(path)) !== null) await janitor.remove(path)
      await janitor.closeSession()
    }
    for (const connection of connections) connection.drop()
  }

  async #of(who: string): Promise<ZookeeperConnection> {
    const known = this.#connections.get(who)
    if (known !== undefined) return known
    const made = await ZookeeperConnection.open(this.#portOf(who))
    this.#connections.set(who, made)
    return made
  }

  /** Each client has a server of its own, as far as there are enough; the resource the first. */
  #portOf(who: string): number {
    return this.#ports[turnOf(who, this.#ports.length, 1)] ?? 0
  }
}

const unused = '0'
