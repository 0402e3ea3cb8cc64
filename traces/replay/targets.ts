/** The real systems that traces can be replayed on, by name. */
import { randomBytes } from 'node:crypto'
import { UserError } from '../../checker/index.ts'
import type { Replay } from '../replay.ts'
import type { Adapter } from './adapter.ts'
import { MariadbPlace, mariadbLevels } from './mariadb/mariadb-place.ts'
import { connectTo as connectToMariadb, MariadbServer, mariadbPrograms, mariadbRemedy } from './mariadb/mariadb-server.ts'
import { PostgresPlace, postgresLevels } from './postgres/postgres-place.ts'
import { connect as connectToPostgres, PostgresServer, postgresPrograms, postgresRemedy } from './postgres/postgres-server.ts'
import { hasCoaty } from './raft/coaty-modules.ts'
import { coatyRaft, coatyRemedy } from './raft/coaty-raft.ts'
import { hasLiferaft, liferaft, liferaftRemedy } from './raft/liferaft.ts'
import { RaftCluster } from './raft/raft-cluster.ts'
import { raftPlan } from './raft/raft-plan.ts'
import { ReplicaGroup } from './replicas/replica-group.ts'
import { kindOf, replicasPlan } from './replicas/replicas-plan.ts'
import { hasYjs, yjs, yjsCounters, yjsRemedy } from './replicas/yjs.ts'
import type { Scenario } from './scenario.ts'
import { Workplace } from './servers/workplace.ts'
import { type SqlPlace, SqlTransactions } from './sql/sql-transactions.ts'
import { transactionsPlan } from './transactions/plan.ts'

export interface TargetOptions {
  /** One of the levels of the target; its default, unless told. */
  readonly level?: string
  /** A server of the user's, where only what is made for the run is touched; a private one by default. */
  readonly url?: string
  /** Leaves what was made where it is. */
  readonly keep?: boolean
}

/** A target that is there, until it is closed. */
export interface OpenTarget {
  readonly adapter: Adapter
  /** Where what was made stays, if it is kept. */
  readonly where: string
  readonly close: () => Promise<void>
}

export interface Target {
  readonly name: string
  readonly about: string
  /** The models whose traces it can replay. */
  readonly models: readonly string[]
  /** Its own words for how it isolates transactions, or keeps data; the first is what it does unless told. */
  readonly levels: readonly string[]
  /** There is no server of the user's to use. */
  readonly isInProcess?: true
  /** What to install where it is not there; null where it is. */
  readonly missing: () => string | null
  readonly plan: (replay: Replay) => Scenario
  readonly open: (options: TargetOptions, scenario: Scenario, replayed: Replay) => Promise<OpenTarget>
}

export const targets: readonly Target[] = [
  {
    name: 'postgres',
    about: 'PostgreSQL, a private server or one of yours',
    models: ['transactions'],
    levels: ['read committed', ...postgresLevels.filter((level) => level !== 'read committed')],
    missing: () => (postgresPrograms() === null ? postgresRemedy : null),
    plan: (replay) => transactionsPlan(replay),
    open: (options) =>
      openSql('postgres', options, async (workplace, name) => {
        const { url } = options
        if (url !== undefined) return PostgresPlace.in(() => connectToPostgres({ connectionString: url }), name)
        const { port } = await PostgresServer.start(workplace(), required(postgresPrograms(), postgresRemedy))
        return PostgresPlace.in(() => connectToPostgres({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' }), name)
      }),
  },
  {
    name: 'mariadb',
    about: 'MariaDB with InnoDB, a private server or one of yours',
    models: ['transactions'],
    levels: ['repeatable read', ...mariadbLevels.filter((level) => level !== 'repeatable read')],
    missing: () => (mariadbPrograms() === null ? mariadbRemedy : null),
    plan: (replay) => transactionsPlan(replay),
    open: (options) =>
      openSql('mariadb', options, async (workplace, name) => {
        const { url } = options
        if (url !== undefined) return MariadbPlace.in(() => connectToMariadb({ uri: url }), name)
        const { port } = await MariadbServer.start(workplace(), required(mariadbPrograms(), mariadbRemedy))
        return MariadbPlace.in(() => connectToMariadb({ port }), name)
      }),
  },
  {
    name: 'liferaft',
    about: 'the npm package @markwylde/liferaft, in this process',
    models: ['raft'],
    levels: [],
    isInProcess: true,
    missing: () => (hasLiferaft() ? null : liferaftRemedy),
    plan: raftPlan,
    open: async (options, { nodes = 3 }) => openInProcess('liferaft', options, () => new RaftCluster(liferaft(), nodes)),
  },
  {
    name: 'coaty-raft',
    about: 'the npm package @coaty/consensus.raft, in this process',
    models: ['raft'],
    levels: [],
    isInProcess: true,
    missing: () => (hasCoaty() ? null : coatyRemedy),
    plan: raftPlan,
    open: async (options, { nodes = 3 }) => openInProcess('coaty-raft', options, () => new RaftCluster(coatyRaft(), nodes)),
  },
  {
    name: 'yjs',
    about: 'the npm package yjs, in this process',
    models: ['last-writer-wins-register', 'grow-only-counter'],
    levels: yjsCounters,
    isInProcess: true,
    missing: () => (hasYjs() ? null : yjsRemedy),
    plan: replicasPlan,
    open: async (options, { nodes = 2 }, { trace }) =>
      openInProcess('yjs', options, () => new ReplicaGroup(yjs(options.level), kindOf(trace.model), nodes)),
  },
]

/** @throws UserError `bad-option` for one that there is not, and a level that it has not */
export function targetNamed(name: string, { level }: TargetOptions = {}): Target {
  const target = targets.find((one) => one.name === name)
  if (target === undefined)
    throw new UserError('bad-option', `there is no target ${name}; there are ${targets.map((one) => one.name).join(', ')}`)
  if (level !== undefined && !target.levels.includes(level))
    throw new UserError('bad-option', `${name} has no level ${JSON.stringify(level)}; it has ${target.levels.join(', ') || 'none'}`)
  return target
}

/** @throws UserError `bad-option` for a server of the user's, and for what is to be kept: nothing is made outside of the process */
function openInProcess(name: string, { url, keep }: TargetOptions, make: () => Adapter): OpenTarget {
  const given = url !== undefined ? '--target' : keep ? '--keep' : null
  if (given !== null) throw new UserError('bad-option', `${name} runs in this process; leave ${given} out`)
  return { adapter: make(), where: 'this process', close: async () => {} }
}

type MakePlace = (workplace: () => Workplace, name: string) => Promise<SqlPlace>

async function openSql(name: string, { level, keep = false }: TargetOptions, makePlace: MakePlace): Promise<OpenTarget> {
  const workplaces: Workplace[] = []
  const close = async (): Promise<void> => {
    for (const workplace of workplaces) await workplace.close({ keep })
  }
  try {
    const place = await makePlace(
      () => {
        const workplace = new Workplace(name)
        workplaces.push(workplace)
        return workplace
      },
      `counterpoint_${randomBytes(6).toString('hex')}`,
    )
    const [usual = ''] = targetNamed(name).levels
    const where = [place.where, ...workplaces.map(({ folder }) => folder)].join(' in ')
    return { adapter: new SqlTransactions(place, level ?? usual, keep), where, close }
  } catch (error) {
    await close()
    throw error
  }
}

function required<T>(programs: T | null, remedy: string): T {
  if (programs === null) throw new UserError('bad-option', `the server is not installed; ${remedy}`)
  return programs
}
