/** The conditions of level.ts on dependencies, word by word, by trying every order of the writes of a few transactions. */
import { type EdgeKind, rt, rw, so, wr, ww } from '../../edge.ts'
import { type Facts, initialSlot } from '../../facts.ts'
import type { LevelOrder } from '../../level.ts'
import { permutations } from '../../testing/reference-orders.ts'
import {
  closure,
  compose,
  isAcyclic,
  isIrreflexive,
  optional,
  type Relation,
  relation,
  union,
  within,
} from '../../testing/reference-relations.ts'
import type { StrongBase } from '../level-shape.ts'

/** Between two transactions. */
export interface Dependency {
  readonly from: number
  readonly to: number
  readonly kind: EdgeKind
}

/** Of each slot its place among those of its key, for a choice that fulfils the level; null: there is none. */
export function literalOrders(facts: Facts, base: StrongBase, order: LevelOrder): Int32Array | null {
  const updates = updatesOf(facts)
  const known = orderDependencies(facts, order)
  for (const ranks of allRanks(facts)) {
    if (isFulfilled([...known, ...dependencies(facts, ranks)], facts.table.count, updates, base)) return ranks
  }
  return null
}

export function fulfilsLiterally(facts: Facts, base: StrongBase, order: LevelOrder, ranks: Int32Array): boolean {
  const all = [...orderDependencies(facts, order), ...dependencies(facts, ranks)]
  return isFulfilled(all, facts.table.count, updatesOf(facts), base)
}

export function updatesOf({ writer }: Facts): ReadonlySet<number> {
  return new Set(writer)
}

/** Whether a level allows these dependencies. */
export function isFulfilled(dependencies: readonly Dependency[], count: number, updates: ReadonlySet<number>, base: StrongBase): boolean {
  const of = (...kinds: readonly EdgeKind[]): Relation => {
    const chosen = dependencies.filter(({ kind }) => kinds.includes(kind))
    return relation(count, (s, t) => chosen.some(({ from, to }) => from === s && to === t))
  }
  const D = of(wr, ww, so, rt)
  if (!isAcyclic(D)) return false
  const RW = of(rw)
  switch (base) {
    case 'prefix':
      return isAcyclic(union(compose(of(wr, so, rt), optional(RW)), of(ww)))
    case 'parallel-snapshot-isolation':
      return isIrreflexive(compose(closure(D), optional(RW)))
    case 'snapshot-isolation':
      return isAcyclic(compose(D, optional(RW)))
    case 'update-serializable':
      return D.every((_, reader) => isAcyclic(within(union(D, RW), (t) => t === reader || updates.has(t))))
    case 'repeatable-read':
    case 'serializable':
      return isAcyclic(union(D, RW))
  }
}

/** Whether the first transaction comes before the second in the order that a variant adds. */
export function isOrdered({ table, happened }: Facts, from: number, to: number, kind: typeof so | typeof rt): boolean {
  if (from === to || happened[from] !== 1 || happened[to] !== 1) return false
  if (kind === so) return from < to && table.session[from] !== -1 && table.session[from] === table.session[to]
  const ended = table.ended[from] as number
  return table.hasTimes && ended !== -1 && ended < (table.began[to] as number)
}

function orderDependencies(facts: Facts, order: LevelOrder): Dependency[] {
  const kinds = order === 'none' ? [] : order === 'session' ? ([so] as const) : ([so, rt] as const)
  const all = [...facts.happened.keys()]
  return kinds.flatMap((kind) =>
    all.flatMap((from) => all.filter((to) => isOrdered(facts, from, to, kind)).map((to) => ({ from, to, kind }))),
  )
}

function dependencies({ table, slots, slotsFrom, writer, readsFrom, readSlot, readKey, extra }: Facts, ranks: Int32Array): Dependency[] {
  const found: Dependency[] = extra.map(({ from, to, kind }) => ({ from, to, kind }))
  const keyOf = (slot: number): number => slotsFrom.findIndex((_, key) => slot < (slotsFrom[key + 1] as number))
  const all = Array.from({ length: slots }, (_, slot) => slot)
  for (const first of all) {
    for (const second of all) {
      if (keyOf(first) !== keyOf(second) || (ranks[first] as number) >= (ranks[second] as number)) continue
      found.push({ from: writer[first] as number, to: writer[second] as number, kind: ww })
    }
  }
  for (let reader = 0; reader < table.count; reader++) {
    for (let read = readsFrom[reader] as number; read < (readsFrom[reader + 1] as number); read++) {
      const seen = readSlot[read] as number
      if (seen !== initialSlot) found.push({ from: writer[seen] as number, to: reader, kind: wr })
      for (const slot of all) {
        const isUnseen = keyOf(slot) === readKey[read] && (seen === initialSlot || (ranks[slot] as number) > (ranks[seen] as number))
        if (isUnseen) found.push({ from: reader, to: writer[slot] as number, kind: rw })
      }
    }
  }
  return found.filter(({ from, to }) => from !== to)
}

/** All orders of each key in which what has a place is there, and all else after it. */
function* allRanks({ slots, slotsFrom, place }: Facts, key = 0): Generator<Int32Array> {
  if (key === slotsFrom.length - 1) {
    yield new Int32Array(slots)
    return
  }
  const own = Array.from({ length: slots }, (_, slot) => slot).slice(slotsFrom[key], slotsFrom[key + 1])
  const placed = own.filter((slot) => place[slot] !== -1)
  for (const free of permutations(own.filter((slot) => place[slot] === -1))) {
    for (const ranks of allRanks({ slots, slotsFrom, place } as Facts, key + 1)) {
      for (const slot of placed) ranks[slot] = place[slot] as number
      for (const [i, slot] of free.entries()) ranks[slot] = placed.length + i
      yield ranks
    }
  }
}
