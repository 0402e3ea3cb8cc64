/** A database of its own on a MariaDB server. */
import type { Connection } from 'mysql2/promise'
import { type Dialect, type SqlPlace, type SqlSessions, tablesSql } from '../sql/sql-transactions.ts'
import { MariadbSessions } from './mariadb-sessions.ts'

export const mariadbLevels = ['read uncommitted', 'read committed', 'repeatable read', 'serializable'] as const

export class MariadbPlace implements SqlPlace {
  readonly dialect: Dialect
  readonly where: string
  readonly #open: () => Promise<Connection>
  readonly #database: string

  private constructor(open: () => Promise<Connection>, database: string, version: string) {
    this.#open = open
    this.#database = database
    this.where = `database ${database}`
    this.dialect = {
      name: `MariaDB ${version}`,
      // The first read takes the snapshot.
      begin: (level) => `set transaction isolation level ${level}; start transaction; select 1 from item where k = 'none'`,
      // Cursors are only in stored programs.
      fetch: (key) => `select v from item where k = '${key}'`,
      update: (key, value) => `update item set was = v, v = ${value} where k = '${key}'; select was from item where k = '${key}'`,
    }
  }

  /** @param database one that there is not */
  static async in(open: () => Promise<Connection>, database: string): Promise<MariadbPlace> {
    const connection = await open()
    const [rows] = await connection.query('select version()')
    await connection.end()
    return new MariadbPlace(open, database, String((rows as unknown as readonly (readonly string[])[])[0]?.[0] ?? '').split('-')[0] ?? '')
  }

  async prepare(): Promise<SqlSessions> {
    await this.#run([`create database ${this.#database}`, `use ${this.#database}`, ...tablesSql])
    return MariadbSessions.start(async () => {
      const connection = await this.#open()
      await connection.query(`use ${this.#database}`)
      return connection
    })
  }

  remove(): Promise<void> {
    return this.#run([`drop database ${this.#database}`])
  }

  async #run(statements: readonly string[]): Promise<void> {
    const connection = await this.#open()
    try {
      for (const statement of statements) await connection.query(statement)
    } finally {
      await connection.end()
    }
  }
}
