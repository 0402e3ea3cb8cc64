/** Transactions on a database: the steps of a plan as statements, at an isolation level. */
import type { Json } from '../../../checker/index.ts'
import type { Adapter, Capability, Facts, Outcome, RealStep, StepResult } from '../adapter.ts'
import { committedName, isRow, keys } from '../transactions/committed.ts'
import type { TransactionOperation } from '../transactions/requests.ts'
import type { SqlSessions } from './sql-sessions.ts'

/** How a database says what the steps are. */
export interface Dialect {
  /** Its name and version. */
  readonly name: string
  /** Begins a transaction whose snapshot is taken now, if it has one. */
  begin(level: string): string
  /** Reads an item through a cursor, where there are cursors. */
  fetch(key: string, cursor: string): string
  /** Sets what is there of a key to a value, and tells what it was before. */
  update(table: string, key: string, value: number): string
  /** From now on, statements of this session wait for locks for `waitsMs` at most. */
  readonly limitWaits: string
  /** Ends the transaction of a session, if there is one, and takes its limit back. */
  readonly refresh: string
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

/** How long those wait for locks who may not do so for ever: whole seconds, for MariaDB knows no less. */
export const waitsMs = 1000

/** What `prepare` makes, also in the place of what is there: items that are always there, and rows that come. */
export const tablesSql: readonly string[] = [
  'drop table if exists item, rows_p',
  'create table item (k varchar(9) primary key, v int not null, was int not null default 0)',
  'create table rows_p (k varchar(9) primary key, v int not null, was int not null default 0)',
  "insert into item (k, v) values ('x', 0), ('y', 0)",
]

export class SqlTransactions implements Adapter {
  readonly name: string
  readonly capabilities: ReadonlySet<Capability> = new Set(['operation', 'expire'])
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
    const sessions = this.#sessions
    if (sessions === null) throw new Error(`${this.name} takes steps once it is set up`)
    if (step.kind === 'expire') return this.#toldOf(step.what, await sessions.expire(step.what, 20 * waitsMs))
    if (step.kind !== 'operation') throw new Error(`${this.name} takes operations, and waits that end`)
    const operation = step.operation as TransactionOperation
    this.#asked.set(step.actor, operation)
    const statement = this.#statement(operation, step.argument as readonly [string, number] | null)
    return this.#toldOf(step.actor, await sessions.run(step.actor, statement))
  }

  /** What others than those whose transactions they are would read: what has been committed. */
  async observe(): Promise<Facts> {
    const rows = (await this.#sessions?.ask('select k, v from item union all select k, v from rows_p')) ?? []
    const found = new Map(rows as readonly (readonly [string, number])[])
    return Object.fromEntries(keys.map((key) => [committedName(key), found.get(key) ?? null]))
  }

  /** The tables are made anew, and connections stay, but for those whose statements wait. */
  async reset(): Promise<boolean> {
    const sessions = this.#sessions
    if (sessions === null) return false
    await sessions.refresh(this.#place.dialect.refresh)
    for (const statement of tablesSql) await sessions.ask(statement)
    this.#asked.clear()
    this.#cursors = 0
    return true
  }

  #toldOf(actor: string, { outcome, completed }: StepResult): StepResult {
    return {
      outcome: this.#told(actor, outcome),
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
        return isRow(key) ? `insert into rows_p (k, v) values ('${key}', ${value})` : `update item set v = ${value} where k = '${key}'`
      case 'update':
        return dialect.update(isRow(key) ? 'rows_p' : 'item', key, value)
      case 'limitWaits':
        return dialect.limitWaits
      case 'commit':
      case 'rollback':
        return operation
    }
  }
}
