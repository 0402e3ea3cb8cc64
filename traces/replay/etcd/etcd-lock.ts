/**
 * A lock in etcd as its concurrency package takes it: a key that is created if it is not there, bound to a lease. The revision at which it
 * was created is the token of its holder. The resource is another key: a fenced act is a transaction that compares that revision.
 */
import { type LockOptions, LockPlace, type LockService, type StoredLock, turnOf } from '../locks/lock-service.ts'
import type { EtcdClient } from './etcd-client.ts'

/** In seconds; longer than any run: a lease ends by a step. */
const leaseSeconds = 3600

export class EtcdLock implements LockService {
  readonly #clients: readonly EtcdClient[]
  readonly #root: string
  readonly #place: LockPlace
  readonly #leases = new Map<number, string>()
  #version = ''

  /** @param clients those of the servers that clients ask in turn */
  constructor(clients: readonly EtcdClient[], options: LockOptions) {
    this.#clients = clients
    this.#root = options.root
    this.#place = new LockPlace(options)
  }

  get name(): string {
    return this.#place.name('etcd', this.#version)
  }

  async ready(): Promise<void> {
    this.#version = (await this.#at('').status()).version
  }

  async acquire(client: string): Promise<number | null> {
    const lease = await this.#at(client).grantLease(leaseSeconds)
    const token = await this.#at(client).putIf(
      { key: this.#place.lock, createRevision: 0 },
      { key: this.#place.lock, value: client, lease },
    )
    if (token === null) await this.#at(client).revokeLease(lease)
    else this.#leases.set(token, lease)
    return token
  }

  async release(client: string, token: number): Promise<boolean> {
    const held = await this.#at(client).get(this.#place.lock)
    const isOwn = held?.createRevision === token
    if (isOwn) await this.#end(client, token)
    return isOwn
  }

  async expire(_client: string, token: number): Promise<void> {
    await this.#end('', token)
  }

  async use(client: string, token: number): Promise<string | null> {
    const act = { key: this.#place.resource, value: String(token) }
    if (!this.#place.isFenced) {
      await this.#at(client).put(act.key, act.value)
      return null
    }
    const done = await this.#at(client).putIf({ key: this.#place.lock, createRevision: token }, act)
    if (done !== null) return null
    const held = await this.#at(client).get(this.#place.lock)
    return `the lock was created at revision ${held?.createRevision ?? 'none'}, and not at ${token}`
  }

  async observe(): Promise<StoredLock> {
    const [held, acted] = [await this.#at('').get(this.#place.lock), await this.#at('').get(this.#place.resource)]
    return { holder: held?.value ?? null, acted: acted === null ? null : Number(acted.value) }
  }

  async clear(): Promise<void> {
    await this.#at('').removePrefix(this.#root)
    const leases = [...this.#leases.values()]
    this.#leases.clear()
    for (const lease of leases) await this.#at('').revokeLease(lease)
  }

  async remove(): Promise<void> {
    if (!this.#place.isKept) await this.clear()
  }

  /** A lease takes its keys with it. */
  async #end(client: string, token: number): Promise<void> {
    const lease = this.#leases.get(token)
    this.#leases.delete(token)
    if (lease !== undefined) await this.#at(client).revokeLease(lease)
  }

  #at(client: string): EtcdClient {
    return this.#clients[turnOf(client, this.#clients.length)] as EtcdClient
  }
}
