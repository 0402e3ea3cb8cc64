/** Sessions of PostgreSQL, one for each actor, whose statements are blocked only if the server says so. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, QueryArrayResult } from 'pg'
import type { Json } from '../../../checker/index.ts'
import type { Completed, Outcome, StepResult } from '../adapter.ts'
import type { SqlSessions } from '../sql/sql-transactions.ts'

interface Session {
  readonly client: Client
  readonly pid: number
  /** The statement that has not ended. */
  open: Statement | null
  /** What the server has warned of since the statement was sent. */
  warnings: readonly string[]
}

interface Statement {
  outcome: Outcome | null
  readonly ended: Promise<Outcome>
}

export class PostgresSessions implements SqlSessions {
  readonly #open: () => Promise<Client>
  /** Asks the server what the others wait for. */
  readonly #monitor: Client
  readonly #sessions = new Map<string, Session>()

  private constructor(open: () => Promise<Client>, monitor: Client) {
    this.#open = open
    this.#monitor = monitor
  }

  /** @param open makes a connection */
  static async start(open: () => Promise<Client>): Promise<PostgresSessions> {
    return new PostgresSessions(open, await open())
  }

  /** Runs a statement until it ends or the server says that it waits; and tells which others it has let end. */
  async run(actor: string, statement: string, values: readonly unknown[] = []): Promise<StepResult> {
    const session = await this.#session(actor)
    if (session.open !== null) throw new Error(`${actor} still waits for its last statement`)
    const ended = session.client
      .query<Json[]>({ text: statement, rowMode: 'array', ...(values.length > 0 && { values: [...values] }) })
      .then((result): Outcome => answered(statement, result))
      .catch(failure)
    const open: Statement = { outcome: null, ended }
    session.open = open
    session.warnings = []
    void ended.then((outcome) => {
      open.outcome = outcome
    })
    const outcome = await this.#settle(session)
    return { outcome, completed: await this.#completed(actor) }
  }

  /** What has become of the statement of an actor that was blocked. */
  settle(actor: string): Promise<Outcome> {
    return this.#settle(this.#waiting(actor))
  }

  /** Cancels the statement of an actor that was blocked. */
  async cancel(actor: string): Promise<{ readonly outcome: Outcome; readonly warnings: readonly string[] }> {
    const session = this.#waiting(actor)
    await this.#monitor.query('select pg_cancel_backend($1)', [session.pid])
    const outcome = await this.#settle(session)
    return { outcome, warnings: session.warnings }
  }

  /** The server has crashed: what the statements came to that were blocked. */
  async lost(): Promise<readonly Completed[]> {
    const completed: Completed[] = []
    for (const [actor, { open }] of this.#sessions) if (open !== null) completed.push({ actor, outcome: await open.ended })
    for (const session of this.#sessions.values()) session.open = null
    return completed
  }

  async close(): Promise<void> {
    for (const { client, open } of this.#sessions.values()) {
      // A statement that waits would keep the connection.
      if (open === null) await client.end().catch(() => {})
      else (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
    }
    this.#sessions.clear()
    await this.#monitor.end().catch(() => {})
  }

  /** Other statements that waited, and do not any more. */
  async #completed(actor: string): Promise<Completed[]> {
    const completed: Completed[] = []
    for (const [other, session] of this.#sessions) {
      if (other === actor || session.open === null) continue
      const outcome = await this.#settle(session)
      if (outcome.kind !== 'blocked') completed.push({ actor: other, outcome })
    }
    return completed
  }

  async #settle(session: Session): Promise<Outcome> {
    for (;;) {
      await sleep(1)
      const ended = session.open?.outcome ?? null
      if (ended !== null) {
        session.open = null
        return ended
      }
      const on = await this.#waitsFor(session.pid)
      if (on !== null && session.open?.outcome === null) return { kind: 'blocked', on }
    }
  }

  /** What a backend waits for; null where it is a matter of moments, as a deadlock is, which the server ends itself. */
  async #waitsFor(pid: number): Promise<string | null> {
    const { rows } = await this.#monitor.query<Waiting>(
      `select pid, wait_event_type as kind, wait_event as event, pg_blocking_pids(pid) as by
       from pg_stat_activity where pid = any($1) and state = 'active'`,
      [[...this.#sessions.values()].map((session) => session.pid)],
    )
    const row = rows.find((one) => one.pid === pid)
    if (row?.event === 'SyncRep') return 'a synchronous standby'
    if (row?.kind !== 'Lock' || row.by.length === 0 || isInCircle(pid, rows)) return null
    const holders = row.by.map((by) => [...this.#sessions].find(([, session]) => session.pid === by)?.[0] ?? `process ${by}`)
    return `${holders.join(' and ')} (${row.event})`
  }

  #waiting(actor: string): Session {
    const session = this.#sessions.get(actor)
    if (session?.open == null) throw new Error(`${actor} waits for nothing`)
    return session
  }

  async #session(actor: string): Promise<Session> {
    const known = this.#sessions.get(actor)
    if (known !== undefined) return known
    const client = await this.#open()
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const session: Session = { client, pid: rows[0]?.pid ?? -1, open: null, warnings: [] }
    client.on('notice', ({ message = '' }) => {
      session.warnings = [...session.warnings, message]
    })
    this.#sessions.set(actor, session)
    return session
  }
}

interface Waiting {
  readonly pid: number
  readonly kind: string | null
  readonly event: string | null
  readonly by: readonly number[]
}

/** Whether it waits, in the end, for somebody who is in a circle of those who wait for each other. */
function isInCircle(pid: number, rows: readonly Waiting[]): boolean {
  const waitsFor = (one: number): Set<number> => {
    const reached = new Set(rows.find((row) => row.pid === one)?.by ?? [])
    for (const next of reached) for (const other of rows.find((row) => row.pid === next)?.by ?? []) reached.add(other)
    return reached
  }
  return [pid, ...waitsFor(pid)].some((one) => waitsFor(one).has(one))
}

/** Errors of the server are definite: it has taken back the statement, and mostly the transaction. A lost connection tells nothing. */
function failure(error: unknown): Outcome {
  const { code, message, severity } = error as { code?: string; message?: string; severity?: string }
  return { kind: 'error', code: code ?? 'lost', message: message ?? String(error), definite: severity !== undefined }
}

/** The rows of a result, of several statements those of the last one, each as a list of its columns. */
function answered(statement: string, result: QueryArrayResult<Json[]> | readonly QueryArrayResult<Json[]>[]): Outcome {
  const { rows, command } = (Array.isArray(result) ? result.at(-1) : result) as QueryArrayResult<Json[]>
  // The commit of a transaction that an error has ended.
  if (statement === 'commit' && command === 'ROLLBACK')
    return { kind: 'error', code: '25P02', message: 'the transaction was rolled back', definite: true }
  return { kind: 'ok', value: rows }
}
