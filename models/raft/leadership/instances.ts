/** Checked instances with their exact sizes. */
import type { Instance } from '../../../checker/index.ts'

// biome-ignore format: one instance a line
export const instances: readonly Instance[] = [
  { expect: 'holds', distinct: 6_433, generated: 20_089, depth: 20 },
  { constants: { preVote: false }, expect: 'holds', distinct: 1_285, generated: 2_989, depth: 17 },
  { constants: { preVote: false, crashes: 1 }, expect: 'holds', distinct: 16_007, generated: 41_704, depth: 27, isSlow: true },
  { constants: { crashes: 1 }, expect: 'holds', distinct: 82_001, generated: 277_072, depth: 33, isSlow: true },
  { constants: { isTimely: false, transfers: 1, isElected: true }, expect: 'holds', distinct: 693_541, generated: 3_262_474, depth: 35, isSlow: true },
  { constants: { maxLog: 0, maxTerm: 1, isTimely: false }, expect: 'holds', distinct: 1_735, generated: 5_875, depth: 18 },
  { constants: { cuts: 1, maxLog: 0, isElected: true, preVote: false }, expect: 'undisturbed', depth: 5 },

  { constants: { servers: 3, maxTerm: 2, maxLog: 0, cuts: 1, isElected: true }, expect: 'holds', distinct: 14, generated: 20, depth: 7 },
  { constants: { servers: 3, maxTerm: 2, maxLog: 1, transfers: 1, isElected: true }, expect: 'holds', distinct: 10_784, generated: 37_846, depth: 25 },

  // The constants of the known bugs, without them.
  { constants: { servers: 2, maxTerm: 2, maxLog: 0, cuts: 1, inFlight: 1, isElected: true }, expect: 'holds', distinct: 6, generated: 7, depth: 5 },
  { constants: { servers: 2, maxTerm: 2, maxLog: 0, transfers: 1, isElected: true }, expect: 'holds', distinct: 6, generated: 6, depth: 6 },
  { constants: { servers: 2, maxTerm: 2, maxLog: 1, transfers: 1, inFlight: 1, isElected: true }, expect: 'holds', distinct: 41, generated: 51, depth: 16 },

  { bugs: ['pre-vote-adopts-term'], expect: 'undisturbed', depth: 5 },
  { bugs: ['transfer-through-pre-vote'], expect: 'transferCompletes', depth: 6 },
  { bugs: ['transfer-without-catch-up'], expect: 'transferCompletes', depth: 6 },
]
