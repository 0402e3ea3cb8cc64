/** Checked instances with their exact sizes. */
import type { Instance } from '../../../checker/index.ts'

// biome-ignore format: one instance a line
export const instances: readonly Instance[] = [
  { constants: { servers: 2, maxLog: 2, crashes: 1, duplicates: 1, isElected: true }, expect: 'holds', distinct: 33_877, generated: 107_666, depth: 28, isSlow: true },

  // The constants of the known bugs, without them.
  { constants: { servers: 3, maxTerm: 3, maxLog: 1, inFlight: 2, isElected: true }, expect: 'holds', distinct: 45_569, generated: 182_604, depth: 33, isSlow: true },
  { constants: { servers: 3, maxTerm: 1, maxLog: 2, inFlight: 2, duplicates: 1, isElected: true }, expect: 'holds', distinct: 22_079, generated: 86_037, depth: 25 },
  { constants: { servers: 3, maxTerm: 2, maxLog: 2, inFlight: 2, duplicates: 1, isElected: true }, expect: 'holds', distinct: 706_161, generated: 3_166_349, depth: 39, isSlow: true },

  { bugs: ['snapshot-forgets-last-term'], expect: 'leaderCompleteness', depth: 14 },
  { bugs: ['snapshot-discards-what-follows'], expect: 'stateMachineSafety', depth: 17 },
]
