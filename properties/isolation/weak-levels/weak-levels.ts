/**
 * The levels that can be decided in polynomial time although the order of the writes is not known: saturation (Biswas and Enea, OOPSLA
 * 2019; Møldrup and Pavlogiannis, AWDIT, PLDI 2025). Where a level makes a write visible to a read that saw another write of the key, it
 * forces the order of the two. The level holds if its dependencies with the forced orders have no cycle:
 *
 * - Any ≪ that fulfils the level contains what is known and what is forced, and may not make a cycle; so there is none.
 * - Conversely take any total order of the transactions that extends the graph, and order the writes of each key by it. Then WW makes no
 *   cycle either, and whatever of a key is visible to a reader comes before what it read, or is that; so no RW leads back to it.
 *
 * What holds beyond relations (no aborted or intermediate reads, no internal inconsistency) is not decided here.
 */

import { Budget } from '../../budget.ts'
import { isAcyclic } from '../cycles/strong-components.ts'
import { rt, so, wr, ww } from '../edge.ts'
import type { Facts } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import { decideCut } from './cut.ts'
import type { ForcedOrder, WeakBase, WeakDecision } from './decision.ts'
import { evidenceOfCycle, evidenceOfMissed, type Judged } from './evidence.ts'
import { saturateAtomic } from './saturate-atomic.ts'
import { baseEdges } from './saturate-base.ts'
import { saturateCausal } from './saturate-causal.ts'
import { chainsOfSessions, chainsOfTime } from './saturate-chains.ts'
import { saturateMonotonic } from './saturate-monotonic.ts'
import { ForcedOrders } from './saturate-orders.ts'
import { topologicalOrder } from './saturate-topology.ts'
import { writtenSlots } from './saturate-written.ts'

export type { ForcedOrder, WeakBase, WeakDecision }

/** Of the graph of a level, for each transaction, slot and read. */
const bytesEach = 32

/**
 * Whether some order of the writes, which agrees with what was read, fulfils the condition of a level on dependencies (level.ts).
 * Where the history says nothing of times, real-time order is session order.
 * @throws LimitReached
 */
export function decideWeak(facts: Facts, base: WeakBase, order: LevelOrder, budget: Budget = new Budget()): WeakDecision {
  budget.requireTime()
  budget.requireBytes(bytesEach * (facts.table.count + facts.slots + facts.readSlot.length))
  if (base === 'item-cut-isolation') return decideCut(facts)
  const added = (order === 'none' && base !== 'causal' ? 0 : so) | (order === 'real-time' && facts.table.hasTimes ? rt : 0)
  const judged: Judged = { facts, written: writtenSlots(facts), base, kinds: ww | (base === 'read-uncommitted' ? 0 : wr) | added, budget }
  const orders = new ForcedOrders(facts, budget)
  if (base === 'monotonic-atomic-view') saturateMonotonic(facts, judged.written, orders, budget)
  if (base === 'read-atomic') saturateAtomic(facts, judged.written, added, orders, budget)
  if (base === 'causal') {
    const violation = saturateByCauses(judged, orders)
    if (violation !== null) return violation
  }
  if (orders.missed !== null) return evidenceOfMissed(judged, orders.missed)
  const { nodes, edges } = baseEdges(facts, judged.kinds)
  orders.addTo(edges)
  const graph = edges.toCsr(nodes)
  return isAcyclic(graph) ? { holds: true } : evidenceOfCycle(judged, graph, orders)
}

/** Forces the orders of causal consistency; the violation where already the causes make a cycle. */
function saturateByCauses(judged: Judged, orders: ForcedOrders): WeakDecision | null {
  const { facts, written } = judged
  const kinds = judged.kinds & ~ww
  const { nodes, edges } = baseEdges(facts, kinds)
  const graph = edges.toCsr(nodes)
  const order = topologicalOrder(graph)
  if (order === null) return evidenceOfCycle({ ...judged, kinds }, graph, orders)
  const chains = kinds & rt ? chainsOfTime(facts) : chainsOfSessions(facts, order)
  saturateCausal(facts, written, { graph, order, chains }, orders, judged.budget)
  return null
}
