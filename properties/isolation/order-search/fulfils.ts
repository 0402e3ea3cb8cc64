/** Whether an order of the writes fulfils a level, in linear time: apart from the search that found it. */
import type { Budget } from '../../budget.ts'
import { type Facts, initialSlot } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import { KnownGraph } from './known-graph.ts'
import { transactionBetweenLayers } from './layer-walks.ts'
import { type StrongBase, shapeOf } from './level-shape.ts'
import { topologicalOrder } from './topological.ts'

/**
 * @param ranks of each slot its place among those of its key
 * @throws LimitReached
 */
export function fulfils(facts: Facts, base: StrongBase, order: LevelOrder, ranks: Int32Array, budget: Budget): boolean {
  const graph = new KnownGraph(withOrders(facts, ranks), shapeOf(base), order)
  if (topologicalOrder(graph.arcs.rows(graph.nodes)) === null) return false
  return !graph.shape.hasLayers || transactionBetweenLayers(graph, budget) === -1
}

/** The facts if the order of all writes were known. */
export function withOrders(facts: Facts, ranks: Int32Array): Facts {
  const { slots, slotsFrom } = facts
  const moved = new Int32Array(slots)
  const writer = new Int32Array(slots)
  for (let key = 0; key < slotsFrom.length - 1; key++) {
    for (let slot = slotsFrom[key] as number; slot < (slotsFrom[key + 1] as number); slot++) {
      moved[slot] = (slotsFrom[key] as number) + (ranks[slot] as number)
      writer[moved[slot] as number] = facts.writer[slot] as number
    }
  }
  const place = new Int32Array(slots)
  for (let slot = 0; slot < slots; slot++) place[moved[slot] as number] = ranks[slot] as number
  const readSlot = facts.readSlot.map((slot) => (slot === initialSlot ? initialSlot : (moved[slot] as number)))
  return { ...facts, writer, place, readSlot }
}
