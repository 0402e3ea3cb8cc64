/**
 * The state object as models see it, recording what they read. Values are read through proxies, so that only the parts
 * that were looked at count; in `then`, cells are drafts whose changes are recorded as patches.
 */
import { UserError } from '../errors.ts'
import { canonicalKey, isPlainContainer, type Json, plain, type Reveal } from '../language/json.ts'
import type { SlotAccess } from '../language/slots.ts'
import { applyChanges, Drafts } from './drafts.ts'
import type { Part, Probes } from './projections.ts'

/** Operation ids (see `Values.operation`) in the order in which they were called, with their slots. */
export interface Recorded {
  readonly writes: readonly (readonly [slot: number, value: number])[]
  readonly operations: readonly (readonly [slot: number, operation: number])[]
}

/** Slots that count whole for a function. */
export interface Coarse {
  has(slot: number): boolean
  add(slot: number): void
}

/** What the tracker needs to know of values. */
export interface Values {
  nameOf(slot: number): string
  valueOf(slot: number, id: number): Json
  intern(slot: number, value: unknown, reveal: Reveal): number
  /** The id of an accumulator operation with its argument. */
  operation(slot: number, name: string, argument: Json): number
  /** The value id after an operation. */
  apply(slot: number, operation: number, value: number): number
  argument(value: Json): number
  answer(slot: number, query: string, argument: number, value: number): Json
}

/** The operation by which changes to parts of a cell are recorded; its argument is a list of changes. */
export const patchOperation = 'patch'

/** Reading more parts than this of one slot costs more than it saves: the whole slot is then what counts. */
const partsMax = 24

export class Tracker implements SlotAccess {
  readonly #values: Values
  readonly #probes: Probes
  #state: Int32Array = new Int32Array(0)
  #writing = false
  #reads: number[] = []
  #seen: Set<number> = new Set()
  #partsPerSlot: Map<number, number> = new Map()
  /** Slots that count whole for the function that runs; grows while it runs. */
  #coarse: Coarse = new Set()
  /** What `then` holds per slot: a draft, or what it has assigned. */
  #drafts: Map<number, unknown> = new Map()
  /** Per slot, the draft that it began with. */
  #opened: Map<number, object> = new Map()
  readonly #parts: Drafts
  #operations: (readonly [number, number])[] = []
  readonly #behind: WeakMap<object, { slot: number; path: readonly string[]; value: object }> = new WeakMap()
  readonly #proxies: Map<number, unknown> = new Map()

  constructor(values: Values, probes: Probes) {
    this.#values = values
    this.#probes = probes
    this.#parts = new Drafts({
      peek: (slot, path) => this.#read(slot, { kind: 'peek', path }),
      keys: (slot, path) => this.#read(slot, { kind: 'keys', path }),
      whole: (slot, path) => this.#read(slot, { kind: 'whole', path }),
    })
  }

  /** Starts recording. `coarse` is the function's own set of slots to count whole. */
  begin(state: Int32Array, coarse: Coarse): void {
    this.#state = state
    this.#writing = false
    this.#reads = []
    this.#seen = new Set()
    this.#partsPerSlot = new Map()
    this.#coarse = coarse
    this.#drafts = new Map()
    this.#opened = new Map()
    this.#parts.clear()
    this.#operations = []
    this.#proxies.clear()
  }

  /** From here on the function may change the state. */
  write(): void {
    this.#writing = true
  }

  /** Probes in the order of first reading. */
  get reads(): readonly number[] {
    return this.#reads
  }

  /** What `then` did. Changes to parts of a cell that was not read whole are an operation on it. */
  finish(): Recorded {
    const writes: (readonly [number, number])[] = []
    const operations = [...this.#operations]
    for (const [slot, draft] of this.#drafts) {
      const name = this.#values.nameOf(slot)
      const before = this.#state[slot] as number
      if (this.#opened.get(slot) !== draft) {
        const id = this.#values.intern(slot, draft, this.reveal)
        if (id !== before || !this.#seen.has(slot)) writes.push([slot, id])
        continue
      }
      const changes = this.#parts.changes(draft as object, name)
      if (changes.length === 0) continue
      if (!this.#seen.has(slot)) operations.push([slot, this.#values.operation(slot, patchOperation, changes)])
      else writes.push([slot, this.#values.intern(slot, applyChanges(this.#values.valueOf(slot, before), changes), this.reveal)])
    }
    return { writes, operations }
  }

  /** The data behind a tracked value; reading it whole. */
  readonly reveal: Reveal = (value) => {
    const behind = this.#behind.get(value)
    if (behind === undefined) return this.#parts.reveal(value)
    this.#read(behind.slot, { kind: 'whole', path: behind.path })
    return behind.value
  }

  get(slot: number): unknown {
    const value = this.#values.valueOf(slot, this.#state[slot] as number)
    if (this.#writing && this.#drafts.has(slot)) return this.#drafts.get(slot)
    if (this.#coarse.has(slot)) this.#readWhole(slot)
    else this.#read(slot, { kind: 'peek', path: [] })
    if (typeof value !== 'object' || value === null) return value
    return this.#writing ? this.#draft(slot, value) : this.#reader(slot, value)
  }

  set(slot: number, value: unknown): void {
    this.#mustWrite(slot, 'assigns')
    const frozen = typeof value === 'object' && value !== null && Object.isFrozen(value) && isPlainContainer(value)
    this.#drafts.set(slot, frozen ? this.#parts.adopt(value) : value)
  }

  operate(slot: number, operation: string, argument: unknown): void {
    this.#mustWrite(slot, `calls ${operation} on`)
    const given = plain(argument, `${this.#values.nameOf(slot)}.${operation}(...)`, this.reveal)
    this.#operations.push([slot, this.#values.operation(slot, operation, given)])
  }

  query(slot: number, query: string, argument: unknown): Json {
    const given = this.#values.argument(plain(argument, `${this.#values.nameOf(slot)}.${query}(...)`, this.reveal))
    const before = this.#state[slot] as number
    if (!this.#writing && !this.#coarse.has(slot)) {
      this.#read(slot, { kind: 'query', name: query, argument: given })
      return this.#values.answer(slot, query, given, before)
    }
    this.#readWhole(slot)
    let value = before
    for (const [at, operation] of this.#operations) if (at === slot) value = this.#values.apply(slot, operation, value)
    return this.#values.answer(slot, query, given, value)
  }

  #draft(slot: number, value: object): object {
    const draft = this.#parts.open(slot, value)
    this.#opened.set(slot, draft)
    this.#drafts.set(slot, draft)
    return draft
  }

  #reader(slot: number, value: object): unknown {
    const known = this.#proxies.get(slot)
    if (known !== undefined) return known
    const proxy = this.#proxy(slot, [], value)
    this.#proxies.set(slot, proxy)
    return proxy
  }

  #mustWrite(slot: number, what: string): void {
    if (this.#writing) return
    throw new UserError('bad-operation', `${what} ${this.#values.nameOf(slot)}; only \`then\` may change the state`)
  }

  #readWhole(slot: number): void {
    if (this.#seen.has(slot)) return
    this.#seen.add(slot)
    this.#reads.push(slot)
  }

  #read(slot: number, part: Part): void {
    if (this.#seen.has(slot)) return
    const probe = this.#probes.of(slot, part)
    if (this.#seen.has(probe)) return
    this.#seen.add(probe)
    this.#reads.push(probe)
    const parts = (this.#partsPerSlot.get(slot) ?? 0) + 1
    this.#partsPerSlot.set(slot, parts)
    if (parts > partsMax) this.#coarse.add(slot)
  }

  /** Reads like the value behind it; every look at a member is recorded. */
  #proxy(slot: number, path: readonly string[], value: object): object {
    const members = new Map<string, unknown>()
    const proxy: object = new Proxy((Array.isArray(value) ? [] : {}) as object, {
      get: (_, key) => {
        const member: unknown = Reflect.get(value, key)
        if (typeof key === 'symbol') return member
        // Methods of an array read through the proxy in turn; its length is known from the look at the array.
        if (Array.isArray(value) && (key === 'length' || !Object.hasOwn(value, key))) return member
        const inner = [...path, key]
        this.#read(slot, { kind: 'peek', path: inner })
        if (typeof member !== 'object' || member === null || !Object.hasOwn(value, key)) return member
        const known = members.get(key)
        if (known !== undefined) return known
        const made = this.#proxy(slot, inner, member)
        members.set(key, made)
        return made
      },
      has: (_, key) => {
        if (typeof key === 'string' && !Array.isArray(value)) this.#read(slot, { kind: 'peek', path: [...path, key] })
        return Reflect.has(value, key)
      },
      ownKeys: () => {
        this.#read(slot, { kind: 'keys', path })
        return Reflect.ownKeys(value)
      },
      getOwnPropertyDescriptor: (_, key) => {
        const own = Reflect.getOwnPropertyDescriptor(value, key)
        if (typeof key === 'string' && !Array.isArray(value)) this.#read(slot, { kind: 'peek', path: [...path, key] })
        if (own === undefined) return undefined
        if (key === 'length' && Array.isArray(value)) return { ...own, writable: true }
        return { ...own, value: Reflect.get(proxy, key), writable: true, configurable: true }
      },
      getPrototypeOf: () => Reflect.getPrototypeOf(value),
      set: () => this.#frozen(slot),
      deleteProperty: () => this.#frozen(slot),
      defineProperty: () => this.#frozen(slot),
    })
    this.#behind.set(proxy, { slot, path, value })
    return proxy
  }

  #frozen(slot: number): never {
    throw new UserError('bad-operation', `changes ${this.#values.nameOf(slot)} in place; only \`then\` may change the state`)
  }
}

/** Whether two runs of one function did the same. */
export function sameRecord(a: Recorded, b: Recorded): boolean {
  return canonicalKey([a.writes, a.operations]) === canonicalKey([b.writes, b.operations])
}
