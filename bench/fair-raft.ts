/** Raft with every action weakly fair and one property of whole executions: what deciding it costs beside exploring. */
import type { Model } from 'counterpoint'
import { raft } from 'counterpoint/models'
import type { Action } from '../checker/language/actions.ts'
import { propertyBuilder } from '../checker/language/properties.ts'

const { actions, properties } = raft.spec

export const fairRaft: Model = {
  ...raft,
  spec: {
    ...raft.spec,
    actions: (on, c, bug) =>
      Object.fromEntries(Object.entries(actions(on, c, bug)).map(([name, action]) => [name, { ...action, fair: 'weak' } satisfies Action])),
    properties: (on, c, bug) => ({
      ...properties(on, c, bug),
      comesToRest: propertyBuilder.stabilizes('no message is on its way any more', (s) => (s as { net: { size: number } }).net.size === 0),
    }),
  },
}
