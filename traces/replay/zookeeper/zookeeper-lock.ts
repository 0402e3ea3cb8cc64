/**
 * A lock in ZooKeeper: an ephemeral node, which ends with the session of its owner. The transaction that created it is the token of the
 * holder. The resource knows nothing of the sessions of others; it is a client of its own that keeps in a node for whom it acted last.
 */
import type { LockService } from '../locks/lock-adapter.ts'
import { ZookeeperConnection, ZookeeperError } from './zookeeper-connection.ts'
import { serverAt } from './zookeeper-ensemble.ts'

export type ZookeeperActs = 'unfenced' | 'fenced'

export interface ZookeeperLockOptions {
  readonly acts: ZookeeperActs
  /** A node that there is not. */
  readonly path: string
  readonly keep?: boolean
}

export class ZookeeperLock implements LockService {
  readonly #ports: readonly number[]
  readonly #options: ZookeeperLockOptions
  readonly #connections = new Map<string, ZookeeperConnection>()
  #version = ''

  /** @param ports those of the servers that clients connect to in turn */
  constructor(ports: readonly number[], options: ZookeeperLockOptions) {
    this.#ports = ports
    this.#options = options
  }

  get name(): string {
    return `ZooKeeper ${this.#version}`.trimEnd().concat(`, ${this.#options.acts}`)
  }

  async ready(): Promise<void> {
    this.#version = (await serverAt(this.#ports[0] ?? 0)).version
    const resource = await this.#of('resource')
    await resource.create(this.#options.path, '')
    await resource.create(this.#resource, '0')
  }

  async acquire(client: string): Promise<number | null> {
    const connection = await this.#of(client)
    try {
      await connection.create(this.#lock, client, { isEphemeral: true })
    } catch (error) {
      if (error instanceof ZookeeperError && error.code === 'NODEEXISTS') return null
      throw error
    }
    return (await connection.stat(this.#lock))?.created ?? null
  }

  async release(client: string, token: number): Promise<boolean> {
    const connection = await this.#of(client)
    await connection.sync(this.#lock)
    const isOwn = (await connection.stat(this.#lock))?.created === token
    if (isOwn) await connection.remove(this.#lock)
    return isOwn
  }

  /** Another connection takes the session of the client over, and closes it: what its expiry does, at a moment of our choice. */
  async expire(client: string): Promise<void> {
    const { session } = await this.#of(client)
    const taker = await ZookeeperConnection.open(this.#portOf('resource'), session)
    await taker.closeSession()
  }

  async use(_client: string, token: number): Promise<string | null> {
    const resource = await this.#of('resource')
    const { data, stat } = await resource.get(this.#resource)
    const seen = Number(data)
    if (this.#options.acts === 'fenced' && token < seen) return `the lock was created at zxid ${token}, and one at ${seen} has acted since`
    await resource.set(this.#resource, String(token), stat.version)
    return null
  }

  async remove(): Promise<void> {
    const connections = [...this.#connections.values()]
    if (connections.length === 0) return
    this.#connections.clear()
    if (this.#options.keep !== true) {
      const janitor = await ZookeeperConnection.open(this.#portOf('resource'))
      for (const path of [this.#lock, this.#resource, this.#options.path])
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
    const number = Number.parseInt(who.replace(/\D/g, ''), 10)
    return this.#ports[Number.isNaN(number) ? 0 : (number + 1) % this.#ports.length] ?? 0
  }

  get #lock(): string {
    return `${this.#options.path}/lock`
  }

  get #resource(): string {
    return `${this.#options.path}/resource`
  }
}
