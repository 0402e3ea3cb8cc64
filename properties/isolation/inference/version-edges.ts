import { type BareCsr, BareEdgeList } from '../cycles/csr.ts'
import { strongComponents } from '../cycles/strong-components.ts'
import { rw, ww } from '../edge.ts'
import { initialSlot } from '../facts.ts'
import { type InferContext, transactionAt } from './context.ts'
import type { Reads } from './reads.ts'

/** Collects which slots come before which of the same key. Keys for which that makes no sense are reported and get no order. */
export class VersionEdges {
  readonly #context: InferContext
  readonly #edges = new BareEdgeList()
  /** Of each key: 1 if its order has a cycle. */
  readonly #isCyclic: Uint8Array

  constructor(context: InferContext) {
    this.#context = context
    this.#isCyclic = new Uint8Array(context.table.keys.length)
  }

  /** The first slot comes before the second one, or before what was there before the history, which a step has read. */
  add(first: number, second: number, step: number): void {
    if (first === second || first === initialSlot) return
    if (second === initialSlot) this.addBeforeInitial(first, step)
    else this.#edges.add(first, second)
  }

  addBeforeInitial(slot: number, step: number): void {
    const { table, slots } = this.#context
    const write = slots.lastStep[slot] as number
    this.#refuse(table.key[write] as number, [slots.writer[slot] as number, transactionAt(table, step)], [write, step])
  }

  /** Each of these slots comes before the next one, and the last before the first. */
  addCycle(cycle: readonly number[]): void {
    const { table, slots } = this.#context
    const writes = cycle.map((slot) => slots.lastStep[slot] as number)
    const transactions = cycle.map((slot) => slots.writer[slot] as number)
    this.#refuse(table.key[writes[0] as number] as number, transactions, writes)
  }

  /** Puts the edges between the transactions where they belong: who reads a version comes before who writes one that follows it. */
  finish(reads: Reads): void {
    const { table, slots, extra } = this.#context
    const readers = readersOf(reads, slots.count)
    const graph = this.#edges.toCsr(slots.count)
    const components = strongComponents(graph)
    for (let c = 0; c < components.count; c++)
      if (components.size(c) > 1) this.addCycle(shortCycle(graph, components.component, components.members(c)[0] as number))
    const stamp = new Int32Array(slots.count).fill(-1)
    for (let slot = 0; slot < slots.count; slot++) {
      const key = table.key[slots.lastStep[slot] as number] as number
      if (this.#isCyclic[key] === 1) continue
      for (let edge = graph.from[slot] as number; edge < (graph.from[slot + 1] as number); edge++) {
        const next = graph.to[edge] as number
        if (stamp[next] === slot) continue
        stamp[next] = slot
        const to = slots.writer[next] as number
        extra.push({ from: slots.writer[slot] as number, to, kind: ww, key })
        for (let i = readers.from[slot] as number; i < (readers.from[slot + 1] as number); i++) {
          const reader = readers.to[i] as number
          if (reader !== to) extra.push({ from: reader, to, kind: rw, key })
        }
      }
    }
  }

  #refuse(key: number, transactions: readonly number[], steps: readonly number[]): void {
    if (this.#isCyclic[key] === 1) return
    this.#isCyclic[key] = 1
    this.#context.tally.add('cyclic-versions', key, transactions, steps)
  }
}

/** Of each slot: the transactions that read it, each once. */
function readersOf({ from, slot }: Reads, slots: number): BareCsr {
  const edges = new BareEdgeList(slot.length)
  const lastReader = new Int32Array(slots).fill(-1)
  for (let reader = 0; reader + 1 < from.length; reader++)
    for (let read = from[reader] as number; read < (from[reader + 1] as number); read++) {
      const seen = slot[read] as number
      if (seen === initialSlot || lastReader[seen] === reader) continue
      lastReader[seen] = reader
      edges.add(seen, reader)
    }
  return edges.toCsr(slots)
}

/** A shortest cycle through a node, within its component. */
function shortCycle({ from, to }: BareCsr, component: Int32Array, start: number): number[] {
  const before = new Map<number, number>()
  const queue = [start]
  for (const node of queue) {
    const next = to.subarray(from[node], from[node + 1])
    for (const other of next) {
      if (component[other] !== component[start] || before.has(other)) continue
      before.set(other, node)
      queue.push(other)
    }
    if (before.has(start)) break
  }
  const cycle: number[] = []
  for (let node = before.get(start) as number; node !== start; node = before.get(node) as number) cycle.push(node)
  return [start, ...cycle.reverse()]
}
