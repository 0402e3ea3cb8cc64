/** Sessions of a database, one for each actor, whose statements are blocked only if the server says so. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Json } from '../../../checker/index.ts'
import type { Completed, Outcome, StepResult } from '../adapter.ts'

/** A connection to a database, which runs one statement at a time. */
export interface SqlConnection {
  /** What the server calls it. */
  readonly id: number
  /** What a statement came to; of one that is ok, its rows, each as a list of its columns. It does not fail otherwise. */
  run(statement: string, values: readonly unknown[]): Promise<Outcome>
  /** @param isBusy whether a statement has not ended, which would keep the connection open */
  close(isBusy: boolean): Promise<void>
}

/** What the sessions of all databases need of one. */
export interface SqlServer {
  connect(): Promise<SqlConnection>
  /**
   * What the statement of a connection waits for, by the word of the server; null where it does not wait, or only for moments, as in a
   * deadlock, which the server ends itself.
   * @param actors those who have connections, by what the server calls these
   */
  waitsFor(id: number, actors: ReadonlyMap<number, string>): Promise<string | null>
  /** The rows of the last of some statements of the run itself, each as a list of its columns; it sees what has been committed. */
  ask(statements: string): Promise<readonly (readonly Json[])[]>
  close(): Promise<void>
}

interface Session {
  readonly connection: SqlConnection
  /** The statement that has not ended, or of which nobody has been told yet how it did. */
  open: Statement | null
}

interface Statement {
  outcome: Outcome | null
  readonly ended: Promise<Outcome>
}

export class SqlSessions {
  readonly #server: SqlServer
  readonly #sessions = new Map<string, Session>()
  readonly #actors = new Map<number, string>()

  constructor(server: SqlServer) {
    this.#server = server
  }

  /** Runs a statement until it ends or the server says that it waits; and tells which others it has let end. */
  async run(actor: string, statement: string, values: readonly unknown[] = []): Promise<StepResult> {
    const session = await this.#session(actor)
    if (session.open !== null) throw new Error(`${actor} still waits for its last statement`)
    const ended = session.connection.run(statement, values)
    const open: Statement = { outcome: null, ended }
    session.open = open
    void ended.then((outcome) => {
      open.outcome = outcome
    })
    return { outcome: await this.#settle(session), completed: await this.#completed(actor) }
  }

  /**
   * Waits until the server has ended a statement that it said to be waiting: until it times out, that is.
   * @param withinMs how long that may take; after that, nobody knows what becomes of it
   */
  async expire(actor: string, withinMs: number): Promise<StepResult> {
    const session = await this.#session(actor)
    const until = performance.now() + withinMs
    while (session.open !== null && session.open.outcome === null && performance.now() < until) await sleep(5)
    const outcome = session.open?.outcome ?? null
    if (outcome === null) return { outcome: { kind: 'unknown' }, completed: [] }
    session.open = null
    return { outcome, completed: await this.#completed(actor) }
  }

  /** What has become of the statement of an actor that was blocked. */
  settle(actor: string): Promise<Outcome> {
    this.waiting(actor)
    return this.#settle(this.#sessions.get(actor) as Session)
  }

  /** The server has crashed: what the statements came to that were blocked. */
  async lost(): Promise<readonly Completed[]> {
    const completed: Completed[] = []
    for (const [actor, { open }] of this.#sessions) if (open !== null) completed.push({ actor, outcome: await open.ended })
    for (const session of this.#sessions.values()) session.open = null
    return completed
  }

  /** As {@link SqlServer.ask}. */
  ask(statements: string): Promise<readonly (readonly Json[])[]> {
    return this.#server.ask(statements)
  }

  /** @param statements which end the transaction of a session, and bring back what it has set; a session that waits is closed */
  async refresh(statements: string): Promise<void> {
    for (const [actor, { connection, open }] of this.#sessions) {
      const isRefreshed = open === null && (await connection.run(statements, [])).kind === 'ok'
      if (isRefreshed) continue
      await connection.close(open !== null)
      this.#sessions.delete(actor)
      this.#actors.delete(connection.id)
    }
  }

  async close(): Promise<void> {
    for (const { connection, open } of this.#sessions.values()) await connection.close(open !== null)
    this.#sessions.clear()
    await this.#server.close()
  }

  /** What the server calls the connection of an actor whose statement has not ended. */
  protected waiting(actor: string): number {
    const session = this.#sessions.get(actor)
    if (session?.open == null) throw new Error(`${actor} waits for nothing`)
    return session.connection.id
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
      const on = await this.#server.waitsFor(session.connection.id, this.#actors)
      if (on !== null && session.open?.outcome === null) return { kind: 'blocked', on }
    }
  }

  async #session(actor: string): Promise<Session> {
    const known = this.#sessions.get(actor)
    if (known !== undefined) return known
    const session: Session = { connection: await this.#server.connect(), open: null }
    this.#sessions.set(actor, session)
    this.#actors.set(session.connection.id, actor)
    return session
  }
}
