import { initialSlot } from '../facts.ts'
import type { InferContext } from './context.ts'
import type { Reads } from './reads.ts'
import { precedes } from './slots.ts'

/**
 * Finds transactions that read what another wrote to one key, and from before it what it wrote to another key. A read is certainly from
 * before a write if it is of what was there before the history, if the places say so, or if it is what the writer read before it wrote
 * (else each would come before the other, which is G1c). Of several reads of a key the first counts.
 */
export function judgeFractured(context: InferContext, reads: Reads): void {
  new FracturedReads(context, reads).run()
}

class FracturedReads {
  readonly #context: InferContext
  readonly #reads: Reads
  /** Bounds of the slots of each transaction in `slots`; those rise. Beside them their keys. */
  readonly #slotsFrom: Int32Array
  readonly #slots: Int32Array
  readonly #slotKeys: Int32Array
  #reader = -1
  /** Of each key: its first read by the transaction that the stamp says. */
  readonly #first: Int32Array
  readonly #stamp: Int32Array

  constructor(context: InferContext, reads: Reads) {
    const { table, slots } = context
    this.#context = context
    this.#reads = reads
    this.#first = new Int32Array(table.keys.length)
    this.#stamp = new Int32Array(table.keys.length).fill(-1)
    this.#slotsFrom = new Int32Array(table.count + 1)
    this.#slots = new Int32Array(slots.count)
    this.#slotKeys = new Int32Array(slots.count)
    this.#collectSlots()
  }

  run(): void {
    const { table, slots } = this.#context
    const { from, key, slot } = this.#reads
    /** Of each writer: the last transaction that was looked at together with it. */
    const together = new Int32Array(table.count).fill(-1)
    for (let reader = 0; reader < table.count; reader++) {
      const start = from[reader] as number
      const end = from[reader + 1] as number
      if (end - start < 2) continue
      this.#reader = reader
      for (let read = end - 1; read >= start; read--) {
        this.#first[key[read] as number] = read
        this.#stamp[key[read] as number] = reader
      }
      for (let read = start; read < end; read++) {
        if (slot[read] === initialSlot || !this.#isFirst(read)) continue
        const writer = slots.writer[slot[read] as number] as number
        if (together[writer] === reader) continue
        together[writer] = reader
        this.#judge(read, writer)
      }
    }
  }

  #collectSlots(): void {
    const { table, slots } = this.#context
    const from = this.#slotsFrom
    for (let slot = 0; slot < slots.count; slot++) {
      const writer = slots.writer[slot] as number
      from[writer + 1] = (from[writer + 1] as number) + 1
    }
    for (let t = 0; t < table.count; t++) from[t + 1] = (from[t + 1] as number) + (from[t] as number)
    const next = from.slice(0, table.count)
    for (let key = 0; key < table.keys.length; key++) {
      for (let slot = slots.from[key] as number; slot < (slots.from[key + 1] as number); slot++) {
        const writer = slots.writer[slot] as number
        const at = next[writer] as number
        this.#slots[at] = slot
        this.#slotKeys[at] = key
        next[writer] = at + 1
      }
    }
  }

  /** Goes through the smaller one of what the reader read and what the writer wrote. */
  #judge(read: number, writer: number): void {
    const { from, key } = this.#reads
    const first = this.#slotsFrom[writer] as number
    const last = this.#slotsFrom[writer + 1] as number
    const start = from[this.#reader] as number
    const end = from[this.#reader + 1] as number
    if (last - first <= 8 * (end - start)) {
      for (let i = first; i < last; i++) {
        const k = this.#slotKeys[i] as number
        if (this.#stamp[k] === this.#reader && this.#isOlder(this.#first[k] as number, this.#slots[i] as number)) {
          this.#found(read, this.#first[k] as number, this.#slots[i] as number)
          return
        }
      }
      return
    }
    for (let other = start; other < end; other++) {
      if (!this.#isFirst(other)) continue
      const slot = this.#slotWithin(first, last, key[other] as number)
      if (slot !== -1 && this.#isOlder(other, slot)) {
        this.#found(read, other, slot)
        return
      }
    }
  }

  #isFirst(read: number): boolean {
    return this.#first[this.#reads.key[read] as number] === read
  }

  /** Whether a read is certainly from before a write of the key. */
  #isOlder(read: number, slot: number): boolean {
    const seen = this.#reads.slot[read] as number
    return seen === initialSlot || precedes(this.#context.slots, seen, slot) || this.#reads.basis[slot] === seen
  }

  /** Among the slots of a writer that of a key, by bisection; -1: it has none. */
  #slotWithin(first: number, last: number, k: number): number {
    const { from } = this.#context.slots
    const wanted = from[k] as number
    let low = first
    let high = last
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#slots[middle] as number) < wanted) low = middle + 1
      else high = middle
    }
    return low < last && (this.#slots[low] as number) < (from[k + 1] as number) ? (this.#slots[low] as number) : -1
  }

  #found(read: number, olderRead: number, slot: number): void {
    const { slots, tally } = this.#context
    const { slot: seen, step, key } = this.#reads
    const transactions = [this.#reader, slots.writer[seen[read] as number] as number]
    const older = seen[olderRead] as number
    if (older !== initialSlot) transactions.push(slots.writer[older] as number)
    tally.add('fractured-read', key[read] as number, transactions, [
      step[read] as number,
      slots.lastStep[seen[read] as number] as number,
      step[olderRead] as number,
      slots.lastStep[slot] as number,
    ])
  }
}
