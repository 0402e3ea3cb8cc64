/** Graphs of transactions. */
import type { Id } from '../../checker/index.ts'

/** Where one gets to from a transaction in one step or more; itself only by way of a circle. */
export function reachable(from: Id, next: (t: Id) => readonly Id[]): ReadonlySet<Id> {
  const found = new Set(next(from))
  for (const t of found) for (const other of next(t)) found.add(other)
  return found
}
