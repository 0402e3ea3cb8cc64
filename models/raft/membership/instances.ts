/** Checked instances with their exact sizes. */
import type { Instance } from '../../../checker/index.ts'

// biome-ignore format: one instance a line
export const instances: readonly Instance[] = [
  { constants: { servers: 3, members: 2, changes: 1, elections: 1 }, expect: 'holds', distinct: 449, generated: 970, depth: 24 },
  { constants: { servers: 2, members: 1, changes: 2, elections: 1, method: 'joint', crashes: 1 }, expect: 'holds', distinct: 398, generated: 674, depth: 30 },

  // The constants of the known bugs, without them.
  { constants: { servers: 3, members: 3, changes: 1, elections: 1, inFlight: 2, method: 'single' }, expect: 'holds', distinct: 2_319, generated: 4_890, depth: 17 },
  { constants: { servers: 3, members: 3, changes: 2, elections: 1, inFlight: 2, method: 'single' }, expect: 'holds', distinct: 8_693, generated: 18_596, depth: 28 },
  { constants: { servers: 3, members: 3, changes: 1, elections: 1, inFlight: 2, method: 'joint' }, expect: 'holds', distinct: 9_382, generated: 20_359, depth: 27 },
  { constants: { servers: 4, members: 4, changes: 2, elections: 2, calls: 'atomic', method: 'single' }, expect: 'holds', distinct: 611_417, generated: 1_678_472, depth: 24, isSlow: true },

  { bugs: ['several-servers-at-once'], expect: 'leaderCompleteness', depth: 5 },
  { bugs: ['second-change-before-first'], expect: 'leaderCompleteness', depth: 6 },
  { bugs: ['joint-majority-of-all'], expect: 'leaderCompleteness', depth: 8 },
  { bugs: ['single-server-change-before-own-term'], expect: 'leaderCompleteness', depth: 10, isSlow: true },
]
