/**
 * A register on replicas that all take writes and never wait for each other: the write with the greatest timestamp wins. Replicas
 * tell each other what they hold in the background (anti-entropy). Timestamps are logical clocks with ties broken by the number of
 * the replica, so that a replica's write wins over all that it has seen.
 *
 * Lost messages are omitted: anti-entropy repeats, so that a message that is lost is one that comes later. Messages that come twice
 * or out of order, and partitions, are not.
 *
 * Source: Shapiro, Preguiça, Baquero & Zawirski, A comprehensive study of convergent and commutative replicated data types, INRIA
 * RR-7506, 2011, specification 8 (LWW-register); Lamport, Time, clocks, and the ordering of events, CACM 21(7), 1978.
 */
import { cells, defineModel, type FamilyView, type Id, ids, type Model, type NetworkView, network, set } from '../../checker/index.ts'
import { converged } from '../../properties/index.ts'
import type { Content } from '../parts/clients.ts'

interface Version {
  readonly clock: number
  readonly replica: number
  readonly value: Content
}

interface Replica {
  /** The greatest clock that it has seen. */
  clock: number
  version: Version
  /** Writes that it still takes. */
  left: number
  /** To whom it has yet to tell what it holds. */
  untold: readonly Id[]
}

export const lastWriterWinsRegister: Model = defineModel({
  name: 'last-writer-wins-register',
  about: 'Replicas take writes on their own, and agree on the newest in the background',
  source: 'Shapiro, Preguiça, Baquero & Zawirski, INRIA RR-7506, 2011, specification 8; Lamport, CACM 21(7), 1978',
  covers: [
    'Replicas that take writes on their own, stamped by logical clocks with ties broken by the number of the replica',
    'Messages that arrive late, twice and in any order; partitions that heal',
    'Anti-entropy that tells what is new in the end (weak fairness)',
  ],
  omits: {
    'lost messages': 'anti-entropy repeats, so a message that is lost is one that comes later',
    reads: 'they change nothing: what a replica would answer is what it holds, and the properties look at that',
  },
  constants: {
    replicas: { default: 3, min: 1, max: 4 },
    writes: { default: 1, min: 1, max: 3, about: 'writes that each replica takes' },
    partitions: { default: 1, min: 0, max: 2 },
    duplicates: { default: 0, min: 0, max: 2, about: 'messages that arrive twice' },
  },
  bugs: {
    'ties-unbroken': {
      about: 'Of two writes with the same clock, a replica keeps the one that it already has',
      source: 'Shapiro et al. 2011, specification 8: timestamps must be unique and totally ordered',
      violates: 'convergence',
      constants: { replicas: 2, writes: 1, partitions: 0 },
    },
    'clock-not-advanced': {
      about: 'A replica does not advance its clock to that of what it receives: its next write is older than the one that it replaces',
      source: 'Lamport 1978, rule IR2; Cassandra with client clocks that differ (Kingsbury, Jepsen: Cassandra, 2013)',
      violates: 'durability',
      constants: { replicas: 2, writes: 1, partitions: 0 },
    },
    'last-message-wins': {
      about: 'A replica keeps what it has received last, whatever its timestamp',
      source: 'Shapiro et al. 2011, specification 8: merging takes the maximum',
      violates: 'convergence',
      constants: { replicas: 2, writes: 1, partitions: 0 },
    },
  },
  state: (c) => ({
    replica: cells<Replica>(c.replicas, { clock: 0, version: { clock: 0, replica: 0, value: null }, left: c.writes, untold: [] }),
    /** Values that were replaced by writes at replicas that held them: these writes must win. */
    replaced: set<Content>(),
    net: network<Version>({ nodes: c.replicas, partitions: c.partitions, duplicates: c.duplicates, heals: true }),
  }),
  actions: (on, c, bug) => {
    const others = (i: Id): Id[] => ids(c.replicas).filter((other) => other !== i)
    return {
      /** Enabled iff the replica still takes writes. It acknowledges them at once, and asks nobody. */
      write: on.action({
        each: ids(c.replicas),
        when: (s, i) => s.replica[i].left > 0,
        then: (s, i) => {
          const replica = s.replica[i]
          s.replaced.add(replica.version.value)
          replica.clock += 1
          replica.version = { clock: replica.clock, replica: i, value: i * c.writes + (c.writes - replica.left) + 1 }
          replica.left -= 1
          replica.untold = others(i)
        },
      }),
      /** Enabled iff the replica has something to tell, and nothing is cut off in between. */
      gossip: on.action({
        each: ids(c.replicas).flatMap((i) => others(i).map((j): [Id, Id] => [i, j])),
        when: (s, [i, j]) => s.replica[i].untold.includes(j) && s.net.connected(i, j),
        fair: 'weak',
        then: (s, [i, j]) => {
          s.replica[i].untold = s.replica[i].untold.filter((other) => other !== j)
          s.net.send(i, j, s.replica[i].version)
        },
      }),
      /** Enabled iff a message is on its way and not cut off. */
      receive: on.receive('net', {
        fair: 'weak',
        then: (s, i, version, from) => {
          const replica = s.replica[i]
          if (!bug('clock-not-advanced')) replica.clock = Math.max(replica.clock, version.clock)
          if (!bug('last-message-wins') && !wins(version, replica.version, bug('ties-unbroken'))) return
          if (version.value === replica.version.value) return
          replica.version = version
          replica.untold = others(i).filter((other) => other !== from)
        },
      }),
    }
  },
  properties: (on, c) => ({
    durability: on.always('once all is told and delivered, no write has lost to one that it had replaced', (s) => {
      if (!isQuiet(s)) return true
      const back = s.replica.find(({ version }) => s.replaced.has(version.value))
      return back === undefined || `replicas hold ${back.version.value} again, which a later write had replaced`
    }),
    convergence: on.always(
      'once all is told and delivered, all replicas hold the same',
      (s) => !isQuiet(s) || converged(s.replica.map(({ version }) => version.value)),
    ),
    eventualConsistency: on.stabilizes(
      'all replicas come to hold the same, and stay so',
      (s) => converged(s.replica.map(({ version }) => version.value)) === true,
    ),
    ...(c.replicas > 1 && {
      divergence: on.sometimes(
        'two replicas hold different writes',
        (s) => converged(s.replica.map(({ version }) => version.value)) !== true,
      ),
    }),
    ...(c.partitions > 0 &&
      c.replicas > 1 && {
        availability: on.sometimes('all replicas have taken all their writes though they have been cut off from each other', (s) =>
          s.replica.every(({ left, version }, i) => left === 0 && version.replica === i && !s.net.connected(0, c.replicas - 1)),
        ),
      }),
  }),
  done: (s) => s.replica.every(({ left, untold }) => left === 0 && untold.length === 0),
  instances: [
    { constants: { replicas: 2, writes: 1, partitions: 0 }, expect: 'holds', distinct: 21, generated: 28, depth: 7 },
    { constants: { replicas: 2, writes: 2, partitions: 0 }, expect: 'holds', distinct: 292, generated: 617, depth: 12 },
    { constants: { replicas: 2, writes: 2 }, expect: 'holds', distinct: 876, generated: 1_964, depth: 14 },
    { constants: { replicas: 2, writes: 2, duplicates: 1 }, expect: 'holds', distinct: 3_729, generated: 9_788, depth: 16 },
    { constants: { partitions: 0 }, expect: 'holds', distinct: 61_662, generated: 261_650, depth: 24 },
    { bugs: ['ties-unbroken'], expect: 'convergence', depth: 7 },
    { bugs: ['clock-not-advanced'], expect: 'durability', depth: 7 },
    { bugs: ['last-message-wins'], expect: 'convergence', depth: 7 },
  ],
})

/** Nothing is on its way, or still to be told: a partition has healed before. */
function isQuiet(s: { readonly replica: FamilyView<Replica>; readonly net: NetworkView<Version> }): boolean {
  return s.net.size === 0 && s.replica.every(({ untold }) => untold.length === 0)
}

function wins(one: Version, other: Version, isTieKept: boolean): boolean {
  return one.clock > other.clock || (one.clock === other.clock && !isTieKept && one.replica > other.replica)
}
