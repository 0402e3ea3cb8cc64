/** Sessions of MariaDB: what a statement waits for is what InnoDB says. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import type { Json } from '../../../checker/index.ts'
import type { Outcome } from '../adapter.ts'
import { type SqlConnection, type SqlServer, SqlSessions } from '../sql/sql-sessions.ts'

/** @param open makes a connection */
export async function mariadbSessions(open: () => Promise<Connection>): Promise<SqlSessions> {
  const monitor = await open()
  await monitor.query('set session transaction isolation level read committed')
  const server: SqlServer = {
    connect: async () => connectionOf(await open()),
    waitsFor: async (thread) => {
      if (!(await isWaiting(monitor, thread))) return null
      // A deadlock is found when a lock is asked for: what is still waiting at a second look waits for somebody.
      await sleep(2)
      return (await isWaiting(monitor, thread)) ? 'a lock' : null
    },
    ask: async (statements) => {
      const [result] = await monitor.query(statements)
      return lastRows(result as unknown as Json) as readonly (readonly Json[])[]
    },
    close: () => monitor.end().catch(() => {}),
  }
  return new SqlSessions(server)
}

function connectionOf(connection: Connection): SqlConnection {
  return {
    id: connection.threadId,
    run: (statement, values) =>
      connection
        .query(statement, [...values])
        .then(([result]): Outcome => ({ kind: 'ok', value: lastRows(result as unknown as Json) }))
        .catch(failure),
    close: async () => connection.destroy(),
  }
}

/** By InnoDB's own list of transactions; above it, the report of the last deadlock says the same of transactions that are gone. */
async function isWaiting(monitor: Connection, thread: number): Promise<boolean> {
  const [rows] = await monitor.query('show engine innodb status')
  const text = String((rows as unknown as readonly (readonly string[])[])[0]?.[2] ?? '')
  const [, list = ''] = text.split('LIST OF TRANSACTIONS FOR EACH SESSION:')
  return list.split('---TRANSACTION').some((one) => one.includes('LOCK WAIT') && one.includes(`MariaDB thread id ${thread},`))
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
