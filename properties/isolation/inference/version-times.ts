/**
 * When the versions of linearizable registers were in use. Of two versions of a key one comes first if some transaction that read or wrote
 * it ended before one that read or wrote the other began (Gibbons and Korach, Testing Shared Memories, SIAM J. Comput. 26(4), 1997).
 */
import { invariant } from '../../errors.ts'
import { initialSlot } from '../facts.ts'
import { writeStep } from '../table/transaction-table.ts'
import type { InferContext } from './context.ts'
import type { VersionEdges } from './version-edges.ts'

const never = 2 ** 31 - 1

export class VersionTimes {
  readonly #context: InferContext
  /** Of each slot: the first end and the last beginning of a transaction that read or wrote it. */
  readonly #firstEnd: Int32Array
  readonly #lastBegin: Int32Array
  /** Of each key: the last beginning of a transaction that read what was there before the history, and its read. */
  readonly #initialBegin: Int32Array
  readonly #initialRead: Int32Array
  /** The versions that ended and that no other one has replaced which came after them, in the order of their first ends. */
  readonly #current: Int32Array
  #head = 0
  #tail = 0

  constructor(context: InferContext) {
    const { slots, table } = context
    this.#context = context
    this.#firstEnd = new Int32Array(slots.count).fill(never)
    this.#lastBegin = new Int32Array(slots.count).fill(-1)
    this.#initialBegin = new Int32Array(table.keys.length).fill(-1)
    this.#initialRead = new Int32Array(table.keys.length)
    this.#current = new Int32Array(slots.count)
  }

  /** A transaction that took effect read or wrote a slot of a register. */
  add(transaction: number, slot: number, step: number): void {
    const { began, ended, key } = this.#context.table
    const begin = began[transaction] as number
    if (slot === initialSlot) {
      const k = key[step] as number
      if (begin <= (this.#initialBegin[k] as number)) return
      this.#initialBegin[k] = begin
      this.#initialRead[k] = step
      return
    }
    const end = ended[transaction] as number
    if (end !== -1 && end < (this.#firstEnd[slot] as number)) this.#firstEnd[slot] = end
    if (begin > (this.#lastBegin[slot] as number)) this.#lastBegin[slot] = begin
  }

  addTo(edges: VersionEdges): void {
    const { slots, table } = this.#context
    for (let k = 0; k < table.keys.length; k++) {
      const from = slots.from[k] as number
      const to = slots.from[k + 1] as number
      if (from === to || table.kind[slots.lastStep[from] as number] !== writeStep) continue
      if (!this.#beforeInitial(k, from, to, edges)) this.#sweep(from, to, edges)
    }
  }

  #beforeInitial(k: number, from: number, to: number, edges: VersionEdges): boolean {
    for (let slot = from; slot < to; slot++)
      if ((this.#firstEnd[slot] as number) < (this.#initialBegin[k] as number)) {
        edges.addBeforeInitial(slot, this.#initialRead[k] as number)
        return true
      }
    return false
  }

  /**
   * Goes through the first ends and last beginnings of the versions of a key by time. A version gets an edge from each one that ended before
   * its last beginning, but for those that come before such a one themselves. If a version ended before its last beginning, then
   * between the two it is in use all the time, and no other one can be before and after that.
   */
  #sweep(from: number, to: number, edges: VersionEdges): void {
    this.#head = 0
    this.#tail = 0
    let inUse = -1
    for (const event of this.#events(from, to)) {
      const isEnd = event < 0
      const slot = isEnd ? from - event - 1 : from + event
      const begin = this.#lastBegin[slot] as number
      const isLong = (this.#firstEnd[slot] as number) < begin
      if (!isEnd) {
        this.#addCurrent(slot, edges)
        if (!isLong) continue
        this.#replaceAll(slot)
        inUse = -1
      } else if (inUse !== -1 && (this.#firstEnd[inUse] as number) < begin) {
        edges.addCycle([inUse, slot])
        return
      } else if (isLong) {
        this.#addCurrent(slot, edges)
        this.#replaceAll(slot)
        inUse = slot
      } else {
        while (this.#head < this.#tail && (this.#firstEnd[this.#current[this.#head] as number] as number) < begin) this.#head++
        this.#current[this.#tail++] = slot
      }
    }
  }

  #addCurrent(slot: number, edges: VersionEdges): void {
    for (let i = this.#head; i < this.#tail; i++) edges.add(this.#current[i] as number, slot, -1)
  }

  #replaceAll(slot: number): void {
    this.#head = 0
    this.#tail = 1
    this.#current[0] = slot
  }

  /** By time: last beginnings as i, first ends as -1 - i, of slot `from + i`. At the same time beginnings come first: nothing lies between. */
  #events(from: number, to: number): Int32Array {
    const count = to - from
    const sorted = new Float64Array(2 * count)
    let events = 0
    // A time below 2^31, a bit and a number below 2^21 make an integer that a double holds.
    invariant(count < 2 ** 21, 'a key has fewer than two million writers')
    for (let i = 0; i < count; i++) {
      sorted[events++] = 2 * (this.#lastBegin[from + i] as number) * count + i
      const end = this.#firstEnd[from + i] as number
      if (end !== never) sorted[events++] = (2 * end + 1) * count + i
    }
    return Int32Array.from(sorted.subarray(0, events).sort(), (event) => {
      const i = event % count
      return ((event - i) / count) % 2 === 0 ? i : -1 - i
    })
  }
}
