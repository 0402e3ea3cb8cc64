/** Sets: one that only grows, as Jepsen tests them, and one with removal, as concurrent data structures offer. */
import sortBy from 'lodash/sortBy.js'
import { setMonitor } from '../monitors/set.ts'
import { defineSpec, type Outcome, type Spec } from '../spec.ts'
import { equal, isList, keyOf, showValue, type Value } from '../value.ts'

type Elements = readonly Value[]

/** `add v`, and `read`, which returns all elements in any order. */
export const growOnlySet: Spec<Elements> = defineSpec<Elements>({
  name: 'grow-only-set',
  about: 'A set that only grows: add v, read',
  initial: [],
  operations: {
    add: (elements, value: Value) => ({ state: including(elements, value) }),
    read: (elements) => ({ returns: (output) => isList(output) && equal(sorted(output), elements) }),
  },
  observers: ['read'],
})

/** `insert v` and `remove v` return whether they changed the set, `contains v` whether v is in it; `add` and `read` as above. */
export const set: Spec<Elements> = defineSpec<Elements>({
  name: 'set',
  about: 'A set: insert v, remove v, contains v (each returns whether), add v, read',
  initial: [],
  operations: {
    ...growOnlySet.operations,
    insert: (elements, value: Value) =>
      has(elements, value)
        ? { returns: unless(true), because: `${showValue(value)} is in it` }
        : { state: including(elements, value), returns: unless(false), because: `${showValue(value)} is not in it` },
    remove: (elements, value: Value) =>
      has(elements, value)
        ? { state: excluding(elements, value), returns: unless(false), because: `${showValue(value)} is in it` }
        : { returns: unless(true), because: `${showValue(value)} is not in it` },
    contains: (elements, value: Value): Outcome<Elements> => ({ returns: has(elements, value) }),
  },
  observers: ['read', 'contains'],
  monitors: [setMonitor],
})

/** An update that returned nothing, or an echo, says nothing of whether it changed the set. */
function unless(wrong: boolean): (output: Value) => boolean {
  return (output) => output !== wrong
}

function has(elements: Elements, value: Value): boolean {
  return elements.some((element) => equal(element, value))
}

function including(elements: Elements, value: Value): Elements {
  return has(elements, value) ? elements : sorted([...elements, value])
}

function excluding(elements: Elements, value: Value): Elements {
  return elements.filter((element) => !equal(element, value))
}

function sorted(elements: Elements): Elements {
  return sortBy(elements, (element) => keyOf(element))
}
