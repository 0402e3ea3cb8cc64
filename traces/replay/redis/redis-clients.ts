/** Connections of clients to Redis servers: each client has one of its own to each server. */
import { type RedisAddress, RedisConnection } from './redis-server.ts'

export class RedisClients {
  readonly #addresses: readonly RedisAddress[]
  readonly #connections = new Map<string, RedisConnection>()

  constructor(addresses: readonly RedisAddress[]) {
    this.#addresses = addresses
  }

  get servers(): number {
    return this.#addresses.length
  }

  /** The connection of a client to the server of that number, from 0; made when it is first asked for. */
  async of(client: string, server = 0): Promise<RedisConnection> {
    const key = `${server} ${client}`
    const known = this.#connections.get(key)
    if (known !== undefined) return known
    const address = this.#addresses[server]
    if (address === undefined) throw new Error(`there is no server ${server}`)
    const made = await RedisConnection.open(address)
    this.#connections.set(key, made)
    return made
  }

  /** Once a server is back: its clients connect anew when they next ask it for something. */
  forget(server: number): void {
    for (const [key, connection] of this.#connections) {
      if (!key.startsWith(`${server} `)) continue
      connection.close()
      this.#connections.delete(key)
    }
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close()
    this.#connections.clear()
  }
}
