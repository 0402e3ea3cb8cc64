/** What a proof that a weak level does not hold has to be: true edges, orders that are forced, and a cycle that the level forbids. */
import type { CycleStep } from '../anomaly.ts'
import { rt, rw, so, wr, ww } from '../edge.ts'
import { type Facts, initialSlot } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import type { ForcedOrder, WeakDecision } from '../weak-levels/weak-levels.ts'
import { addedOrder, type RelationBase, readsOf, sessionRelation, slotsOfKey, timeRelation, union } from './weak-levels-literal.ts'

/** What is wrong with a proof; nothing, it is to be hoped. */
export function flawsOf(facts: Facts, base: RelationBase, order: LevelOrder, decision: WeakDecision): string[] {
  if (decision.holds || decision.proof !== 'cycle') return ['no cycle']
  const { cycle, forced } = decision
  const isAmongForced = (step: CycleStep, to: number): boolean =>
    forced.some(({ before, after, key }) => step.kind === ww && step.transaction === before && to === after && step.key === key)
  const ends = cycle.map((_, i) => (cycle[(i + 1) % cycle.length] as CycleStep).transaction)
  return [
    ...cycle.flatMap((step, i) => (isAmongForced(step, ends[i] as number) ? [] : flawsOfEdge(facts, base, order, step, ends[i] as number))),
    ...forced.flatMap((one) => flawsOfForced(facts, base, order, one)),
    ...forced
      .filter((one) => !cycle.some(({ transaction, key }, i) => transaction === one.before && ends[i] === one.after && key === one.key))
      .map(() => 'a forced order that is not in the cycle'),
    ...(new Set(ends).size < cycle.length ? ['a cycle that goes through a transaction twice'] : []),
    ...(isForbidden(base, cycle) ? [] : [`a cycle that the level permits: ${JSON.stringify(cycle)}`]),
  ]
}

function flawsOfEdge(
  facts: Facts,
  base: RelationBase,
  order: LevelOrder,
  { transaction: from, kind, key }: CycleStep,
  to: number,
): string[] {
  const { writer, place, extra } = facts
  const reads = readsOf(facts).filter((read) => read.key === key)
  const slotOf = (t: number): number => slotsOfKey(facts, key).find((slot) => writer[slot] === t) ?? Number.NaN
  const isBefore = (a: number, b: number): boolean => !Number.isNaN(b) && (a === initialSlot || (a < b && place[a] !== -1))
  const O = base === 'causal' ? union(addedOrder(facts, order), sessionRelation(facts)) : addedOrder(facts, order)
  const isOf = {
    [ww]: () => isBefore(slotOf(from), slotOf(to)),
    [wr]: () => reads.some(({ reader, seen }) => reader === to && seen !== initialSlot && writer[seen] === from),
    [rw]: () => from !== to && reads.some(({ reader, seen }) => reader === from && isBefore(seen, slotOf(to))),
    [so]: () => O(from, to) && sessionRelation(facts)(from, to),
    [rt]: () => O(from, to) && timeRelation(facts)(from, to),
  }
  const isExtra = extra.some((edge) => edge.from === from && edge.to === to && edge.kind === kind && edge.key === key)
  return isExtra || isOf[kind]() ? [] : [`no edge: ${JSON.stringify({ from, to, kind, key })}`]
}

function flawsOfForced(
  facts: Facts,
  base: RelationBase,
  order: LevelOrder,
  { before, after, key, reader, because }: ForcedOrder,
): string[] {
  const { writer } = facts
  const reads = readsOf(facts).filter((read) => read.reader === reader)
  const seeing = reads.findLast((read) => read.key === key && read.seen !== initialSlot && writer[read.seen] === after)
  const [first] = because
  const earlier = reads.find((read) => read.key === first?.key && read.seen !== initialSlot && writer[read.seen] === before)
  const isLate = base === 'monotonic-atomic-view' && !((earlier?.read ?? Number.NaN) < (seeing?.read ?? Number.NaN))
  return [
    ...(before !== after && slotsOfKey(facts, key).some((slot) => writer[slot] === before) ? [] : ['two writers of a key are expected']),
    ...(seeing ? [] : ['the reader has not read from the later one']),
    ...(first?.transaction === before ? [] : ['a path from the earlier one is expected']),
    ...(because.some(({ kind }) => kind === ww || kind === rw) ? ['such an edge makes nothing visible'] : []),
    ...(base !== 'causal' && because.length > 1 ? ['it is visible only directly'] : []),
    ...(isLate ? ['it was read from only later'] : []),
    ...because.flatMap((step, i) => flawsOfEdge(facts, base, order, step, because[i + 1]?.transaction ?? reader)),
  ]
}

function isForbidden(base: RelationBase, cycle: readonly CycleStep[]): boolean {
  const kinds = cycle.map(({ kind }) => kind)
  if (!kinds.includes(rw)) return base !== 'read-uncommitted' || !kinds.includes(wr)
  if (kinds.indexOf(rw) < kinds.length - 1 || kinds.includes(ww)) return false
  if (base === 'causal') return true
  return kinds.length === 2 && (base === 'read-atomic' || (base === 'monotonic-atomic-view' && kinds[0] === wr))
}
