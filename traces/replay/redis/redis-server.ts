/** A private Redis server, which keeps nothing on disk unless told, and connections whose commands each come to one outcome. */
import type { Redis, RedisOptions } from 'ioredis'
import { type Json, UserError } from '../../../checker/index.ts'
import type { Outcome } from '../adapter.ts'
import { findProgram } from '../servers/programs.ts'
import type { Server, Workplace } from '../servers/workplace.ts'

/** Where the program is; null where it is not installed. */
export function redisProgram(): string | null {
  return findProgram('redis-server')
}

export const redisRemedy = "install Debian's package redis-server"

export class RedisServer {
  readonly name: string
  readonly port: number
  readonly #place: Workplace
  readonly #program: string
  readonly #folder: string
  readonly #settings: readonly string[]
  #server: Server | null = null

  private constructor(place: Workplace, program: string, port: number, settings: readonly string[]) {
    this.name = `redis-${port}`
    this.port = port
    this.#place = place
    this.#program = program
    this.#settings = settings
    this.#folder = place.makeFolder(this.name)
  }

  /**
   * @param settings as on the command line, after ours: `['--appendonly', 'yes']`
   * @throws ServerError; UserError `bad-option` where the client is not installed, by which it is asked whether it is ready
   */
  static async start(place: Workplace, program: string, settings: readonly string[] = []): Promise<RedisServer> {
    await client()
    const server = new RedisServer(place, program, await place.freePort(), settings)
    await server.restart()
    return server
  }

  get address(): RedisAddress {
    return { host: '127.0.0.1', port: this.port }
  }

  /** The process; another one after a restart. */
  get server(): Server {
    if (this.#server === null) throw new Error(`${this.name} has not been started`)
    return this.#server
  }

  /** Connections break; data stay only where the settings keep them on disk. */
  crash(): Promise<void> {
    return this.server.kill()
  }

  /** Starts the program, where it runs after a crash of it, on the port that it had. */
  async restart(): Promise<void> {
    await this.#server?.kill()
    this.#server = await this.#place.start({
      name: this.name,
      command: this.#program,
      args: ['--port', String(this.port), '--dir', this.#folder, ...defaults, ...this.#settings],
      folder: this.#folder,
      isReady: () => isReady(this.address),
    })
  }
}

/** Replication is as prompt as it can be, and nothing is given up because time passes. */
const defaults: readonly string[] = [
  ...['--bind', '127.0.0.1'],
  ...['--save', ''],
  ...['--appendonly', 'no'],
  ...['--repl-diskless-sync-delay', '0'],
  ...['--repl-timeout', '3600'],
  ...['--repl-ping-replica-period', '3600'],
]

/** A port of a host, or a URL: `redis://user:password@host:6379/0`. */
export type RedisAddress = { readonly host: string; readonly port: number } | { readonly url: string }

/** One connection, which is never made again by itself. */
export class RedisConnection {
  readonly #redis: Redis

  private constructor(redis: Redis) {
    this.#redis = redis
  }

  /** @throws UserError `bad-option` where the client is not installed; Error where nobody answers */
  static async open(address: RedisAddress): Promise<RedisConnection> {
    const Client = await client()
    const redis = 'url' in address ? new Client(address.url, unaided) : new Client(address.port, address.host, unaided)
    // A connection that is lost is told to whoever uses it next.
    redis.on('error', () => {})
    try {
      await redis.connect()
    } catch (error) {
      redis.disconnect()
      const where = 'url' in address ? address.url.replace(/\/\/[^@/]*@/, '//') : `${address.host}:${address.port}`
      throw new Error(`no Redis server answers at ${where}: ${error instanceof Error ? error.message : String(error)}`)
    }
    return new RedisConnection(redis)
  }

  /** Sends a command; settles when the server answers or the connection is lost, however long that takes. One that cannot be sent is an error. */
  async command(name: string, ...args: readonly (string | number)[]): Promise<Outcome> {
    if (this.#redis.status !== 'ready')
      return { kind: 'error', code: 'not connected', message: `${name} was not sent: the connection is lost`, definite: true }
    try {
      return { kind: 'ok', value: ((await this.#redis.call(name, ...args)) ?? null) as Json }
    } catch (error) {
      return failure(error)
    }
  }

  /** The value of a command that the run itself needs. @throws Error with what the server says, or that it is lost */
  async ask(name: string, ...args: readonly (string | number)[]): Promise<Json> {
    const outcome = await this.command(name, ...args)
    if (outcome.kind === 'ok') return outcome.value
    throw new Error(outcome.kind === 'error' ? `${name}: ${outcome.message}` : `${name}: ${outcome.kind}`)
  }

  /** The version of the server. */
  async version(): Promise<string> {
    return /^redis_version:(\S+)/m.exec(String(await this.ask('INFO', 'server')))?.[1] ?? ''
  }

  /** What it waits for is lost. */
  close(): void {
    this.#redis.disconnect()
  }
}

const unaided = {
  lazyConnect: true,
  retryStrategy: () => null,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  enableReadyCheck: false,
  disableClientInfo: true,
  protocol: 2,
} satisfies RedisOptions

async function client(): Promise<typeof Redis> {
  try {
    return (await import('ioredis')).Redis
  } catch {
    throw new UserError('bad-option', 'the client of Redis is not installed; run: npm install ioredis')
  }
}

async function isReady(address: RedisAddress): Promise<boolean> {
  const connection = await RedisConnection.open(address)
  try {
    return (await connection.ask('PING')) === 'PONG'
  } finally {
    connection.close()
  }
}

/** An error of the server is definite, with its first word as its code. A connection that is lost meanwhile tells nothing. */
function failure(error: unknown): Outcome {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) }
  const [, code = 'ERR', text = message] = /^([A-Z]+) (.*)$/s.exec(message) ?? []
  if (name === 'ReplyError') return { kind: 'error', code, message: text, definite: true }
  return { kind: 'error', code: 'lost', message, definite: false }
}
