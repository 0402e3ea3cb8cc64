/** The consistency levels other than linearizability, by name. */
import { boundedStaleness } from './bounded-staleness.ts'
import { causalConvergence, causallyConsistent } from './causal.ts'
import { delivery } from './delivery.ts'
import { eventuallyConverges } from './eventual.ts'
import { kAtomic } from './k-atomic.ts'
import { noLostWrites } from './no-lost-writes.ts'
import { pram } from './pram.ts'
import type { Level } from './problem.ts'
import { regularRegister, safeRegister } from './regular.ts'
import { sequentiallyConsistent } from './sequential.ts'
import { monotonicReads, monotonicWrites, readYourWrites } from './session-guarantees.ts'
import { writesFollowReads } from './writes-follow-reads.ts'

export type { Level, LevelOptions } from './problem.ts'

const list: readonly Level[] = [
  {
    name: 'sequential',
    about: 'one order of all operations that keeps the order of each process explains every result',
    source: 'Lamport 1979',
    decide: sequentiallyConsistent,
  },
  {
    name: 'causal',
    about: 'each process sees writes in an order that keeps cause before effect and explains all its reads (causal memory)',
    source: 'Ahamad, Neiger, Burns, Kohli & Hutto 1995; Bouajjani, Enea, Guerraoui & Hamza 2017 (CM)',
    decide: causallyConsistent,
  },
  {
    name: 'causal-convergence',
    about:
      'all processes agree on one order of the writes that keeps cause before effect, and each read returns the last that precedes it causally',
    source: 'Bouajjani, Enea, Guerraoui & Hamza 2017 (CCv)',
    decide: causalConvergence,
  },
  {
    name: 'pram',
    about: 'each process sees the writes of every other in the order in which they were issued',
    source: 'Lipton & Sandberg 1988',
    decide: pram,
  },
  {
    name: 'read-your-writes',
    about: 'a process that has written reads its last write or a later one of somebody else',
    source: 'Terry et al. 1994',
    decide: readYourWrites,
  },
  {
    name: 'monotonic-reads',
    about: 'a process that has read a value never goes back to one that it read before it',
    source: 'Terry et al. 1994',
    decide: monotonicReads,
  },
  {
    name: 'monotonic-writes',
    about: 'everybody observes the writes of a process in the order in which it issued them',
    source: 'Terry et al. 1994',
    decide: monotonicWrites,
  },
  {
    name: 'writes-follow-reads',
    about: 'whoever has read a write reads nothing older than what its writer had read before',
    source: 'Terry et al. 1994; Viotti & Vukolić 2016',
    decide: writesFollowReads,
  },
  {
    name: 'regular',
    about: 'a read returns a concurrent write, or one that no other had overwritten before the read began',
    source: 'Lamport 1986; Shao, Pierce & Welch 2003 (MWR-weak)',
    decide: regularRegister,
  },
  {
    name: 'safe',
    about: 'a read that is not concurrent with a write returns one that no other had overwritten before the read began',
    source: 'Lamport 1986; Shao, Pierce & Welch 2003',
    decide: safeRegister,
  },
  {
    name: 'bounded-staleness',
    about: 'reads are stale by at most so much time or so many writes; without a bound, the smallest is found',
    source: 'Golab, Li & Shah 2011',
    decide: (problem, options) => boundedStaleness(options)(problem),
  },
  {
    name: 'k-atomic',
    about: 'in an order that keeps real time each read returns one of the last k writes (2 unless told)',
    source: 'Aiyer, Alvisi & Bazzi 2005',
    decide: (problem, { k = 2 } = {}) => kAtomic(k)(problem),
  },
  {
    name: 'eventual',
    about: 'after the last write has completed and a quiet time has passed, all reads agree',
    source: 'Terry et al. 1995; Vogels 2009',
    decide: eventuallyConverges,
  },
  {
    name: 'no-lost-writes',
    about: 'what was acknowledged is there in the end',
    source: 'Jepsen (set, set-full)',
    decide: (problem) => noLostWrites(problem),
  },
  {
    name: 'at-least-once',
    about: 'no acknowledged item of a queue is lost, and none is made up',
    source: 'Jepsen (total-queue)',
    decide: delivery('at-least-once'),
  },
  {
    name: 'at-most-once',
    about: 'no item of a queue is delivered more often than it was enqueued, and none is made up',
    source: 'Jepsen (total-queue)',
    decide: delivery('at-most-once'),
  },
  {
    name: 'exactly-once',
    about: 'each acknowledged item of a queue is delivered once, and none is made up',
    source: 'Jepsen (total-queue)',
    decide: delivery('exactly-once'),
  },
]

/** By name. */
export const levels: Readonly<Record<string, Level>> = Object.fromEntries(list.map((level) => [level.name, level]))
