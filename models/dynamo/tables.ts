/**
 * What the configurations promise, side by side.
 *
 * Atomic are strict quorums with R + W > N whose reads have W nodes store what they return before they do, as long as timestamps are in
 * the order of the writes: one writer, clocks that agree, or timestamps after the newest that R nodes have; and R = N under the same
 * condition, without repair. With clocks that are apart, both are only monotonic. A lost disk takes all of this away, as does a sloppy quorum.
 */
import type { Column, Table, Variant } from '../../checker/index.ts'

const promise = { holds: 'kept', violated: 'broken' }

const quorums: Readonly<Record<string, Variant>> = {
  'R + W <= N': { constants: { R: 1, W: 2 } },
  'R + W > N': { constants: { R: 2, W: 2 } },
  'R + W > N, repair after reads': { constants: { R: 2, W: 2, readRepair: 'async' } },
  'R + W > N, repair before reads return': { constants: { R: 2, W: 2, readRepair: 'sync' } },
  'R + W <= N, repair before reads return': { constants: { R: 1, W: 2, readRepair: 'sync' } },
  'R = 1, W = N': { constants: { R: 1, W: 3 } },
  'R = N, W = 1': { constants: { R: 3, W: 1 } },
  'R + W > N, repair, and a lost disk': { constants: { R: 2, W: 2, readRepair: 'sync', losses: 1 } },
  'R + W > N of a sloppy quorum': { constants: { nodes: 4, R: 2, W: 2, quorum: 'sloppy', crashes: 1 } },
  'the same, repair before reads return': { constants: { nodes: 4, R: 2, W: 2, quorum: 'sloppy', crashes: 1, readRepair: 'sync' } },
}

const readPromises: Readonly<Record<string, Column>> = {
  'no stale read': { property: 'freshReads', variants: [{ constants: { judge: 'freshness' } }], words: promise },
  'reads own writes': {
    property: 'readYourWrites',
    variants: [{ constants: { judge: 'sessions', writers: 1, writes: 3, context: true, readers: 0 } }],
    words: promise,
  },
  'monotonic reads': { property: 'monotonicReads', variants: [{ constants: { judge: 'sessions', reads: 2 } }], words: promise },
  linearizable: { property: 'linearizable', variants: [{ constants: { judge: 'linearizability', reads: 2 } }], words: promise },
}

const oneWriter: Table = {
  isSlow: true,
  about: 'One client writes, and others read: which answers the number of replicas that have to answer rules out (N = 3)',
  source: 'the paper, sections 4.5 and 4.6; Attiya, Bar-Noy & Dolev 1995',
  rows: quorums,
  columns: readPromises,
  expect: {
    'R + W <= N': ['broken', 'broken', 'broken', 'broken'],
    'R + W > N': ['kept', 'kept', 'broken', 'broken'],
    'R + W > N, repair after reads': ['kept', 'kept', 'broken', 'broken'],
    'R + W > N, repair before reads return': ['kept', 'kept', 'kept', 'kept'],
    'R + W <= N, repair before reads return': ['broken', 'broken', 'broken', 'broken'],
    'R = 1, W = N': ['kept', 'kept', 'broken', 'broken'],
    'R = N, W = 1': ['kept', 'kept', 'kept', 'kept'],
    'R + W > N, repair, and a lost disk': ['broken', 'broken', 'broken', 'broken'],
    'R + W > N of a sloppy quorum': ['broken', 'broken', 'broken', 'broken'],
    'the same, repair before reads return': ['broken', 'broken', 'broken', 'broken'],
  },
}

const two = { nodes: 2, N: 2, R: 1, W: 2, readRepair: 'sync', writers: 2 }

const twoWriters: Table = {
  isSlow: true,
  about: 'Two clients write under R + W > N, with repair before reads return unless it says no: it depends on the timestamps (N = 2)',
  source: 'Lynch & Shvartsman, Robust emulation of shared memory using dynamic quorum-acknowledged broadcasts, FTCS 1997',
  rows: {
    'clocks that agree': { constants: two },
    'clocks that are apart': { constants: { ...two, skew: 2 } },
    'timestamps after the newest of R nodes': { constants: { ...two, stamps: 'query' } },
    'timestamps after the newest, no repair': { constants: { ...two, stamps: 'query', readRepair: 'none' } },
    'clocks that agree, R = N, no repair': { constants: { ...two, R: 2, W: 1, readRepair: 'none' } },
    'clocks that are apart, R = N, no repair': { constants: { ...two, R: 2, W: 1, readRepair: 'none', skew: 2 } },
  },
  columns: readPromises,
  expect: {
    'clocks that agree': ['kept', 'kept', 'kept', 'kept'],
    'clocks that are apart': ['broken', 'broken', 'kept', 'broken'],
    'timestamps after the newest of R nodes': ['kept', 'kept', 'kept', 'kept'],
    'timestamps after the newest, no repair': ['kept', 'kept', 'broken', 'broken'],
    'clocks that agree, R = N, no repair': ['kept', 'kept', 'kept', 'kept'],
    'clocks that are apart, R = N, no repair': ['broken', 'broken', 'kept', 'broken'],
  },
}

/** All that a bug would otherwise bring along is said. */
const alone = { writers: 1, writes: 1, context: false, deletes: false, antiEntropy: false, readers: 0 }
const pair = { ...alone, nodes: 2, N: 2, R: 1, W: 2, judge: 'durability' }

const versions: Table = {
  about: 'What becomes of acknowledged writes, by the way in which versions are compared (N = 2)',
  source: 'the paper, section 4.4; Preguiça, Baquero, Almeida, Fonte & Gonçalves, arXiv 1011.5808, 2010',
  rows: {
    'last writer wins, clocks that agree': { constants: pair },
    'last writer wins, clocks that are apart': { constants: { ...pair, skew: 2 } },
    'last writer wins, timestamps after the newest': { constants: { ...pair, stamps: 'query' } },
    'vector clocks with dots': { constants: { ...pair, versions: 'vector' } },
    'vector clocks without': { constants: { ...pair, versions: 'vector' }, bugs: ['clock-without-dot'] },
    'vector clocks, no tombstones': { constants: { ...pair, versions: 'vector' }, bugs: ['no-tombstones'] },
    'last writer wins, no tombstones': { constants: pair, bugs: ['no-tombstones'] },
  },
  columns: {
    'writes one after the other are kept': {
      property: 'durability',
      variants: [{ constants: { writes: 2, context: true } }],
      words: promise,
    },
    'concurrent writes are kept': { property: 'durability', variants: [{ constants: { writers: 2 } }], words: promise },
    'what is read, changed and written back is kept': {
      property: 'durability',
      variants: [{ constants: { writers: 2, context: true } }],
      words: promise,
    },
    'what is deleted stays so': {
      property: 'noResurrection',
      variants: [{ constants: { writes: 2, deletes: true, context: true, antiEntropy: true } }],
      words: promise,
    },
  },
  expect: {
    'last writer wins, clocks that agree': ['kept', 'broken', 'broken', 'kept'],
    'last writer wins, clocks that are apart': ['broken', 'broken', 'broken', 'broken'],
    'last writer wins, timestamps after the newest': ['kept', 'broken', 'broken', 'kept'],
    'vector clocks with dots': ['kept', 'kept', 'kept', 'kept'],
    'vector clocks without': ['kept', 'broken', 'broken', 'kept'],
    'vector clocks, no tombstones': ['kept', 'kept', 'kept', 'broken'],
    'last writer wins, no tombstones': ['kept', 'broken', 'broken', 'broken'],
  },
}

const repaired = {
  nodes: 3,
  N: 2,
  R: 1,
  W: 1,
  versions: 'vector',
  writers: 2,
  readers: 1,
  readRepair: 'none',
  handoff: false,
  judge: 'convergence',
}

const repairs: Table = {
  isSlow: true,
  about: 'Whether replicas come to agree, by what repairs them and what has gone wrong (N = 2 of 3 nodes, sloppy quorums, R = W = 1)',
  source: 'the paper, sections 4.6, 4.7 and 5',
  rows: {
    nothing: { constants: repaired },
    'read repair': { constants: { ...repaired, readRepair: 'async' } },
    'hinted handoff': { constants: { ...repaired, handoff: true } },
    'anti-entropy': { constants: { ...repaired, antiEntropy: true } },
    'hinted handoff and anti-entropy': { constants: { ...repaired, handoff: true, antiEntropy: true } },
  },
  columns: {
    'no fault': { property: 'convergence', words: { holds: 'agree', violated: 'differ' } },
    'a crash': {
      property: 'convergence',
      variants: [{ constants: { quorum: 'sloppy', crashes: 1 } }],
      words: { holds: 'agree', violated: 'differ' },
    },
    'a partition': {
      property: 'convergence',
      variants: [{ constants: { quorum: 'sloppy', partitions: 1 } }],
      words: { holds: 'agree', violated: 'differ' },
    },
    'a lost message': {
      property: 'convergence',
      variants: [{ constants: { quorum: 'sloppy', drops: 1 } }],
      words: { holds: 'agree', violated: 'differ' },
    },
    'a lost disk': {
      property: 'convergence',
      variants: [{ constants: { quorum: 'sloppy', losses: 1 } }],
      words: { holds: 'agree', violated: 'differ' },
    },
  },
  expect: {
    nothing: ['agree', 'differ', 'differ', 'differ', 'differ'],
    'read repair': ['agree', 'differ', 'differ', 'differ', 'differ'],
    'hinted handoff': ['agree', 'agree', 'differ', 'differ', 'differ'],
    'anti-entropy': ['agree', 'agree', 'differ', 'agree', 'agree'],
    'hinted handoff and anti-entropy': ['agree', 'agree', 'agree', 'agree', 'agree'],
  },
}

const loss = { readers: 0, losses: 1, drops: 2, judge: 'durability' }
const one = { readers: 1, judge: 'availability' }

const faults: Table = {
  about: 'Whether clients get their answers during a fault, and whether what they wrote outlives a disk (N = 3, R = 1)',
  source: 'the paper, sections 4.6 and 6.3: N, R and W balance performance, availability, consistency and durability',
  rows: {
    'W = 1': { constants: { R: 1, W: 1 } },
    'W = 2': { constants: { R: 1, W: 2 } },
    'W = 3': { constants: { R: 1, W: 3 } },
    'W = 2 of a sloppy quorum': { constants: { nodes: 4, R: 1, W: 2, quorum: 'sloppy' } },
    'W = 3 of a sloppy quorum': { constants: { nodes: 4, R: 1, W: 3, quorum: 'sloppy' } },
  },
  columns: {
    'answers during a crash': {
      property: 'availability',
      variants: [{ constants: { ...one, crashes: 1 } }],
      words: { holds: 'yes', violated: 'no' },
    },
    'answers during two': {
      property: 'availability',
      variants: [{ constants: { ...one, crashes: 2 } }],
      words: { holds: 'yes', violated: 'no' },
    },
    'answers during a partition': {
      property: 'availability',
      variants: [{ constants: { ...one, partitions: 1 } }],
      words: { holds: 'yes', violated: 'no' },
    },
    'writes outlive a disk': { property: 'durability', variants: [{ constants: loss }], words: { holds: 'yes', violated: 'no' } },
  },
  expect: {
    'W = 1': ['yes', 'yes', 'yes', 'no'],
    'W = 2': ['yes', 'no', 'no', 'yes'],
    'W = 3': ['no', 'no', 'no', 'yes'],
    'W = 2 of a sloppy quorum': ['yes', 'yes', 'no', 'yes'],
    'W = 3 of a sloppy quorum': ['yes', 'no', 'no', 'yes'],
  },
}

/** Two nodes keep the key. */
const shown = { nodes: 2, N: 2, R: 1, W: 2, versions: 'vector', judge: 'sessions', writers: 1, writes: 2, context: true, readers: 0 }

const siblingSessions: Table = {
  isSlow: true,
  about: 'Session guarantees of reads that return siblings: whether these include what they should, or descend from it (N = 2)',
  source: 'Terry et al., Session guarantees for weakly consistent replicated data, PDIS 1994; the paper, section 4.4',
  rows: {
    'R + W <= N': { constants: { ...shown, W: 1 } },
    'R = 1, W = N': { constants: shown },
    'R = N, W = 1': { constants: { ...shown, R: 2, W: 1 } },
    'R = 1, W = N, repair before reads return': { constants: { ...shown, readRepair: 'sync' } },
    'R = 1, W = N of a sloppy quorum': { constants: { ...shown, nodes: 3, quorum: 'sloppy', crashes: 1 } },
  },
  columns: {
    'read your writes': { property: 'readYourWrites', words: promise },
    'monotonic reads': {
      property: 'monotonicReads',
      variants: [{ constants: { writes: 1, context: false, readers: 1, reads: 2 } }],
      words: promise,
    },
    'monotonic writes, without contexts': {
      property: 'monotonicWrites',
      variants: [{ constants: { context: false, readers: 1 } }],
      words: promise,
    },
    'monotonic writes, with contexts': { property: 'monotonicWrites', variants: [{ constants: { readers: 1 } }], words: promise },
    'writes follow reads': { property: 'writesFollowReads', variants: [{ constants: { writers: 2 } }], words: promise },
  },
  // Two clients that read and write twice each are too many states where less is certain.
  expect: {
    'R + W <= N': ['broken', 'broken', 'broken', 'broken', 'broken'],
    'R = 1, W = N': ['kept', 'broken', 'kept', 'kept', 'kept'],
    'R = N, W = 1': ['kept', 'kept', 'broken', 'kept', null],
    'R = 1, W = N, repair before reads return': ['kept', 'kept', 'kept', 'kept', null],
    'R = 1, W = N of a sloppy quorum': ['broken', 'broken', 'broken', 'broken', null],
  },
}

export const tables: Readonly<Record<string, Table>> = {
  quorums: oneWriter,
  timestamps: twoWriters,
  versions,
  siblingSessions,
  repairs,
  faults,
}
