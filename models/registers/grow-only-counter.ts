/**
 * A counter on replicas that all count on their own and tell each other in the background. Each has one entry per replica,
 * increments its own only, and merges what it receives by the maximum of each entry: so messages may come late, twice, in any order.
 *
 * Lost messages are omitted: anti-entropy repeats, so that a message that is lost is one that comes later.
 *
 * Source: Shapiro, Preguiça, Baquero & Zawirski, A comprehensive study of convergent and commutative replicated data types, INRIA
 * RR-7506, 2011, specification 6 (G-Counter).
 */
import { cells, defineModel, type FamilyView, type Id, ids, type Model, type NetworkView, network } from '../../checker/index.ts'
import { converged, durable } from '../../properties/index.ts'

/** One entry per replica. */
type Counts = readonly number[]

interface Replica {
  counts: Counts
  /** Increments that it has acknowledged, and that it still takes. */
  acknowledged: number
  left: number
  /** To whom it has yet to tell what it holds. */
  untold: readonly Id[]
}

export const growOnlyCounter: Model = defineModel({
  name: 'grow-only-counter',
  about: 'Replicas count on their own, and add up in the background',
  source: 'Shapiro, Preguiça, Baquero & Zawirski, INRIA RR-7506, 2011, specification 6',
  covers: [
    'Replicas with an entry per replica, which increment their own and merge what they receive by the maximum of each entry',
    'Messages that arrive late, twice and in any order; partitions that heal',
    'Anti-entropy that tells what is new in the end (weak fairness)',
  ],
  omits: { 'lost messages': 'anti-entropy repeats, so a message that is lost is one that comes later' },
  constants: {
    replicas: { default: 3, min: 1, max: 4 },
    increments: { default: 1, min: 1, max: 3, about: 'increments that each replica takes' },
    partitions: { default: 1, min: 0, max: 2 },
    duplicates: { default: 0, min: 0, max: 2, about: 'messages that arrive twice' },
  },
  bugs: {
    'merge-by-sum': {
      about: 'A replica adds what it receives to what it has: what it is told again counts again',
      source: 'Shapiro et al. 2011, section 3.1.1: a merge must be idempotent',
      violates: 'noInventedCount',
      constants: { replicas: 2, increments: 1, partitions: 0 },
    },
    'one-entry': {
      about: 'All replicas count in the same entry, and of two increments at the same time the maximum keeps one',
      source: 'Shapiro et al. 2011, section 3.1.1: a single integer that is merged by max does not count concurrent increments',
      violates: 'durability',
      constants: { replicas: 2, increments: 1, partitions: 0 },
    },
  },
  state: (c) => ({
    replica: cells<Replica>(c.replicas, { counts: ids(c.replicas).map(() => 0), acknowledged: 0, left: c.increments, untold: [] }),
    net: network<Counts>({ nodes: c.replicas, partitions: c.partitions, duplicates: c.duplicates, heals: true }),
  }),
  actions: (on, c, bug) => {
    const others = (i: Id): Id[] => ids(c.replicas).filter((other) => other !== i)
    const merged = (mine: Counts, theirs: Counts): Counts =>
      mine.map((count, i) => (bug('merge-by-sum') ? count + (theirs[i] as number) : Math.max(count, theirs[i] as number)))
    return {
      /** Enabled iff the replica still takes increments. It acknowledges them at once, and asks nobody. */
      increment: on.action({
        each: ids(c.replicas),
        when: (s, i) => s.replica[i].left > 0,
        then: (s, i) => {
          const replica = s.replica[i]
          replica.counts = replica.counts.map((count, entry) => (entry === (bug('one-entry') ? 0 : i) ? count + 1 : count))
          replica.acknowledged += 1
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
          s.net.send(i, j, s.replica[i].counts)
        },
      }),
      /** Enabled iff a message is on its way and not cut off. */
      receive: on.receive('net', {
        fair: 'weak',
        then: (s, i, counts) => {
          s.replica[i].counts = merged(s.replica[i].counts, counts)
        },
      }),
    }
  },
  properties: (on, c) => ({
    noInventedCount: on.always('no replica counts more than was acknowledged', (s) => {
      const most = s.replica.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
      const wrong = s.replica.findIndex(({ counts }) => total(counts) > most)
      return wrong === -1 || `replica ${wrong} counts ${total(s.replica[wrong]?.counts ?? [])} of ${most} increments`
    }),
    convergence: on.always(
      'once all is told and delivered, all replicas count the same',
      (s) => !isQuiet(s) || converged(s.replica.map(({ counts }) => total(counts))),
    ),
    eventualConsistency: on.stabilizes(
      'all replicas come to count the same, and stay so',
      (s) => converged(s.replica.map(({ counts }) => total(counts))) === true,
    ),
    durability: on.always('once all is told and delivered, every acknowledged increment is counted', (s) => {
      if (!isQuiet(s)) return true
      const shown = s.replica.map(({ counts }) => total(counts))
      const sum = s.replica.reduce((all, { acknowledged }) => all + acknowledged, 0)
      const increments = ids(sum).map((i) => ({ increment: i + 1 }))
      return durable(increments, ({ increment }) => shown.every((count) => count >= increment))
    }),
    ...(c.partitions > 0 &&
      c.replicas > 1 && {
        availability: on.sometimes(
          'all replicas have taken all their increments, and none has heard of another',
          (s) => s.replica.every(({ left, counts }) => left === 0 && total(counts) === c.increments) && !s.net.connected(0, c.replicas - 1),
        ),
      }),
  }),
  done: (s) => s.replica.every(({ left, untold }) => left === 0 && untold.length === 0),
  instances: [
    { constants: { replicas: 2, increments: 1, partitions: 0 }, expect: 'holds', distinct: 18, generated: 27, depth: 7 },
    { constants: { replicas: 2, increments: 2, duplicates: 1 }, expect: 'holds', distinct: 3_189, generated: 8_993, depth: 16 },
    { expect: 'holds', distinct: 21_870, generated: 71_968, depth: 18 },
    { bugs: ['merge-by-sum'], expect: 'noInventedCount', depth: 7 },
    { bugs: ['one-entry'], expect: 'durability', depth: 7 },
  ],
})

function total(counts: Counts): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Nothing is on its way, or still to be told: a partition has healed before. */
function isQuiet(s: { readonly replica: FamilyView<Replica>; readonly net: NetworkView<Counts> }): boolean {
  return s.net.size === 0 && s.replica.every(({ untold }) => untold.length === 0)
}
