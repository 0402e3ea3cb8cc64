/** Sessions of MariaDB, one for each actor, whose statements are blocked only if InnoDB says so. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import type { Json } from '../../../checker/index.ts'
import type { Completed, Outcome, StepResult } from '../adapter.ts'
import type { SqlSessions } from '../sql/sql-transactions.ts'

interface Session {
  readonly connection: Connection
  /** The statement that has not ended. */
  open: { outcome: Outcome | null } | null
}

export class MariadbSessions implements SqlSessions {
  readonly #open: () => Promise<Connection>
  /** Asks the server what the others wait for. */
  readonly #monitor: Connection
  readonly #sessions = new Map<string, Session>()

  private constructor(open: () => Promise<Connection>, monitor: Connection) {
    this.#open = open
    this.#monitor = monitor
  }

  /** @param open makes a connection */
  static async start(open: () => Promise<Connection>): Promise<MariadbSessions> {
    return new MariadbSessions(open, await open())
  }

  async run(actor: string, statement: string, values: readonly unknown[] = []): Promise<StepResult> {
    const session = await this.#session(actor)
    if (session.open !== null) throw new Error(`${actor} still waits for its last statement`)
    const open: { outcome: Outcome | null } = { outcome: null }
    session.open = open
    session.connection
      .query(statement, [...values])
      .then(([result]): Outcome => ({ kind: 'ok', value: lastRows(result as unknown as Json) }))
      .catch(failure)
      .then((outcome) => {
        open.outcome = outcome
      })
    return { outcome: await this.#settle(session), completed: await this.#completed(actor) }
  }

  async close(): Promise<void> {
    for (const { connection } of this.#sessions.values()) connection.destroy()
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
    // A deadlock is found when a lock is asked for: what is still waiting at a second look waits for somebody.
    for (let waiting = 0; ; ) {
      await sleep(2)
      const ended = session.open?.outcome ?? null
      if (ended !== null) {
        session.open = null
        return ended
      }
      waiting = (await this.#isWaiting(session.connection.threadId)) ? waiting + 1 : 0
      if (waiting > 1 && session.open?.outcome === null) return { kind: 'blocked', on: 'a lock' }
    }
  }

  /** By InnoDB's own list of transactions; above it, the report of the last deadlock says the same of transactions that are gone. */
  async #isWaiting(thread: number): Promise<boolean> {
    const [rows] = await this.#monitor.query('show engine innodb status')
    const text = String((rows as unknown as readonly (readonly string[])[])[0]?.[2] ?? '')
    const [, list = ''] = text.split('LIST OF TRANSACTIONS FOR EACH SESSION:')
    return list.split('---TRANSACTION').some((one) => one.includes('LOCK WAIT') && one.includes(`MariaDB thread id ${thread},`))
  }

  async #session(actor: string): Promise<Session> {
    const known = this.#sessions.get(actor)
    if (known !== undefined) return known
    const session: Session = { connection: await this.#open(), open: null }
    this.#sessions.set(actor, session)
    return session
  }
}

/** Errors of the server are definite: it has taken back the statement, and mostly the transaction. A lost connection tells nothing. */
function failure(error: unknown): Outcome {
  const { errno, message, fatal } = error as { errno?: number; message?: string; fatal?: boolean }
  return {
    kind: 'error',
    code: String(errno ?? 'lost'),
    message: message ?? String(error),
    definite: errno !== undefined && errno > 0 && fatal !== true,
  }
}

/** The rows of the last of several statements that returned some. */
function lastRows(result: Json): Json {
  if (!Array.isArray(result)) return []
  const isRows = (one: Json): boolean => Array.isArray(one) && one.every((row) => Array.isArray(row))
  // A statement that returns no rows returns an object; several return a list of what each returned.
  const several = result.some((one) => !Array.isArray(one) || (one.length > 0 && Array.isArray(one[0])))
  if (!several) return result
  return result.findLast(isRows) ?? []
}
