/**
 * Values of cells as `then` sees them: mutable copies behind proxies that tell what is read and remember what is set. An
 * action that looks at two fields and sets a third then has one outcome for all values that agree on those two: a patch,
 * which is applied to whatever the rest of the value is.
 *
 * Not immer here: its drafts of several values do not survive being moved into one another, and count every copy as a read.
 */
import { UserError } from '../errors.ts'
import { type Json, plain, type Reveal } from '../language/json.ts'

/** Sets the member at a path to a value, removes it, or cuts an array to a length. */
export type Change =
  | { readonly path: readonly string[]; readonly set: Json }
  | { readonly path: readonly string[]; readonly remove: true }
  | { readonly path: readonly string[]; readonly length: number }

/** Is told of every look at what the state held when `then` began. */
export interface Reads {
  /** A look at a member: a primitive, or only the kind of value (with its length, for arrays). */
  peek(slot: number, path: readonly string[]): void
  keys(slot: number, path: readonly string[]): void
  whole(slot: number, path: readonly string[]): void
}

/** The slot of data that is not part of the state: looking at it tells nothing. */
const nobody = -1

type Members = Record<string, unknown>

/** A part of the state: where it was when `then` began, and a copy whose members are copied when they are looked at. */
interface Node {
  readonly slot: number
  readonly path: readonly string[]
  readonly copy: Members
  /** Members that are no longer what the state says. */
  readonly assigned: Set<string>
  readonly proxy: object
}

export class Drafts {
  readonly #reads: Reads
  readonly #byCopy: Map<object, Node> = new Map()
  readonly #byProxy: WeakMap<object, Node> = new WeakMap()

  constructor(reads: Reads) {
    this.#reads = {
      peek: (slot, path) => slot !== nobody && reads.peek(slot, path),
      keys: (slot, path) => slot !== nobody && reads.keys(slot, path),
      whole: (slot, path) => slot !== nobody && reads.whole(slot, path),
    }
  }

  /** Forgets everything: another run begins. */
  clear(): void {
    this.#byCopy.clear()
  }

  /** The draft of a cell's value. */
  open(slot: number, value: object): object {
    return this.#open(slot, [], value).proxy
  }

  /** A copy to work on of data that belongs to nobody, such as a constant that a model assigns and then changes. */
  adopt(value: object): object {
    return this.#open(nobody, [], value).proxy
  }

  /** What was changed inside of a draft, in a canonical order. */
  changes(draft: object, where: string): Change[] {
    return this.#changesOf(this.#byProxy.get(draft) as Node, where)
  }

  /** The data behind a part of the state as it is now; reading it whole. */
  readonly reveal: Reveal = (value) => {
    const node = this.#byProxy.get(value) ?? this.#byCopy.get(value)
    return node === undefined ? undefined : this.#settled(node, new Set())
  }

  #open(slot: number, path: readonly string[], value: object): Node {
    const copy = (Array.isArray(value) ? [...value] : { ...value }) as Members
    const node = { slot, path, copy, assigned: new Set<string>(), proxy: new Proxy(copy, this.#handler(slot, path, copy)) }
    this.#byCopy.set(copy, node)
    this.#byProxy.set(node.proxy, node)
    return node
  }

  #handler(slot: number, path: readonly string[], copy: Members): ProxyHandler<Members> {
    const isArray = Array.isArray(copy)
    const node = (): Node => this.#byCopy.get(copy) as Node
    const look = (key: string): void => {
      if (!node().assigned.has(key)) this.#reads.peek(slot, [...path, key])
    }
    const member = (key: string): unknown => {
      // Methods and the length of an array are no members; the length is known from the look at the array.
      if (isArray && (key === 'length' || !Object.hasOwn(copy, key))) return (copy as unknown as Members)[key]
      look(key)
      const value = copy[key]
      if (typeof value !== 'object' || value === null || !Object.hasOwn(copy, key)) return value
      const known = this.#byCopy.get(value)
      if (known !== undefined) return known.proxy
      if (node().assigned.has(key)) return value
      const inner = this.#open(slot, [...path, key], value)
      copy[key] = inner.copy
      return inner.proxy
    }
    const assign = (key: string, value: unknown): boolean => {
      // What was there decides whether this is a change at all.
      if (!(isArray && key === 'length')) look(key)
      node().assigned.add(key)
      const part = typeof value === 'object' && value !== null ? this.#byProxy.get(value) : undefined
      return Reflect.set(copy, key, part === undefined ? value : part.copy)
    }
    return {
      get: (_, key) => (typeof key === 'symbol' ? Reflect.get(copy, key) : member(key)),
      set: (_, key, value) => assign(String(key), value),
      deleteProperty: (_, key) => {
        look(String(key))
        node().assigned.add(String(key))
        return Reflect.deleteProperty(copy, key)
      },
      has: (_, key) => {
        if (typeof key === 'string' && !isArray) look(key)
        return Reflect.has(copy, key)
      },
      ownKeys: () => {
        this.#reads.keys(slot, path)
        return Reflect.ownKeys(copy)
      },
      getOwnPropertyDescriptor: (_, key) => {
        const value = typeof key === 'string' ? member(key) : undefined
        const own = Reflect.getOwnPropertyDescriptor(copy, key)
        return own === undefined ? undefined : { ...own, value }
      },
      defineProperty: (_, key, descriptor) => 'value' in descriptor && assign(String(key), descriptor.value),
      preventExtensions: () => false,
    }
  }

  /** Changes of a node itself, then of those members that are still the ones that the state had. */
  #changesOf({ path, copy, assigned }: Node, where: string): Change[] {
    const isArray = Array.isArray(copy)
    const changes: Change[] = isArray && assigned.size > 0 ? [{ path, length: copy.length }] : []
    for (const key of [...assigned].sort()) {
      if (isArray && (key === 'length' || !Object.hasOwn(copy, key))) continue
      const at = [...path, key]
      if (Object.hasOwn(copy, key)) changes.push({ path: at, set: plain(copy[key], `${where}.${at.join('.')}`, this.reveal) })
      else changes.push({ path: at, remove: true })
    }
    for (const key of Object.keys(copy)) {
      const value = copy[key]
      const inner = typeof value === 'object' && value !== null ? this.#byCopy.get(value) : undefined
      if (inner !== undefined && !assigned.has(key)) changes.push(...this.#changesOf(inner, where))
    }
    return changes
  }

  #settled(node: Node, inside: Set<Node>): Json {
    if (inside.has(node))
      throw new UserError('not-plain-data', 'a value contains itself; states, messages and arguments hold plain JSON data only')
    this.#reads.whole(node.slot, node.path)
    const within = new Set(inside).add(node)
    const reveal: Reveal = (value) => {
      const part = this.#byProxy.get(value) ?? this.#byCopy.get(value)
      return part === undefined ? undefined : this.#settled(part, within)
    }
    return plain(Array.isArray(node.copy) ? [...node.copy] : { ...node.copy }, 'value', reveal)
  }
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
