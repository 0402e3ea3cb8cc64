/** Completed operations that only look, and of which nobody knows what they saw: they fit in wherever their time allows. */
import sortBy from 'lodash/sortBy.js'
import type { Operation } from '../operation.ts'

/** The order with the observers put in, each right after the last operation that had returned before it was called. */
export function withObservers(order: readonly Operation[], observers: readonly Operation[]): readonly Operation[] {
  if (observers.length === 0) return order
  const places = new Map(order.map((operation, place) => [operation, place]))
  const byReturn = sortBy(order, (operation) => operation.return)
  const following: Operation[][] = Array.from({ length: order.length + 1 }, () => [])
  let last = -1
  let next = 0
  for (const observer of sortBy(observers, (operation) => operation.call)) {
    for (let before = byReturn[next]; before !== undefined && before.return < observer.call; before = byReturn[++next])
      last = Math.max(last, places.get(before) ?? -1)
    following[last + 1]?.push(observer)
  }
  return [...(following[0] ?? []), ...order.flatMap((operation, place) => [operation, ...(following[place + 1] ?? [])])]
}
