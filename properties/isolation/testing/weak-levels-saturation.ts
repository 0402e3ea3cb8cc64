/** Saturation as Biswas and Enea (OOPSLA 2019) write it down: all orders that are forced, and a closure. For some dozen transactions. */
import { rw } from '../edge.ts'
import { type Facts, initialSlot } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import {
  addedOrder,
  closure,
  extraRelation,
  isAcyclic,
  isIrreflexiveThen,
  knownOrder,
  type Read,
  type Relation,
  type RelationBase,
  readRelation,
  readsOf,
  sessionRelation,
  slotsOfKey,
  tabled,
  union,
} from './weak-levels-literal.ts'

export function bySaturation(facts: Facts, base: RelationBase, order: LevelOrder): boolean {
  const { table, writer } = facts
  const { count } = table
  const reads = readsOf(facts)
  const WR = readRelation(facts)
  const O = base === 'causal' ? union(addedOrder(facts, order), sessionRelation(facts)) : addedOrder(facts, order)
  const dependencies = tabled(count, base === 'read-uncommitted' ? union(knownOrder(facts), O) : union(knownOrder(facts), WR, O))
  const isRead = ({ reader, read }: Read, t: number): boolean =>
    reads.some((other) => other.reader === reader && other.read < read && other.seen !== initialSlot && writer[other.seen] === t)
  /** What makes the whole of a transaction visible to another. */
  const visible: Relation = base === 'read-atomic' ? union(WR, O) : base === 'causal' ? closure(count, union(WR, O)) : () => false
  const isVisibleAt = (read: Read, t: number): boolean =>
    t !== read.reader && (base === 'monotonic-atomic-view' ? isRead(read, t) : visible(t, read.reader))

  const missed = reads.flatMap((read) =>
    slotsOfKey(facts, read.key)
      .filter((slot) => slot !== read.seen && isVisibleAt(read, writer[slot] as number))
      .map((slot) => ({ before: writer[slot], after: read.seen === initialSlot ? -1 : writer[read.seen] })),
  )
  if (missed.some(({ after }) => after === -1)) return false
  const forced: Relation = (s, t) => missed.some(({ before, after }) => before === s && after === t)
  return isAcyclic(count, union(dependencies, tabled(count, forced))) && isIrreflexiveThen(count, visible, extraRelation(facts, rw))
}
