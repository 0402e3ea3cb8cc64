/**
 * A topological order of what is known that is likely to fulfil the level, so that a search which begins with it has little to mend. The
 * history is run as a store would: a transaction that only reads as soon as what it read is there; a write not before all have read the
 * version that it overwrites; of a level that forbids concurrent writes of a key, one writer of a key at a time. Else transactions go
 * in order of time, or, where the history says nothing of it, as if all sessions had taken equally long. Where all wait, the first goes on.
 */
import type { BareCsr } from '../cycles/csr.ts'
import { initialSlot } from '../facts.ts'
import type { TransactionTable } from '../table/transaction-table.ts'
import { type Written, writtenSlots } from '../weak-levels/saturate-written.ts'
import type { KnownGraph } from './known-graph.ts'
import { NodeHeap } from './node-heap.ts'

/** @param rows the arcs of the graph, which has no cycle */
export function likelyOrder(graph: KnownGraph, rows: BareCsr): Int32Array {
  return new Run(graph, rows).order()
}

/** Of a node: it waits for those before it or for what it would overtake, or it is in the order. */
const isReady = 1
const isParked = 2
const isDone = 3

class Run {
  readonly #graph: KnownGraph
  readonly #rows: BareCsr
  readonly #slots: Written
  /** Which node of a transaction is when its writes take effect; its reads do at the first. */
  readonly #writeAt: number
  readonly #locks: boolean
  readonly #incoming: Int32Array
  readonly #state: Uint8Array
  readonly #ready: NodeHeap
  /** All that are parked, and some that have gone on since. */
  readonly #parked: NodeHeap
  readonly #isListed: Uint8Array
  readonly #order: Int32Array
  #found = 0
  /** Of each version, initial ones after the slots: how many are to read it. */
  readonly #pending: Int32Array
  /** Of each read: 1 if it is the first of its version by its transaction. */
  readonly #counts: Uint8Array
  /** Of each key: its version now, and who is about to write it. */
  readonly #current: Int32Array
  readonly #writing: Int32Array
  /** Of each version, and then of each key: who waits for its readers, and for its writer; a list by `#next`. */
  readonly #waiting: Int32Array
  readonly #next: Int32Array

  constructor(graph: KnownGraph, rows: BareCsr) {
    const { facts, nodes, shape } = graph
    const keys = facts.slotsFrom.length - 1
    this.#graph = graph
    this.#rows = rows
    this.#slots = writtenSlots(facts)
    this.#writeAt = shape.hasLayers ? 0 : (shape.rw[0][1] as number)
    this.#locks = this.#writeAt !== shape.writeNode
    this.#incoming = new Int32Array(nodes)
    for (const node of rows.to) this.#incoming[node] = (this.#incoming[node] as number) + 1
    this.#state = new Uint8Array(nodes)
    const priorities = prioritiesOf(graph, this.#slots)
    this.#ready = new NodeHeap(priorities)
    this.#parked = new NodeHeap(priorities)
    this.#isListed = new Uint8Array(nodes)
    this.#order = new Int32Array(nodes)
    this.#pending = new Int32Array(facts.slots + keys)
    this.#counts = new Uint8Array(facts.readSlot.length)
    this.#current = Int32Array.from({ length: keys }, (_, key) => facts.slots + key)
    this.#writing = new Int32Array(keys).fill(-1)
    this.#waiting = new Int32Array(facts.slots + 2 * keys).fill(-1)
    this.#next = new Int32Array(nodes)
    this.#countReads()
  }

  order(): Int32Array {
    const { nodes } = this.#rows
    for (let node = 0; node < nodes; node++) if (this.#incoming[node] === 0) this.#makeReady(node)
    while (this.#found < nodes) {
      const node = this.#ready.pop()
      if (node === -1) this.#do(this.#firstParked())
      else {
        const obstacle = this.#obstacleTo(node)
        if (obstacle === -1) this.#do(node)
        else this.#park(node, obstacle)
      }
    }
    return this.#order
  }

  #countReads(): void {
    const { facts } = this.#graph
    const latest = new Int32Array(this.#pending.length).fill(-1)
    for (let t = 0; t < facts.table.count; t++) {
      for (let read = facts.readsFrom[t] as number; read < (facts.readsFrom[t + 1] as number); read++) {
        const version = this.#versionOf(read)
        if (latest[version] === t || facts.writer[version] === t) continue
        latest[version] = t
        this.#counts[read] = 1
        this.#pending[version] = (this.#pending[version] as number) + 1
      }
    }
  }

  #versionOf(read: number): number {
    const { readKey, readSlot, slots } = this.#graph.facts
    return readSlot[read] === initialSlot ? slots + (readKey[read] as number) : (readSlot[read] as number)
  }

  /** What a node has to wait for: an index of `#waiting`; -1: nothing. */
  #obstacleTo(node: number): number {
    const { facts, shape } = this.#graph
    const t = this.#graph.transactionOf(node)
    if (t === -1) return -1
    const at = node % shape.stride
    const { from, slot, keyOf } = this.#slots
    for (let i = from[t] as number; i < (from[t + 1] as number); i++) {
      const key = keyOf[slot[i] as number] as number
      const version = this.#current[key] as number
      if (this.#locks && at === 0 && this.#writing[key] !== -1) return facts.slots + facts.slotsFrom.length - 1 + key
      if (at === this.#writeAt && (this.#pending[version] as number) > this.#ownReads(t, version)) return version
    }
    return -1
  }

  /** 1 if a transaction is among those that are to read a version; 0 else, or if it has read it. */
  #ownReads(t: number, version: number): 0 | 1 {
    const { readsFrom } = this.#graph.facts
    if (this.#writeAt !== 0) return 0
    for (let read = readsFrom[t] as number; read < (readsFrom[t + 1] as number); read++) {
      if (this.#counts[read] === 1 && this.#versionOf(read) === version) return 1
    }
    return 0
  }

  #makeReady(node: number): void {
    this.#state[node] = isReady
    this.#ready.push(node)
  }

  #park(node: number, obstacle: number): void {
    this.#state[node] = isParked
    this.#next[node] = this.#waiting[obstacle] as number
    this.#waiting[obstacle] = node
    if (this.#isListed[node] === 1) return
    this.#isListed[node] = 1
    this.#parked.push(node)
  }

  #firstParked(): number {
    for (;;) {
      const node = this.#parked.pop()
      this.#isListed[node] = 0
      if (this.#state[node] === isParked) return node
    }
  }

  #wake(obstacle: number): void {
    for (let node = this.#waiting[obstacle] as number; node !== -1; node = this.#next[node] as number) {
      if (this.#state[node] === isParked) this.#makeReady(node)
    }
    this.#waiting[obstacle] = -1
  }

  #do(node: number): void {
    this.#state[node] = isDone
    this.#order[this.#found++] = node
    const t = this.#graph.transactionOf(node)
    if (t !== -1) {
      const at = node % this.#graph.shape.stride
      if (at === 0) this.#read(t)
      if (this.#locks && at === 0) this.#setWriting(t, t)
      if (at === this.#writeAt) this.#write(t)
    }
    const { from, to } = this.#rows
    for (let arc = from[node] as number; arc < (from[node + 1] as number); arc++) {
      const next = to[arc] as number
      const left = (this.#incoming[next] as number) - 1
      this.#incoming[next] = left
      if (left === 0) this.#makeReady(next)
    }
  }

  #read(t: number): void {
    const { readsFrom } = this.#graph.facts
    for (let read = readsFrom[t] as number; read < (readsFrom[t + 1] as number); read++) {
      if (this.#counts[read] === 0) continue
      const version = this.#versionOf(read)
      const left = (this.#pending[version] as number) - 1
      this.#pending[version] = left
      // The last one may be that which waits.
      if (left <= 1) this.#wake(version)
    }
  }

  #write(t: number): void {
    const { facts } = this.#graph
    const { from, slot, keyOf } = this.#slots
    for (let i = from[t] as number; i < (from[t + 1] as number); i++) {
      const key = keyOf[slot[i] as number] as number
      const overwritten = this.#current[key] as number
      this.#current[key] = slot[i] as number
      this.#wake(overwritten)
      if (this.#locks) this.#wake(facts.slots + facts.slotsFrom.length - 1 + key)
    }
    if (this.#locks) this.#setWriting(t, -1)
  }

  #setWriting(t: number, writer: number): void {
    const { from, slot, keyOf } = this.#slots
    for (let i = from[t] as number; i < (from[t + 1] as number); i++) this.#writing[keyOf[slot[i] as number] as number] = writer
  }
}

/** Of each node: when it comes, if nothing is against it. */
function prioritiesOf({ facts, nodes, shape }: KnownGraph, { from }: Written): Float64Array {
  const { table } = facts
  const lengths = new Float64Array(table.sessions.length)
  for (const session of table.session) if (session !== -1) lengths[session] = (lengths[session] as number) + 1
  const seen = new Float64Array(table.sessions.length)
  const priorities = new Float64Array(nodes).fill(-1)
  const begins = shape.rw[0][1] === 1 && !shape.hasLayers
  for (let t = 0; t < table.count; t++) {
    const session = table.session[t] as number
    if (session !== -1) seen[session] = (seen[session] as number) + 1
    // One that only reads never waits for others than those before it.
    if (from[t] === from[t + 1]) continue
    const share = session === -1 ? t / table.count : (seen[session] as number) / (lengths[session] as number)
    for (let at = 0; at < shape.stride; at++)
      priorities[t * shape.stride + at] = table.hasTimes ? timeOf(table, t, begins && at === 0) : share
  }
  return priorities
}

function timeOf({ began, ended }: TransactionTable, t: number, begins: boolean): number {
  return (begins || ended[t] === -1 ? began[t] : ended[t]) as number
}
