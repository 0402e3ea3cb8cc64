/** An append-only log, as partitions of Kafka are. */

import type { Operation } from '../operation.ts'
import { defineSpec, type Spec } from '../spec.ts'
import { equal, isList, keyOf, type Value } from '../value.ts'

type Items = readonly Value[]

/** `append v` returns the offset, or nothing; `read` returns the whole log, `get offset` what is there (null: nothing yet). */
export const log: Spec<Items> = defineSpec<Items>({
  name: 'log',
  about: 'An append-only log: append v (returns the offset), read, get offset (null: nothing there yet)',
  initial: [],
  operations: {
    append: (items, value: Value) => ({
      state: [...items, value],
      returns: (output) => typeof output !== 'number' || equal(output, value) || output === items.length,
    }),
    read: (items) => ({ returns: (output) => isList(output) && equal(output, items) }),
    get: (items, offset: number) => ({ returns: items[offset] ?? null }),
  },
  observers: ['read', 'get'],
  foresight: appended,
})

/** A log only grows, so all that it ever is begins alike. */
function appended(operations: readonly Operation[]): (state: Items) => boolean {
  let longest: Items = []
  for (const { f, output } of operations) if (f === 'read' && isList(output) && output.length > longest.length) longest = output
  const keys = longest.map((item) => keyOf(item))
  return (items) => items.every((item, i) => i >= keys.length || keyOf(item) === keys[i])
}
