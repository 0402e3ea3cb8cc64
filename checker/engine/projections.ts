/**
 * What a function can read of the state: whole slots (probe i is slot i), or parts of one: the value at a path, the keys
 * at a path, or the answer of an accumulator's query. The smaller the parts that are recorded, the more states share an
 * outcome.
 */
import type { Json } from '../language/json.ts'
import type { Interner } from './interner.ts'

export type Part =
  /** A primitive, or only the kind of value where it is an object or an array. */
  | { readonly kind: 'peek' | 'keys' | 'whole'; readonly path: readonly string[] }
  | { readonly kind: 'query'; readonly name: string; readonly argument: number }

interface Probe {
  readonly slot: number
  readonly part: Part | null
  readonly table: Table
}

/** By value id of the slot, the id of the part's value plus 1; 0 where it is not known yet. Shared by the slots of a family. */
interface Table {
  ids: Int32Array
}

export interface ProbeContext {
  readonly slots: number
  readonly domainOf: (slot: number) => number
  readonly valueOf: (slot: number, id: number) => Json
  /** Answers a query on a slot's value, by the id of the argument. */
  readonly answer: (slot: number, query: string, argument: number, value: number) => Json
  readonly parts: Interner
}

export class Probes {
  readonly #context: ProbeContext
  readonly #probes: Probe[]
  readonly #byKey: Map<string, number> = new Map()
  readonly #tables: Map<string, Table> = new Map()

  constructor(context: ProbeContext) {
    this.#context = context
    this.#probes = Array.from({ length: context.slots }, (_, slot) => ({ slot, part: null, table: { ids: new Int32Array(0) } }))
  }

  slotOf(probe: number): number {
    return (this.#probes[probe] as Probe).slot
  }

  of(slot: number, part: Part): number {
    const what = part.kind === 'query' ? `query ${part.name} ${part.argument}` : `${part.kind} ${JSON.stringify(part.path)}`
    const key = `${slot} ${what}`
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const shared = `${this.#context.domainOf(slot)} ${what}`
    const table = this.#tables.get(shared) ?? { ids: new Int32Array(16) }
    this.#tables.set(shared, table)
    this.#probes.push({ slot, part, table })
    this.#byKey.set(key, this.#probes.length - 1)
    return this.#probes.length - 1
  }

  /** The value id of a probe in a state: of the whole slot, or of the part. */
  value(probe: number, state: Int32Array): number {
    const { slot, part, table } = this.#probes[probe] as Probe
    const id = state[slot] as number
    if (part === null) return id
    const known = id < table.ids.length ? (table.ids[id] as number) : 0
    if (known > 0) return known - 1
    const value =
      part.kind === 'query' ? this.#context.answer(slot, part.name, part.argument, id) : project(this.#context.valueOf(slot, id), part)
    const found = this.#context.parts.id(value)
    if (id >= table.ids.length) {
      const grown = new Int32Array(Math.max(2 * table.ids.length, id + 1))
      grown.set(table.ids)
      table.ids = grown
    }
    table.ids[id] = found + 1
    return found
  }
}

/** The part of a value that a probe stands for, wrapped so that absence and kinds differ from every value. */
function project(root: Json, part: Part & { path: readonly string[] }): Json {
  let value: unknown = root
  for (const key of part.path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return []
    value = (value as Record<string, unknown>)[key]
  }
  if (part.kind === 'whole') return [value as Json]
  if (part.kind === 'keys') return typeof value === 'object' && value !== null ? Object.keys(value) : []
  if (typeof value !== 'object' || value === null) return [value as Json]
  return Array.isArray(value) ? ['array', value.length] : 'object'
}
