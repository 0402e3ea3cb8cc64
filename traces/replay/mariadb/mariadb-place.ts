/** A database of its own on a MariaDB server. */
import type { Connection } from 'mysql2/promise'
import type { SqlSessions } from '../sql/sql-sessions.ts'
import { type Dialect, type SqlPlace, tablesSql, waitsMs } from '../sql/sql-transactions.ts'
import { mariadbSessions } from './mariadb-sessions.ts'

export const mariadbLevels = ['read uncommitted', 'read committed', 'repeatable read', 'serializable'] as const

/**
 * What else a server can be told, by the name of the level that goes with it. Repeatable read with snapshot isolation, the default from
 * 11.6.2 on, refuses to write over what has been committed since the snapshot was taken.
 */
export const mariadbModes: Readonly<Record<string, readonly string[]>> = {
  'repeatable read with innodb_snapshot_isolation': ['--loose-innodb-snapshot-isolation=ON'],
  'repeatable read with innodb_rollback_on_timeout': ['--innodb-rollback-on-timeout=ON'],
}

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
      begin: (level) =>
        `set transaction isolation level ${level.split(' with ')[0]}; start transaction; select 1 from item where k = 'none'`,
      // Cursors are only in stored programs.
      fetch: (key) => `select v from item where k = '${key}'`,
      update: (table, key, value) =>
        `update ${table} set was = v, v = ${value} where k = '${key}'; select was from ${table} where k = '${key}'`,
      limitWaits: `set innodb_lock_wait_timeout = ${waitsMs / 1000}`,
      refresh: 'rollback; set innodb_lock_wait_timeout = default',
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
    return mariadbSessions(async () => {
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
