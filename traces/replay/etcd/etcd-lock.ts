/**
 * A lock in etcd as its concurrency package takes it: a key that is created if it is not there, bound to a lease. The revision at which it
 * was created is the token of its holder. The resource is another key: a fenced act is a transaction that compares that revision.
 */
import type { LockService } from '../locks/lock-adapter.ts'
import type { EtcdClient } from './etcd-client.ts'

export type EtcdActs = 'unfenced' | 'fenced'

/** In seconds; longer than any run: a lease ends by a step. */
const leaseSeconds = 3600

export interface EtcdLockOptions {
  readonly acts: EtcdActs
  /** What its keys begin with. */
  readonly prefix: string
  readonly keep?: boolean
}

export class EtcdLock implements LockService {
  readonly #clients: readonly EtcdClient[]
  readonly #options: EtcdLockOptions
  readonly #leases = new Map<number, string>()
  #version = ''

  /** @param clients those of the servers that clients ask in turn */
  constructor(clients: readonly EtcdClient[], options: EtcdLockOptions) {
    this.#clients = clients
    this.#options = options
  }

  get name(): string {
    return `etcd ${this.#version}`.trimEnd().concat(`, ${this.#options.acts}`)
  }

  async ready(): Promise<void> {
    this.#version = (await this.#at('').status()).version
  }

  async acquire(client: string): Promise<number | null> {
    const lease = await this.#at(client).grantLease(leaseSeconds)
    const token = await this.#at(client).putIf({ key: this.#lock, createRevision: 0 }, { key: this.#lock, value: client, lease })
    if (token === null) await this.#at(client).revokeLease(lease)
    else this.#leases.set(token, lease)
    return token
  }

  async release(client: string, token: number): Promise<boolean> {
    const held = await this.#at(client).get(this.#lock)
    const isOwn = held?.createRevision === token
    if (isOwn) await this.#end(client, token)
    return isOwn
  }

  async expire(_client: string, token: number): Promise<void> {
    await this.#end('', token)
  }

  async use(client: string, token: number): Promise<string | null> {
    const act = { key: this.#resource, value: String(token) }
    if (this.#options.acts === 'unfenced') {
      await this.#at(client).put(act.key, act.value)
      return null
    }
    const done = await this.#at(client).putIf({ key: this.#lock, createRevision: token }, act)
    if (done !== null) return null
    const held = await this.#at(client).get(this.#lock)
    return `the lock was created at revision ${held?.createRevision ?? 'none'}, and not at ${token}`
  }

  async remove(): Promise<void> {
    if (this.#options.keep === true) return
    await this.#at('').removePrefix(this.#options.prefix)
    const leases = [...this.#leases.values()]
    this.#leases.clear()
    for (const lease of leases) await this.#at('').revokeLease(lease)
  }

  /** A lease takes its keys with it. */
  async #end(client: string, token: number): Promise<void> {
    const lease = this.#leases.get(token)
    this.#leases.delete(token)
    if (lease !== undefined) await this.#at(client).revokeLease(lease)
  }

  /** Each client has a server that it asks; who is no client asks the first. */
  #at(client: string): EtcdClient {
    const number = Number.parseInt(client.replace(/\D/g, ''), 10) || 0
    return this.#clients[number % this.#clients.length] as EtcdClient
  }

  get #lock(): string {
    return `${this.#options.prefix}lock`
  }

  get #resource(): string {
    return `${this.#options.prefix}resource`
  }
}
