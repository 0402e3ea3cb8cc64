/** Checked instances with their exact sizes. */
import type { Instance } from '../../checker/index.ts'

// biome-ignore format: one instance a line
export const instances: readonly Instance[] = [
  { expect: 'holds', distinct: 35_856, generated: 132_471, depth: 29 },
  { constants: { failovers: 1 }, expect: 'holds', distinct: 657_313, generated: 2_617_389, depth: 37, isSlow: true },
  { constants: { failovers: 1, grace: 1 }, expect: 'holds', distinct: 2_482_439, generated: 10_311_733, depth: 37, isSlow: true },

  // A client whose holder died gets the lock in the end, whatever the lock-delay, and through a fail-over.
  { constants: { prompt: true, deaths: 1, lockDelay: 2 }, expect: 'holds', distinct: 4_899, generated: 13_101, depth: 30 },
  { constants: { prompt: true, deaths: 1, lockDelay: 2, failovers: 1, outage: 2, grace: 1 }, expect: 'holds', distinct: 98_150, generated: 297_486, depth: 42 },

  // Sessions survive masters that are missed for as long as the grace period allows for, and no longer.
  { constants: { lease: 3, failovers: 1, prompt: true, outage: 3, grace: 2 }, expect: 'holds', distinct: 34_689, generated: 103_144, depth: 30 },
  { constants: { lease: 3, failovers: 1, prompt: true, outage: 4, grace: 2 }, expect: 'survival', depth: 7 },
  // Where a master fails before it has heard of a client, the two times without one add up.
  { constants: { lease: 3, failovers: 2, prompt: true, outage: 2, grace: 2 }, expect: 'survival', depth: 9 },
  { constants: { lease: 3, failovers: 2, prompt: true, outage: 2, grace: 3 }, expect: 'holds', distinct: 428_608, generated: 1_407_400, depth: 37, isSlow: true },

  // Leases are conservative up to the drift that clients reckon with, and no further.
  { constants: { clients: 1, lease: 4, grace: 1 }, expect: 'holds', distinct: 1_248, generated: 2_925, depth: 22 },
  { constants: { clients: 1, lease: 4, grace: 1, driftEvery: 3 }, expect: 'conservative', depth: 10 },
  { constants: { clients: 1, lease: 4, grace: 1, driftEvery: 3, boundEvery: 3 }, expect: 'holds', distinct: 12_188, generated: 35_861, depth: 23 },
  { constants: { clients: 1, lease: 4, grace: 1, driftEvery: 2, boundEvery: 3 }, expect: 'conservative', depth: 11 },
  { constants: { clients: 1, lease: 5, grace: 1, driftEvery: 4, boundEvery: 4 }, expect: 'holds', distinct: 32_175, generated: 90_727, depth: 29 },
  { constants: { clients: 1, lease: 5, grace: 1, driftEvery: 3, boundEvery: 4 }, expect: 'conservative', depth: 14 },
  { constants: { lease: 4, driftEvery: 3, boundEvery: 3 }, expect: 'holds', distinct: 6_715_999, generated: 28_293_480, depth: 46, isSlow: true },
  { constants: { lease: 2, driftEvery: 2 }, expect: 'exclusive', depth: 13 },

  // A lock-delay as long as requests may take protects a resource that trusts its clients, and one that is a tick shorter does not.
  { constants: { resource: 'trusts', latency: 1, lockDelay: 1 }, expect: 'holds', distinct: 40_952, generated: 143_193, depth: 32 },
  { constants: { resource: 'trusts', latency: 2, lockDelay: 2 }, expect: 'holds', distinct: 51_752, generated: 179_329, depth: 38 },
  { constants: { resource: 'trusts', latency: 3, lockDelay: 3 }, expect: 'holds', distinct: 63_416, generated: 219_385, depth: 44 },
  { constants: { resource: 'trusts', latency: 2, lockDelay: 1 }, expect: 'ordered', depth: 22 },

  // The constants of the known bugs, without them, where they are not above.
  { constants: { prompt: true, deaths: 1, isHeld: true }, expect: 'holds', distinct: 1_953, generated: 5_163, depth: 21 },
  { constants: { resource: 'trusts', latency: 2, lockDelay: 1, prompt: true, deaths: 1, isHeld: true }, expect: 'holds', distinct: 2_427, generated: 6_406, depth: 27 },
  { constants: { grace: 1, isHeld: true }, expect: 'holds', distinct: 55_747, generated: 207_494, depth: 26 },

  { bugs: ['no-sequencer-check'], expect: 'ordered', depth: 17 },
  { bugs: ['no-lock-delay'], expect: 'ordered', depth: 17 },
  { bugs: ['lease-from-receipt'], expect: 'exclusive', depth: 10 },

  // The same without a death: a client whose lease has run out, since messages were slow, is as good as dead.
  { constants: { grace: 1, prompt: false, deaths: 0, isHeld: false }, bugs: ['no-sequencer-check'], expect: 'ordered', depth: 18 },
  { constants: { latency: 1, prompt: false, deaths: 0, isHeld: false }, bugs: ['no-lock-delay'], expect: 'ordered', depth: 19 },
]

// biome-ignore format: one instance a line
export const cacheInstances: readonly Instance[] = [
  { expect: 'holds', distinct: 1_534, generated: 4_599, depth: 20 },
  { constants: { reads: 3, writes: 2 }, expect: 'holds', distinct: 7_543, generated: 24_272, depth: 29 },
  { constants: { clients: 2 }, expect: 'holds', distinct: 1_012_714, generated: 4_440_283, depth: 36, isSlow: true },
  { constants: { clients: 2, reads: 1, failovers: 1 }, expect: 'holds', distinct: 1_735_227, generated: 7_811_542, depth: 37, isSlow: true },
  { constants: { writes: 2, failovers: 2, grace: 1 }, expect: 'holds', distinct: 181_327, generated: 673_467, depth: 33 },
  { constants: { writes: 2, events: true }, expect: 'holds', distinct: 19_198, generated: 69_911, depth: 26 },
  { constants: { failovers: 1, grace: 1, events: true }, expect: 'holds', distinct: 50_684, generated: 183_651, depth: 29 },

  // A client that dies delays a write until its lease has run out, and no longer.
  { constants: { prompt: true, deaths: 1 }, expect: 'holds', distinct: 760, generated: 1_691, depth: 21 },
  { constants: { prompt: true, deaths: 1, failovers: 1, grace: 1 }, expect: 'holds', distinct: 5_146, generated: 13_400, depth: 28 },
  { constants: { clients: 2, prompt: true, deaths: 1, failovers: 1, grace: 1 }, expect: 'holds', distinct: 980_535, generated: 3_354_176, depth: 49, isSlow: true },

  // Leases are conservative up to the drift that clients reckon with, and no further.
  { constants: { lease: 4, grace: 1, driftEvery: 3 }, expect: 'linearizable', depth: 14 },
  { constants: { lease: 4, grace: 1, driftEvery: 3, boundEvery: 3 }, expect: 'holds', distinct: 121_171, generated: 426_786, depth: 26 },
  { constants: { lease: 4, grace: 1, driftEvery: 2, boundEvery: 3 }, expect: 'linearizable', depth: 14 },

  // The constants of the known bugs, without them, where they are not above.
  { constants: { failovers: 1 }, expect: 'holds', distinct: 9_648, generated: 31_294, depth: 27 },
  { constants: { prompt: true }, expect: 'holds', distinct: 141, generated: 285, depth: 18 },
  { constants: { failovers: 1, prompt: true }, expect: 'holds', distinct: 1_384, generated: 2_939, depth: 25 },
  { constants: { grace: 1 }, expect: 'holds', distinct: 3_991, generated: 12_562, depth: 21 },
  { constants: { reads: 3, grace: 3 }, expect: 'holds', distinct: 19_588, generated: 64_836, depth: 29 },
  { constants: { events: true }, expect: 'holds', distinct: 3_348, generated: 10_632, depth: 22 },
  { constants: { events: true, prompt: true }, expect: 'holds', distinct: 221, generated: 477, depth: 19 },

  { bugs: ['invalidation-not-awaited'], expect: 'linearizable', depth: 9 },
  { bugs: ['epoch-not-checked'], expect: 'linearizable', depth: 11 },
  { bugs: ['lease-from-receipt'], expect: 'linearizable', depth: 13 },
  { bugs: ['late-fill'], expect: 'linearizable', depth: 11 },
  { bugs: ['event-before-write'], expect: 'eventsAfter', depth: 8 },
]

// biome-ignore format: one instance a line
export const cellInstances: readonly Instance[] = [
  { constants: { replicas: 1, candidates: 1 }, expect: 'holds', distinct: 3, generated: 6, depth: 3 },
  { constants: { replicas: 2 }, expect: 'holds', distinct: 382, generated: 1_063, depth: 14 },
  { expect: 'holds', distinct: 37_276, generated: 142_373, depth: 24 },
  { constants: { crashes: 1, prompt: true }, expect: 'holds', distinct: 27_873, generated: 71_165, depth: 40 },
  { constants: { crashes: 1 }, expect: 'holds', distinct: 916_810, generated: 4_348_513, depth: 32, isSlow: true },
  { constants: { candidates: 1, crashes: 2, prompt: true }, expect: 'holds', distinct: 5_121, generated: 12_482, depth: 24 },

  // There is at most one master up to the drift that it reckons with, and no further.
  { constants: { lease: 3, driftEvery: 2, prompt: true }, expect: 'oneMaster', depth: 10 },
  { constants: { lease: 3, driftEvery: 2, boundEvery: 2, prompt: true }, expect: 'holds', distinct: 94_746, generated: 212_132, depth: 38 },
  { constants: { lease: 3, driftEvery: 1, boundEvery: 2, prompt: true }, expect: 'oneMaster', depth: 10 },
  { constants: { lease: 2, driftEvery: 1, boundEvery: 1, prompt: true }, expect: 'holds', distinct: 14_398, generated: 33_269, depth: 31 },
  { constants: { lease: 2, driftEvery: 1, boundEvery: 1 }, expect: 'holds', distinct: 241_802, generated: 1_292_445, depth: 25, isSlow: true },
  { constants: { lease: 4, driftEvery: 3, boundEvery: 3, prompt: true }, expect: 'holds', distinct: 370_062, generated: 818_545, depth: 42, isSlow: true },
  { constants: { lease: 4, driftEvery: 2, boundEvery: 3, prompt: true }, expect: 'oneMaster', depth: 11 },

  // What clients see.
  { constants: { lease: 1, operations: 2, prompt: true }, expect: 'holds', distinct: 36_140, generated: 94_176, depth: 47 },
  { constants: { operations: 2, prompt: true }, expect: 'holds', distinct: 68_560, generated: 175_430, depth: 58 },
  { constants: { operations: 2, judged: 'sessions', lease: 1, prompt: true }, expect: 'holds', distinct: 60_996, generated: 155_606, depth: 47 },
  { constants: { operations: 4, judged: 'sessions', lease: 1, prompt: true }, expect: 'holds', distinct: 929_500, generated: 2_411_116, depth: 51, isSlow: true },
  { constants: { operations: 2, lease: 1, driftEvery: 1, prompt: true }, expect: 'oneMaster', depth: 8 },

  // The constants of the known bugs, without them.
  { constants: { replicas: 2, lease: 1 }, expect: 'holds', distinct: 107, generated: 296, depth: 11 },
  { constants: { lease: 1, crashes: 1, prompt: true }, expect: 'holds', distinct: 12_534, generated: 35_481, depth: 34 },

  { bugs: ['lease-from-receipt'], expect: 'oneMaster', depth: 11 },
  { bugs: ['promise-forgotten'], expect: 'oneMaster', depth: 9 },
  { bugs: ['lease-not-checked'], expect: 'linearizable', depth: 12 },
]
