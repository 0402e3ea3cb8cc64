/**
 * The reads of the transactions that took effect, in program order: whose write each saw, and what is wrong with it by itself.
 *
 * A read is external if it comes before all writes of the key by its transaction. A later one has to return the last of them, in a list
 * after whatever was there before them: an external read of that, if there was none before the writes.
 */
import { rw } from '../edge.ts'
import { initialSlot } from '../facts.ts'
import { initialVersion, readListStep, readStep, unknownVersion } from '../table/transaction-table.ts'
import type { InferContext } from './context.ts'
import { ListFlaws } from './list-flaws.ts'
import { LostUpdates } from './lost-updates.ts'
import { isSameRead } from './same-read.ts'
import { precedes } from './slots.ts'

export interface Reads {
  /** As in `Facts`. */
  readonly from: Int32Array
  readonly slot: Int32Array
  readonly key: Int32Array
  /** Of each read: its step. */
  readonly step: Int32Array
  /** Of each slot: the slot that its writer saw when it read the key first, before it wrote it; `initialSlot`; or `noSlot`. */
  readonly basis: Int32Array
}

/** No write of a transaction that took effect. */
const noSlot = -2

/** Also finds what is wrong with single reads, and lost updates. */
export function readsOf(context: InferContext): Reads {
  return new ReadScan(context).run()
}

class ReadScan {
  readonly #context: InferContext
  readonly #flaws: ListFlaws
  readonly #lostUpdates: LostUpdates

  /** The reads found, in columns. */
  readonly #slot: Int32Array
  readonly #key: Int32Array
  readonly #step: Int32Array
  #count = 0
  readonly #basis: Int32Array

  /** The transaction that is being looked at. What is known of it for a key is in columns, where a stamp says that it is of this transaction. */
  #transaction = -1
  /** Its last write so far. */
  readonly #write: Int32Array
  readonly #writeStamp: Int32Array
  /** Its first external read, how many elements that returned, and the slot that it saw. */
  readonly #first: Int32Array
  readonly #firstLength: Int32Array
  readonly #firstSlot: Int32Array
  readonly #firstStamp: Int32Array
  /** Its latest external read, and how many elements that returned. */
  readonly #latest: Int32Array
  readonly #latestLength: Int32Array
  /** Its read of the longest beginning of the chain, and how long that was. */
  readonly #longest: Int32Array
  readonly #longestLength: Int32Array
  readonly #longestStamp: Int32Array

  constructor(context: InferContext) {
    const { kind, keys } = context.table
    this.#context = context
    this.#flaws = new ListFlaws(context)
    this.#lostUpdates = new LostUpdates(context)
    this.#slot = new Int32Array(kind.length)
    this.#key = new Int32Array(kind.length)
    this.#step = new Int32Array(kind.length)
    this.#basis = new Int32Array(context.slots.count).fill(noSlot)
    const column = (value = 0): Int32Array => new Int32Array(keys.length).fill(value)
    this.#write = column()
    this.#writeStamp = column(-1)
    this.#first = column()
    this.#firstLength = column()
    this.#firstSlot = column()
    this.#firstStamp = column(-1)
    this.#latest = column()
    this.#latestLength = column()
    this.#longest = column()
    this.#longestLength = column()
    this.#longestStamp = column(-1)
  }

  /** What most steps of registers are is done here, without a call: the code of a short run never gets warm. */
  run(): Reads {
    const { table, happened, slots } = this.#context
    const { count, stepsFrom, kind, key, version } = table
    const { writer } = table.versions
    const from = new Int32Array(count + 1)
    const write = this.#write
    const writeStamp = this.#writeStamp
    const firstStamp = this.#firstStamp
    const longestStamp = this.#longestStamp
    for (let t = 0; t < count; t++) {
      if (happened[t] === 1) {
        this.#transaction = t
        const end = stepsFrom[t + 1] as number
        for (let step = stepsFrom[t] as number; step < end; step++) {
          const k = key[step] as number
          if (kind[step] === readListStep) this.#readList(step)
          else if (kind[step] !== readStep) {
            if (firstStamp[k] === t || longestStamp[k] === t) this.#wrote(step)
            else {
              write[k] = step
              writeStamp[k] = t
            }
          } else {
            const read = version[step] as number
            const written = read < 0 ? -1 : (writer[read] as number)
            const slot = written === -1 ? -1 : (slots.ofStep[written] as number)
            // The first read of a key, of what another transaction wrote there last.
            if (slot === -1 || firstStamp[k] === t || writeStamp[k] === t || slots.writer[slot] === t || slots.lastStep[slot] !== written)
              this.#readRegister(step)
            else {
              firstStamp[k] = t
              this.#first[k] = step
              this.#firstLength[k] = 0
              this.#firstSlot[k] = slot
              this.#latest[k] = step
              this.#latestLength[k] = 0
              this.#slot[this.#count] = slot
              this.#key[this.#count] = k
              this.#step[this.#count++] = step
            }
          }
        }
      }
      from[t + 1] = this.#count
    }
    const taken = (column: Int32Array): Int32Array => column.slice(0, this.#count)
    return { from, slot: taken(this.#slot), key: taken(this.#key), step: taken(this.#step), basis: this.#basis }
  }

  #readRegister(step: number): void {
    const { key, version } = this.#context.table
    const read = version[step] as number
    if (read === unknownVersion) return
    const k = key[step] as number
    const own = this.#ownWrite(k)
    if (own !== -1) {
      if (version[own] === read) return
      this.#context.tally.add('internal', k, [this.#transaction], [step, own])
    }
    const slot = read === initialVersion ? initialSlot : this.#slotRead(step, k, read)
    if (own === -1) this.#external(step, k, 0, slot)
  }

  /** The slot of a version of a register. */
  #slotRead(step: number, k: number, read: number): number {
    const { table, slots, tally, isPartial } = this.#context
    const write = table.versions.writer[read] as number
    const writer = table.versions.transaction[read] as number
    if (write === -1) {
      if (!isPartial) tally.add('thin-air-read', k, [this.#transaction], [step])
      return noSlot
    }
    if (writer === this.#transaction) {
      if (write > step) tally.add('future-read', k, [writer], [step, write])
      return noSlot
    }
    const slot = slots.ofStep[write] as number
    if (slot === -1) {
      tally.add('G1a', k, [this.#transaction, writer], [step, write])
      return noSlot
    }
    if (this.#isIntermediate(write, slot)) this.#foundIntermediate(step, k, write, slot)
    return slot
  }

  #readList(step: number): void {
    const { table, chains, slots } = this.#context
    const { key, version, lists, versions } = table
    const k = key[step] as number
    const list = version[step] as number
    const isPrefix = chains.isPrefix[list] === 1
    const elements = isPrefix ? chains.elements : lists.elements(list)
    const from = isPrefix ? (chains.from[k] as number) : 0
    const length = lists.length[list] as number
    this.#flaws.judge(this.#transaction, step)
    if (isPrefix) this.#rememberLongest(step, k, length)
    if (length > 0) this.#judgeLast(step, k, elements[from + length - 1] as number)

    const lastOwn = this.#ownWrite(k)
    let end = from + length
    for (let own = lastOwn; own !== -1; own = slots.before[own] as number) {
      if (end === from || elements[end - 1] !== version[own]) {
        this.#context.tally.add('internal', k, [this.#transaction], [step, own])
        return
      }
      end--
    }
    if (lastOwn !== -1 && this.#firstStamp[k] === this.#transaction) {
      this.#compareWithLatest(step, k, end - from)
      return
    }
    let slot = noSlot
    let last = end
    while (last > from && slot === noSlot) slot = this.#slotOfElement(elements[--last] as number)
    if (slot !== noSlot && this.#isBeyond(elements[last] as number, slot)) {
      this.#external(step, k, end - from, noSlot)
      return
    }
    this.#external(step, k, end - from, slot === noSlot ? initialSlot : slot)
    if (slot === noSlot || !this.#isIntermediate(versions.writer[elements[last] as number] as number, slot)) return
    this.#beforeWriter(k, slot)
    if (isPrefix) this.#beforeNext(k, slot, last)
  }

  /** The slot of an element that another transaction appended. */
  #slotOfElement(element: number): number {
    const { table, slots } = this.#context
    const write = table.versions.writer[element] as number
    if (write === -1 || table.versions.transaction[element] === this.#transaction) return noSlot
    const slot = slots.ofStep[write] as number
    return slot === -1 ? noSlot : slot
  }

  /**
   * Whether an element stands after the last one that its transaction appended, which its slot has the place of: the appends of one
   * transaction in another order than it made them (cyclic-versions). Then the place of the slot is not that of what was read, and
   * such a read tells nothing of the order.
   */
  #isBeyond(element: number, slot: number): boolean {
    const { table, chains, slots } = this.#context
    const at = chains.at[element] as number
    const lastAt = chains.at[table.version[slots.lastStep[slot] as number] as number] as number
    return lastAt !== -1 && (at === -1 || lastAt < at)
  }

  /** What follows an intermediate version in a list shows its order; then it is not that version which was read. */
  #judgeLast(step: number, k: number, element: number): void {
    const slot = this.#slotOfElement(element)
    const write = this.#context.table.versions.writer[element] as number
    if (slot !== noSlot && this.#isIntermediate(write, slot)) this.#foundIntermediate(step, k, write, slot)
  }

  #rememberLongest(step: number, k: number, length: number): void {
    if (this.#longestStamp[k] === this.#transaction && (this.#longestLength[k] as number) >= length) return
    this.#longestStamp[k] = this.#transaction
    this.#longest[k] = step
    this.#longestLength[k] = length
  }

  #wrote(step: number): void {
    const { table, chains, slots, tally } = this.#context
    const k = table.key[step] as number
    if (this.#longestStamp[k] === this.#transaction) {
      const at = chains.at[table.version[step] as number] as number
      if (at !== -1 && at - (chains.from[k] as number) < (this.#longestLength[k] as number))
        tally.add('future-read', k, [this.#transaction], [this.#longest[k] as number, step])
    }
    if (this.#ownWrite(k) === -1 && this.#firstStamp[k] === this.#transaction) {
      this.#basis[slots.ofStep[step] as number] = this.#firstSlot[k] as number
      this.#lostUpdates.add(this.#transaction, this.#first[k] as number, step)
    }
    this.#write[k] = step
    this.#writeStamp[k] = this.#transaction
  }

  /** Its last write of a key before the step that is looked at; -1: none. */
  #ownWrite(k: number): number {
    return this.#writeStamp[k] === this.#transaction ? (this.#write[k] as number) : -1
  }

  /** A list that was read after own appends has to begin as what was read of it before them; what it saw is known from that. */
  #compareWithLatest(step: number, k: number, length: number): void {
    const { table, chains, tally } = this.#context
    const latest = this.#latest[k] as number
    if (!isSameRead(table, chains, latest, this.#latestLength[k] as number, step, length))
      tally.add('internal', k, [this.#transaction], [step, latest])
  }

  #external(step: number, k: number, length: number, slot: number): void {
    const { table, chains, tally } = this.#context
    if (this.#firstStamp[k] !== this.#transaction) {
      this.#firstStamp[k] = this.#transaction
      this.#first[k] = step
      this.#firstLength[k] = length
      this.#firstSlot[k] = slot
    } else {
      const first = this.#first[k] as number
      if (!isSameRead(table, chains, first, this.#firstLength[k] as number, step, length))
        tally.add('non-repeatable-read', k, [this.#transaction], [first, step])
    }
    this.#latest[k] = step
    this.#latestLength[k] = length
    if (slot === noSlot) return
    this.#slot[this.#count] = slot
    this.#key[this.#count] = k
    this.#step[this.#count++] = step
  }

  #isIntermediate(write: number, slot: number): boolean {
    return this.#context.slots.lastStep[slot] !== write
  }

  #foundIntermediate(step: number, k: number, write: number, slot: number): void {
    const { slots, tally } = this.#context
    const writer = slots.writer[slot] as number
    tally.add('G1b', k, [this.#transaction, writer], [step, write, slots.lastStep[slot] as number])
  }

  /** The writer of an intermediate version overwrote it itself, which the reader has not seen. */
  #beforeWriter(k: number, slot: number): void {
    const { slots, extra } = this.#context
    extra.push({ from: this.#transaction, to: slots.writer[slot] as number, kind: rw, key: k })
  }

  /** Another transaction appended before the writer of an intermediate version did again; the place of the writer's slot does not tell. */
  #beforeNext(k: number, slot: number, last: number): void {
    const { table, chains, slots, extra } = this.#context
    for (let i = last + 1; i < (chains.to[k] as number); i++) {
      const write = table.versions.writer[chains.elements[i] as number] as number
      const next = write === -1 ? -1 : (slots.ofStep[write] as number)
      if (next === -1 || next === slot) continue
      const writer = slots.writer[next] as number
      if (writer !== this.#transaction && !precedes(slots, slot, next))
        extra.push({ from: this.#transaction, to: writer, kind: rw, key: k })
      return
    }
  }
}
