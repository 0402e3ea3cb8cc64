/**
 * The state of a model is a record of named slots. A cell holds any plain value and is read and assigned like a
 * property. Accumulators (bag, fifo, set, monitors) change only by named pure operations, which the engine applies
 * without reading the slot: sending a message does not depend on what else is in flight.
 */
import {
  type AccumulatorKind,
  bagHandle,
  bagKind,
  type Elements,
  elementsOf,
  fifoHandle,
  fifoKind,
  type SlotAccess,
  setAdd,
  setHandle,
  setKind,
  sorted,
} from './collections.ts'
import type { Json } from './json.ts'

export type { AccumulatorKind, SlotAccess } from './collections.ts'

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
  return accumulator(bagKind, () => sorted(elementsOf(initial)), bagHandle)
}
export function bags<T>(count: number): FamilySlot<FamilyView<BagView<T>>, FamilyDraft<BagDraft<T>>> {
  return family(count, () => bag<T>())
}

/** An ordered channel or queue. */
export function fifo<T>(initial: Iterable<T> = []): AccumulatorSlot<FifoView<T>, FifoDraft<T>> {
  return accumulator(fifoKind, () => elementsOf(initial), fifoHandle)
}
export function fifos<T>(count: number): FamilySlot<FamilyView<FifoView<T>>, FamilyDraft<FifoDraft<T>>> {
  return family(count, () => fifo<T>())
}

/** A set: adding twice is adding once. */
export function set<T>(initial: Iterable<T> = []): AccumulatorSlot<SetView<T>, SetDraft<T>> {
  return accumulator(setKind, () => elementsOf(initial).reduce<Elements>((all, element) => setAdd(all, element), []), setHandle)
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

function isAnyOf<T>(value: T | AnyOf<T>): value is AnyOf<T> {
  return typeof value === 'object' && value !== null && Array.isArray((value as Partial<AnyOf<T>>)['~anyOf'])
}

function family<View, Draft>(count: number, make: (index: Id) => Slot<unknown, unknown>): FamilySlot<View, Draft> {
  return { kind: 'family', members: ids(count).map(make) }
}
