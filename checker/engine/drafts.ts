/**
 * A cell's value as `then` sees it: an immer draft behind a proxy that tells what is read and remembers what is set.
 * An action that looks at two fields and sets a third then has one outcome for all values that agree on those two: a
 * patch, which is applied to whatever the rest of the value is.
 */
import { createDraft, current, isDraft } from 'immer'
import { type Json, plain, type Reveal } from '../language/json.ts'

/** Sets the member at a path to a value, removes it, or cuts an array to a length. */
export type Change =
  | { readonly path: readonly string[]; readonly set: Json }
  | { readonly path: readonly string[]; readonly remove: true }
  | { readonly path: readonly string[]; readonly length: number }

export interface DraftReads {
  /** A look at the member at this path: a primitive, or only the kind of value (with its length, for arrays). */
  peek(path: readonly string[]): void
  keys(path: readonly string[]): void
  whole(path: readonly string[]): void
}

interface Node {
  readonly path: readonly string[]
  readonly draft: Record<string, unknown>
  readonly children: Map<string, { readonly node: Node; readonly proxy: object }>
  /** Members that are no longer what the state says. */
  readonly assigned: Set<string>
}

export interface TrackedDraft {
  readonly proxy: object
  /** What was done, in a canonical order. */
  changes(where: string): Change[]
}

export class Drafts {
  readonly #nodes: WeakMap<object, { node: Node; reads: DraftReads }> = new WeakMap()

  open(value: object, reads: DraftReads): TrackedDraft {
    const root = nodeOf([], createDraft(value))
    return { proxy: this.#proxy(root, reads), changes: (where) => this.#changesOf(root, where) }
  }

  /** The data behind a draft's proxy as it is now; reading it whole. */
  readonly reveal: Reveal = (value) => {
    const known = this.#nodes.get(value)
    if (known === undefined) return undefined
    known.reads.whole(known.node.path)
    return plain(current(known.node.draft), 'value', this.reveal)
  }

  #proxy(node: Node, reads: DraftReads): object {
    const { path, draft, children, assigned } = node
    const isArray = Array.isArray(draft)
    const readMember = (key: string): void => {
      if (!assigned.has(key)) reads.peek([...path, key])
    }
    const member = (key: string): unknown => {
      const value: unknown = draft[key]
      if (typeof value === 'function' || (key === 'length' && isArray)) return value
      readMember(key)
      if (typeof value !== 'object' || value === null || assigned.has(key) || !isDraft(value)) return value
      const known = children.get(key)
      if (known !== undefined) return known.proxy
      const inner = nodeOf([...path, key], value)
      const made = this.#proxy(inner, reads)
      children.set(key, { node: inner, proxy: made })
      return made
    }
    const proxy: object = new Proxy((isArray ? [] : {}) as object, {
      get: (_, key) => (typeof key === 'symbol' ? method(draft, key) : member(key)),
      set: (_, key, value) => {
        const name = String(key)
        // What was there decides whether this is a change at all.
        if (!(name === 'length' && isArray)) readMember(name)
        assigned.add(name)
        draft[name] = value
        return true
      },
      deleteProperty: (_, key) => {
        readMember(String(key))
        assigned.add(String(key))
        return Reflect.deleteProperty(draft, key)
      },
      has: (_, key) => {
        if (typeof key === 'string' && !isArray) readMember(key)
        return Reflect.has(draft, key)
      },
      ownKeys: () => {
        reads.keys(path)
        return Reflect.ownKeys(draft)
      },
      getOwnPropertyDescriptor: (_, key) => {
        if (typeof key === 'string' && !isArray) readMember(key)
        if (!Object.hasOwn(draft, key)) return undefined
        if (key === 'length' && isArray) return { value: draft['length'], writable: true, enumerable: false, configurable: false }
        return { value: typeof key === 'string' ? member(key) : undefined, writable: true, enumerable: true, configurable: true }
      },
      defineProperty: (_, key, descriptor) => Reflect.set(proxy, key, descriptor.value),
      getPrototypeOf: () => Reflect.getPrototypeOf(draft),
    })
    this.#nodes.set(proxy, { node, reads })
    return proxy
  }

  /** Changes of a node itself, then of those members that are still the ones that the state had. */
  #changesOf({ path, draft, assigned, children }: Node, where: string): Change[] {
    const changes: Change[] = []
    const isArray = Array.isArray(draft)
    if (isArray && assigned.size > 0) changes.push({ path, length: draft.length })
    for (const key of [...assigned].sort()) {
      if (key === 'length' && isArray) continue
      const at = [...path, key]
      if (Object.hasOwn(draft, key)) changes.push({ path: at, set: plain(draft[key], `${where}.${at.join('.')}`, this.reveal) })
      else if (!isArray) changes.push({ path: at, remove: true })
    }
    for (const [key, { node }] of children) if (!assigned.has(key) && Object.hasOwn(draft, key)) changes.push(...this.#changesOf(node, where))
    return changes
  }
}

function nodeOf(path: readonly string[], draft: unknown): Node {
  return { path, draft: draft as Record<string, unknown>, children: new Map(), assigned: new Set() }
}

/** Iterators and the like, but not the marks by which immer knows its drafts: ours must be read through `reveal`. */
function method(draft: object, key: symbol): unknown {
  const value: unknown = Reflect.get(draft, key)
  return typeof value === 'function' ? value : undefined
}

/** A value with changes made to it. */
export function applyChanges(value: Json, changes: readonly Change[]): Json {
  return changes.reduce((before, change) => applyAt(before, change.path, change), value)
}

function applyAt(value: Json, path: readonly string[], change: Change): Json {
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, Json>
  const [key, ...rest] = path
  if (key === undefined) {
    if ('length' in change) (copy as unknown as Json[]).length = change.length
    return copy
  }
  if (rest.length === 0 && 'set' in change) copy[key] = change.set
  else if (rest.length === 0 && 'remove' in change) delete copy[key]
  else copy[key] = applyAt(copy[key] as Json, rest, change)
  return copy
}
