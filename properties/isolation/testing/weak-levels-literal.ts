/** The weak levels as level.ts defines them, on facts: every order of the writes is tried, and relations are functions. */
import { type EdgeKind, rw, wr, ww } from '../edge.ts'
import { type Facts, initialSlot } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import type { WeakBase } from '../weak-levels/weak-levels.ts'

export type RelationBase = Exclude<WeakBase, 'item-cut-isolation'>
export type Relation = (from: number, to: number) => boolean

export interface Read {
  readonly reader: number
  readonly key: number
  readonly seen: number
  readonly read: number
}

/** The definitions of level.ts, word by word. */
export function literally(facts: Facts, base: RelationBase, order: LevelOrder): boolean {
  const keys = Array.from({ length: facts.slotsFrom.length - 1 }, (_, key) => key)
  return product(keys.map((key) => ordersOfKey(facts, key))).some((orders) =>
    fulfils[base](situation(facts, order, new Map(orders.flatMap((slots) => slots.map((slot, i) => [slot, i] as const))))),
  )
}

interface Situation {
  readonly count: number
  readonly WW: Relation
  readonly WR: Relation
  readonly RW: Relation
  readonly O: Relation
  /** (WR ∪ O)+, where O has session order. */
  readonly H: Relation
  /** Reads of a key by the same transaction, the first before the second, of which the second misses what S wrote, the first's writer. */
  readonly hasStaleRead: boolean
}

const isCommitted = ({ count, WW, WR, O }: Situation): boolean => isAcyclic(count, union(WR, WW, O))

const fulfils: Readonly<Record<RelationBase, (situation: Situation) => boolean>> = {
  'read-uncommitted': ({ count, WW, O }) => isAcyclic(count, union(WW, O)),
  'read-committed': isCommitted,
  'monotonic-atomic-view': (s) => isCommitted(s) && !s.hasStaleRead,
  'read-atomic': (s) => isCommitted(s) && isIrreflexiveThen(s.count, union(s.WR, s.O), s.RW),
  causal: (s) => isCommitted(s) && isAcyclic(s.count, union(s.H, s.WW)) && isIrreflexiveThen(s.count, s.H, s.RW),
}

/** @param rank of each slot among those of its key */
function situation(facts: Facts, order: LevelOrder, rank: ReadonlyMap<number, number>): Situation {
  const { table, writer } = facts
  const { count } = table
  const reads = readsOf(facts)
  const isBefore = (a: number, b: number): boolean => a === initialSlot || (rank.get(a) as number) < (rank.get(b) as number)
  const isOverwritten = ({ key, seen }: Read, by: number): boolean =>
    slotsOfKey(facts, key).some((slot) => writer[slot] === by && slot !== seen && isBefore(seen, slot))
  const slots = [...rank.keys()]
  const isSameKey = (a: number, b: number): boolean => keyOfSlot(facts, a) === keyOfSlot(facts, b)
  const follows: Relation = (s, t) =>
    slots.some((a) => writer[a] === s && slots.some((b) => writer[b] === t && a !== b && isSameKey(a, b) && isBefore(a, b)))
  const overwrites: Relation = (s, t) => s !== t && reads.some((read) => read.reader === s && isOverwritten(read, t))
  const WR = readRelation(facts)
  const O = addedOrder(facts, order)
  return {
    count,
    WW: tabled(count, union(follows, extraRelation(facts, ww))),
    WR,
    RW: tabled(count, union(overwrites, extraRelation(facts, rw))),
    O,
    H: closure(count, union(WR, O, addedOrder(facts, 'session'))),
    hasStaleRead: reads.some((later) =>
      reads.some(
        ({ reader, read, seen }) =>
          reader === later.reader && read < later.read && seen !== initialSlot && isOverwritten(later, writer[seen] as number),
      ),
    ),
  }
}

/** WR: T reads what S wrote. */
export function readRelation(facts: Facts): Relation {
  const reads = readsOf(facts)
  const isRead: Relation = (s, t) => reads.some(({ reader, seen }) => reader === t && seen !== initialSlot && facts.writer[seen] === s)
  return tabled(facts.table.count, union(isRead, extraRelation(facts, wr)))
}

export function extraRelation({ extra }: Facts, kind: EdgeKind): Relation {
  return (s, t) => extra.some((edge) => edge.kind === kind && edge.from === s && edge.to === t)
}

/** O: the order that a variant adds. */
export function addedOrder(facts: Facts, order: LevelOrder): Relation {
  if (order === 'none') return () => false
  return order === 'session' ? sessionRelation(facts) : union(sessionRelation(facts), timeRelation(facts))
}

export function sessionRelation({ table: { session }, happened }: Facts): Relation {
  return (s, t) => happened[s] === 1 && happened[t] === 1 && session[s] !== -1 && session[s] === session[t] && s < t
}

export function timeRelation({ table: { began, ended }, happened }: Facts): Relation {
  return (s, t) => happened[s] === 1 && happened[t] === 1 && (ended[s] as number) >= 0 && (ended[s] as number) < (began[t] as number)
}

/** The part of WW that no choice of orders changes. */
export function knownOrder(facts: Facts): Relation {
  const { writer, place } = facts
  return union(extraRelation(facts, ww), (s, t) =>
    [...writer.keys()].some(
      (a) => writer[a] === s && place[a] !== -1 && slotsOfKey(facts, keyOfSlot(facts, a)).some((b) => b > a && writer[b] === t),
    ),
  )
}

export function readsOf({ table, readsFrom, readSlot, readKey }: Facts): Read[] {
  return Array.from({ length: table.count }, (_, reader) =>
    Array.from(readSlot.subarray(readsFrom[reader], readsFrom[reader + 1]), (seen, i): Read => {
      const read = (readsFrom[reader] as number) + i
      return { reader, read, key: readKey[read] as number, seen }
    }),
  ).flat()
}

export function slotsOfKey({ slotsFrom }: Facts, key: number): number[] {
  return Array.from({ length: (slotsFrom[key + 1] as number) - (slotsFrom[key] as number) }, (_, i) => (slotsFrom[key] as number) + i)
}

function keyOfSlot({ slotsFrom }: Facts, slot: number): number {
  return slotsFrom.findLastIndex((bound) => bound <= slot)
}

export function union(...relations: readonly Relation[]): Relation {
  return (s, t) => relations.some((relation) => relation(s, t))
}

/** The same relation, worked out once. */
export function tabled(count: number, relation: Relation): Relation {
  const rows = Array.from({ length: count }, (_, s) => Array.from({ length: count }, (_, t) => relation(s, t)))
  return (s, t) => rows[s]?.[t] === true
}

/** One step of a relation or more. */
export function closure(count: number, relation: Relation): Relation {
  const rows = Array.from({ length: count }, (_, s) => Array.from({ length: count }, (_, t) => relation(s, t)))
  for (const [middle, onward] of rows.entries())
    for (const row of rows) if (row[middle]) for (const [t, is] of onward.entries()) row[t] ||= is
  return (s, t) => rows[s]?.[t] === true
}

export function isAcyclic(count: number, relation: Relation): boolean {
  const reaches = closure(count, relation)
  return Array.from({ length: count }, (_, t) => t).every((t) => !reaches(t, t))
}

/** Whether no step of the first relation and then one of the second lead back. */
export function isIrreflexiveThen(count: number, first: Relation, second: Relation): boolean {
  const all = Array.from({ length: count }, (_, t) => t)
  return !all.some((s) => all.some((t) => first(s, t) && second(t, s)))
}

/** All orders of the slots of a key that agree with their places. */
function ordersOfKey(facts: Facts, key: number): number[][] {
  const slots = slotsOfKey(facts, key)
  const placed = slots.filter((slot) => facts.place[slot] !== -1)
  return permutations(slots.filter((slot) => facts.place[slot] === -1)).map((rest) => [...placed, ...rest])
}

function permutations(all: readonly number[]): number[][] {
  return all.length === 0 ? [[]] : all.flatMap((one) => permutations(all.filter((other) => other !== one)).map((rest) => [one, ...rest]))
}

function product<T>(sets: readonly (readonly T[])[]): T[][] {
  return sets.reduce<T[][]>((all, set) => all.flatMap((begun) => set.map((one) => [...begun, one])), [[]])
}
