/**
 * The collections among the slots: bags, fifos and sets, as kinds of accumulators and as the handles through which models
 * use them.
 */
import { UserError } from '../errors.ts'
import { canonicalKey, type Json, plain } from './json.ts'

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

/** How state objects reach slot values; the engine tracks what passes here, the reference explorer does not. */
export interface SlotAccess {
  get(slot: number): unknown
  set(slot: number, value: unknown): void
  operate(slot: number, operation: string, argument: unknown): void
  query(slot: number, query: string, argument: unknown): Json
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

/** What a model sees of a bag, a fifo and a set. */
export const bagHandle = (access: SlotAccess, slot: number): object => new BagHandle(access, slot)
export const fifoHandle = (access: SlotAccess, slot: number): object => new FifoHandle(access, slot)
export const setHandle = (access: SlotAccess, slot: number): object => new SetHandle(access, slot)

export type Elements = readonly Json[]

const elementQueries = {
  members: (value: Json): Json =>
    (value as Elements).filter((element, i, all) => i === 0 || canonicalKey(all[i - 1]) !== canonicalKey(element)),
  size: (value: Json): Json => (value as Elements).length,
  has: (value: Json, element: Json): Json => indexOf(value as Elements, element) >= 0,
}

export const bagKind: AccumulatorKind = {
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

export const fifoKind: AccumulatorKind = {
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

export const setKind: AccumulatorKind = {
  name: 'set',
  sends: 'add',
  takes: 'delete',
  operations: {
    add: (value, element) => setAdd(value as Elements, element),
    delete: (value, element) => removeAt(value as Elements, indexOf(value as Elements, element)),
  },
  queries: { members: (value) => value, size: elementQueries.size, has: elementQueries.has },
}

export function elementsOf(initial: Iterable<unknown>): Elements {
  return [...initial].map((element, i) => plain(element, `initial element [${i}]`))
}

// Bags and sets are kept sorted by canonical key, so that equal collections are equal arrays.
function insert(elements: Elements, element: Json): Elements {
  const key = canonicalKey(element)
  let at = elements.length
  while (at > 0 && canonicalKey(elements[at - 1]) > key) at--
  return [...elements.slice(0, at), element, ...elements.slice(at)]
}

export function setAdd(elements: Elements, element: Json): Elements {
  return indexOf(elements, element) >= 0 ? elements : insert(elements, element)
}

export function sorted(elements: Elements): Elements {
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
