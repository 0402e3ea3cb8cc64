/** Checked instances with their exact sizes. */
import type { Instance } from '../../checker/index.ts'

// biome-ignore format: one instance a line
export const instances: readonly Instance[] = [
  { expect: 'holds', distinct: 39_640, generated: 149_605, depth: 28 },
  { constants: { failovers: 1 }, expect: 'holds', distinct: 703_205, generated: 2_841_085, depth: 36 },
  { constants: { failovers: 1, grace: 1 }, expect: 'holds', distinct: 2_661_045, generated: 11_185_561, depth: 36, isSlow: true },

  // A client whose holder died gets the lock in the end, whatever the lock-delay, and through a fail-over.
  { constants: { prompt: true, deaths: 1, lockDelay: 2 }, expect: 'holds', distinct: 5_457, generated: 15_121, depth: 29 },
  { constants: { prompt: true, deaths: 1, lockDelay: 2, failovers: 1, outage: 2, grace: 1 }, expect: 'holds', distinct: 106_064, generated: 329_344, depth: 42 },

  // Sessions survive masters that are missed for as long as the grace period allows for, and no longer.
  { constants: { lease: 3, failovers: 1, prompt: true, outage: 3, grace: 2 }, expect: 'holds', distinct: 37_239, generated: 113_448, depth: 30 },
  { constants: { lease: 3, failovers: 1, prompt: true, outage: 4, grace: 2 }, expect: 'survival', depth: 7 },
  // Where a master fails before it has heard of a client, the two times without one add up.
  { constants: { lease: 3, failovers: 2, prompt: true, outage: 2, grace: 2 }, expect: 'survival', depth: 9 },
  { constants: { lease: 3, failovers: 2, prompt: true, outage: 2, grace: 3 }, expect: 'holds', distinct: 454_128, generated: 1_517_150, depth: 37 },

  // Leases are conservative up to the drift that clients reckon with, and no further.
  { constants: { clients: 1, lease: 4, grace: 1, drift: 0, bound: 0 }, expect: 'holds', distinct: 1_368, generated: 3_296, depth: 22 },
  { constants: { clients: 1, lease: 4, grace: 1, drift: 1, bound: 0 }, expect: 'conservative', depth: 10 },
  { constants: { clients: 1, lease: 4, grace: 1, drift: 1, bound: 1 }, expect: 'holds', distinct: 3_098, generated: 12_181, depth: 23 },
  { constants: { clients: 1, lease: 4, grace: 1, drift: 2, bound: 1 }, expect: 'conservative', depth: 12 },
  { constants: { clients: 1, lease: 6, grace: 1, drift: 2, bound: 2 }, expect: 'holds', distinct: 7_490, generated: 31_601, depth: 33 },
  { constants: { lease: 4, drift: 1, bound: 1 }, expect: 'holds', distinct: 876_464, generated: 4_722_209, depth: 38, isSlow: true },
  { constants: { lease: 3, drift: 1 }, expect: 'exclusive', depth: 15 },

  // A lock-delay as long as requests may take protects a resource that trusts its clients, and one that is a tick shorter does not.
  { constants: { resource: 'trusts', latency: 1, lockDelay: 1 }, expect: 'holds', distinct: 43_896, generated: 153_449, depth: 32 },
  { constants: { resource: 'trusts', latency: 2, lockDelay: 2 }, expect: 'holds', distinct: 58_120, generated: 201_969, depth: 38 },
  { constants: { resource: 'trusts', latency: 2, lockDelay: 1 }, expect: 'ordered', depth: 22 },

  // The constants of the known bugs, without them, where they are not above.
  { constants: { grace: 1 }, expect: 'holds', distinct: 145_966, generated: 564_243, depth: 28 },

  { bugs: ['no-sequencer-check'], expect: 'ordered', depth: 18 },
  { bugs: ['no-lock-delay'], expect: 'ordered', depth: 19 },
  { bugs: ['lease-from-receipt'], expect: 'exclusive', depth: 13 },
]
