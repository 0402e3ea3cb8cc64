/** A private MariaDB server, of Debian's package. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Connection, ConnectionOptions } from 'mysql2/promise'
import { findProgram, unprivileged } from '../servers/programs.ts'
import { type Server, ServerError, type Workplace } from '../servers/workplace.ts'

export interface MariadbPrograms {
  readonly install: string
  readonly server: string
}

/** Where one is; null where the package is not installed. */
export function mariadbPrograms(): MariadbPrograms | null {
  const [install, server] = [findProgram('mariadb-install-db'), findProgram('mariadbd', ['/usr/sbin'])]
  return install !== null && server !== null ? { install, server } : null
}

export const mariadbRemedy = "install Debian's package mariadb-server"

export class MariadbServer {
  readonly port: number
  readonly server: Server

  private constructor(port: number, server: Server) {
    this.port = port
    this.server = server
  }

  /** @throws ServerError */
  static async start(place: Workplace, programs: MariadbPrograms, options: readonly string[] = []): Promise<MariadbServer> {
    const owner = unprivileged('mysql')
    const port = await place.freePort()
    const folder = place.makeFolder(`mariadb-${port}`, owner)
    const data = join(folder, 'data')
    // The folder for what is temporary may be one that its user must not write to.
    const temporary = `--tmpdir=${folder}`
    const install = ['--no-defaults', `--datadir=${data}`, temporary, '--auth-root-authentication-method=normal', '--skip-test-db']
    try {
      await promisify(execFile)(programs.install, install, { cwd: folder, ...(owner ?? {}) })
    } catch (error) {
      throw new ServerError(`mariadb-install-db has failed: ${(error as { stderr?: string }).stderr?.trim() ?? String(error)}`)
    }
    const settings = [
      `--datadir=${data}`,
      temporary,
      `--port=${port}`,
      `--socket=${join(folder, 'socket')}`,
      `--pid-file=${join(folder, 'pid')}`,
      '--bind-address=127.0.0.1',
      '--skip-name-resolve',
      '--innodb-buffer-pool-size=16M',
      '--innodb-log-file-size=8M',
      '--innodb-flush-log-at-trx-commit=2',
      '--performance-schema=OFF',
      // The default differs between versions.
      '--loose-innodb-snapshot-isolation=OFF',
      ...options,
    ]
    const server = await place.start({
      name: `mariadb-${port}`,
      command: programs.server,
      args: ['--no-defaults', ...settings],
      folder,
      owner,
      isReady: async () => {
        const connection = await connectTo({ port })
        await connection.end()
        return true
      },
    })
    return new MariadbServer(port, server)
  }
}

/** @throws whatever the server says */
export async function connectTo(options: ConnectionOptions): Promise<Connection> {
  const mysql = await import('mysql2/promise')
  const connection = await mysql.createConnection({
    host: '127.0.0.1',
    user: 'root',
    rowsAsArray: true,
    multipleStatements: true,
    ...options,
  })
  // A connection that is lost is told to whoever uses it next.
  connection.on('error', () => {})
  return connection
}
