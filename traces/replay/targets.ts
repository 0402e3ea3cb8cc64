/** The real systems that traces can be replayed on, by name. */
import { UserError } from '../../checker/index.ts'
import { etcdTarget } from './etcd/etcd-target.ts'
import { mariadbTarget } from './mariadb/mariadb-target.ts'
import { postgresReplicationTarget } from './postgres/postgres-replication-target.ts'
import { postgresTarget } from './postgres/postgres-target.ts'
import { coatyRaftTarget, liferaftTarget } from './raft/raft-targets.ts'
import { redisLockTarget } from './redis/redis-lock-target.ts'
import { redisQuorumTarget } from './redis/redis-quorum-target.ts'
import { redisReplicationTarget } from './redis/redis-replication-target.ts'
import { redlockTarget } from './redis/redlock-target.ts'
import { yjsTarget } from './replicas/yjs-target.ts'
import type { Target, TargetOptions } from './target.ts'
import { zookeeperTarget } from './zookeeper/zookeeper-target.ts'

export const targets: readonly Target[] = [
  postgresTarget,
  mariadbTarget,
  liferaftTarget,
  coatyRaftTarget,
  yjsTarget,
  postgresReplicationTarget,
  redisReplicationTarget,
  etcdTarget,
  zookeeperTarget,
  redisLockTarget,
  redlockTarget,
  redisQuorumTarget,
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
