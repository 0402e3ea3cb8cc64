/** A register as a node of ZooKeeper: any server answers reads from what it has applied, unless the client asks it to `sync` first. */
import type { Json } from '../../../checker/index.ts'
import { entryOf, RefusedError, type RegisterNodes, valueOf } from '../registers/register-nodes.ts'
import type { Mesh } from '../servers/mesh.ts'
import { ZookeeperConnection, ZookeeperError } from './zookeeper-connection.ts'
import { serverAt, type ZookeeperEnsemble } from './zookeeper-ensemble.ts'

export type ZookeeperReads = 'as the server has it' | 'after sync'

export interface ZookeeperRegisterOptions {
  /** One that there is not. */
  readonly path: string
  readonly reads: ZookeeperReads
  /** Who has a session with each server: to open one takes a majority, as to write does. */
  readonly actors: readonly string[]
}

export class ZookeeperRegister implements RegisterNodes {
  readonly name: string
  readonly mesh: Mesh
  readonly #ensemble: ZookeeperEnsemble
  readonly #options: ZookeeperRegisterOptions
  readonly #connections = new Map<string, ZookeeperConnection>()
  #runs = 0

  constructor(ensemble: ZookeeperEnsemble, options: ZookeeperRegisterOptions) {
    this.name = `ZooKeeper ${ensemble.version}, reads ${options.reads}`
    this.mesh = ensemble.mesh
    this.#ensemble = ensemble
    this.#options = options
  }

  async renew(): Promise<void> {
    await this.close()
    this.#runs += 1
    await this.ready()
  }

  async ready(): Promise<void> {
    await this.#ensemble.ready()
    const { actors } = this.#options
    for (const actor of actors)
      for (const [server, port] of this.#ensemble.ports.entries())
        this.#connections.set(`${actor} ${server}`, await ZookeeperConnection.open(port))
    const [writer] = this.#connections.values()
    await writer?.create(this.#path, JSON.stringify(null))
    await this.#ensemble.ready()
  }

  async elect(server: number): Promise<void> {
    if (server !== 0) throw new Error('ZooKeeper elects its leader itself')
  }

  catchUp(server: number): Promise<void> {
    return this.#ensemble.catchUp(server)
  }

  rejoin(server: number): Promise<void> {
    return this.#ensemble.catchUp(server)
  }

  async write(actor: string, server: number, value: Json): Promise<void> {
    await refusing(this.#of(actor, server).set(this.#path, entryOf(value)))
  }

  async read(actor: string, server: number): Promise<Json> {
    const connection = this.#of(actor, server)
    if (this.#options.reads === 'after sync') await refusing(connection.sync(this.#path))
    return valueOf((await refusing(connection.get(this.#path))).data)
  }

  async probe(server: number): Promise<void> {
    await serverAt(this.#ensemble.ports[server] ?? 0)
  }

  async close(): Promise<void> {
    for (const connection of this.#connections.values()) connection.drop()
    this.#connections.clear()
  }

  /** Each run has a node of its own: what an earlier one has left on its way is of another. */
  get #path(): string {
    return this.#runs === 0 ? this.#options.path : `${this.#options.path}-${this.#runs}`
  }

  #of(actor: string, server: number): ZookeeperConnection {
    const found = this.#connections.get(`${actor} ${server}`)
    if (found === undefined) throw new Error(`${actor} has no session with server ${server}`)
    return found
  }
}

async function refusing<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw error instanceof ZookeeperError ? new RefusedError(error.code, error.message) : error
  }
}
