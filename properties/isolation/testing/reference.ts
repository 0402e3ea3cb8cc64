/**
 * The isolation levels by their definitions in level.ts, by trying every order of the writes of each key. For histories of up to six
 * transactions or so; it shares nothing with what it is there to check.
 */
import type { AnomalyName } from '../anomaly.ts'
import type { InferOptions } from '../inference/inference.ts'
import { type IsolationLevel, type LevelBase, type LevelMeaning, type LevelOrder, levelBases } from '../level.ts'
import type { Transaction } from '../table/transaction.ts'
import { assumedOrders } from './assumed-orders.ts'
import { type Observations, observe } from './reference-observations.ts'
import { type Dependencies, dependencies, ordersOf, realTimeOrder, sessionOrder } from './reference-orders.ts'
import { closure, compose, isAcyclic, isIrreflexive, optional, type Relation, relation, union, within } from './reference-relations.ts'

export { referenceAnomalies } from './reference-anomalies.ts'

/** Every variant of every level. */
export const referenceVariants: ReadonlyMap<IsolationLevel, LevelMeaning> = variants()

/**
 * Which levels some order of the writes fulfils.
 * @param versions what is assumed of the order of the writes of registers
 */
export function referenceLevels(
  transactions: readonly Transaction[],
  versions?: InferOptions['versions'],
): Record<IsolationLevel, boolean> {
  const observed = observe(transactions)
  const assumed = versions && assumedOrders(observed, versions)
  const observations: Observations = assumed?.isRefuted
    ? { ...observed, anomalies: new Set([...observed.anomalies, 'cyclic-versions']) }
    : observed
  const session = sessionOrder(observations)
  const added: Readonly<Record<LevelOrder, Relation>> = {
    none: relation(transactions.length, () => false),
    session,
    'real-time': union(session, realTimeOrder(observations)),
  }
  const holding = new Set<IsolationLevel>()
  for (const orders of ordersOf(observations)) {
    if (assumed?.allow(orders) === false) continue
    const dependent = dependencies(observations, orders)
    const situations = {
      none: situation(observations, dependent, added.none),
      session: situation(observations, dependent, added.session),
      'real-time': situation(observations, dependent, added['real-time']),
    }
    for (const [level, { base, order }] of referenceVariants)
      if (!holding.has(level) && conditions[base](situations[order])) holding.add(level)
    if (holding.size === referenceVariants.size) break
  }
  return Object.fromEntries([...referenceVariants.keys()].map((level) => [level, holding.has(level)])) as Record<IsolationLevel, boolean>
}

interface Situation extends Dependencies {
  readonly observations: Observations
  /** The order that the variant adds. */
  readonly O: Relation
  /** WR ∪ WW ∪ O */
  readonly D: Relation
}

function situation(observations: Observations, dependent: Dependencies, O: Relation): Situation {
  return { observations, ...dependent, O, D: union(dependent.WR, dependent.WW, O) }
}

type Condition = (situation: Situation) => boolean

const readCommitted: Condition = ({ D, observations }) => {
  const forbidden: readonly AnomalyName[] = [
    'G1a',
    'G1b',
    'thin-air-read',
    'future-read',
    'duplicate-elements',
    'incompatible-order',
    'dirty-update',
    'cyclic-versions',
  ]
  return isAcyclic(D) && !forbidden.some((name) => observations.anomalies.has(name))
}

const consistent: Condition = (s) => readCommitted(s) && !s.observations.anomalies.has('internal')

const serializable: Condition = (s) => consistent(s) && isAcyclic(union(s.D, s.RW))

const conditions: Readonly<Record<LevelBase, Condition>> = {
  'read-uncommitted': ({ WW, O, observations: { anomalies } }) =>
    isAcyclic(union(WW, O)) && !anomalies.has('duplicate-elements') && !anomalies.has('cyclic-versions'),
  'read-committed': readCommitted,
  'monotonic-atomic-view': (s) => consistent(s) && !someReadMissesWhatAnEarlierOneShowed(s),
  'item-cut-isolation': ({ observations }) => !observations.anomalies.has('non-repeatable-read'),
  'read-atomic': (s) => consistent(s) && isIrreflexive(compose(union(s.WR, s.O), s.RW)),
  causal: (s) => {
    const H = closure(union(s.WR, s.O))
    return consistent(s) && isAcyclic(union(H, s.WW)) && isIrreflexive(compose(H, s.RW))
  },
  prefix: (s) => consistent(s) && isAcyclic(union(compose(union(s.WR, s.O), optional(s.RW)), s.WW)),
  'parallel-snapshot-isolation': (s) => consistent(s) && isIrreflexive(compose(closure(s.D), optional(s.RW))),
  'snapshot-isolation': (s) => consistent(s) && isAcyclic(compose(s.D, optional(s.RW))),
  'update-serializable': (s) => consistent(s) && everyReaderFits(s),
  'repeatable-read': serializable,
  serializable,
}

/** A transaction reads, after it has read from S, a version of a key that S's own write of the key follows. */
function someReadMissesWhatAnEarlierOneShowed({ observations: { externalReads, source }, unseenBy }: Situation): boolean {
  return externalReads.some((later) =>
    externalReads
      .filter((earlier) => earlier.transaction === later.transaction && earlier.step < later.step)
      .map((earlier) => source(earlier)?.transaction)
      .some((s) => s !== undefined && s !== later.transaction && unseenBy(later).some(({ transaction }) => transaction === s)),
  )
}

/** The transactions that write, with any one that does not. */
function everyReaderFits({ observations: { transactions, writes }, D, RW }: Situation): boolean {
  const isUpdate = (t: number): boolean => writes.some(({ transaction }) => transaction === t)
  return transactions.every((_, reader) => isAcyclic(within(union(D, RW), (t) => t === reader || isUpdate(t))))
}

function variants(): ReadonlyMap<IsolationLevel, LevelMeaning> {
  const named = new Map<IsolationLevel, LevelMeaning>()
  for (const base of levelBases) {
    // Causal consistency always has session order, and reads of one transaction are in no order with those of others.
    named.set(base, { base, order: base === 'causal' ? 'session' : 'none' })
    if (base === 'item-cut-isolation') continue
    if (base !== 'causal') named.set(`strong-session-${base}`, { base, order: 'session' })
    named.set(base === 'serializable' ? 'strict-serializable' : `strong-${base}`, { base, order: 'real-time' })
  }
  return named
}
