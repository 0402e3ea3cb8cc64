/** A PostgreSQL primary and its standbys, for traces of replication. */
import { UserError } from '../../../checker/index.ts'
import { ReplicationGroup } from '../replication/replication-group.ts'
import { asInTheTrace, type Level, settingsOf } from '../replication/replication-levels.ts'
import { replicationPlan } from '../replication/replication-plan.ts'
import { openInWorkplace, required, type Target } from '../target.ts'
import { PostgresReplication } from './postgres-replication.ts'
import { makeTemplate, postgresPrograms, postgresRemedy } from './postgres-server.ts'

export const postgresReplicationLevels: Readonly<Record<string, Level>> = {
  [asInTheTrace]: {},
  asynchronous: { acks: 0 },
  'synchronous, any 1': { acks: 1, acksAre: 'of receipt', ignoresTooFew: false },
  synchronous: { acks: 'all', acksAre: 'of receipt', ignoresTooFew: false },
  'remote apply': { acks: 'all', acksAre: 'of execution', ignoresTooFew: false },
  'reads at the primary': { readsAtPrimary: true },
  'old primary stopped': { fencesOldPrimary: true },
}

export const postgresReplicationTarget: Target = {
  name: 'postgres-replication',
  about: 'a PostgreSQL primary and its standbys, private servers',
  models: ['replication'],
  levels: Object.keys(postgresReplicationLevels),
  missing: () => (postgresPrograms() === null ? postgresRemedy : null),
  plan: replicationPlan,
  open: (options, _, { trace }) =>
    openInWorkplace('postgres-replication', options, async ({ workplace }) => {
      const { level = asInTheTrace, url } = options
      if (url !== undefined)
        throw new UserError(
          'bad-option',
          'postgres-replication holds links and promotes standbys, and so only of private servers; leave --target out',
        )
      if (trace.constants['mode'] === 'wait' && !('acks' in (postgresReplicationLevels[level] ?? {})))
        throw new UserError(
          'bad-option',
          'PostgreSQL shows no write before it is acknowledged, and has no mode wait; replay a trace of async, semi-sync or sync, or give a --level',
        )
      const settings = settingsOf(trace, postgresReplicationLevels[level] ?? {})
      const programs = required(postgresPrograms(), postgresRemedy)
      const template = await makeTemplate(workplace(), programs)
      const system = new PostgresReplication(workplace(), programs, settings, template)
      return { adapter: new ReplicationGroup(system, settings, level), where: `${settings.servers} servers` }
    }),
}
