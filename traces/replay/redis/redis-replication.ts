/**
 * Redis servers that replicate. A write is RPUSH, which is shown at once; one that is to be acknowledged by replicas is followed by
 * WAIT, without a time limit: it ends when enough of them have acknowledged, or when a step ends it.
 */
import type { Json } from '../../../checker/index.ts'
import type { Completed, Outcome } from '../adapter.ts'
import { become } from '../replication/become.ts'
import { nothing, type ReplicatedServer, type ReplicationSettings, type ReplicationSystem } from '../replication/replicated-server.ts'
import { tooFew } from '../replication/replication-plan.ts'
import type { Workplace } from '../servers/workplace.ts'
import { RedisConnection, RedisServer } from './redis-server.ts'

const key = 'log'

export class RedisReplication implements ReplicationSystem {
  readonly canDemote = true
  readonly #place: Workplace
  readonly #program: string
  readonly #settings: ReplicationSettings
  #version = ''

  constructor(place: Workplace, program: string, settings: ReplicationSettings) {
    this.#place = place
    this.#program = program
    this.#settings = settings
  }

  get name(): string {
    return `Redis ${this.#version}`.trim()
  }

  async start(name: string, follows: number | null): Promise<ReplicatedServer> {
    const redis = await RedisServer.start(this.#place, this.#program)
    const monitor = await RedisConnection.open(redis.address)
    this.#version = await monitor.version()
    const server = new ReplicatedRedis(name, redis, monitor, this.#settings)
    if (follows !== null) await server.follow(follows)
    return server
  }
}

/** A write, from when it is sent until it is acknowledged. */
interface Waiting {
  outcome: Outcome | null
  readonly ended: Promise<Outcome>
}

interface Session {
  readonly connection: RedisConnection
  readonly id: number
  waiting: Waiting | null
}

class ReplicatedRedis implements ReplicatedServer {
  readonly name: string
  readonly positions = new Map<number, number>()
  readonly #redis: RedisServer
  readonly #settings: ReplicationSettings
  readonly #sessions = new Map<string, Session>()
  #monitor: RedisConnection
  #isUp = true

  constructor(name: string, redis: RedisServer, monitor: RedisConnection, settings: ReplicationSettings) {
    this.name = name
    this.#redis = redis
    this.#monitor = monitor
    this.#settings = settings
  }

  get port(): number {
    return this.#redis.port
  }

  get isUp(): boolean {
    return this.#isUp
  }

  async role(): Promise<'primary' | 'replica'> {
    return (await this.#info('role')) === 'master' ? 'primary' : 'replica'
  }

  async write(actor: string, id: number): Promise<Outcome> {
    const session = await this.#session(actor)
    if (session === null) return refused
    const { connection } = session
    const written = await connection.command('RPUSH', key, id)
    if (written.kind !== 'ok') return written
    this.positions.set(id, Number(await this.#info('master_repl_offset')))
    return this.#wait(session, null)
  }

  /** A read that waits writes something itself: WAIT is for the writes of its own connection, and these come after what was read. */
  async read(actor: string): Promise<Outcome> {
    const session = await this.#session(actor)
    if (session === null) return refused
    const last = `redis.call('LINDEX', KEYS[1], -1)`
    const { readsWait } = this.#settings
    const found = readsWait
      ? await session.connection.command('EVAL', `redis.call('INCR', KEYS[2]) return ${last}`, 2, key, 'reads')
      : await session.connection.command('LINDEX', key, -1)
    if (found.kind !== 'ok') return found
    const value = found.value === null ? nothing : Number(found.value)
    return readsWait ? this.#wait(session, value) : { kind: 'ok', value }
  }

  async answer(actor: string): Promise<Outcome> {
    const session = this.#sessions.get(actor)
    if (session === undefined) throw new Error(`${actor} waits for nothing at ${this.name}`)
    return this.#settle(session)
  }

  async giveUp(actor: string): Promise<Outcome> {
    const session = this.#sessions.get(actor)
    if (session?.waiting == null) throw new Error(`${actor} waits for nothing at ${this.name}`)
    await this.#monitor.ask('CLIENT', 'UNBLOCK', session.id, 'TIMEOUT')
    const outcome = await session.waiting.ended
    session.waiting = null
    return outcome
  }

  async log(): Promise<readonly number[]> {
    return ((await this.#monitor.ask('LRANGE', key, 0, -1)) as string[]).map(Number)
  }

  async received(): Promise<number> {
    return Number(await this.#info('slave_repl_offset'))
  }

  acknowledges(): Promise<number> {
    return this.received()
  }

  knownOf({ port }: ReplicatedServer): Promise<number> {
    return acknowledgedBy(this.#monitor, port)
  }

  /** It executes what it receives. */
  async execute(): Promise<void> {}

  async promote(): Promise<void> {
    await this.#monitor.ask('REPLICAOF', 'NO', 'ONE')
  }

  async follow(port: number): Promise<readonly Completed[]> {
    await this.#start()
    await this.#monitor.ask('REPLICAOF', '127.0.0.1', port)
    const primary = await RedisConnection.open({ host: '127.0.0.1', port })
    try {
      await become(`${this.name} follows`, async () => (await this.#info('master_link_status')) === 'up')
      // The primary sends nothing until it has heard of the replica after the copy. So something that has come is what shows it.
      await primary.ask('SET', 'followed by', this.name)
      const end = Number((await infoOf(primary))('master_repl_offset'))
      await become(`${this.name} has what its primary has`, async () => {
        // Makes the replicas acknowledge at once, and not each second; there are not so many.
        await primary.ask('WAIT', 9, 1)
        return (await this.received()) >= end && (await acknowledgedBy(primary, this.port)) >= end
      })
    } finally {
      primary.close()
    }
    return this.#lost()
  }

  async crash(): Promise<readonly Completed[]> {
    this.#isUp = false
    await this.#redis.crash()
    return this.#lost()
  }

  async clear(): Promise<void> {
    await this.#start()
    for (const { connection } of this.#sessions.values()) connection.close()
    this.#sessions.clear()
    this.positions.clear()
    await this.promote()
    await this.#monitor.ask('FLUSHALL')
  }

  async close(): Promise<void> {
    for (const { connection } of this.#sessions.values()) connection.close()
    this.#sessions.clear()
    this.#monitor.close()
    await this.#redis.crash()
  }

  /** Where it has crashed. */
  async #start(): Promise<void> {
    if (this.#isUp) return
    await this.#redis.restart()
    this.#isUp = true
    this.#monitor = await RedisConnection.open(this.#redis.address)
  }

  /** What has been read or written waits for acknowledgements, if they are asked for. */
  async #wait(session: Session, value: Json): Promise<Outcome> {
    const { acks, ignoresTooFew } = this.#settings
    if (acks === 0) return { kind: 'ok', value }
    const ended = session.connection.command('WAIT', acks, 0).then((outcome): Outcome => {
      // Whatever ends the wait, the write is there.
      if (outcome.kind === 'error') return { ...outcome, definite: false }
      if (outcome.kind !== 'ok') return outcome
      const isEnough = Number(outcome.value) >= acks || ignoresTooFew
      const message = `${outcome.value} of ${acks} replicas have acknowledged`
      return isEnough ? { kind: 'ok', value } : { kind: 'error', code: tooFew, message, definite: false }
    })
    const waiting: Waiting = { outcome: null, ended }
    session.waiting = waiting
    void ended.then((outcome) => {
      waiting.outcome = outcome
    })
    return this.#settle(session)
  }

  /** Until the wait has ended, or the server says that the client is blocked. */
  async #settle(session: Session): Promise<Outcome> {
    const { waiting } = session
    if (waiting === null) throw new Error(`nothing waits at ${this.name}`)
    for (;;) {
      const client = String(await this.#monitor.ask('CLIENT', 'LIST', 'ID', session.id))
      if (waiting.outcome !== null) {
        session.waiting = null
        return waiting.outcome
      }
      if (/ flags=\w*b/.test(client)) return { kind: 'blocked', on: `WAIT ${this.#settings.acks} 0` }
    }
  }

  /** The connections of the clients are broken, or have been told that their waiting is over. */
  async #lost(): Promise<readonly Completed[]> {
    const completed: Completed[] = []
    for (const [actor, { waiting }] of this.#sessions) {
      if (waiting !== null) completed.push({ actor, outcome: await waiting.ended })
    }
    for (const { connection } of this.#sessions.values()) connection.close()
    this.#sessions.clear()
    return completed
  }

  /** Null where nobody listens. */
  async #session(actor: string): Promise<Session | null> {
    const known = this.#sessions.get(actor)
    if (known !== undefined) return known
    if (!this.#isUp) return null
    const connection = await RedisConnection.open(this.#redis.address)
    const session: Session = { connection, id: Number(await connection.ask('CLIENT', 'ID')), waiting: null }
    this.#sessions.set(actor, session)
    return session
  }

  async #info(name: string): Promise<string> {
    return (await infoOf(this.#monitor))(name)
  }
}

async function infoOf(connection: RedisConnection): Promise<(name: string) => string> {
  const text = String(await connection.ask('INFO', 'replication'))
  return (name) => new RegExp(`^${name}:(\\S+)`, 'm').exec(text)?.[1] ?? ''
}

/** Of a primary: what it knows of the replica that listens at a port. One that still gets its copy does not count for WAIT. */
async function acknowledgedBy(primary: RedisConnection, port: number): Promise<number> {
  const replica = new RegExp(`^slave\\d+:.*port=${port},state=online,offset=(\\d+)`, 'm')
  return Number(replica.exec(String(await primary.ask('INFO', 'replication')))?.[1] ?? 0)
}

const refused: Outcome = { kind: 'error', code: 'not connected', message: 'nobody listens there', definite: true }
