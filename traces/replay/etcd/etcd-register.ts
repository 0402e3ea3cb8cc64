/** A register as a key of etcd: writes go through the leader's log; reads do so, too, or are answered by the server that is asked. */
import type { Json } from '../../../checker/index.ts'
import { entryOf, RefusedError, type RegisterNodes, valueOf } from '../registers/register-nodes.ts'
import type { Mesh } from '../servers/mesh.ts'
import { type EtcdClient, EtcdError } from './etcd-client.ts'
import type { EtcdCluster } from './etcd-cluster.ts'

export type EtcdReads = 'serializable' | 'linearizable'

export class EtcdRegister implements RegisterNodes {
  readonly name: string
  readonly mesh: Mesh
  readonly #cluster: EtcdCluster
  readonly #root: string
  #runs = 0
  readonly #reads: EtcdReads

  /** @param key one that there is not */
  constructor(cluster: EtcdCluster, key: string, reads: EtcdReads) {
    this.name = `etcd ${cluster.version}, ${reads} reads`
    this.mesh = cluster.mesh
    this.#cluster = cluster
    this.#root = key
    this.#reads = reads
  }

  ready(): Promise<void> {
    return this.#cluster.ready()
  }

  renew(): Promise<void> {
    this.#runs += 1
    return this.#cluster.ready()
  }

  /** Members that are cut off answer, too, from what they have. */
  async applied(server: number): Promise<Json> {
    const found = await this.#client(server).get(this.#key, { serializable: true })
    return found === null ? null : valueOf(found.value)
  }

  elect(server: number): Promise<void> {
    return this.#cluster.elect(server)
  }

  catchUp(server: number): Promise<void> {
    return this.#cluster.catchUp(server)
  }

  rejoin(server: number): Promise<void> {
    return this.#cluster.rejoin(server)
  }

  async write(_actor: string, server: number, value: Json, signal: AbortSignal): Promise<void> {
    await refusing(this.#client(server).put(this.#key, entryOf(value), signal))
  }

  async read(_actor: string, server: number, signal: AbortSignal): Promise<Json> {
    const found = await refusing(this.#client(server).get(this.#key, { serializable: this.#reads === 'serializable', signal }))
    return found === null ? null : valueOf(found.value)
  }

  async probe(server: number): Promise<void> {
    await this.#client(server).revision()
  }

  /** A client has no connection of its own. */
  async close(): Promise<void> {}

  /** Each run has a key of its own: what an earlier one has left on its way is of another. */
  get #key(): string {
    return `${this.#root}/${this.#runs}`
  }

  #client(server: number): EtcdClient {
    return this.#cluster.clients[server] as EtcdClient
  }
}

async function refusing<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw error instanceof EtcdError ? new RefusedError(String(error.code), error.message) : error
  }
}
