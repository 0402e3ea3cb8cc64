/**
 * PostgreSQL servers that replicate by streaming. A write is an INSERT in a transaction of its own; how long it waits is what
 * synchronous_commit says. Where replicas execute in a step of its own, their replay is paused between the steps.
 */
import type { Client } from 'pg'
import type { Completed, Outcome } from '../adapter.ts'
import { become } from '../replication/become.ts'
import {
  nothing,
  type ReplicatedServer,
  type ReplicationSettings,
  type ReplicationSystem,
  serverName,
} from '../replication/replicated-server.ts'
import { tooFew } from '../replication/replication-plan.ts'
import type { Workplace } from '../servers/workplace.ts'
import { connectTo, type PostgresPrograms, PostgresServer } from './postgres-server.ts'
import { endsWithinMs, PostgresSessions } from './postgres-sessions.ts'

export class PostgresReplication implements ReplicationSystem {
  readonly canDemote = false
  readonly #place: Workplace
  readonly #programs: PostgresPrograms
  readonly #settings: ReplicationSettings
  readonly #template: string
  #version = ''

  /** @param template data of which each server gets a copy */
  constructor(place: Workplace, programs: PostgresPrograms, settings: ReplicationSettings, template: string) {
    this.#place = place
    this.#programs = programs
    this.#settings = settings
    this.#template = template
  }

  get name(): string {
    return `PostgreSQL ${this.#version}`.trim()
  }

  async start(name: string, follows: number | null): Promise<ReplicatedServer> {
    const source =
      follows === null ? [] : [`primary_conninfo=host=127.0.0.1 port=${follows} user=postgres application_name=${nameOf(name)}`]
    const options = [...defaults, `synchronous_standby_names=${this.#standbysOf(name)}`, ...source]
    const template = { data: this.#template, isStandby: follows !== null }
    const postgres = await PostgresServer.start(this.#place, this.#programs, options, template)
    const monitor = await connectTo(postgres.port)
    const { rows } = await monitor.query<{ server_version: string }>('show server_version')
    this.#version = rows[0]?.server_version.split(' ')[0] ?? ''
    const server = new ReplicatedPostgres(name, postgres, monitor, this.#settings)
    await (follows === null
      ? monitor.query(`${localCommit}; create table log (n serial primary key, v int not null)`)
      : server.catchUp(follows))
    return server
  }

  /** Whose acknowledgements a primary waits for, whoever it is. */
  #standbysOf(name: string): string {
    const { acks, servers } = this.#settings
    const others = Array.from({ length: servers }, (_, id) => serverName(id)).filter((other) => other !== name)
    return acks === 0 ? '' : `ANY ${acks} (${others.map(nameOf).join(', ')})`
  }
}

const localCommit = 'set synchronous_commit = local'

/** Nothing is given up because time passes, and a standby tells soon what it has. */
const defaults: readonly string[] = [
  'wal_level=replica',
  'hot_standby=on',
  'wal_sender_timeout=0',
  'wal_receiver_timeout=0',
  'wal_receiver_status_interval=1',
  'wal_retrieve_retry_interval=50ms',
]

class ReplicatedPostgres implements ReplicatedServer {
  readonly name: string
  readonly positions = new Map<number, number>()
  readonly #postgres: PostgresServer
  readonly #monitor: Client
  readonly #settings: ReplicationSettings
  #sessions: PostgresSessions | null = null
  /** By client, what it has written last. */
  readonly #asked = new Map<string, number>()
  #isUp = true

  constructor(name: string, postgres: PostgresServer, monitor: Client, settings: ReplicationSettings) {
    this.name = name
    this.#postgres = postgres
    this.#monitor = monitor
    this.#settings = settings
  }

  get port(): number {
    return this.#postgres.port
  }

  get isUp(): boolean {
    return this.#isUp
  }

  async role(): Promise<'primary' | 'replica'> {
    const { rows } = await this.#monitor.query<{ follows: boolean }>('select pg_is_in_recovery() as follows')
    return rows[0]?.follows ? 'replica' : 'primary'
  }

  async write(actor: string, id: number): Promise<Outcome> {
    this.#asked.set(actor, id)
    const outcome = await this.#run(actor, `insert into log (v) values (${id})`)
    if (outcome.kind === 'ok' || outcome.kind === 'blocked') this.positions.set(id, await this.#position('pg_current_wal_flush_lsn()'))
    return done(outcome)
  }

  async read(actor: string): Promise<Outcome> {
    const outcome = await this.#run(actor, 'select v from log order by n desc limit 1')
    if (outcome.kind !== 'ok') return outcome
    const [row] = outcome.value as readonly (readonly number[])[]
    return { kind: 'ok', value: row?.[0] ?? nothing }
  }

  async answer(actor: string): Promise<Outcome> {
    const sessions = await this.#open()
    // The backend wakes some time after the last acknowledgement that it needs, and says until then that it waits.
    if (await this.#isEnough(this.#asked.get(actor) ?? 0)) return done((await sessions.expire(actor, endsWithinMs)).outcome)
    return done(await sessions.settle(actor))
  }

  /** The transaction has been committed; that it may not be on a standby is a warning. */
  async giveUp(actor: string): Promise<Outcome> {
    const { outcome, warnings } = await (await this.#open()).cancel(actor)
    const [warning] = warnings
    if (outcome.kind !== 'ok' || warning === undefined || this.#settings.ignoresTooFew) return done(outcome)
    return { kind: 'error', code: tooFew, message: warning, definite: false }
  }

  async log(): Promise<readonly number[]> {
    const { rows } = await this.#monitor.query<{ v: number }>('select v from log order by n')
    return rows.map(({ v }) => v)
  }

  received(): Promise<number> {
    return this.#position("coalesce(pg_last_wal_receive_lsn(), '0/0')")
  }

  acknowledges(): Promise<number> {
    return this.#settings.acksAre === 'of receipt' ? this.received() : this.#position(replayed)
  }

  async knownOf({ name }: ReplicatedServer): Promise<number> {
    const { rows } = await this.#monitor.query<{ at: string }>(
      `select ${this.#told} - '0/0'::pg_lsn as at from pg_stat_replication where application_name = $1`,
      [nameOf(name)],
    )
    return Number(rows[0]?.at ?? 0)
  }

  async execute(): Promise<void> {
    if (!this.#settings.isRelayed) return
    const target = await this.received()
    await this.#monitor.query('select pg_wal_replay_resume()')
    await become(`${this.name} has replayed what it has received`, async () => (await this.#position(replayed)) >= target)
    await this.#pause()
  }

  /** A pause of the replay ends with it. */
  async promote(): Promise<void> {
    await this.#monitor.query('select pg_promote(true)')
  }

  async catchUp(primary: number): Promise<void> {
    const its = await connectTo(primary)
    try {
      const { rows } = await its.query<{ at: string }>("select pg_current_wal_flush_lsn() - '0/0'::pg_lsn as at")
      await become(`${this.name} has what its primary has`, async () => (await this.#position(replayed)) >= Number(rows[0]?.at))
    } finally {
      await its.end()
    }
    if (this.#settings.isRelayed) await this.#pause()
  }

  async follow(): Promise<readonly Completed[]> {
    throw new Error('a standby that has another history cannot follow')
  }

  async crash(): Promise<readonly Completed[]> {
    this.#isUp = false
    await this.#postgres.server.kill()
    const lost = (await this.#sessions?.lost()) ?? []
    // A commit may have been replicated, whatever the connection says in the end.
    return lost.map(({ actor, outcome }) => ({ actor, outcome: outcome.kind === 'error' ? { ...outcome, definite: false } : outcome }))
  }

  async close(): Promise<void> {
    await this.#sessions?.close()
    await this.#monitor.end().catch(() => {})
    await this.#postgres.server.kill()
  }

  /** The column of `pg_stat_replication` that counts. */
  get #told(): string {
    return this.#settings.acksAre === 'of receipt' ? 'flush_lsn' : 'replay_lsn'
  }

  async #isEnough(id: number): Promise<boolean> {
    const { rows } = await this.#monitor.query<{ acks: number }>(
      `select count(*)::int as acks from pg_stat_replication where ${this.#told} - '0/0'::pg_lsn >= $1`,
      [this.positions.get(id) ?? Number.MAX_SAFE_INTEGER],
    )
    return (rows[0]?.acks ?? 0) >= this.#settings.acks
  }

  async #run(actor: string, statement: string): Promise<Outcome> {
    if (!this.#isUp) return { kind: 'error', code: 'not connected', message: 'nobody listens there', definite: true }
    return (await (await this.#open()).run(actor, statement)).outcome
  }

  async #open(): Promise<PostgresSessions> {
    const { acks, acksAre } = this.#settings
    const commit = acks === 0 ? localCommit : `set synchronous_commit = ${acksAre === 'of receipt' ? 'on' : 'remote_apply'}`
    this.#sessions ??= await PostgresSessions.start(async () => {
      const client = await connectTo(this.port)
      await client.query(commit)
      return client
    })
    return this.#sessions
  }

  async #pause(): Promise<void> {
    await this.#monitor.query('select pg_wal_replay_pause()')
    await become(`the replay of ${this.name} is paused`, async () => {
      const { rows } = await this.#monitor.query<{ state: string }>('select pg_get_wal_replay_pause_state() as state')
      return rows[0]?.state === 'paused'
    })
  }

  /** Bytes of the log up to there. */
  async #position(lsn: string): Promise<number> {
    const { rows } = await this.#monitor.query<{ at: string }>(`select ${lsn} - '0/0'::pg_lsn as at`)
    return Number(rows[0]?.at)
  }
}

const replayed = 'pg_last_wal_replay_lsn()'

function nameOf(server: string): string {
  return server.replace(' ', '_')
}

function done(outcome: Outcome): Outcome {
  return outcome.kind === 'ok' ? { kind: 'ok', value: null } : outcome
}
