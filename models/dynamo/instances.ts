/** Checked instances: what a configuration promises holds in every state, and each known bug breaks its promise. */
import type { Instance } from '../../checker/index.ts'

export const instances: readonly Instance[] = [
  { expect: 'holds', distinct: 304, generated: 988, depth: 7 },

  { bugs: ['clock-without-dot'], expect: 'durability' },
  { bugs: ['clock-truncated'], expect: 'noResurrection' },
  { bugs: ['siblings-dropped'], expect: 'durability' },
  { bugs: ['ties-unbroken'], expect: 'convergence' },
  { bugs: ['last-message-wins'], expect: 'convergence' },
  { bugs: ['no-tombstones'], expect: 'noResurrection' },
  { bugs: ['tombstones-collected-early'], expect: 'noResurrection' },
  { bugs: ['hint-deleted-when-sent'], expect: 'durability' },
  { bugs: ['buffered-writes'], expect: 'durability' },
  { bugs: ['virtual-nodes-counted-twice'], expect: 'durability' },
]
