/** Two libraries that implement Raft, in this process. */
import { openInProcess, type Target } from '../target.ts'
import { hasCoaty } from './coaty-modules.ts'
import { coatyRaft, coatyRemedy } from './coaty-raft.ts'
import { hasLiferaft, liferaft, liferaftRemedy } from './liferaft.ts'
import { RaftCluster } from './raft-cluster.ts'
import { raftPlan } from './raft-plan.ts'

export const liferaftTarget: Target = {
  name: 'liferaft',
  about: 'the npm package @markwylde/liferaft, in this process',
  models: ['raft'],
  levels: [],
  isInProcess: true,
  missing: () => (hasLiferaft() ? null : liferaftRemedy),
  plan: raftPlan,
  open: async (options, { nodes = 3 }) => openInProcess('liferaft', options, () => new RaftCluster(liferaft(), nodes)),
}

export const coatyRaftTarget: Target = {
  name: 'coaty-raft',
  about: 'the npm package @coaty/consensus.raft, in this process',
  models: ['raft'],
  levels: [],
  isInProcess: true,
  missing: () => (hasCoaty() ? null : coatyRemedy),
  plan: raftPlan,
  open: async (options, { nodes = 3 }) => openInProcess('coaty-raft', options, () => new RaftCluster(coatyRaft(), nodes)),
}
