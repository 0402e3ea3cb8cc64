/**
 * The dependencies of a small history that every order of its writes has: what a cycle may rest on that is there for certain, whatever
 * the order. (An anomaly can also be certain by cases, one cycle in one order and another in the other; that is reference-anomalies.ts.)
 */
import type { InferOptions } from '../inference/inference.ts'
import type { Transaction } from '../table/transaction.ts'
import { assumedOrders } from './assumed-orders.ts'
import type { Kind } from './reference-anomalies.ts'
import { observe, type Read, type Write } from './reference-observations.ts'
import { dependencies, ordersOfKey, realTimeOrder, sessionOrder } from './reference-orders.ts'
import { has, type Relation, relation } from './reference-relations.ts'

export interface SharedDependency {
  readonly from: number
  readonly to: number
  readonly kind: Kind
  /** `null` of orders between transactions. */
  readonly key: string | null
  /**
   * No other one of the kind and key comes between: it is to the next write that is known to be one, not to a later one (Adya 1999,
   * section 3.1: direct dependencies). Of so and rt all are.
   */
  readonly isDirect: boolean
}

/** @param versions what is assumed of the order of the writes of registers */
export function sharedDependencies(transactions: readonly Transaction[], versions?: InferOptions['versions']): SharedDependency[] {
  const observations = observe(transactions)
  const assumed = versions && assumedOrders(observations, versions)
  const { externalReads, source, writes } = observations
  const found: SharedDependency[] = []
  const add = (kind: Kind, key: string | null, from: number, to: number, isDirect: boolean): void => {
    if (from !== to) found.push({ from, to, kind, key, isDirect })
  }
  for (const read of externalReads) {
    const writer = source(read)?.transaction
    if (writer !== undefined) add('wr', read.key, writer, read.transaction, true)
  }
  for (const key of new Set(writes.map((write) => write.key))) {
    const orders = [...ordersOfKey(observations, key)].filter((order) => assumed?.allow(new Map([[key, order]])) !== false)
    const ofKey = orders[0] ?? []
    const follows = (a: Write, b: Write): boolean => orders.every((order) => order.indexOf(a) < order.indexOf(b))
    for (const a of ofKey)
      for (const b of ofKey)
        if (follows(a, b)) add('ww', key, a.transaction, b.transaction, !ofKey.some((c) => follows(a, c) && follows(c, b)))
    const unseenInEach = orders.map((order) => dependencies(observations, new Map([[key, order]])).unseenBy)
    const unseen = (read: Read): readonly Write[] =>
      ofKey.filter((write) => write.transaction !== read.transaction && unseenInEach.every((unseenBy) => unseenBy(read).includes(write)))
    for (const read of externalReads.filter((one) => one.key === key)) {
      const missed = unseen(read)
      for (const write of missed) add('rw', key, read.transaction, write.transaction, !missed.some((other) => follows(other, write)))
    }
  }
  const pairs = (kind: Kind, r: Relation): void => {
    for (let s = 0; s < r.length; s++) for (let t = 0; t < r.length; t++) if (has(r, s, t)) add(kind, null, s, t, true)
  }
  pairs('so', sessionOrder(observations))
  pairs('rt', realTimeOrder(observations))
  return found
}

/** As relations of each kind. */
export function relationsOfKinds(size: number, shared: readonly SharedDependency[]): [Kind, Relation][] {
  return (['ww', 'wr', 'rw', 'so', 'rt'] as const).map((kind) => [
    kind,
    relation(size, (s, t) => shared.some((one) => one.kind === kind && one.from === s && one.to === t)),
  ])
}
