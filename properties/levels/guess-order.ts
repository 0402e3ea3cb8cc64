/**
 * A guess at one order of a register history: the writes of each key in the order in which they were invoked, as far as the
 * forced orders allow, and each read before the write that overwrites what it read.
 */
import { fromInitial, type RegisterHistory } from './register-history.ts'
import type { Edge } from './saturation.ts'

/** An order that explains every read; `null` where the guess was wrong. */
export function guessOrder(history: RegisterHistory, forced: readonly Edge[]): readonly number[] | null {
  const { before, source, key, writes } = history
  const successors: number[][] = Array.from({ length: key.length }, () => [])
  const readers = new Map<number, number[]>()
  for (let i = 0; i < key.length; i++) {
    const from = source[i] as number
    if ((before[i] as number) >= 0) successors[before[i] as number]?.push(i)
    if (from >= 0) successors[from]?.push(i)
    if (from < fromInitial) continue
    const version = from === fromInitial ? initialOf(key[i] as number) : from
    const known = readers.get(version)
    if (known === undefined) readers.set(version, [i])
    else known.push(i)
  }
  for (const { from, to } of forced) successors[from]?.push(to)
  const current = new Map<number, number>()
  for (const write of earliestFirst(successors) ?? []) {
    if (writes[write] === 0) continue
    const last = current.get(key[write] as number) ?? initialOf(key[write] as number)
    if (last >= 0) successors[last]?.push(write)
    for (const read of readers.get(last) ?? []) if (read !== write) successors[read]?.push(write)
    current.set(key[write] as number, write)
  }
  return earliestFirst(successors)
}

/** The initial value of a key, among the versions. */
function initialOf(key: number): number {
  return -1 - key
}

/** An order that keeps the edges, with the operation first that was invoked first; `null` where they are cyclic. */
function earliestFirst(successors: readonly (readonly number[])[]): number[] | null {
  const waiting = new Int32Array(successors.length)
  for (const targets of successors) for (const to of targets) waiting[to] = (waiting[to] as number) + 1
  const ready = new Heap()
  for (const [i, count] of waiting.entries()) if (count === 0) ready.add(i)
  const order: number[] = []
  for (let i = ready.take(); i !== undefined; i = ready.take()) {
    order.push(i)
    for (const to of successors[i] as readonly number[]) {
      waiting[to] = (waiting[to] as number) - 1
      if (waiting[to] === 0) ready.add(to)
    }
  }
  return order.length === successors.length ? order : null
}

/** Numbers, the least of which comes out first. */
class Heap {
  private readonly items: number[] = []

  add(item: number): void {
    const { items } = this
    let at = items.push(item) - 1
    for (let up = (at - 1) >> 1; at > 0 && (items[up] as number) > item; up = (at - 1) >> 1) {
      items[at] = items[up] as number
      at = up
    }
    items[at] = item
  }

  take(): number | undefined {
    const { items } = this
    const least = items[0]
    const item = items.pop()
    if (item === undefined || items.length === 0) return least
    let at = 0
    for (let down = 1; down < items.length; down = 2 * at + 1) {
      if (down + 1 < items.length && (items[down + 1] as number) < (items[down] as number)) down++
      if ((items[down] as number) >= item) break
      items[at] = items[down] as number
      at = down
    }
    items[at] = item
    return least
  }
}
