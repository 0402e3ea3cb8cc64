/**
 * The state of a model is a record of named slots. A cell holds any plain value and is read and assigned like a
 * property. Accumulators (bag, fifo, set, monitors) change only by named pure operations, which the engine applies
 * without reading the slot: sending a message does not depend on what else is in flight.
 */
import { UserError } from '../errors.ts'
import { canonicalKey, type Json, plain } from './json.ts'

/** What a slot looks like in guards and properties (`View`) and in `then` (`Draft`); types only, never a value. */
export interface Slot<View, Draft> {
  readonly kind: 'cell' | 'accumulator' | 'family' | 'composite'
  readonly '~view'?: View
  readonly '~draft'?: Draft
}

export interface CellSlot<T> extends Slot<T, T> {
  readonly kind: 'cell'
  /** Initial values; more than one means that the model starts in any of them. */
  readonly alternatives: readonly T[]
}

/**
 * A kind of slot whose values change by named pure operations and are read by named pure queries; both map plain data
 * to plain data, so the engine runs each once per distinct (value, argument).
 */
export interface AccumulatorKind {
  readonly name: string
  readonly operations: Readonly<Record<string, (value: Json, argument: Json) => Json>>
  readonly queries: Readonly<Record<string, (value: Json, argument: Json) => Json>>
  /** Operations that put a message into the slot and take one out; they let traces draw arrows and PCT follow causes. */
  readonly sends?: string
  readonly takes?: string
}

export interface AccumulatorSlot<View, Draft> extends Slot<View, Draft> {
  readonly kind: 'accumulator'
  readonly type: AccumulatorKind
  /** Made when the model starts, so that what is wrong with it can be told with the slot's name. */
  readonly initial: () => Json
  readonly handle: (access: SlotAccess, slot: number) => object
}

export interface FamilySlot<View, Draft> extends Slot<View, Draft> {
  readonly kind: 'family'
  readonly members: readonly Slot<unknown, unknown>[]
}

/** Several slots behind one interface, such as a network; `view` builds what models see from the parts. */
export interface CompositeSlot<View, Draft> extends Slot<View, Draft> {
  readonly kind: 'composite'
  readonly parts: Readonly<Record<string, Slot<unknown, unknown>>>
  readonly view: (parts: Record<string, unknown>) => object
}

/** How state objects reach slot values; the engine tracks what passes here, the reference explorer does not. */
export interface SlotAccess {
  get(slot: number): unknown
  set(slot: number, value: unknown): void
  operate(slot: number, operation: string, argument: unknown): void
  query(slot: number, query: string, argument: unknown): Json
}

/** A node, client or process number. Indexing a family by an `Id` never yields `undefined`, also under noUncheckedIndexedAccess. */
export type Id =
  | 0
  | 1
  | 2
  | 3
  | 4
  | 5
  | 6
  | 7
  | 8
  | 9
  | 10
  | 11
  | 12
  | 13
  | 14
  | 15
  | 16
  | 17
  | 18
  | 19
  | 20
  | 21
  | 22
  | 23
  | 24
  | 25
  | 26
  | 27
  | 28
  | 29
  | 30
  | 31

type ArrayReads =
  | 'length'
  | 'every'
  | 'some'
  | 'map'
  | 'filter'
  | 'find'
  | 'findIndex'
  | 'flatMap'
  | 'forEach'
  | 'reduce'
  | 'entries'
  | 'includes'
  | 'indexOf'
  | typeof Symbol.iterator

/** A family of slots, indexed by number and readable like an array. */
export type FamilyView<T> = { readonly [K in Id]: T } & { readonly [index: number]: T } & Pick<readonly T[], ArrayReads>
export type FamilyDraft<T> = { [K in Id]: T } & { [index: number]: T } & Pick<readonly T[], ArrayReads>

export interface BagView<T> extends Iterable<T> {
  readonly size: number
  has(element: T): boolean
  count(element: T): number
}
export interface BagDraft<T> extends BagView<T> {
  add(element: T): void
  remove(element: T): void
}
export interface FifoView<T> extends Iterable<T> {
  readonly length: number
  /** The element at the front, if any. */
  readonly first: T | undefined
  /** Zero or one element: what a fifo channel can deliver next. Meant for `over`. */
  readonly front: Iterable<T>
}
export interface FifoDraft<T> extends FifoView<T> {
  push(element: T): void
  /** Takes the element at the front away, without reading it. */
  shift(): void
}
export interface SetView<T> extends Iterable<T> {
  readonly size: number
  has(element: T): boolean
}
export interface SetDraft<T> extends SetView<T> {
  add(element: T): void
  delete(element: T): void
}

export interface AnyOf<T> {
  readonly '~anyOf': readonly T[]
}

/** Several initial values: the model starts in every combination of them. */
export function anyOf<const T>(values: Iterable<T>): AnyOf<T> {
  return { '~anyOf': [...values] }
}

/** One value of any plain JSON shape. */
export function cell<T>(initial: T | AnyOf<T>): CellSlot<T> {
  return { kind: 'cell', alternatives: isAnyOf(initial) ? initial['~anyOf'] : [initial] }
}

/** `count` cells, indexed from 0; `initial` may depend on the index. */
export function cells<T>(count: number, initial: T | AnyOf<T> | ((index: Id) => T | AnyOf<T>)): FamilySlot<FamilyView<T>, FamilyDraft<T>> {
  return family(count, (index) => cell(typeof initial === 'function' ? (initial as (i: Id) => T | AnyOf<T>)(index) : initial))
}

/** A multiset: an unordered network, a pool of jobs. */
export function bag<T>(initial: Iterable<T> = []): AccumulatorSlot<BagView<T>, BagDraft<T>> {
  return accumulator(
    bagKind,
    () => sorted(elementsOf(initial)),
    (access, slot) => new BagHandle(access, slot),
  )
}
export function bags<T>(count: number): FamilySlot<FamilyView<BagView<T>>, FamilyDraft<BagDraft<T>>> {
  return family(count, () => bag<T>())
}

/** An ordered channel or queue. */
export function fifo<T>(initial: Iterable<T> = []): AccumulatorSlot<FifoView<T>, FifoDraft<T>> {
  return accumulator(
    fifoKind,
    () => elementsOf(initial),
    (access, slot) => new FifoHandle(access, slot),
  )
}
export function fifos<T>(count: number): FamilySlot<FamilyView<FifoView<T>>, FamilyDraft<FifoDraft<T>>> {
  return family(count, () => fifo<T>())
}

/** A set: adding twice is adding once. */
export function set<T>(initial: Iterable<T> = []): AccumulatorSlot<SetView<T>, SetDraft<T>> {
  return accumulator(
    setKind,
    () => elementsOf(initial).reduce<Elements>((all, element) => setAdd(all, element), []),
    (access, slot) => new SetHandle(access, slot),
  )
}
export function sets<T>(count: number): FamilySlot<FamilyView<SetView<T>>, FamilyDraft<SetDraft<T>>> {
  return family(count, () => set<T>())
}

/** A slot of one's own accumulator kind: `handle` builds what models see, on top of the kind's operations and queries. */
export function accumulator<View, Draft>(
  type: AccumulatorKind,
  initial: () => Json,
  handle: (access: SlotAccess, slot: number) => object,
): AccumulatorSlot<View, Draft> {
  return { kind: 'accumulator', type, initial, handle }
}

export function composite<View, Draft>(
  parts: Record<string, Slot<unknown, unknown>>,
  view: (parts: Record<string, unknown>) => object,
): CompositeSlot<View, Draft> {
  return { kind: 'composite', parts, view }
}

/** 0 to count - 1. */
export function ids(count: number): Id[] {
  return Array.from({ length: count }, (_, index) => index as Id)
}

/** A lazily read collection; when `over` returns one unread, the engine enumerates its members without running the model. */
export interface Members {
  readonly [domain]: { readonly slot: number; readonly query: string }
}

// Symbol.for: a user's model file may load a second copy of this module.
const domain: unique symbol = Symbol.for('counterpoint.domain') as never

/** Where the members of an unread collection are to be found; `undefined` for any other value. */
export function domainOf(value: unknown): { readonly slot: number; readonly query: string } | undefined {
  return typeof value === 'object' && value !== null ? (value as Partial<Members>)[domain] : undefined
}

class Collection implements Members {
  readonly [domain]: { readonly slot: number; readonly query: string }
  readonly #access: SlotAccess

  constructor(access: SlotAccess, slot: number, query: string) {
    this.#access = access
    this[domain] = { slot, query }
  }

  *[Symbol.iterator](): Iterator<Json> {
    yield* this.query(this[domain].query, null) as readonly Json[]
  }

  protected query(name: string, argument: unknown): Json {
    return this.#access.query(this[domain].slot, name, argument)
  }

  protected operate(name: string, argument: unknown): void {
    this.#access.operate(this[domain].slot, name, argument)
  }
}

class BagHandle extends Collection {
  constructor(access: SlotAccess, slot: number) {
    super(access, slot, 'members')
  }
  get size(): number {
    return this.query('size', null) as number
  }
  has(element: unknown): boolean {
    return this.query('has', element) as boolean
  }
  count(element: unknown): number {
    return this.query('count', element) as number
  }
  add(element: unknown): void {
    this.operate('add', element)
  }
  remove(element: unknown): void {
    this.operate('remove', element)
  }
}

class FifoHandle extends Collection {
  readonly front: Members
  constructor(access: SlotAccess, slot: number) {
    super(access, slot, 'members')
    this.front = new Collection(access, slot, 'front')
  }
  get length(): number {
    return this.query('size', null) as number
  }
  get first(): Json | undefined {
    return (this.query('front', null) as readonly Json[])[0]
  }
  push(element: unknown): void {
    this.operate('push', element)
  }
  shift(): void {
    this.operate('shift', null)
  }
}

class SetHandle extends Collection {
  constructor(access: SlotAccess, slot: number) {
    super(access, slot, 'members')
  }
  get size(): number {
    return this.query('size', null) as number
  }
  has(element: unknown): boolean {
    return this.query('has', element) as boolean
  }
  add(element: unknown): void {
    this.operate('add', element)
  }
  delete(element: unknown): void {
    this.operate('delete', element)
  }
}

type Elements = readonly Json[]

const elementQueries = {
  members: (value: Json): Json =>
    (value as Elements).filter((element, i, all) => i === 0 || canonicalKey(all[i - 1]) !== canonicalKey(element)),
  size: (value: Json): Json => (value as Elements).length,
  has: (value: Json, element: Json): Json => indexOf(value as Elements, element) >= 0,
}

const bagKind: AccumulatorKind = {
  name: 'bag',
  sends: 'add',
  takes: 'remove',
  operations: {
    add: (value, element) => insert(value as Elements, element),
    remove: (value, element) => removeAt(value as Elements, requireIndex(value as Elements, element, 'remove', 'bag')),
  },
  queries: {
    ...elementQueries,
    count: (value, element) => (value as Elements).filter((other) => canonicalKey(other) === canonicalKey(element)).length,
  },
}

const fifoKind: AccumulatorKind = {
  name: 'fifo',
  sends: 'push',
  takes: 'shift',
  operations: {
    push: (value, element) => [...(value as Elements), element],
    shift: (value) => {
      if ((value as Elements).length === 0) throw new UserError('bad-operation', 'shift() of an empty fifo')
      return (value as Elements).slice(1)
    },
  },
  queries: {
    members: (value) => value,
    size: elementQueries.size,
    front: (value) => (value as Elements).slice(0, 1),
  },
}

const setKind: AccumulatorKind = {
  name: 'set',
  sends: 'add',
  takes: 'delete',
  operations: {
    add: (value, element) => setAdd(value as Elements, element),
    delete: (value, element) => removeAt(value as Elements, indexOf(value as Elements, element)),
  },
  queries: { members: (value) => value, size: elementQueries.size, has: elementQueries.has },
}

function elementsOf(initial: Iterable<unknown>): Elements {
  return [...initial].map((element, i) => plain(element, `initial element [${i}]`))
}

// Bags and sets are kept sorted by canonical key, so that equal collections are equal arrays.
function insert(elements: Elements, element: Json): Elements {
  const key = canonicalKey(element)
  let at = elements.length
  while (at > 0 && canonicalKey(elements[at - 1]) > key) at--
  return [...elements.slice(0, at), element, ...elements.slice(at)]
}

function setAdd(elements: Elements, element: Json): Elements {
  return indexOf(elements, element) >= 0 ? elements : insert(elements, element)
}

function sorted(elements: Elements): Elements {
  return elements.reduce<Elements>((all, element) => insert(all, element), [])
}

function indexOf(elements: Elements, element: Json): number {
  const key = canonicalKey(element)
  return elements.findIndex((other) => canonicalKey(other) === key)
}

function removeAt(elements: Elements, at: number): Elements {
  return at < 0 ? elements : [...elements.slice(0, at), ...elements.slice(at + 1)]
}

function requireIndex(elements: Elements, element: Json, operation: string, kind: string): number {
  const at = indexOf(elements, element)
  if (at < 0) throw new UserError('bad-operation', `${operation}(${canonicalKey(element)}) of an element that is not in the ${kind}`)
  return at
}

function isAnyOf<T>(value: T | AnyOf<T>): value is AnyOf<T> {
  return typeof value === 'object' && value !== null && Array.isArray((value as Partial<AnyOf<T>>)['~anyOf'])
}

function family<View, Draft>(count: number, make: (index: Id) => Slot<unknown, unknown>): FamilySlot<View, Draft> {
  return { kind: 'family', members: ids(count).map(make) }
}
