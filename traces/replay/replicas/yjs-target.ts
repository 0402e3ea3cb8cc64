/** A library of replicated data, in this process. */
import { openInProcess, type Target } from '../target.ts'
import { ReplicaGroup } from './replica-group.ts'
import { kindOf, replicasPlan } from './replicas-plan.ts'
import { hasYjs, yjs, yjsCounters, yjsRemedy } from './yjs.ts'

export const yjsTarget: Target = {
  name: 'yjs',
  about: 'the npm package yjs, in this process',
  models: ['last-writer-wins-register', 'grow-only-counter'],
  levels: yjsCounters,
  isInProcess: true,
  missing: () => (hasYjs() ? null : yjsRemedy),
  plan: replicasPlan,
  open: async (options, { nodes = 2 }, { trace }) =>
    openInProcess('yjs', options, () => new ReplicaGroup(yjs(options.level), kindOf(trace.model), nodes)),
}
