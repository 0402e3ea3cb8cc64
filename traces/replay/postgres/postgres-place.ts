/** A schema of its own in a PostgreSQL database. */
import type { Client } from 'pg'
import type { SqlSessions } from '../sql/sql-sessions.ts'
import { type Dialect, type SqlPlace, tablesSql, waitsMs } from '../sql/sql-transactions.ts'
import { PostgresSessions } from './postgres-sessions.ts'

export const postgresLevels = ['read uncommitted', 'read committed', 'repeatable read', 'serializable'] as const

export class PostgresPlace implements SqlPlace {
  readonly dialect: Dialect
  readonly where: string
  readonly #open: () => Promise<Client>
  readonly #schema: string

  private constructor(open: () => Promise<Client>, schema: string, version: string) {
    this.#open = open
    this.#schema = schema
    this.where = `schema ${schema}`
    this.dialect = {
      name: `PostgreSQL ${version}`,
      // The first statement takes the snapshot.
      begin: (level) => `begin isolation level ${level}; select 1`,
      fetch: (key, cursor) => `declare ${cursor} cursor for select v from item where k = '${key}'; fetch 1 from ${cursor}`,
      update: (table, key, value) => `update ${table} set was = v, v = ${value} where k = '${key}' returning was`,
      limitWaits: `set lock_timeout = '${waitsMs}ms'`,
      refresh: 'rollback; reset lock_timeout',
    }
  }

  /** @param schema one that there is not */
  static async in(open: () => Promise<Client>, schema: string): Promise<PostgresPlace> {
    const client = await open()
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    await client.end()
    return new PostgresPlace(open, schema, rows[0]?.server_version.split(' ')[0] ?? '')
  }

  async prepare(): Promise<SqlSessions> {
    await this.#run([`create schema ${this.#schema}`, `set search_path to ${this.#schema}`, ...tablesSql])
    return PostgresSessions.start(async () => {
      const client = await this.#open()
      // Serializable transactions lock what a plan reads: with an index that is the rows, as in the model, and not the table.
      await client.query(`set search_path to ${this.#schema}; set enable_seqscan to off`)
      return client
    })
  }

  remove(): Promise<void> {
    return this.#run([`drop schema ${this.#schema} cascade`])
  }

  async #run(statements: readonly string[]): Promise<void> {
    const client = await this.#open()
    try {
      for (const statement of statements) await client.query(statement)
    } finally {
      await client.end()
    }
  }
}
