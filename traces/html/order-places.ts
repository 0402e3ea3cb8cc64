/** The states that a specification goes through along an order of operations, as text for the page of a report. */
import { statesAfter } from '../../properties/linearizability/witness.ts'
import type { Operation } from '../../properties/operation.ts'
import type { Spec } from '../../properties/spec.ts'
import { keyOf, showValue, type Value } from '../../properties/value.ts'
import type { OrderPlace } from './document.ts'

/** Characters of a state that are shown. */
const stateWidth = 160
/** States of more characters, all together, take too long: those of a queue that only grows, for one. */
const charactersMax = 40_000_000

/**
 * Where the operations on one object stand in an order, and the states before and after each. There are no states from where on the
 * specification does not allow what comes next, as at levels that ask for less than such an order.
 */
export function orderPlaces(order: readonly Operation[], spec: Spec, initial: Value): OrderPlace[] {
  let states: readonly Value[] = [initial]
  let characters = 0
  let before: string | null = textOf(states)
  return order.map((operation, i) => {
    states = distinct(states.flatMap((state) => statesAfter([operation], spec, state)))
    characters += states.reduce((sum: number, state) => sum + keyOf(state).length, 0)
    if (characters > charactersMax) states = []
    const after = textOf(states)
    const place = { id: operation.id, position: i + 1, before, after }
    before = after
    return place
  })
}

function distinct(states: readonly Value[]): readonly Value[] {
  return states.length < 2 ? states : [...new Map(states.map((state) => [keyOf(state), state])).values()]
}

/** Several are possible where the specification leaves open what happens. */
function textOf(states: readonly Value[]): string | null {
  return states.length === 0 ? null : states.map((state) => showValue(state, stateWidth)).join(' or ')
}
