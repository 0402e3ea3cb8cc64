/** Sessions of PostgreSQL: what a statement waits for is what `pg_blocking_pids` says. */
import type { Client, QueryArrayResult } from 'pg'
import type { Json } from '../../../checker/index.ts'
import type { Outcome } from '../adapter.ts'
import { type SqlConnection, type SqlServer, SqlSessions } from '../sql/sql-sessions.ts'

export class PostgresSessions extends SqlSessions {
  readonly #server: Backends

  private constructor(server: Backends) {
    super(server)
    this.#server = server
  }

  /** @param open makes a connection */
  static async start(open: () => Promise<Client>): Promise<PostgresSessions> {
    const monitor = await open()
    await monitor.query("set default_transaction_isolation = 'read committed'")
    return new PostgresSessions(new Backends(open, monitor))
  }

  /** Cancels the statement of an actor that was blocked, and tells what the server has warned of since it was sent. */
  async cancel(actor: string): Promise<{ readonly outcome: Outcome; readonly warnings: readonly string[] }> {
    const id = this.waiting(actor)
    await this.#server.cancel(id)
    // For a moment the backend still says that it waits.
    const { outcome } = await this.expire(actor, endsWithinMs)
    return { outcome, warnings: this.#server.warnings(id) }
  }
}

/** How long a statement may take to end that the server has let end. */
export const endsWithinMs = 30_000

class Backends implements SqlServer {
  readonly #open: () => Promise<Client>
  /** Asks the server what the others wait for. */
  readonly #monitor: Client
  readonly #warnings = new Map<number, string[]>()

  constructor(open: () => Promise<Client>, monitor: Client) {
    this.#open = open
    this.#monitor = monitor
  }

  async connect(): Promise<SqlConnection> {
    const client = await this.#open()
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const id = rows[0]?.pid ?? -1
    client.on('notice', ({ message = '' }) => this.#warnings.get(id)?.push(message))
    return {
      id,
      run: (statement, values) => {
        this.#warnings.set(id, [])
        return client
          .query<Json[]>({ text: statement, rowMode: 'array', ...(values.length > 0 && { values: [...values] }) })
          .then((result): Outcome => answered(statement, result))
          .catch(failure)
      },
      close: async (isBusy) => {
        if (isBusy) (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
        else await client.end().catch(() => {})
      },
    }
  }

  waitsFor(id: number, actors: ReadonlyMap<number, string>): Promise<string | null> {
    return waitsFor(this.#monitor, id, actors)
  }

  async cancel(id: number): Promise<void> {
    await this.#monitor.query('select pg_cancel_backend($1)', [id])
  }

  async ask(statements: string): Promise<readonly (readonly Json[])[]> {
    const result = await this.#monitor.query<Json[]>({ text: statements, rowMode: 'array' })
    return lastOf(result).rows
  }

  /** What the server has warned of since the last statement was sent. */
  warnings(id: number): readonly string[] {
    return this.#warnings.get(id) ?? []
  }

  async close(): Promise<void> {
    await this.#monitor.end().catch(() => {})
  }
}

interface Waiting {
  readonly pid: number
  readonly state: string | null
  readonly kind: string | null
  readonly event: string | null
  readonly by: readonly number[]
}

async function waitsFor(monitor: Client, pid: number, actors: ReadonlyMap<number, string>): Promise<string | null> {
  const { rows } = await monitor.query<Waiting>(
    `select pid, state, wait_event_type as kind, wait_event as event, pg_blocking_pids(pid) as by
     from pg_stat_activity where pid = any($1)`,
    [[...actors.keys()]],
  )
  const row = rows.find((one) => one.pid === pid)
  if (row?.state !== 'active') return null
  if (row.event === 'SyncRep') return 'a synchronous standby'
  if (row.kind !== 'Lock' || !isHeldUp(pid, rows)) return null
  return `${row.by.map((by) => actors.get(by) ?? `process ${by}`).join(' and ')} (${row.event})`
}

/**
 * Whether it waits, in the end, for somebody who does nothing. Those who wait for each other in a circle do not, and neither does who
 * waits for one whom the server has just chosen as the victim of a deadlock.
 */
function isHeldUp(pid: number, rows: readonly Waiting[]): boolean {
  const of = (one: number): Waiting | undefined => rows.find((row) => row.pid === one)
  const reached = new Set(of(pid)?.by)
  for (const next of reached) for (const other of of(next)?.by ?? []) reached.add(other)
  return [...reached].some((one) => (of(one)?.state ?? 'idle in transaction') === 'idle in transaction')
}

/** Errors of the server are definite: it has taken back the transaction. A lost connection tells nothing. */
function failure(error: unknown): Outcome {
  const { code, message, severity } = error as { code?: string; message?: string; severity?: string }
  return { kind: 'error', code: code ?? 'lost', message: message ?? String(error), definite: severity !== undefined }
}

/** The rows of a result, of several statements those of the last one, each as a list of its columns. */
function answered(statement: string, result: QueryArrayResult<Json[]> | readonly QueryArrayResult<Json[]>[]): Outcome {
  const { rows, command } = lastOf(result)
  // The commit of a transaction that an error has ended.
  if (statement === 'commit' && command === 'ROLLBACK')
    return { kind: 'error', code: '25P02', message: 'the transaction was rolled back', definite: true }
  return { kind: 'ok', value: rows }
}

function lastOf(result: QueryArrayResult<Json[]> | readonly QueryArrayResult<Json[]>[]): QueryArrayResult<Json[]> {
  return (Array.isArray(result) ? result.at(-1) : result) as QueryArrayResult<Json[]>
}
