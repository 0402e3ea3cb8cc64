/**
 * Checked instances with their exact sizes. Those that hold have the same numbers in the reference explorer, which shares
 * nothing with the engine. The default constants, at 4,259,001 states, are left out: tests run all of these.
 */
import type { Instance } from '../../checker/index.ts'

// biome-ignore format: one instance a line
export const instances: readonly Instance[] = [
  { constants: { servers: 1, maxTerm: 1, maxLog: 1, crashes: 0 }, expect: 'holds', distinct: 3, generated: 3, depth: 3 },
  { constants: { servers: 1, maxTerm: 2, maxLog: 2, crashes: 1 }, expect: 'holds', distinct: 17, generated: 17, depth: 6 },
  { constants: { servers: 2, maxTerm: 2, maxLog: 1, crashes: 0 }, expect: 'holds', distinct: 393, generated: 797, depth: 17 },
  { constants: { servers: 2, maxTerm: 2, maxLog: 2, crashes: 1 }, expect: 'holds', distinct: 5_864, generated: 13_617, depth: 26 },
  { constants: { servers: 2, maxTerm: 2, maxLog: 1, inFlight: 6, crashes: 1, drops: 1, duplicates: 1 }, expect: 'holds', distinct: 28_926, generated: 111_143, depth: 24 },
  { constants: { servers: 3, maxTerm: 1, maxLog: 1, crashes: 0 }, expect: 'holds', distinct: 4_382, generated: 12_715, depth: 19 },
  { constants: { servers: 3, maxTerm: 1, maxLog: 1, crashes: 0, drops: 1 }, expect: 'holds', distinct: 16_229, generated: 56_215, depth: 21 },
  { constants: { servers: 3, maxTerm: 2, maxLog: 1, inFlight: 2, crashes: 1 }, expect: 'holds', distinct: 35_414, generated: 116_158, depth: 28 },
  { constants: { servers: 4, maxTerm: 1, maxLog: 1, inFlight: 3, crashes: 0 }, expect: 'holds', distinct: 11_957, generated: 36_381, depth: 24 },

  // The constants of the known bugs, without them.
  { constants: { servers: 3, maxTerm: 1, maxLog: 0, inFlight: 3, crashes: 1 }, expect: 'holds', distinct: 275, generated: 685, depth: 9 },
  { constants: { servers: 3, maxTerm: 2, maxLog: 0, inFlight: 4, crashes: 0 }, expect: 'holds', distinct: 5_511, generated: 18_841, depth: 15 },
  { constants: { servers: 5, maxTerm: 1, maxLog: 0, inFlight: 6, crashes: 0, duplicates: 1 }, expect: 'holds', distinct: 68_171, generated: 279_406, depth: 20 },
  { constants: { servers: 3, maxTerm: 1, maxLog: 0, inFlight: 3, crashes: 0 }, expect: 'holds', distinct: 76, generated: 130, depth: 8 },
  { constants: { servers: 3, maxTerm: 2, maxLog: 1, inFlight: 2, crashes: 0 }, expect: 'holds', distinct: 7_540, generated: 20_944, depth: 27 },
  { constants: { servers: 2, maxTerm: 2, maxLog: 3, inFlight: 1, crashes: 1 }, expect: 'holds', distinct: 3_374, generated: 5_769, depth: 25 },
  { constants: { servers: 2, maxTerm: 1, maxLog: 2, inFlight: 2, crashes: 0, duplicates: 1 }, expect: 'holds', distinct: 390, generated: 715, depth: 18 },
  { constants: { servers: 3, maxTerm: 4, maxLog: 1, inFlight: 2, crashes: 0 }, expect: 'holds', distinct: 81_736, generated: 283_543, depth: 41 },

  { bugs: ['vote-not-persisted'], expect: 'electionSafety', depth: 8 },
  { bugs: ['term-not-persisted'], expect: 'electionSafety', depth: 8 },
  { bugs: ['vote-without-log-check'], expect: 'leaderCompleteness', depth: 13 },
  { bugs: ['votes-kept-across-terms'], expect: 'electionSafety', depth: 10 },
  { bugs: ['votes-counted-not-voters'], expect: 'electionSafety', depth: 12 },
  { bugs: ['vote-decided-in-two-steps'], expect: 'electionSafety', depth: 9 },
  { bugs: ['leader-ignores-higher-term'], expect: 'leaderAppendOnly', depth: 13 },
  { bugs: ['append-without-consistency-check'], expect: 'logMatching', depth: 13 },
  { bugs: ['truncate-committed'], expect: 'stateMachineSafety', depth: 16 },
  { bugs: ['commit-on-half'], expect: 'leaderCompleteness', depth: 10 },
  { bugs: ['commit-earlier-term'], expect: 'leaderCompleteness', depth: 25 },
]
