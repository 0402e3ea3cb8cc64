/** Checked instances with their exact sizes. */
import type { Instance } from '../../../checker/index.ts'

// biome-ignore format: one instance a line
export const instances: readonly Instance[] = [
  { constants: { reads: 'log', isElected: true }, expect: 'holds', distinct: 16_517, generated: 44_478, depth: 30 },
  { constants: { reads: 'log', isElected: true, retries: 1 }, expect: 'holds', distinct: 263_812, generated: 743_146, depth: 36, isSlow: true },
  { constants: { reads: 'local' }, expect: 'linearizable', depth: 9 },
  { constants: { reads: 'log', isElected: true, judged: 'sessions' }, expect: 'holds', distinct: 16_517, generated: 44_478, depth: 30 },
  { constants: { reads: 'read-index', isElected: true, judged: 'sessions' }, expect: 'holds', distinct: 16_360, generated: 45_896, depth: 29 },
  { constants: { reads: 'local', isElected: true, judged: 'sessions' }, expect: 'readYourWrites', depth: 6 },

  // The constants of the known bugs, without them.
  { constants: { servers: 2, maxTerm: 1, reads: 'log', clients: 1, writers: 1, writes: 2, readsEach: 1, retries: 1, isElected: true }, expect: 'holds', distinct: 317, generated: 443, depth: 19 },
  { constants: { servers: 3, maxTerm: 2, reads: 'read-index', clients: 1, writers: 1, writes: 1, readsEach: 1, isElected: true }, expect: 'holds', distinct: 16_360, generated: 45_896, depth: 29 },
  { constants: { servers: 2, maxTerm: 2, reads: 'read-index', clients: 1, writers: 1, writes: 1, readsEach: 1, inFlight: 1, isElected: true }, expect: 'holds', distinct: 98, generated: 144, depth: 17 },
  { constants: { servers: 3, maxTerm: 2, reads: 'lease', clients: 1, writers: 1, writes: 1, readsEach: 1, electionTimeout: 2, driftEvery: 1, boundEvery: 1, isElected: true }, expect: 'holds', distinct: 442_354, generated: 1_763_853, depth: 36 },

  // A lease holds up to the drift that leaders reckon with, and no further.
  { constants: { reads: 'lease', electionTimeout: 3, driftEvery: 2, boundEvery: 2, isElected: true }, expect: 'holds', distinct: 2_688_306, generated: 10_735_540, depth: 38, isSlow: true },
  { constants: { reads: 'lease', electionTimeout: 3, driftEvery: 1, boundEvery: 2, isElected: true }, expect: 'linearizable', depth: 19 },

  { bugs: ['duplicated-command-on-retry'], expect: 'linearizable', depth: 15 },
  { bugs: ['stale-read-from-deposed-leader'], expect: 'linearizable', depth: 9 },
  { bugs: ['read-index-before-own-term'], expect: 'linearizable', depth: 11 },
  { bugs: ['lease-read-under-drift'], expect: 'linearizable', depth: 17 },
]
