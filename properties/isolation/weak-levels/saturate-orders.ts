/** The orders of writes that a level forces: those that were known already need nothing, those that cannot be are violations. */
import { Budget } from '../../budget.ts'
import type { BareEdgeList } from '../cycles/csr.ts'
import { type Facts, initialSlot } from '../facts.ts'

/** A transaction made visible to a reader what the reader missed: the reader's anti-dependency leads back to it. */
export interface Missed {
  readonly by: number
  readonly reader: number
  readonly key: number
  /** The read that missed it; -1 where an extra edge shows it. */
  readonly read: number
}

export class ForcedOrders {
  /** One violation, as soon as there is one. */
  missed: Missed | null = null
  /** How many orders are forced that were not known. */
  length = 0
  /** Of each: the slot that comes first, and the read (of what comes after it) that forces it. */
  before: Int32Array
  read: Int32Array
  readonly #facts: Facts
  readonly #budget: Budget

  constructor(facts: Facts, budget: Budget = new Budget()) {
    this.#facts = facts
    this.#budget = budget
    this.before = new Int32Array(64)
    this.read = new Int32Array(64)
  }

  /** A slot was visible at a read of another version of the same key: it comes before what the read saw. */
  add(slot: number, read: number): void {
    const { readSlot, place, writer } = this.#facts
    const seen = readSlot[read] as number
    // Slots with a place are in order of it, and before all without.
    const first = slot < seen ? slot : seen
    if (seen === initialSlot || (first === seen && (place[first] as number) >= 0)) this.#miss(writer[slot] as number, read)
    else if ((place[first] as number) < 0) this.#push(slot, read)
  }

  /** A transaction was visible to one that, by an extra edge, has not seen its write. */
  addMissed(by: number, reader: number, key: number): void {
    this.missed ??= { by, reader, key, read: -1 }
  }

  addTo(edges: BareEdgeList): void {
    const { readSlot, writer } = this.#facts
    for (let i = 0; i < this.length; i++) {
      edges.add(writer[this.before[i] as number] as number, writer[readSlot[this.read[i] as number] as number] as number)
    }
  }

  #miss(by: number, read: number): void {
    if (this.missed !== null) return
    this.missed = { by, reader: readerOf(this.#facts, read), key: this.#facts.readKey[read] as number, read }
  }

  #push(slot: number, read: number): void {
    if (this.length === this.before.length) {
      this.#budget.requireBytes(2 * 8 * this.length)
      this.before = doubled(this.before)
      this.read = doubled(this.read)
    }
    this.before[this.length] = slot
    this.read[this.length++] = read
  }
}

/** The transaction of a read. */
export function readerOf({ table, readsFrom }: Facts, read: number): number {
  let low = 0
  let high = table.count - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((readsFrom[middle] as number) <= read) low = middle
    else high = middle - 1
  }
  return low
}

function doubled(array: Int32Array): Int32Array {
  const longer = new Int32Array(2 * array.length)
  longer.set(array)
  return longer
}
