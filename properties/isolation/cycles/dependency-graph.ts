/**
 * The dependencies of the transactions that took effect, as a graph (Adya 1999, section 3.1: the direct serialization graph). The edges
 * are between neighbours: of writes of a key that come one after another only from each to the next, and from a read to the next write
 * only, since paths give the rest. Size and time are linear in the history (but for `orders`), which takes helper nodes:
 *
 *   - Real time: at each beginning that follows some end there is a barrier. A transaction that ended leads to the next barrier, each
 *     barrier to the next one, and to the transactions that begin between them.
 *   - What has no place in the order of a key comes after all that has one. Where many have read the last of these (or what was there
 *     before the history), and many writes have no place, readers lead into a row of gates, one for each such write, and each gate leads to
 *     its writer and to the next gate. A second row runs backwards: a reader that is one of the writers enters both beside its own write.
 *
 * Edges into, between and out of helper nodes have the kind and the key of what they stand for: whoever goes from one transaction to
 * another through helper nodes has followed one dependency, and every mask of kinds selects all or nothing of it.
 */

import { rt, rw, so, wr, ww } from '../edge.ts'
import { type Facts, initialSlot } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import { committed } from '../table/transaction-table.ts'
import { type BareCsr, BareEdgeList, type Csr, EdgeList } from './csr.ts'

export interface DependencyGraph {
  readonly facts: Facts
  /** Its first nodes are the transactions; those from here on are helper nodes. */
  readonly transactions: number
  readonly csr: Csr
}

export interface DependencyOptions {
  /** What more orders transactions: `session` adds so edges, `real-time` so and rt edges. */
  readonly order: LevelOrder
  /** What is known beyond the facts, by whatever argument: pairs of slots of one key, the first of a pair before the second. */
  readonly orders?: Int32Array
}

export function dependencyGraph(facts: Facts, { order, orders = new Int32Array() }: DependencyOptions): DependencyGraph {
  const { table, slots, readSlot, extra } = facts
  const timed = order === 'real-time' && table.hasTimes
  const edges = new EdgeList(
    slots + 2 * readSlot.length + extra.length + (order === 'none' ? 0 : table.count) + (timed ? 3 * table.count : 0) + 16,
  )
  addWrites(facts, edges)
  let nodes = addReads(facts, edges)
  if (orders.length > 0) addOrders(facts, orders, edges)
  for (const { from, to, kind, key } of extra) if (from !== to) edges.add(from, to, kind, key)
  if (order !== 'none') addSessions(facts, edges)
  if (timed) nodes = addRealTime(facts, edges, nodes)
  return { facts, transactions: table.count, csr: edges.toCsr(nodes) }
}

/**
 * The graph with two nodes for each node u, where it starts (2u) and where it commits (2u + 1). A path in it is one of dependencies of which no two rw
 * edges come one after another, so that it is acyclic exactly if the dependencies, each followed by at most one rw edge, are: the condition of
 * snapshot isolation (Cerone and Gotsman, PODC 2016, theorem 10). Edges lead from a commit to a start; those of kind rw from a start to a
 * commit; and from each start to its commit.
 * @param transactions nodes from here on are helpers: they have the first node only
 */
export function startCommitGraph(graph: Csr, transactions: number, kinds: number): BareCsr {
  const edges = new BareEdgeList(graph.to.length + transactions)
  for (let node = 0; node < graph.nodes; node++) {
    const isHelper = node >= transactions
    if (!isHelper) edges.add(2 * node, 2 * node + 1)
    for (let edge = graph.from[node] as number; edge < (graph.from[node + 1] as number); edge++) {
      const kind = graph.kind[edge] as number
      if (!(kind & kinds)) continue
      const isRw = (kind & rw) !== 0
      const target = graph.to[edge] as number
      edges.add(isHelper || isRw ? 2 * node : 2 * node + 1, isRw && target < transactions ? 2 * target + 1 : 2 * target)
    }
  }
  return edges.toCsr(2 * graph.nodes)
}

/** From each write to the next one of its key, and from the last of those with a place to each without. */
function addWrites({ slotsFrom, writer, place }: Facts, edges: EdgeList): void {
  for (let key = 0; key + 1 < slotsFrom.length; key++) {
    const end = slotsFrom[key + 1] as number
    let last = -1
    for (let slot = slotsFrom[key] as number; slot < end; slot++) {
      const transaction = writer[slot] as number
      if (last !== -1) edges.add(last, transaction, ww, key)
      if (place[slot] !== -1) last = transaction
    }
  }
}

/** @returns how many nodes there are then */
function addReads(facts: Facts, edges: EdgeList): number {
  const { table, slotsFrom, writer, place, readsFrom, readSlot, readKey } = facts
  // Readers of the last write with a place, of each key: chains of reads.
  const headOfKey = new Int32Array(slotsFrom.length).fill(-1)
  const nextRead = new Int32Array(readSlot.length)
  const readerOf = new Int32Array(readSlot.length)
  for (let reader = 0; reader < table.count; reader++) {
    for (let read = readsFrom[reader] as number; read < (readsFrom[reader + 1] as number); read++) {
      const slot = readSlot[read] as number
      const key = readKey[read] as number
      const end = slotsFrom[key + 1] as number
      if (slot !== initialSlot) {
        if (writer[slot] !== reader) edges.add(writer[slot] as number, reader, wr, key)
        if (place[slot] === -1) continue
      }
      let next = slot === initialSlot ? (slotsFrom[key] as number) : slot + 1
      if (next < end && place[next] !== -1 && writer[next] === reader) next++
      if (next < end && place[next] !== -1) {
        edges.add(reader, writer[next] as number, rw, key)
      } else if (next < end) {
        readerOf[read] = reader
        nextRead[read] = headOfKey[key] as number
        headOfKey[key] = read
      }
    }
  }
  let nodes = table.count
  const slotOf = new Int32Array(table.count)
  for (let key = 0; key + 1 < slotsFrom.length; key++) {
    const head = headOfKey[key] as number
    if (head === -1) continue
    const end = slotsFrom[key + 1] as number
    let first = slotsFrom[key] as number
    while (place[first] !== -1) first++
    let readers = 0
    for (let read = head; read !== -1; read = nextRead[read] as number) readers++
    const unplaced = end - first
    if (readers * unplaced <= 2 * readers + 4 * unplaced) {
      for (let read = head; read !== -1; read = nextRead[read] as number) {
        for (let slot = first; slot < end; slot++) {
          if (writer[slot] !== readerOf[read]) edges.add(readerOf[read] as number, writer[slot] as number, rw, key)
        }
      }
      continue
    }
    const forwards = nodes
    const backwards = nodes + unplaced
    nodes += 2 * unplaced
    for (let i = 0; i < unplaced; i++) {
      const transaction = writer[first + i] as number
      slotOf[transaction] = first + i
      edges.add(forwards + i, transaction, rw, key)
      edges.add(backwards + i, transaction, rw, key)
      if (i + 1 < unplaced) edges.add(forwards + i, forwards + i + 1, rw, key)
      if (i > 0) edges.add(backwards + i, backwards + i - 1, rw, key)
    }
    for (let read = head; read !== -1; read = nextRead[read] as number) {
      const reader = readerOf[read] as number
      const own = slotOf[reader] as number
      if (own < first || own >= end || writer[own] !== reader) {
        edges.add(reader, forwards, rw, key)
        continue
      }
      if (own + 1 < end) edges.add(reader, forwards + own + 1 - first, rw, key)
      if (own > first) edges.add(reader, backwards + own - 1 - first, rw, key)
    }
  }
  return nodes
}

function addOrders({ table, slots, slotsFrom, writer, readsFrom, readSlot }: Facts, orders: Int32Array, edges: EdgeList): void {
  const reads = new BareEdgeList(readSlot.length)
  for (let reader = 0; reader < table.count; reader++) {
    for (let read = readsFrom[reader] as number; read < (readsFrom[reader + 1] as number); read++) {
      if (readSlot[read] !== initialSlot) reads.add(readSlot[read] as number, reader)
    }
  }
  const readers = reads.toCsr(slots)
  const keyOf = new Int32Array(slots)
  for (let key = 0; key + 1 < slotsFrom.length; key++) keyOf.fill(key, slotsFrom[key], slotsFrom[key + 1])
  for (let pair = 0; pair < orders.length; pair += 2) {
    const before = orders[pair] as number
    const key = keyOf[before] as number
    const next = writer[orders[pair + 1] as number] as number
    if (writer[before] !== next) edges.add(writer[before] as number, next, ww, key)
    for (let i = readers.from[before] as number; i < (readers.from[before + 1] as number); i++) {
      if (readers.to[i] !== next) edges.add(readers.to[i] as number, next, rw, key)
    }
  }
}

function addSessions({ table, happened }: Facts, edges: EdgeList): void {
  const last = new Int32Array(table.sessions.length).fill(-1)
  for (let transaction = 0; transaction < table.count; transaction++) {
    const session = table.session[transaction] as number
    if (session === -1 || happened[transaction] === 0) continue
    if (last[session] !== -1) edges.add(last[session] as number, transaction, so, -1)
    last[session] = transaction
  }
}

/** @returns how many nodes there are then */
function addRealTime({ table, happened }: Facts, edges: EdgeList, nodes: number): number {
  const { count, began, ended } = table
  // Whoever does not know its outcome has not seen it end: it may have taken effect at any later time.
  const isOver = (transaction: number): boolean =>
    happened[transaction] === 1 && table.status[transaction] === committed && ended[transaction] !== -1
  const ends = new Int32Array(count)
  let over = 0
  for (let transaction = 0; transaction < count; transaction++) if (isOver(transaction)) ends[over++] = ended[transaction] as number
  const endsBefore = countBefore(ends.subarray(0, over))

  // Of each number of ends: whether some transaction begins after exactly that many; then the barrier of that number or the next one.
  const barrierAfter = new Int32Array(over + 2).fill(-1)
  for (let transaction = 0; transaction < count; transaction++) {
    if (happened[transaction] === 1) barrierAfter[endsBefore(began[transaction] as number)] = 0
  }
  // No barrier precedes a beginning that no end precedes.
  barrierAfter[0] = -1
  let barriers = nodes
  for (let passed = 1; passed <= over; passed++) if (barrierAfter[passed] === 0) barrierAfter[passed] = barriers++
  for (let passed = over; passed > 0; passed--) if (barrierAfter[passed] === -1) barrierAfter[passed] = barrierAfter[passed + 1] as number

  for (let barrier = nodes; barrier + 1 < barriers; barrier++) edges.add(barrier, barrier + 1, rt, -1)
  for (let transaction = 0; transaction < count; transaction++) {
    if (happened[transaction] === 0) continue
    const passed = endsBefore(began[transaction] as number)
    if (passed > 0) edges.add(barrierAfter[passed] as number, transaction, rt, -1)
    if (!isOver(transaction)) continue
    const next = barrierAfter[endsBefore((ended[transaction] as number) + 1)] as number
    if (next !== -1) edges.add(transaction, next, rt, -1)
  }
  return barriers
}

/** A function that tells how many of these positions come before another one: from a table where they are dense, as those of events are. */
function countBefore(positions: Int32Array): (position: number) => number {
  let last = -1
  for (const position of positions) last = Math.max(last, position)
  if (last > 16 * positions.length) {
    const sorted = positions.sort()
    return (position) => countBelow(sorted, position)
  }
  const before = new Int32Array(last + 2)
  for (const position of positions) (before[position + 1] as number)++
  for (let position = 0; position <= last; position++)
    before[position + 1] = (before[position] as number) + (before[position + 1] as number)
  return (position) => (position < 0 ? 0 : (before[Math.min(position, last + 1)] as number))
}

/** How many of the sorted numbers are less than the limit. */
function countBelow(sorted: Int32Array, limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) < limit) low = middle + 1
    else high = middle
  }
  return low
}
