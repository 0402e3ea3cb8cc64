/**
 * Isolation levels: what each forbids, as a condition on the dependencies of the transactions that took effect. A history is at a level
 * if some order of the writes of each key (≪), which agrees with what was read, fulfils the condition. Where
 *
 *     WW  T overwrites what S wrote: S's write of a key comes before T's in ≪ (any later one, not only the next)
 *     WR  T reads what S wrote
 *     RW  T overwrites what S read: what S read comes before T's write in ≪, and S is not T
 *     O   the order that the variant adds: nothing, session order, or real-time order with session order
 *     D   WR ∪ WW ∪ O
 *
 *     read-uncommitted             acyclic(WW ∪ O)                        Adya 1999, PL-1: no G0
 *     read-committed               acyclic(D), no G1a, no G1b             Adya 1999, PL-2: no G1
 *     monotonic-atomic-view        read committed, no internal inconsistency, and no transaction reads, after it has read from S,
 *                                  a version of a key that S's own write of the key follows in ≪
 *                                  (Bailis et al., VLDB 2013; what Biswas and Enea, OOPSLA 2019, call read committed)
 *     item-cut-isolation           all external reads of a key by a transaction see the same version (Bailis et al. 2013); external are
 *                                  those before its own writes of the key (Biswas and Enea 2019): what it reads of it after them, be it
 *                                  another's version, is internal consistency alone, which this level does not ask for
 *     read-atomic                  read committed, no internal inconsistency, irreflexive((WR ∪ O) ; RW)   Cerone et al., CONCUR 2015
 *     causal                       read committed, no internal inconsistency, with H = (WR ∪ O)+ where O has session order in all variants:
 *                                  acyclic(H ∪ WW), irreflexive(H ; RW)
 *     prefix                       read committed, no internal inconsistency, acyclic((WR ∪ O) ; RW? ∪ WW)   Cerone et al. 2015
 *     parallel-snapshot-isolation  read committed, no internal inconsistency, irreflexive(D+ ; RW?)          Sovran et al., SOSP 2011
 *     snapshot-isolation           read committed, no internal inconsistency, acyclic(D ; RW?)               Cerone and Gotsman 2016
 *     update-serializable          read committed, no internal inconsistency; the transactions that write, with any one
 *                                  that does not: acyclic(D ∪ RW)                                            Adya 1999, PL-3U
 *     repeatable-read              as serializable, of items: PL-2.99; of histories without predicates they are the same
 *     serializable                 read committed, no internal inconsistency, acyclic(D ∪ RW)                Adya 1999, PL-3
 *
 * `;` composes, `?` is zero or one step, `+` one or more. Thin-air reads, future reads, duplicate elements, incompatible orders, dirty
 * updates and cyclic versions violate read committed, and all above it; duplicate elements and cyclic versions read uncommitted too.
 */

export const levelBases = [
  'read-uncommitted',
  'read-committed',
  'monotonic-atomic-view',
  'item-cut-isolation',
  'read-atomic',
  'causal',
  'prefix',
  'parallel-snapshot-isolation',
  'snapshot-isolation',
  'update-serializable',
  'repeatable-read',
  'serializable',
] as const

export type LevelBase = (typeof levelBases)[number]

/** The order that a variant of a level adds. */
export type LevelOrder = 'none' | 'session' | 'real-time'

/** `serializable`, `strong-session-serializable`, `strict-serializable`; of others the variant in real time is `strong-`. */
export type IsolationLevel =
  | LevelBase
  | `strong-session-${Exclude<LevelBase, 'item-cut-isolation' | 'causal'>}`
  | `strong-${Exclude<LevelBase, 'item-cut-isolation' | 'serializable'>}`
  | 'strict-serializable'

export interface LevelMeaning {
  readonly base: LevelBase
  readonly order: LevelOrder
}
