/** The dependencies that are known before any order of writes is forced, as a graph with the same paths but only O(n) edges. */
import { BareEdgeList } from '../cycles/csr.ts'
import { rt, rw, so, wr, ww } from '../edge.ts'
import type { Facts } from '../facts.ts'
import { byPosition } from './saturate-positions.ts'

export interface BaseEdges {
  /** The transactions, and after them barriers. */
  readonly nodes: number
  readonly edges: BareEdgeList
}

/**
 * Edges that reach what the known dependencies reach. Of session order and of ≪ they have each next one only. Real-time order goes by a
 * chain of barriers: moments at which some transaction begins after another has ended; each end leads to the next barrier, and the last
 * barrier before a beginning to the transaction that begins.
 * @param kinds a mask of `ww`, `wr`, `so` and `rt`
 */
export function baseEdges(facts: Facts, kinds: number): BaseEdges {
  const { table, readSlot } = facts
  const edges = new BareEdgeList(readSlot.length + 2 * table.count + 16)
  if (kinds & wr) addReads(facts, edges)
  if (kinds & ww) addKnownOrders(facts, edges)
  if (kinds & so) addSessions(facts, edges)
  for (const { from, to, kind } of facts.extra) if (kind & kinds & ~rw) edges.add(from, to)
  return { nodes: kinds & rt ? addBarriers(facts, edges) : table.count, edges }
}

function addReads({ table, writer, readsFrom, readSlot }: Facts, edges: BareEdgeList): void {
  const lastReader = new Int32Array(table.count).fill(-1)
  for (let t = 0; t < table.count; t++) {
    lastReader[t] = t
    const end = readsFrom[t + 1] as number
    for (let read = readsFrom[t] as number; read < end; read++) {
      const slot = readSlot[read] as number
      if (slot < 0) continue
      const from = writer[slot] as number
      if (lastReader[from] === t) continue
      lastReader[from] = t
      edges.add(from, t)
    }
  }
}

function addKnownOrders({ slotsFrom, writer, place }: Facts, edges: BareEdgeList): void {
  const keys = slotsFrom.length - 1
  for (let key = 0; key < keys; key++) {
    const end = slotsFrom[key + 1] as number
    let last = -1
    for (let slot = slotsFrom[key] as number; slot < end; slot++) {
      if (last !== -1) edges.add(writer[last] as number, writer[slot] as number)
      if ((place[slot] as number) >= 0) last = slot
    }
  }
}

function addSessions({ table, happened }: Facts, edges: BareEdgeList): void {
  const last = new Int32Array(table.sessions.length).fill(-1)
  for (let t = 0; t < table.count; t++) {
    const session = table.session[t] as number
    if (session === -1 || happened[t] === 0) continue
    if (last[session] !== -1) edges.add(last[session] as number, t)
    last[session] = t
  }
}

/** How many nodes there are then. */
function addBarriers(facts: Facts, edges: BareEdgeList): number {
  const { count, began, ended } = facts.table
  const ends = byPosition(facts, ended)
  let done = 0
  let nodes = count
  for (const t of byPosition(facts, began)) {
    const start = began[t] as number
    if (done < ends.length && (ended[ends[done] as number] as number) < start) {
      if (nodes > count) edges.add(nodes - 1, nodes)
      while (done < ends.length && (ended[ends[done] as number] as number) < start) edges.add(ends[done++] as number, nodes)
      nodes++
    }
    if (nodes > count) edges.add(nodes - 1, t)
  }
  return nodes
}
