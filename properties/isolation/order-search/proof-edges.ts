/** Every dependency of a few transactions, pair by pair, and the order of two writes that it follows from where that is not known. */
import { type EdgeKind, rt, rw, so, wr, ww } from '../edge.ts'
import { type Facts, initialSlot } from '../facts.ts'
import type { LevelOrder } from '../level.ts'

/** The write of one slot of a key comes before that of another. */
export interface SlotOrder {
  readonly key: number
  readonly first: number
  readonly second: number
}

export interface ProofEdge {
  readonly from: number
  readonly to: number
  readonly kind: EdgeKind
  readonly key: number
  /** The order that it follows from; null if it is known. */
  readonly order: SlotOrder | null
}

/** The readers of each slot, and then those of each key as it was before. */
export function readersOf({ slots, slotsFrom, table, readsFrom, readSlot, readKey, writer }: Facts): number[][] {
  const readers = Array.from({ length: slots + slotsFrom.length - 1 }, () => new Set<number>())
  for (let t = 0; t < table.count; t++) {
    for (let read = readsFrom[t] as number; read < (readsFrom[t + 1] as number); read++) {
      const slot = readSlot[read] as number
      if (slot === initialSlot) readers[slots + (readKey[read] as number)]?.add(t)
      else if (writer[slot] !== t) readers[slot]?.add(t)
    }
  }
  return readers.map((set) => [...set])
}

/** The dependencies that are known, and the pairs of slots of which either may come first. */
export function knownEdges(
  facts: Facts,
  readers: readonly (readonly number[])[],
  order: LevelOrder,
): { readonly edges: ProofEdge[]; readonly open: SlotOrder[] } {
  const { slots, slotsFrom, place, writer, extra } = facts
  const edges: ProofEdge[] = []
  const open: SlotOrder[] = []
  for (let key = 0; key < slotsFrom.length - 1; key++) {
    for (let slot = slotsFrom[key] as number; slot < (slotsFrom[key + 1] as number); slot++) {
      const to = writer[slot] as number
      for (const reader of readers[slot] ?? []) edges.push({ from: to, to: reader, kind: wr, key, order: null })
      for (const reader of readers[slots + key] ?? []) if (reader !== to) edges.push({ from: reader, to, kind: rw, key, order: null })
      for (let earlier = slotsFrom[key] as number; earlier < slot; earlier++) {
        const pair = { key, first: earlier, second: slot }
        if (place[earlier] === -1) open.push(pair)
        else edges.push(...edgesOfOrder(facts, readers, pair).map((edge) => ({ ...edge, order: null })))
      }
    }
  }
  edges.push(...extra.filter(({ from, to }) => from !== to).map((edge) => ({ ...edge, order: null })))
  edges.push(...orderEdges(facts, order))
  return { edges, open }
}

/** What follows from an order of two slots. */
export function edgesOfOrder({ writer }: Facts, readers: readonly (readonly number[])[], order: SlotOrder): ProofEdge[] {
  const { key, first, second } = order
  const to = writer[second] as number
  const overtaken = (readers[first] ?? []).filter((reader) => reader !== to)
  return [
    { from: writer[first] as number, to, kind: ww, key, order },
    ...overtaken.map((reader): ProofEdge => ({ from: reader, to, kind: rw, key, order })),
  ]
}

/** Session order and real-time order, of all pairs. */
function orderEdges({ table, happened }: Facts, order: LevelOrder): ProofEdge[] {
  const edges: ProofEdge[] = []
  if (order === 'none') return edges
  for (let from = 0; from < table.count; from++) {
    for (let to = 0; to < table.count; to++) {
      if (!happened[from] || !happened[to]) continue
      const ended = table.ended[from] as number
      if (from < to && table.session[from] !== -1 && table.session[from] === table.session[to]) {
        edges.push({ from, to, kind: so, key: -1, order: null })
      } else if (order === 'real-time' && table.hasTimes && ended !== -1 && ended < (table.began[to] as number)) {
        edges.push({ from, to, kind: rt, key: -1, order: null })
      }
    }
  }
  return edges
}
