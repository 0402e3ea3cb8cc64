/** Checked instances with their exact sizes. */
import type { Instance } from '../../../checker/index.ts'

// biome-ignore format: one instance a line
export const instances: readonly Instance[] = [
  { constants: { servers: 3, members: 2, changes: 1, elections: 1 }, expect: 'holds', distinct: 1_622, generated: 4_009, depth: 28 },
  { constants: { servers: 2, members: 1, changes: 2, elections: 1, method: 'joint', crashes: 1 }, expect: 'holds', distinct: 535, generated: 986, depth: 30 },

  // The constants of the known bugs, without them.
  { constants: { servers: 3, members: 3, changes: 1, elections: 1, inFlight: 2, method: 'single' }, expect: 'holds', distinct: 5_391, generated: 12_568, depth: 20 },
  { constants: { servers: 3, members: 3, changes: 2, elections: 1, inFlight: 2, method: 'single' }, expect: 'holds', distinct: 27_599, generated: 68_270, depth: 31, isSlow: true },
  { constants: { servers: 3, members: 3, changes: 1, elections: 1, inFlight: 2, method: 'joint' }, expect: 'holds', distinct: 16_008, generated: 37_885, depth: 27 },

  { bugs: ['several-servers-at-once'], expect: 'leaderCompleteness', depth: 5 },
  { bugs: ['second-change-before-first'], expect: 'leaderCompleteness', depth: 6 },
  { bugs: ['joint-majority-of-all'], expect: 'leaderCompleteness', depth: 8 },
  { bugs: ['single-server-change-before-own-term'], expect: 'leaderCompleteness', depth: 15, isSlow: true },
]
