/** Transactions on a database: the steps of a plan as statements, at an isolation level. */
import type { Json } from '../../../checker/index.ts'
import type { Adapter, Capability, Outcome, RealStep, StepResult } from '../adapter.ts'
import type { TransactionOperation } from '../transactions/plan.ts'

/** Runs the statements of each actor in a session of its own. */
export interface SqlSessions {
  /**
   * Runs a statement until it ends or the server says that it waits; and tells which others it has let end. The value of a statement
   * that is ok is its rows, each as a list of its columns.
   */
  run(actor: string, statement: string, values?: readonly unknown[]): Promise<StepResult>
  close(): Promise<void>
}

/** How a database says what the steps are. */
export interface Dialect {
  /** Its name and version. */
  readonly name: string
  /** Begins a transaction whose snapshot is taken now, if it has one. */
  begin(level: string): string
  /** Reads an item through a cursor, where there are cursors. */
  fetch(key: string, cursor: string): string
  /** Sets an item to a value, and tells what it was before. */
  update(key: string, value: number): string
}

/** A place of its own in a database: only there anything is made, and all of it is removed in the end. */
export interface SqlPlace {
  readonly dialect: Dialect
  /** Makes the tables that the statements below use, empty as at first. */
  prepare(): Promise<SqlSessions>
  /** Where that is: `schema counterpoint_1`. */
  readonly where: string
  /** Removes what was made. */
  remove(): Promise<void>
}

/** What `prepare` makes: items that are always there, and rows that come. */
export const tablesSql: readonly string[] = [
  'create table item (k varchar(9) primary key, v int not null, was int not null default 0)',
  'create table rows_p (k varchar(9) primary key, v int not null)',
  "insert into item (k, v) values ('x', 0), ('y', 0)",
]

export class SqlTransactions implements Adapter {
  readonly name: string
  readonly capabilities: ReadonlySet<Capability> = new Set(['operation'])
  readonly #place: SqlPlace
  readonly #level: string
  readonly #keep: boolean
  #sessions: SqlSessions | null = null
  #cursors = 0
  /** What each actor asked for last. */
  readonly #asked = new Map<string, TransactionOperation>()

  /** @param keep leaves what was made where it is */
  constructor(place: SqlPlace, level: string, keep = false) {
    this.#place = place
    this.#level = level
    this.#keep = keep
    this.name = `${place.dialect.name}, ${level}`
  }

  async setup(): Promise<void> {
    this.#sessions = await this.#place.prepare()
  }

  async step(step: RealStep): Promise<StepResult> {
    if (step.kind !== 'operation' || this.#sessions === null) throw new Error(`${this.name} takes operations, once it is set up`)
    const operation = step.operation as TransactionOperation
    this.#asked.set(step.actor, operation)
    const statement = this.#statement(operation, step.argument as readonly [string, number] | null)
    const { outcome, completed } = await this.#sessions.run(step.actor, statement)
    return {
      outcome: this.#told(step.actor, outcome),
      completed: completed.map((one) => ({ ...one, outcome: this.#told(one.actor, one.outcome) })),
    }
  }

  async teardown(): Promise<void> {
    const sessions = this.#sessions
    this.#sessions = null
    if (sessions === null) return
    await sessions.close()
    if (!this.#keep) await this.#place.remove()
  }

  #told(actor: string, outcome: Outcome): Outcome {
    if (outcome.kind !== 'ok') return outcome
    const rows = outcome.value as readonly (readonly Json[])[]
    const asked = this.#asked.get(actor)
    if (asked === 'readRows') return outcome
    return { kind: 'ok', value: asked === 'read' || asked === 'fetch' || asked === 'update' ? (rows[0]?.[0] ?? null) : null }
  }

  /** Keys and values are of the model: letters and numbers. */
  #statement(operation: TransactionOperation, argument: readonly [string, number] | null): string {
    const [key = '', value = 0] = argument ?? []
    const { dialect } = this.#place
    switch (operation) {
      case 'begin':
        return dialect.begin(this.#level)
      case 'read':
        return `select v from item where k = '${key}'`
      case 'fetch':
        return dialect.fetch(key, `cursor_${this.#cursors++}`)
      case 'readRows':
        return 'select k, v from rows_p order by k'
      case 'write':
        return key === 'p' || key === 'q'
          ? `insert into rows_p values ('${key}', ${value})`
          : `update item set v = ${value} where k = '${key}'`
      case 'update':
        return dialect.update(key, value)
      case 'commit':
      case 'rollback':
        return operation
    }
  }
}
