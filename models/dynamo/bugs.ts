/** Published mistakes. Each is a switch in the model, and the checker must find that it breaks the named property. */
import type { Bug } from '../../checker/index.ts'

type BugName =
  | 'clock-without-dot'
  | 'clock-truncated'
  | 'name-kept-without-data'
  | 'siblings-dropped'
  | 'ties-unbroken'
  | 'last-message-wins'
  | 'no-tombstones'
  | 'tombstones-collected-early'
  | 'hint-deleted-when-sent'
  | 'buffered-writes'
  | 'virtual-nodes-counted-twice'

/** Tells whether a bug is switched on. */
export type Bugs = (name: BugName) => boolean

const oneOfTwo = { nodes: 2, N: 2, R: 1, W: 1 }

export const bugs: Readonly<Record<BugName, Bug>> = {
  'clock-without-dot': {
    about: 'A coordinator counts a new version in its clock, as if its writer had seen all that the coordinator made before',
    source: 'Preguiça, Baquero, Almeida, Fonte & Gonçalves, Dotted version vectors, arXiv 1011.5808, 2010, section 3: a vector per server',
    violates: 'durability',
    constants: { nodes: 1, N: 1, R: 1, W: 1, versions: 'vector', writers: 2, readers: 0, judge: 'durability' },
  },
  'clock-truncated': {
    about:
      'So that clocks stay short, a coordinator drops what they say of other nodes: a version no longer covers theirs, though its writer had seen them',
    source: 'the paper, section 4.4, clock truncation: the descendant relationships cannot be derived accurately',
    violates: 'noResurrection',
    constants: { ...oneOfTwo, versions: 'vector', writes: 2, context: true, readers: 0, judge: 'durability' },
  },
  'name-kept-without-data': {
    about: 'A node that has lost its disk counts anew under its old name: who has seen its first version seems to have seen what was lost',
    source: 'riak_kv issue 679 (possible data loss on corruption of coordinating node replica), pull request 1094',
    violates: 'durability',
    constants: { ...oneOfTwo, W: 2, versions: 'vector', writes: 3, context: true, readers: 0, losses: 1, judge: 'durability' },
  },
  'siblings-dropped': {
    about: 'Of siblings, a node keeps the one that came last',
    source: 'the paper, section 4.4: the system keeps multiple versions of an object, and it is the client that reconciles them',
    violates: 'durability',
    constants: { nodes: 1, N: 1, R: 1, W: 1, versions: 'vector', writers: 2, readers: 0, judge: 'durability' },
  },
  'ties-unbroken': {
    about: 'Of two versions with the same timestamp, a node keeps the one that it already has',
    source: 'Shapiro, Preguiça, Baquero & Zawirski, INRIA RR-7506, 2011, specification 8: timestamps must be unique and totally ordered',
    violates: 'convergence',
    constants: { ...oneOfTwo, skew: 1, writers: 2, readers: 0, judge: 'convergence' },
  },
  'last-message-wins': {
    about: 'A node stores what it receives without comparing it with what it has',
    source: 'the paper, section 4.4: of versions that are ordered, the older one can be forgotten',
    violates: 'convergence',
    constants: { ...oneOfTwo, writes: 2, readers: 0, judge: 'convergence' },
  },
  'no-tombstones': {
    about: 'A deletion leaves nothing behind: a node that has missed it gives the others back what was deleted',
    source: 'Cassandra, documentation, About deletes and tombstones; Lakshman & Malik, Cassandra, LADIS 2009',
    violates: 'noResurrection',
    constants: { ...oneOfTwo, W: 2, writes: 2, deletes: true, readers: 0, antiEntropy: true, judge: 'durability' },
  },
  'tombstones-collected-early': {
    about: 'A node drops a tombstone before all others have it',
    source: 'Cassandra, documentation of gc_grace_seconds: a node that is repaired later than that brings deleted data back',
    violates: 'noResurrection',
    constants: { ...oneOfTwo, writes: 2, deletes: true, collection: true, readers: 0, antiEntropy: true, judge: 'durability' },
  },
  'hint-deleted-when-sent': {
    about: 'A node that stands in for another one deletes what it kept when it has sent it, not when the other has it',
    source: 'the paper, section 4.6: once the transfer succeeds, it may delete the object',
    violates: 'durability',
    constants: { nodes: 2, N: 1, R: 1, W: 1, quorum: 'sloppy', readers: 0, crashes: 1, drops: 1, judge: 'durability' },
  },
  'buffered-writes': {
    about: 'Nodes acknowledge writes that are in their memory only, and write them to disk later',
    source: 'the paper, section 6.2: a server crash can result in missing writes that were queued up in the buffer',
    violates: 'durability',
    constants: { nodes: 1, N: 1, R: 1, W: 1, readers: 0, crashes: 1, judge: 'durability' },
  },
  'virtual-nodes-counted-twice': {
    about: 'Of two positions of the same node on the ring, each counts as a replica',
    source: 'the paper, section 4.3: the preference list skips positions, so that it contains only distinct physical nodes',
    violates: 'durability',
    constants: { nodes: 2, tokens: 2, N: 2, R: 1, W: 1, readers: 0, losses: 1, judge: 'durability' },
  },
}
