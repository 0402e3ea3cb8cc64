/** The state object that a model's functions receive, with its types. */
import type { AccumulatorSlot, CellSlot, CompositeSlot, FamilySlot, Slot, SlotAccess } from './slots.ts'

export type Layout = Readonly<Record<string, Slot<unknown, unknown>>>

type View<S> = S extends Slot<infer V, unknown> ? V : never
type Draft<S> = S extends Slot<unknown, infer D> ? D : never
type CellKeys<L> = { [K in keyof L]: L[K] extends { kind: 'cell' } ? K : never }[keyof L]

/** The state in guards, domains and properties: read only. Values are frozen; changing one throws. */
export type StateView<L> = { readonly [K in keyof L]: View<L[K]> }

/** The state in `then`: cells are assigned and mutated in place, accumulators change by their operations. */
export type StateDraft<L> = { [K in CellKeys<L>]: Draft<L[K]> } & { readonly [K in Exclude<keyof L, CellKeys<L>>]: Draft<L[K]> }

/** A state object with its types erased. */
export type StateObject = Record<string, unknown>

/** One flattened slot, such as `node[2]` or `net.inbox[0]`. */
export interface FlatSlot {
  readonly name: string
  /** The name without the index; slots of one family share their values' table. */
  readonly family: string
  readonly index: number | null
  readonly slot: CellSlot<unknown> | AccumulatorSlot<unknown, unknown>
}

type Shape = {
  readonly slot: Slot<unknown, unknown>
  readonly at: number
  readonly members: readonly Shape[]
  readonly parts: ReadonlyMap<string, Shape>
}

/** A layout, flattened into numbered slots, and the way back from a `SlotAccess` to the object that models see. */
export interface StateShape {
  readonly slots: readonly FlatSlot[]
  build(access: SlotAccess): StateObject
}

export function stateShape(layout: Layout): StateShape {
  const slots: FlatSlot[] = []
  const add = (name: string, family: string, index: number | null, slot: Slot<unknown, unknown>): Shape => {
    if (slot.kind === 'family') {
      const members = (slot as FamilySlot<unknown, unknown>).members.map((member, i) => add(`${name}[${i}]`, name, i, member))
      return { slot, at: -1, members, parts: new Map() }
    }
    if (slot.kind === 'composite') {
      const parts = Object.entries((slot as CompositeSlot<unknown, unknown>).parts)
      return {
        slot,
        at: -1,
        members: [],
        parts: new Map(parts.map(([part, inner]) => [part, add(`${name}.${part}`, `${name}.${part}`, null, inner)])),
      }
    }
    slots.push({ name, family, index, slot: slot as FlatSlot['slot'] })
    return { slot, at: slots.length - 1, members: [], parts: new Map() }
  }
  const root = new Map(Object.entries(layout).map(([name, slot]) => [name, add(name, name, null, slot)]))
  return { slots, build: (access) => record(root, access) }
}

function record(shapes: ReadonlyMap<string, Shape>, access: SlotAccess): StateObject {
  const state: StateObject = {}
  for (const [name, shape] of shapes) define(state, name, shape, access)
  return Object.preventExtensions(state)
}

function define(target: object, name: string | number, shape: Shape, access: SlotAccess): void {
  if (shape.slot.kind === 'cell') {
    const { at } = shape
    Object.defineProperty(target, name, { get: () => access.get(at), set: (value) => access.set(at, value), enumerable: true })
    return
  }
  Object.defineProperty(target, name, { value: build(shape, access), enumerable: true })
}

function build(shape: Shape, access: SlotAccess): unknown {
  if (shape.slot.kind === 'accumulator') return (shape.slot as AccumulatorSlot<unknown, unknown>).handle(access, shape.at)
  if (shape.slot.kind === 'composite') return (shape.slot as CompositeSlot<unknown, unknown>).view(record(shape.parts, access))
  // Inherits every, some, map ... which work on any object with a length and indexes.
  const family = Object.create(Array.prototype) as object
  Object.defineProperty(family, 'length', { value: shape.members.length })
  for (const [i, member] of shape.members.entries()) define(family, i, member, access)
  return Object.preventExtensions(family)
}
