/** Checked instances with their sizes; those that hold are exhaustive. */
import type { Instance } from '../../checker/index.ts'

// biome-ignore format: one instance a line
export const instances: readonly Instance[] = [
  // Semi-synchronous and fenced, which is the default: the promises that it keeps, with reads at the primary.
  { expect: 'holds', distinct: 292, generated: 613, depth: 11 },
  { constants: { clients: 'w r r' }, expect: 'holds', distinct: 392, generated: 939, depth: 11 },
  { constants: { failovers: 2 }, expect: 'holds', distinct: 1_171, generated: 2_525, depth: 14 },
  { constants: { servers: 2, hears: 1 }, expect: 'holds', distinct: 62, generated: 96, depth: 9 },
  { constants: { clients: 'wr w', promise: 'readYourWrites' }, expect: 'holds', distinct: 1_374, generated: 2_604, depth: 14 },
  { constants: { promise: 'monotonicReads' }, expect: 'holds', distinct: 420, generated: 793, depth: 11 },
  { constants: { clients: 'ww rr', promise: 'monotonicWrites' }, expect: 'holds', distinct: 1_796, generated: 3_497, depth: 15 },
  { constants: { clients: 'w rw rr', promise: 'writesFollowReads' }, expect: 'holds', distinct: 8_226, generated: 17_124, depth: 16 },
  { constants: { clients: 'w w', promise: 'durable' }, expect: 'holds', distinct: 950, generated: 1_694, depth: 13 },
  { constants: { clients: 'w w', failovers: 2, promise: 'durable' }, expect: 'holds', distinct: 4_656, generated: 8_198, depth: 17 },
  { constants: { clients: 'w w', promise: 'onePrimary' }, expect: 'holds', distinct: 748, generated: 1_442, depth: 13 },
  { constants: { clients: 'w w', promise: 'convergence' }, expect: 'holds', distinct: 748, generated: 1_442, depth: 13 },
  { constants: { clients: 'w w', failovers: 2, promise: 'convergence' }, expect: 'holds', distinct: 3_056, generated: 5_830, depth: 16 },
  { constants: { clients: 'w w', failovers: 2, promise: 'noDivergence' }, expect: 'holds', distinct: 3_056, generated: 5_830, depth: 16 },
  { constants: { clients: 'w w', failovers: 2, promise: 'noResurrection' }, expect: 'holds', distinct: 3_056, generated: 5_830, depth: 16 },

  // Synchronous, sticky and with tokens.
  { constants: { mode: 'sync' }, expect: 'holds', distinct: 240, generated: 481, depth: 11 },
  { constants: { mode: 'sync', hears: 1, clients: 'w w', failovers: 2, promise: 'durable' }, expect: 'holds', distinct: 4_178, generated: 7_322, depth: 17 },
  { constants: { mode: 'sync', failover: 'unfenced', clients: 'w w', promise: 'durable' }, expect: 'holds', distinct: 609, generated: 1_117, depth: 12 },
  { constants: { mode: 'async', reads: 'session-token', failover: 'unfenced', clients: 'wr w', promise: 'readYourWrites' }, expect: 'holds', distinct: 2_030, generated: 5_759, depth: 15 },
  { constants: { mode: 'async', reads: 'session-token', failover: 'unfenced', promise: 'monotonicReads' }, expect: 'holds', distinct: 513, generated: 1_569, depth: 11 },
  { constants: { mode: 'async', reads: 'session-token', failover: 'unfenced', clients: 'ww rr', promise: 'monotonicWrites' }, expect: 'holds', distinct: 3_693, generated: 11_747, depth: 16 },
  { constants: { mode: 'async', reads: 'session-token', failover: 'unfenced', clients: 'w rw rr', promise: 'writesFollowReads' }, expect: 'holds', distinct: 12_374, generated: 40_689, depth: 17 },
  { constants: { mode: 'async', reads: 'sticky', failover: 'none', clients: 'wr w', promise: 'readYourWrites' }, expect: 'holds', distinct: 208, generated: 507, depth: 12 },
  { constants: { reads: 'sticky', promise: 'monotonicReads' }, expect: 'holds', distinct: 1_200, generated: 3_108, depth: 13 },
  { constants: { mode: 'async', failover: 'unfenced', clients: 'w w', promise: 'convergence' }, expect: 'holds', distinct: 415, generated: 807, depth: 10 },
  { constants: { mode: 'async', reads: 'any-replica', shipping: 'statement', failover: 'unfenced', clients: 'w w', promise: 'convergence' }, expect: 'holds', distinct: 899, generated: 2_037, depth: 14 },

  // The price: who waits for all replicas waits for one that is down, and a session for its server, or for a write that is lost.
  { constants: { clients: 'wr rr', promise: 'available' }, expect: 'holds', distinct: 348, generated: 799, depth: 12 },
  { constants: { mode: 'sync', clients: 'w', promise: 'available' }, expect: 'available', depth: 4 },
  { constants: { reads: 'sticky', clients: 'wr', promise: 'available' }, expect: 'available', depth: 5 },
  { constants: { mode: 'async', reads: 'session-token', clients: 'wr', promise: 'available' }, expect: 'available', depth: 3 },

  // A write that was acknowledged is lost on failover: its primary had not shipped it, or not to the one that is promoted.
  { constants: { mode: 'async', clients: 'w', promise: 'durable' }, expect: 'durable', depth: 4 },
  { constants: { failover: 'unfenced', clients: 'w', promise: 'durable' }, expect: 'durable', depth: 5 },
  { constants: { hears: 1, clients: 'w', promise: 'durable' }, expect: 'durable', depth: 6 },

  // A stale read: of one's own write, and of what another has written before.
  { constants: { mode: 'async', reads: 'any-replica', failover: 'none', clients: 'wr', promise: 'readYourWrites' }, expect: 'readYourWrites', depth: 3 },
  { constants: { mode: 'async', reads: 'session-token', failover: 'none', promise: 'linearizable' }, expect: 'linearizable', depth: 3 },

  // Reads that go backwards from one replica to another, and a write that is seen before an older one.
  { constants: { mode: 'async', reads: 'any-replica', failover: 'none', promise: 'monotonicReads' }, expect: 'monotonicReads', depth: 4 },
  { constants: { mode: 'async', reads: 'replica', failover: 'none', promise: 'monotonicReads' }, expect: 'monotonicReads', depth: 6 },
  { constants: { servers: 2, hears: 1, mode: 'async', reads: 'replica', failover: 'none', promise: 'monotonicReads' }, expect: 'holds', distinct: 15, generated: 19, depth: 6 },
  { constants: { mode: 'sync', reads: 'any-replica', failover: 'none', promise: 'monotonicReads' }, expect: 'monotonicReads', depth: 6 },
  { constants: { mode: 'async', reads: 'any-replica', failover: 'none', clients: 'ww rr', promise: 'monotonicWrites' }, expect: 'monotonicWrites', depth: 5 },
  { constants: { mode: 'async', reads: 'any-replica', failover: 'none', clients: 'w rw rr', promise: 'writesFollowReads' }, expect: 'writesFollowReads', depth: 6 },

  // Split brain: both sides acknowledge writes, the second time with a replica that still follows the old primary.
  { constants: { mode: 'async', failover: 'unfenced', clients: 'w w', promise: 'onePrimary' }, expect: 'onePrimary', depth: 4 },
  { constants: { failover: 'unfenced', clients: 'w w', promise: 'onePrimary' }, expect: 'onePrimary', depth: 9 },

  // Redis's WAIT: what it acknowledges survives, and still a read sees a write that is gone afterwards.
  { constants: { mode: 'wait', clients: 'w w', promise: 'durable' }, expect: 'holds', distinct: 950, generated: 1_694, depth: 13 },
  { constants: { mode: 'wait', clients: 'w r r' }, expect: 'linearizable', depth: 6 },
  { constants: { mode: 'wait', promise: 'monotonicReads' }, expect: 'monotonicReads', depth: 6 },
  { constants: { mode: 'wait', failover: 'unfenced', clients: 'w r r' }, expect: 'linearizable', depth: 5 },
  { constants: { mode: 'wait', hears: 1, clients: 'w', promise: 'durable' }, expect: 'durable', depth: 6 },

  // The constants of the known bugs, without them.
  { constants: { servers: 2, hears: 1, mode: 'sync', reads: 'primary', failover: 'fenced', clients: 'w', promise: 'durable' }, expect: 'holds', distinct: 20, generated: 21, depth: 7 },
  { constants: { servers: 2, hears: 1, mode: 'semi-sync', reads: 'primary', failover: 'fenced', clients: 'w', promise: 'durable' }, expect: 'holds', distinct: 20, generated: 21, depth: 7 },
  { constants: { servers: 3, mode: 'semi-sync', reads: 'primary', failover: 'fenced', clients: 'w', promise: 'durable' }, expect: 'holds', distinct: 92, generated: 137, depth: 9 },
  { constants: { servers: 2, hears: 1, mode: 'async', reads: 'primary', failover: 'fenced', clients: 'ww', promise: 'onePrimary' }, expect: 'holds', distinct: 37, generated: 43, depth: 8 },
  { constants: { servers: 2, hears: 1, mode: 'async', reads: 'primary', failover: 'fenced', failovers: 2, clients: 'w', promise: 'noResurrection' }, expect: 'holds', distinct: 32, generated: 35, depth: 9 },
  { constants: { servers: 2, hears: 1, mode: 'async', reads: 'primary', failover: 'unfenced', clients: 'w', promise: 'convergence' }, expect: 'holds', distinct: 12, generated: 14, depth: 5 },
  { constants: { servers: 2, hears: 1, mode: 'async', reads: 'session-token', failover: 'unfenced', clients: 'w w rrr', promise: 'monotonicReads' }, expect: 'holds', distinct: 1_270, generated: 2_629, depth: 12 },
  { constants: { servers: 2, hears: 1, mode: 'async', reads: 'session-token', failover: 'fenced', clients: 'wr', promise: 'readYourWrites' }, expect: 'holds', distinct: 32, generated: 48, depth: 8 },
  { constants: { servers: 2, hears: 1, mode: 'semi-sync', reads: 'sticky', failover: 'fenced', clients: 'wr', promise: 'readYourWrites' }, expect: 'holds', distinct: 34, generated: 46, depth: 9 },
  { constants: { servers: 2, hears: 1, mode: 'async', shipping: 'statement', reads: 'primary', failover: 'none', clients: 'w', promise: 'convergence' }, expect: 'holds', distinct: 3, generated: 3, depth: 3 },
  { constants: { servers: 2, hears: 1, mode: 'async', reads: 'sticky', failover: 'none', clients: 'ww rr', promise: 'monotonicWrites' }, expect: 'holds', distinct: 96, generated: 169, depth: 9 },

  { bugs: ['acknowledged-before-replicated'], expect: 'durable', depth: 4 },
  { bugs: ['semi-sync-timeout'], expect: 'durable', depth: 5 },
  { bugs: ['promotes-the-last'], expect: 'durable', depth: 6 },
  { bugs: ['fencing-assumed'], expect: 'onePrimary', depth: 4 },
  { bugs: ['rejoin-without-truncating'], expect: 'noResurrection', depth: 7 },
  { bugs: ['positions-are-counts'], expect: 'convergence', depth: 4 },
  { bugs: ['token-without-epoch'], expect: 'monotonicReads', depth: 7 },
  { bugs: ['token-dropped-on-failover'], expect: 'readYourWrites', depth: 5 },
  { bugs: ['sticky-rerouted'], expect: 'readYourWrites', depth: 6 },
  { bugs: ['non-deterministic-statement'], expect: 'convergence', depth: 3 },
  { bugs: ['applied-out-of-order'], expect: 'monotonicWrites', depth: 9 },
  { constants: { promise: 'noDivergence', clients: 'w' }, bugs: ['rejoin-without-truncating'], expect: 'noDivergence', depth: 5 },
  { constants: { clients: 'w rr', promise: 'monotonicReads' }, bugs: ['sticky-rerouted'], expect: 'monotonicReads', depth: 7 },
  { constants: { shipping: 'log' }, bugs: ['non-deterministic-statement'], expect: 'holds', distinct: 3, generated: 3, depth: 3 },
  { constants: { promise: 'convergence', clients: 'w' }, bugs: ['rejoin-without-truncating'], expect: 'convergence', depth: 5 },
  { constants: { promise: 'convergence', clients: 'ww' }, bugs: ['applied-out-of-order'], expect: 'convergence', depth: 7 },

  // Four servers.
  { constants: { servers: 4, hears: 3, clients: 'w r r', failovers: 2 }, expect: 'holds', distinct: 11_813, generated: 37_606, depth: 16 },
  { constants: { servers: 4, acks: 2, hears: 2, clients: 'w w', failovers: 2, promise: 'durable' }, expect: 'holds', distinct: 52_426, generated: 127_987, depth: 20, isSlow: true },
  { constants: { servers: 4, hears: 3, clients: 'w w', promise: 'convergence' }, expect: 'holds', distinct: 4_564, generated: 12_081, depth: 16 },
  { constants: { servers: 4, hears: 3, reads: 'session-token', failover: 'unfenced', mode: 'async', clients: 'ww rr', promise: 'monotonicWrites' }, expect: 'holds', distinct: 41_871, generated: 189_279, depth: 21 },
]
