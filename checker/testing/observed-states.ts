/**
 * The states that an engine visits, seen from outside: a property that reads everything has to run at least once in
 * every distinct state, however much the engine remembers. They are keyed as the reference explorer keys its states.
 */
import { canonicalKey, type Json } from '../language/json.ts'
import type { Model } from '../language/model.ts'
import { propertyBuilder } from '../language/properties.ts'
import type { BagView, CompositeSlot, FamilySlot, Slot } from '../language/slots.ts'
import type { Layout } from '../language/state.ts'

/** The same model, with one property only, which adds the key of each state that it is shown to `seen`. */
export function observing(model: Model, seen: Set<string>): Model {
  const properties: Model['spec']['properties'] = (_on, c, bug) => {
    const layout = model.spec.state(c, bug)
    return {
      observed: propertyBuilder.always((s) => {
        seen.add(canonicalKey(valuesOf(layout, s)))
        return true
      }),
    }
  }
  return { ...model, spec: { ...model.spec, properties } }
}

/** One value per flat slot, in the order of the layout. */
function valuesOf(layout: Layout, state: object): Json[] {
  return Object.entries(layout).flatMap(([name, slot]) => slotValues(slot, (state as Record<string, unknown>)[name]))
}

function slotValues(slot: Slot<unknown, unknown>, view: unknown): Json[] {
  switch (slot.kind) {
    case 'cell':
      return [JSON.parse(JSON.stringify(view)) as Json]
    case 'accumulator':
      return [elementsOf(view as Iterable<Json>)]
    case 'family':
      return (slot as FamilySlot<unknown, unknown>).members.flatMap((member, i) => slotValues(member, (view as readonly unknown[])[i]))
    case 'composite':
      return valuesOf((slot as CompositeSlot<unknown, unknown>).parts, (view as { parts: object }).parts)
  }
}

/** Bags show each distinct element once, and how often it is there. */
function elementsOf(view: Iterable<Json>): Json[] {
  const count = (view as Partial<BagView<Json>>).count?.bind(view)
  return [...view].flatMap((element) => Array.from({ length: count ? count(element) : 1 }, () => element))
}
