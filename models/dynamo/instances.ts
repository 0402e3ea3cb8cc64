/** Checked instances: what a configuration promises holds in every state, what it does not is shown, and each known bug breaks a promise. */
import type { Instance } from '../../checker/index.ts'
import { bugs } from './bugs.ts'

const two = { nodes: 2, N: 2, R: 1, W: 2 }
const siblings = { versions: 'vector', writers: 2, readers: 0 }
/** A client deletes what it has read, and nodes drop the tombstone. */
const collected = { ...two, versions: 'vector', writes: 2, context: true, deletes: true, collection: true, judge: 'durability' }
/** Two nodes keep the key, and a third one may stand in for one of them. */
const sloppy = { nodes: 3, N: 2, R: 1, W: 1, quorum: 'sloppy' }

/** R + W > N, and what reads return is stored before: atomic, if timestamps are in the order of the writes. */
const atomic: readonly Instance[] = [
  { expect: 'holds', distinct: 304, generated: 988, depth: 7 },
  { constants: { reads: 2, readRepair: 'sync' }, expect: 'holds', distinct: 1_568, generated: 5_422, depth: 10 },
  { constants: { readers: 2, readRepair: 'sync' }, expect: 'holds', distinct: 15_001, generated: 71_455, depth: 10 },
  { constants: { reads: 2, readRepair: 'sync', crashes: 1 }, expect: 'holds', distinct: 10_459, generated: 39_745, depth: 13 },
  {
    constants: { reads: 2, readRepair: 'sync', crashes: 1, coordinator: 'first' },
    expect: 'holds',
    distinct: 1_980,
    generated: 6_242,
    depth: 13,
  },
  { constants: { writers: 2, readRepair: 'sync' }, expect: 'holds', distinct: 24_566, generated: 97_633, depth: 10, isSlow: true },
  {
    constants: { ...two, writers: 2, reads: 2, readRepair: 'sync', stamps: 'query' },
    expect: 'holds',
    distinct: 2_238,
    generated: 6_411,
    depth: 11,
  },
  { constants: { R: 3, W: 1, reads: 2 }, expect: 'holds', distinct: 1_473, generated: 3_946, depth: 12 },
]

/** Weaker promises of what clients read. */
const sessions: readonly Instance[] = [
  { constants: { reads: 2, readRepair: 'sync', judge: 'sessions' }, expect: 'holds', distinct: 1_400, generated: 4_882, depth: 11 },
  { constants: { writes: 3, context: true, readers: 0, judge: 'sessions' }, expect: 'holds', distinct: 1_411, generated: 4_906, depth: 19 },
  { constants: { reads: 2, readRepair: 'async', judge: 'freshness' }, expect: 'holds', distinct: 1_827, generated: 6_562, depth: 10 },
  { constants: { partitions: 1, judge: 'freshness' }, expect: 'holds', distinct: 1_973, generated: 6_727, depth: 9 },

  // Of reads that return siblings.
  {
    constants: { versions: 'vector', writes: 2, context: true, judge: 'sessions' },
    expect: 'holds',
    distinct: 6_586,
    generated: 27_703,
    depth: 16,
  },
  { constants: { versions: 'vector', writes: 2, judge: 'sessions' }, expect: 'monotonicWrites', depth: 7 },
  {
    constants: { ...two, W: 1, versions: 'vector', writes: 2, context: true, readers: 0, judge: 'sessions' },
    expect: 'readYourWrites',
    depth: 6,
  },
  { constants: { ...two, W: 1, versions: 'vector', reads: 2, judge: 'sessions' }, expect: 'monotonicReads', depth: 6 },

  { constants: { reads: 2 }, expect: 'linearizable', depth: 8, source: 'Attiya, Bar-Noy & Dolev 1995, section 3: seen, and then unseen' },
  { constants: { ...two, readers: 2 }, expect: 'linearizable', depth: 6 },
  { constants: { reads: 2, judge: 'sessions' }, expect: 'monotonicReads', depth: 8 },
  { constants: { R: 1, W: 2, judge: 'freshness' }, expect: 'freshReads', depth: 5 },
  { constants: { nodes: 4, quorum: 'sloppy', crashes: 1, judge: 'freshness' }, expect: 'freshReads', depth: 7 },
  { constants: { nodes: 4, quorum: 'sloppy', partitions: 1, judge: 'freshness' }, expect: 'freshReads', depth: 7 },
  { constants: { nodes: 2, N: 1, R: 1, W: 1, quorum: 'sloppy', suspicions: 1, judge: 'freshness' }, expect: 'freshReads', depth: 5 },
]

/** What becomes of writes. */
const durability: readonly Instance[] = [
  { constants: { ...siblings, context: true, judge: 'durability' }, expect: 'holds', distinct: 1_264, generated: 3_649, depth: 13 },
  { constants: { ...siblings, ...sloppy, crashes: 1, judge: 'durability' }, expect: 'holds', distinct: 635, generated: 1_215, depth: 9 },
  {
    constants: { ...siblings, ...sloppy, context: true, suspicions: 1, antiEntropy: true, judge: 'durability' },
    expect: 'holds',
    distinct: 3_417,
    generated: 10_679,
    depth: 13,
  },
  {
    constants: { ...siblings, ...sloppy, W: 2, context: true, crashes: 1, antiEntropy: true, judge: 'durability' },
    expect: 'holds',
    distinct: 8_553,
    generated: 26_001,
    depth: 15,
    isSlow: true,
  },
  // Tombstones are dropped by one node after the other, until none is left; who reads meanwhile brings nothing back.
  { constants: { ...collected, W: 1, readers: 0, antiEntropy: true }, expect: 'holds', distinct: 125, generated: 269, depth: 13 },
  {
    constants: { ...collected, R: 2, antiEntropy: true, readRepair: 'async' },
    expect: 'holds',
    distinct: 778,
    generated: 1_777,
    depth: 18,
  },
  {
    constants: { ...two, R: 2, writes: 2, deletes: true, collection: true, readRepair: 'sync', judge: 'durability' },
    expect: 'holds',
    distinct: 138,
    generated: 271,
    depth: 10,
  },
  {
    constants: { ...two, writes: 2, deletes: true, collection: true, judge: 'freshness' },
    expect: 'holds',
    distinct: 50,
    generated: 129,
    depth: 9,
  },

  { constants: { ...two, writers: 2, readers: 0, judge: 'durability' }, expect: 'durability', depth: 5 },
  { constants: { ...two, writes: 2, readers: 0, skew: 2, judge: 'durability' }, expect: 'durability', depth: 5 },
]

/** What becomes of replicas, and of clients during faults. */
const progress: readonly Instance[] = [
  {
    constants: { ...siblings, ...sloppy, partitions: 1, antiEntropy: true, judge: 'convergence' },
    expect: 'holds',
    distinct: 1_383,
    generated: 3_157,
    depth: 9,
  },
  {
    constants: { ...two, W: 1, keys: 2, writers: 2, readers: 0, drops: 1, antiEntropy: true, judge: 'convergence' },
    expect: 'holds',
    distinct: 117,
    generated: 333,
    depth: 6,
  },
  {
    constants: { ...siblings, nodes: 4, quorum: 'sloppy', partitions: 1, antiEntropy: true, judge: 'convergence' },
    expect: 'holds',
    distinct: 146_573,
    generated: 794_819,
    depth: 14,
    isSlow: true,
  },
  {
    constants: { nodes: 4, quorum: 'sloppy', crashes: 1, judge: 'availability' },
    expect: 'holds',
    distinct: 6_407,
    generated: 28_011,
    depth: 10,
  },

  { constants: { ...siblings, ...sloppy, partitions: 1, judge: 'convergence' }, expect: 'convergence', depth: 3 },
  { constants: { W: 3, crashes: 1, judge: 'availability' }, expect: 'availability', depth: 3 },
]

const broken: readonly Instance[] = [
  { bugs: ['clock-without-dot'], expect: 'durability', depth: 3 },
  { bugs: ['clock-truncated'], expect: 'noResurrection', depth: 9 },
  { bugs: ['name-kept-without-data'], expect: 'durability', depth: 12 },
  { bugs: ['siblings-dropped'], expect: 'durability', depth: 3 },
  { bugs: ['ties-unbroken'], expect: 'convergence', depth: 5 },
  { bugs: ['last-message-wins'], expect: 'convergence', depth: 5 },
  { bugs: ['no-tombstones'], expect: 'noResurrection', depth: 7 },
  { bugs: ['tombstones-collected-early'], expect: 'noResurrection', depth: 8 },
  { bugs: ['hint-deleted-when-sent'], expect: 'durability', depth: 6 },
  { bugs: ['buffered-writes'], expect: 'durability', depth: 3 },
  { bugs: ['virtual-nodes-counted-twice'], expect: 'durability', depth: 3 },
]

/** Without the bug, at the constants that show it. */
const mended: readonly Instance[] = [
  { constants: at('clock-without-dot'), expect: 'holds', distinct: 5, generated: 5, depth: 3 },
  { constants: at('clock-truncated'), expect: 'holds', distinct: 58, generated: 93, depth: 9 },
  { constants: at('name-kept-without-data'), expect: 'holds', distinct: 690, generated: 1_053, depth: 14 },
  { constants: at('ties-unbroken'), expect: 'holds', distinct: 101, generated: 161, depth: 5 },
  { constants: at('last-message-wins'), expect: 'holds', distinct: 13, generated: 23, depth: 5 },
  { constants: at('no-tombstones'), expect: 'holds', distinct: 11, generated: 17, depth: 5 },
  { constants: at('tombstones-collected-early'), expect: 'holds', distinct: 26, generated: 59, depth: 7 },
  { constants: at('hint-deleted-when-sent'), expect: 'holds', distinct: 10, generated: 15, depth: 4 },
  { constants: at('buffered-writes'), expect: 'holds', distinct: 6, generated: 7, depth: 4 },
  { constants: at('virtual-nodes-counted-twice'), expect: 'holds', distinct: 12, generated: 19, depth: 4 },
]

export const instances: readonly Instance[] = [...atomic, ...sessions, ...durability, ...progress, ...broken, ...mended]

function at(bug: keyof typeof bugs): NonNullable<Instance['constants']> {
  return bugs[bug].constants ?? {}
}
