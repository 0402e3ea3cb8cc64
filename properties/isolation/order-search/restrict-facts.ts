/**
 * What a history shows of some of its transactions, as if nobody knew of the others: their writes are gone, and what was read of them is
 * not known. Whatever is wrong with that is wrong with the whole.
 */
import { type Facts, initialSlot } from '../facts.ts'
import type { TransactionTable } from '../table/transaction-table.ts'

export interface RestrictedFacts {
  readonly facts: Facts
  /** Of each of its transactions and keys: the number in the whole. */
  readonly transactions: Int32Array
  readonly keys: Int32Array
}

/** Restrictions of the same facts. */
export class Restrictions {
  readonly #facts: Facts
  readonly #keyOfSlot: Int32Array
  /** Bounds of the slots of each transaction, and the slots. */
  readonly #slotsFrom: Int32Array
  readonly #slots: Int32Array

  constructor(facts: Facts) {
    const { slots, slotsFrom, writer, table } = facts
    this.#facts = facts
    this.#keyOfSlot = new Int32Array(slots)
    for (let key = 0; key < slotsFrom.length - 1; key++) this.#keyOfSlot.fill(key, slotsFrom[key], slotsFrom[key + 1])
    this.#slotsFrom = new Int32Array(table.count + 1)
    for (const t of writer) this.#slotsFrom[t + 1] = (this.#slotsFrom[t + 1] as number) + 1
    for (let t = 0; t < table.count; t++) this.#slotsFrom[t + 1] = (this.#slotsFrom[t + 1] as number) + (this.#slotsFrom[t] as number)
    const next = this.#slotsFrom.slice(0, table.count)
    this.#slots = new Int32Array(slots)
    for (let slot = 0; slot < slots; slot++) this.#slots[(next[writer[slot] as number] as number)++] = slot
  }

  /** The slots that a transaction writes. */
  slotsOf(transaction: number): Int32Array {
    return this.#slots.subarray(this.#slotsFrom[transaction], this.#slotsFrom[transaction + 1])
  }

  keyOf(slot: number): number {
    return this.#keyOfSlot[slot] as number
  }

  /** @param transactions in order of their numbers */
  to(transactions: Int32Array): RestrictedFacts {
    const facts = this.#facts
    const number = new Map(Array.from(transactions, (t, i) => [t, i]))
    const extra = facts.extra.filter(({ from, to }) => number.has(from) && number.has(to))
    const slots = Int32Array.from(Array.from(transactions, (t) => [...this.slotsOf(t)]).flat()).sort()
    const keysOfExtra = extra.flatMap(({ key }) => (key === -1 ? [] : [key]))
    const keys = Int32Array.from(new Set([...Array.from(slots, (slot) => this.keyOf(slot)), ...keysOfExtra])).sort()
    const slotNumber = new Map(Array.from(slots, (slot, i) => [slot, i]))
    const keyNumber = new Map(Array.from(keys, (key, i) => [key, i]))
    const slotsFrom = new Int32Array(keys.length + 1)
    const place = new Int32Array(slots.length).fill(-1)
    for (const [i, slot] of slots.entries()) {
      const key = keyNumber.get(this.keyOf(slot)) as number
      if (facts.place[slot] !== -1) place[i] = slotsFrom[key + 1] as number
      slotsFrom[key + 1] = (slotsFrom[key + 1] as number) + 1
    }
    for (let key = 0; key < keys.length; key++) slotsFrom[key + 1] = (slotsFrom[key + 1] as number) + (slotsFrom[key] as number)
    const readsFrom = new Int32Array(transactions.length + 1)
    const readSlot: number[] = []
    const readKey: number[] = []
    for (const [i, t] of transactions.entries()) {
      for (let read = facts.readsFrom[t] as number; read < (facts.readsFrom[t + 1] as number); read++) {
        const slot = facts.readSlot[read] as number
        const key = keyNumber.get(facts.readKey[read] as number)
        const seen = slot === initialSlot ? initialSlot : slotNumber.get(slot)
        if (key === undefined || seen === undefined) continue
        readSlot.push(seen)
        readKey.push(key)
      }
      readsFrom[i + 1] = readSlot.length
    }
    return {
      transactions,
      keys,
      facts: {
        table: tableOf(facts.table, transactions, keys),
        happened: Uint8Array.from(transactions, (t) => facts.happened[t] as number),
        slots: slots.length,
        slotsFrom,
        writer: slots.map((slot) => number.get(facts.writer[slot] as number) as number),
        place,
        readsFrom,
        readSlot: Int32Array.from(readSlot),
        readKey: Int32Array.from(readKey),
        extra: extra.map((edge) => ({
          ...edge,
          from: number.get(edge.from) as number,
          to: number.get(edge.to) as number,
          key: keyNumber.get(edge.key) ?? -1,
        })),
      },
    }
  }
}

/** Without steps: what they show is in the facts. */
function tableOf(table: TransactionTable, transactions: Int32Array, keys: Int32Array): TransactionTable {
  const of = (column: Int32Array): Int32Array => transactions.map((t) => column[t] as number)
  const none = new Int32Array()
  const versions = { count: 0, key: none, writer: none, transaction: none, value: (): null => null }
  const lists = {
    count: 0,
    key: none,
    length: none,
    isPrefix: new Uint8Array(),
    chainFrom: new Int32Array(keys.length + 1),
    chain: none,
    elements: (): Int32Array => none,
  }
  return {
    count: transactions.length,
    session: of(table.session),
    sessions: table.sessions,
    status: Uint8Array.from(transactions, (t) => table.status[t] as number),
    began: of(table.began),
    ended: of(table.ended),
    hasTimes: table.hasTimes,
    stepsFrom: new Int32Array(transactions.length + 1),
    kind: new Uint8Array(),
    key: none,
    version: none,
    lists,
    keys: Array.from(keys, (key) => table.keys[key] ?? null),
    versions,
  }
}
