/** A Redis primary and its replicas, for traces of replication. */
import { UserError } from '../../../checker/index.ts'
import { ReplicationGroup } from '../replication/replication-group.ts'
import { asInTheTrace, type Level, settingsOf } from '../replication/replication-levels.ts'
import { replicationPlan } from '../replication/replication-plan.ts'
import { openInWorkplace, refuseToKeep, required, type Target } from '../target.ts'
import { RedisReplication } from './redis-replication.ts'
import { redisProgram, redisRemedy } from './redis-server.ts'

const levels: Readonly<Record<string, Level>> = {
  [asInTheTrace]: {},
  asynchronous: { acks: 0 },
  'WAIT 1': { acks: 1, ignoresTooFew: false },
  'WAIT 1, unchecked': { acks: 1, ignoresTooFew: true },
  'WAIT all': { acks: 'all', ignoresTooFew: false },
  'WAIT 1 after reads, too': { acks: 1, ignoresTooFew: false, readsWait: true },
  'reads at the primary': { readsAtPrimary: true },
  'old primary stopped': { fencesOldPrimary: true },
}

export const redisReplicationTarget: Target = {
  name: 'redis-replication',
  about: 'a Redis primary and its replicas, private servers',
  models: ['replication'],
  levels: Object.keys(levels),
  missing: () => (redisProgram() === null ? redisRemedy : null),
  plan: replicationPlan,
  open: (options, _, { trace }) =>
    openInWorkplace('redis-replication', options, async ({ workplace }) => {
      refuseToKeep('redis-replication', options)
      const { level = asInTheTrace, url } = options
      if (url !== undefined)
        throw new UserError(
          'bad-option',
          'redis-replication holds links and promotes replicas, and so only of private servers; leave --target out',
        )
      const { mode } = trace.constants
      if (mode !== 'async' && mode !== 'wait' && !('acks' in (levels[level] ?? {})))
        throw new UserError(
          'bad-option',
          `Redis shows a write at once, and has no mode ${mode}; replay a trace of async or wait, or give a --level`,
        )
      const settings = settingsOf(trace, levels[level] ?? {})
      const system = new RedisReplication(workplace(), required(redisProgram(), redisRemedy), settings)
      return { adapter: new ReplicationGroup(system, settings, level), where: `${settings.servers} servers` }
    }),
}
