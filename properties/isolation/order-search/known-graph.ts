/**
 * What is known of a level's graph (level-shape.ts) before any order of writes is found out: reads, runs, the order of the variant.
 * Nodes of transactions come first, then helper nodes, which stand for many arcs each: barriers between what ended and what began
 * later, and for a key one between the readers of the end of its head and the writes that follow.
 */
import { type EdgeKind, rw, ww } from '../edge.ts'
import type { Facts } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import { ArcList } from './arc-list.ts'
import type { ByReadOnly, LevelShape, NodePairs } from './level-shape.ts'
import { type Runs, runsOf } from './runs.ts'

export class KnownGraph {
  readonly facts: Facts
  readonly order: LevelOrder
  readonly shape: LevelShape
  readonly runs: Runs
  readonly arcs: ArcList
  /** Of each transaction: 1 if it only reads, and the level asks that. */
  readonly readsOnly: Uint8Array
  /** How many, helpers included. */
  nodes: number

  constructor(facts: Facts, shape: LevelShape, order: LevelOrder) {
    const { count } = facts.table
    this.facts = facts
    this.order = order
    this.shape = shape
    this.runs = runsOf(facts, shape.hasRuns)
    this.nodes = count * shape.stride
    this.arcs = new ArcList(2 * this.nodes + 2 * this.runs.readers.of.length + facts.slots)
    this.readsOnly = new Uint8Array(count)
    if (shape.distinguishesReadOnly) {
      this.readsOnly.fill(1)
      for (let slot = 0; slot < facts.slots; slot++) this.readsOnly[facts.writer[slot] as number] = 0
    }
    for (let t = 0; t < count; t++) this.#addPairs(shape.inner, t, t)
    this.#addSlots()
    for (let key = 0; key < this.runs.headLast.length; key++) this.#addHead(key)
    for (const { from, to, kind } of facts.extra) if (from !== to) this.#addEdge(from, to, kind)
    if (order !== 'none') this.#addSessions()
    if (order === 'real-time' && facts.table.hasTimes) this.#addRealTime()
  }

  /** The transaction of a node; -1: it is a helper. */
  transactionOf(node: number): number {
    const transaction = Math.floor(node / this.shape.stride)
    return transaction < this.facts.table.count ? transaction : -1
  }

  /** Whether the order of all writes is known. */
  isOrdered(): boolean {
    const { runsFrom } = this.runs
    return runsFrom.every((start, key) => key + 1 === runsFrom.length || (runsFrom[key + 1] as number) - start < 2)
  }

  /** Of each slot its place among those of its key, runs being in a topological order of the nodes. */
  ranksBy(order: Int32Array): Int32Array {
    const { facts, runs, shape } = this
    const place = new Int32Array(this.nodes)
    for (let i = 0; i < order.length; i++) place[order[i] as number] = i
    const ranks = new Int32Array(facts.slots)
    for (let key = 0; key < runs.headFirst.length; key++) {
      let rank = 0
      const follow = (first: number): void => {
        for (let slot = first; slot !== -1; slot = runs.after[slot] as number) ranks[slot] = rank++
      }
      follow(runs.headFirst[key] as number)
      const firsts = runs.first.slice(runs.runsFrom[key], runs.runsFrom[key + 1])
      const placeOf = (slot: number): number => place[(facts.writer[slot] as number) * shape.stride + shape.writeNode] as number
      for (const first of firsts.sort((a, b) => placeOf(a) - placeOf(b))) follow(first)
    }
    return ranks
  }

  /** Adds what follows from one run of a key coming before another: arcs from the last write of the one to the first of the other. */
  addOrder(run: number, next: number, arcs: ArcList = this.arcs): void {
    this.#addBetween(run, next, this.shape.ww, this.shape.rw, false, arcs)
  }

  /** Adds the walks back that would make those arcs forbidden ones. */
  addClosings(run: number, next: number, walks: ArcList): void {
    const { ww, rw } = this.shape.closings
    this.#addBetween(run, next, ww, rw, true, walks)
  }

  /** Those of them that are not the arcs turned round. */
  addWalksBack(run: number, next: number, walks: ArcList): void {
    const { ww, rw } = this.shape.walksBack
    this.#addBetween(run, next, ww, rw, true, walks)
  }

  #addBetween(run: number, next: number, ww: ByReadOnly, rw: ByReadOnly, isBack: boolean, arcs: ArcList): void {
    const { facts, runs } = this
    const last = runs.last[run] as number
    const writer = facts.writer[runs.first[next] as number] as number
    const add = (kinds: ByReadOnly, u: number): void => {
      const pairs = kinds[this.#pairing(u, writer)] as NodePairs
      if (isBack) this.#addPairs(pairs, writer, u, arcs)
      else this.#addPairs(pairs, u, writer, arcs)
    }
    add(ww, facts.writer[last] as number)
    const { from, of } = runs.readers
    for (let i = from[last] as number; i < (from[last + 1] as number); i++) if (of[i] !== writer) add(rw, of[i] as number)
  }

  /** Which of the four kinds of pairs a dependency has: by who of the two only reads. */
  #pairing(u: number, v: number): number {
    return 2 * (this.readsOnly[u] as number) + (this.readsOnly[v] as number)
  }

  #addPairs(pairs: NodePairs, u: number, v: number, arcs: ArcList = this.arcs): void {
    const { stride } = this.shape
    for (let i = 0; i < pairs.length; i += 2) arcs.add(u * stride + (pairs[i] as number), v * stride + (pairs[i + 1] as number))
  }

  #addDep(u: number, v: number): void {
    this.#addPairs(this.shape.dep[this.#pairing(u, v)] as NodePairs, u, v)
  }

  #addWw(u: number, v: number): void {
    this.#addPairs(this.shape.ww[0], u, v)
  }

  #addRw(u: number, v: number): void {
    this.#addPairs(this.shape.rw[this.#pairing(u, v)] as NodePairs, u, v)
  }

  #addEdge(u: number, v: number, kind: EdgeKind): void {
    if (kind === rw) this.#addRw(u, v)
    else if (kind === ww) this.#addWw(u, v)
    else this.#addDep(u, v)
  }

  #addHelper(): number {
    const helper = this.nodes
    this.nodes += this.shape.stride
    return helper
  }

  /** A helper has the nodes of a transaction that writes; which of them an arc reaches says where it would lead without it. */
  #addToHelper(kinds: ByReadOnly, u: number, helper: number): void {
    const pairs = kinds[2 * (this.readsOnly[u] as number)] as NodePairs
    for (let i = 0; i < pairs.length; i += 2) this.arcs.add(u * this.shape.stride + (pairs[i] as number), helper + (pairs[i + 1] as number))
  }

  #addFromHelper(kinds: ByReadOnly, helper: number, v: number): void {
    const pairs = kinds[this.readsOnly[v] as number] as NodePairs
    for (let i = 1; i < pairs.length; i += 2) this.arcs.add(helper + (pairs[i] as number), v * this.shape.stride + (pairs[i] as number))
  }

  /** Reads, and what is within runs. */
  #addSlots(): void {
    const { facts, runs } = this
    const { from, of } = runs.readers
    for (let slot = 0; slot < facts.slots; slot++) {
      const writer = facts.writer[slot] as number
      const next = runs.after[slot] === -1 ? -1 : (facts.writer[runs.after[slot] as number] as number)
      if (next !== -1) this.#addWw(writer, next)
      for (let i = from[slot] as number; i < (from[slot + 1] as number); i++) {
        const reader = of[i] as number
        this.#addDep(writer, reader)
        if (next !== -1 && next !== reader) this.#addRw(reader, next)
      }
    }
  }

  /** From what was there before to the head of a key, and from the end of the head, or from what was there before, to all other runs. */
  #addHead(key: number): void {
    const { facts, runs } = this
    const head = runs.headFirst[key] as number
    if (head !== -1) {
      const writer = facts.writer[head] as number
      for (const reader of this.#readersOf(facts.slots + key)) if (reader !== writer) this.#addRw(reader, writer)
    }
    const firsts = runs.first.subarray(runs.runsFrom[key], runs.runsFrom[key + 1])
    if (firsts.length === 0) return
    const last = runs.headLast[key] as number
    if (last !== -1) for (const first of firsts) this.#addWw(facts.writer[last] as number, facts.writer[first] as number)
    const readers = this.#readersOf(last === -1 ? facts.slots + key : last)
    const overtaken = Array.from(firsts, (first) => facts.writer[first] as number)
    const isOvertaken = new Set(overtaken)
    const helper = readers.length > 1 && firsts.length > 1 ? this.#addHelper() : -1
    if (helper !== -1) for (const writer of overtaken) this.#addFromHelper(this.shape.rw, helper, writer)
    for (const reader of readers) {
      if (helper !== -1 && !isOvertaken.has(reader)) this.#addToHelper(this.shape.rw, reader, helper)
      else for (const writer of overtaken) if (writer !== reader) this.#addRw(reader, writer)
    }
  }

  #readersOf(place: number): Int32Array {
    const { from, of } = this.runs.readers
    return of.subarray(from[place], from[place + 1])
  }

  /** Where transactions that only read count apart, they also need arcs to and from the nearest of their session that write. */
  #addSessions(): void {
    const { happened, table } = this.facts
    const latest = new Int32Array(table.sessions.length).fill(-1)
    const latestWriter = new Int32Array(table.sessions.length).fill(-1)
    const before = new Int32Array(table.count).fill(-1)
    for (let t = 0; t < table.count; t++) {
      const session = table.session[t] as number
      if (session === -1 || !happened[t]) continue
      const previous = latest[session] as number
      if (previous !== -1) this.#addDep(previous, t)
      before[t] = previous
      latest[session] = t
      if (!this.shape.distinguishesReadOnly) continue
      const writer = latestWriter[session] as number
      if (writer !== -1 && writer !== previous) this.#addDep(writer, t)
      if (this.readsOnly[t]) continue
      for (let other = previous; other !== writer; other = before[other] as number) if (other !== previous) this.#addDep(other, t)
      latestWriter[session] = t
    }
  }

  /** What ended before something began comes before it: through a chain of barriers, one for all that ended between two beginnings. */
  #addRealTime(): void {
    const { happened, table } = this.facts
    const all = Int32Array.from(happened.keys()).filter((t) => happened[t] === 1)
    const began = all.filter((t) => table.began[t] !== -1).sort((a, b) => (table.began[a] as number) - (table.began[b] as number))
    const ended = all.filter((t) => table.ended[t] !== -1).sort((a, b) => (table.ended[a] as number) - (table.ended[b] as number))
    let barrier = -1
    let next = 0
    for (const t of began) {
      const isPast = (): boolean => next < ended.length && (table.ended[ended[next] as number] as number) < (table.began[t] as number)
      if (isPast()) {
        const previous = barrier
        barrier = this.#addHelper()
        if (previous !== -1)
          for (const at of new Set(this.shape.dep[0].filter((_, i) => i % 2 === 1))) this.arcs.add(previous + at, barrier + at)
        while (isPast()) this.#addToHelper(this.shape.dep, ended[next++] as number, barrier)
      }
      if (barrier !== -1) this.#addFromHelper(this.shape.dep, barrier, t)
    }
  }
}
