/**
 * Shortest paths along dependencies. What is before what in ≪, in a session and in time follows from places, so these edges are not
 * listed, yet a path is as short as the whole relations make it: of a sequence whose members come before all later ones, a search looks
 * at each member once.
 */
import type { CycleStep } from '../anomaly.ts'
import { type Csr, EdgeList } from '../cycles/csr.ts'
import { type EdgeKind, rt, rw, so, wr, ww } from '../edge.ts'
import { type Facts, initialSlot } from '../facts.ts'
import type { ForcedOrders } from './saturate-orders.ts'
import { byPosition, bySession, type Sessions } from './saturate-positions.ts'
import type { Written } from './saturate-written.ts'

export interface PathStep extends CycleStep {
  /** Of a ww edge that is forced: the read that forces it; -1 else. */
  readonly forcedBy: number
}

/** Which transactions a path may go through: those of a component. */
export interface Within {
  readonly component: Int32Array
  readonly number: number
}

export class Paths {
  /** How often searches have looked at a transaction. */
  looks = 0
  readonly #facts: Facts
  readonly #written: Written
  readonly #kinds: number
  /** The edges that are listed: reads, extra edges, forced orders. */
  readonly #edges: Csr
  readonly #sessions: Sessions
  /** Of each transaction: where it is among the members of the sessions. */
  readonly #member: Int32Array
  /** All that happened, in order of where they began. */
  readonly #begun: Int32Array
  /** The number of the search that last reached a transaction, from where, and by which edge. */
  readonly #reached: Int32Array
  readonly #parent: Int32Array
  readonly #kind: Uint8Array
  readonly #key: Int32Array
  readonly #queue: Int32Array
  #found = 0
  #search = 0
  #target = -1
  #within: Within | null = null
  /** Of each sequence: from where on its members have been looked at. */
  readonly #seen = new Map<number, number>()

  /** @param kinds a mask of `ww`, `wr`, `so` and `rt`: what paths are made of */
  constructor(facts: Facts, written: Written, kinds: number, orders: ForcedOrders) {
    const { count, began } = facts.table
    this.#facts = facts
    this.#written = written
    this.#kinds = kinds
    this.#edges = listedEdges(facts, kinds, orders)
    this.#sessions = bySession(facts)
    this.#member = new Int32Array(count)
    for (const [member, t] of this.#sessions.members.entries()) this.#member[t] = member
    this.#begun = kinds & rt ? byPosition(facts, began) : new Int32Array(0)
    this.#reached = new Int32Array(count)
    this.#parent = new Int32Array(count)
    this.#kind = new Uint8Array(count)
    this.#key = new Int32Array(count)
    this.#queue = new Int32Array(count)
  }

  /** A shortest path, of at least one edge, or null. */
  shortest(source: number, target: number, within: Within | null = null): readonly PathStep[] | null {
    this.#search++
    this.#found = 0
    this.#target = target
    this.#within = within
    this.#seen.clear()
    if (this.#expand(source)) return this.#path(source)
    for (let done = 0; done < this.#found; done++) if (this.#expand(this.#queue[done] as number)) return this.#path(source)
    return null
  }

  /** Whether it reached the target. */
  #expand(t: number): boolean {
    const { table, slotsFrom, writer, place } = this.#facts
    const { from: slotsOf, slot: slots, keyOf } = this.#written
    if (this.#kinds & ww) {
      for (let i = slotsOf[t] as number; i < (slotsOf[t + 1] as number); i++) {
        const slot = slots[i] as number
        const key = keyOf[slot] as number
        if (place[slot] !== -1 && this.#later(t, key, writer, slot + 1, slotsFrom[key + 1] as number, ww, key)) return true
      }
    }
    const keys = slotsFrom.length - 1
    const session = table.session[t] as number
    if (this.#kinds & so && session !== -1) {
      const { from, members } = this.#sessions
      if (this.#later(t, keys + session, members, (this.#member[t] as number) + 1, from[session + 1] as number, so, -1)) return true
    }
    if (this.#kinds & rt && (table.ended[t] as number) >= 0) {
      const start = this.#beginningAfter(table.ended[t] as number)
      if (this.#later(t, keys + table.sessions.length, this.#begun, start, this.#begun.length, rt, -1)) return true
    }
    const { from, to, kind, key } = this.#edges
    for (let edge = from[t] as number; edge < (from[t + 1] as number); edge++) {
      if (this.#reach(to[edge] as number, t, kind[edge] as number, key[edge] as number)) return true
    }
    return false
  }

  /** All members of a sequence from one on come after a transaction. */
  #later(t: number, sequence: number, members: Int32Array, start: number, end: number, kind: number, key: number): boolean {
    const until = this.#seen.get(sequence) ?? end
    for (let i = start; i < until; i++) if (this.#reach(members[i] as number, t, kind, key)) return true
    if (start < until) this.#seen.set(sequence, start)
    return false
  }

  #reach(t: number, parent: number, kind: number, key: number): boolean {
    this.looks++
    if (this.#reached[t] === this.#search || (this.#within !== null && this.#within.component[t] !== this.#within.number)) return false
    this.#reached[t] = this.#search
    this.#parent[t] = parent
    this.#kind[t] = kind
    this.#key[t] = key
    this.#queue[this.#found++] = t
    return t === this.#target
  }

  #path(source: number): readonly PathStep[] {
    const { readKey } = this.#facts
    const steps: PathStep[] = []
    let t = this.#target
    do {
      const kind = this.#kind[t] as number
      const key = this.#key[t] as number
      t = this.#parent[t] as number
      steps.push(
        kind === forced
          ? { transaction: t, kind: ww, key: readKey[key] as number, forcedBy: key }
          : { transaction: t, kind: kind as EdgeKind, key, forcedBy: -1 },
      )
    } while (t !== source)
    return steps.reverse()
  }

  /** The first of those in order of their beginnings that began after a position. */
  #beginningAfter(position: number): number {
    const { began } = this.#facts.table
    let low = 0
    let high = this.#begun.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((began[this.#begun[middle] as number] as number) <= position) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** The kind that a forced order has here; its key is the read that forces it. */
const forced = 32

function listedEdges(facts: Facts, kinds: number, orders: ForcedOrders): Csr {
  const { table, writer, readsFrom, readSlot, readKey, extra } = facts
  const edges = new EdgeList()
  for (let t = 0; kinds & wr && t < table.count; t++) {
    for (let read = readsFrom[t] as number; read < (readsFrom[t + 1] as number); read++) {
      const slot = readSlot[read] as number
      if (slot !== initialSlot && writer[slot] !== t) edges.add(writer[slot] as number, t, wr, readKey[read] as number)
    }
  }
  for (const { from, to, kind, key } of extra) if (kind & kinds & ~rw) edges.add(from, to, kind, key)
  for (let i = 0; i < orders.length; i++) {
    const read = orders.read[i] as number
    edges.add(writer[orders.before[i] as number] as number, writer[readSlot[read] as number] as number, forced, read)
  }
  return edges.toCsr(table.count)
}
