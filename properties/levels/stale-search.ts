/**
 * The search for an order of the operations on one register, consistent with real time, in which each read returns one of the
 * last k written values. Event by event it holds the configurations that are still possible: which of the open operations have
 * happened, and the last k writes. A read happens as soon as it can, since it changes nothing.
 */
import { type Interval, isBefore, type Moment } from './intervals.ts'
import { fromInitial, fromNothing } from './register-history.ts'

export type StaleResult =
  | { readonly found: 'order' }
  /** The operation whose end no configuration explains. */
  | { readonly found: 'none'; readonly failing: Interval }
  | { readonly found: 'limit'; readonly limit: 'time' | 'memory'; readonly ended: number }

interface Configuration {
  /** Open operations that have happened. */
  readonly done: ReadonlySet<number>
  /** The last k writes, the latest first. */
  readonly recent: readonly number[]
}

export function findStaleOrder(intervals: readonly Interval[], k: number, deadline: number, memory: number): StaleResult {
  const open = new Set<number>()
  const closed = new Set<number>()
  let configurations = new Map<string, Configuration>([['', { done: new Set(), recent: [fromInitial] }]])
  let ended = 0
  for (const { isStart, i } of eventsOf(intervals)) {
    const interval = intervals[i] as Interval
    if (isStart) {
      open.add(i)
      configurations = distinct([...configurations.values()].flatMap((configuration) => settled(configuration) ?? []))
      continue
    }
    const next = new Map<string, Configuration>()
    const seen = new Set<string>()
    const pending = [...configurations.values()]
    for (let configuration = pending.pop(); configuration !== undefined; configuration = pending.pop()) {
      if (configuration.done.has(i)) {
        const done = new Set(configuration.done)
        done.delete(i)
        const after = { done, recent: configuration.recent }
        next.set(nameOf(after), after)
        continue
      }
      for (const write of open) {
        const after = written(configuration, write)
        if (after === null) continue
        const name = nameOf(after)
        if (seen.has(name)) continue
        seen.add(name)
        pending.push(after)
      }
      if (seen.size > memory) return { found: 'limit', limit: 'memory', ended }
    }
    open.delete(i)
    closed.add(i)
    if (next.size === 0) return { found: 'none', failing: interval }
    configurations = next
    ended++
    if (performance.now() > deadline) return { found: 'limit', limit: 'time', ended }
  }
  return { found: 'order' }

  /** The configuration after an open operation that writes; `null` where it cannot happen, or a read has become impossible. */
  function written({ done, recent }: Configuration, i: number): Configuration | null {
    const { writes, source } = intervals[i] as Interval
    if (!writes || done.has(i) || (source !== fromNothing && !recent.includes(source))) return null
    return settled({ done: new Set(done).add(i), recent: [i, ...recent.slice(0, k - 1)] })
  }

  /** The configuration after all reads that are possible in it; `null` where one is not possible any more. */
  function settled({ done, recent }: Configuration): Configuration | null {
    const after = new Set(done)
    for (const i of open) {
      const { writes, source } = intervals[i] as Interval
      if (after.has(i) || source === fromNothing) continue
      if (recent.includes(source)) {
        if (!writes) after.add(i)
      } else if (hasHappened(source, done)) return null
    }
    return { done: after, recent }
  }

  function hasHappened(source: number, done: ReadonlySet<number>): boolean {
    return source === fromInitial || done.has(source) || closed.has(source)
  }
}

function distinct(configurations: readonly Configuration[]): Map<string, Configuration> {
  return new Map(configurations.map((configuration) => [nameOf(configuration), configuration]))
}

function nameOf({ done, recent }: Configuration): string {
  return `${[...done].sort((a, b) => a - b).join()} ${recent.join()}`
}

/** Starts and ends in order; operations with an unknown end have none. */
function eventsOf(intervals: readonly Interval[]): { readonly isStart: boolean; readonly i: number }[] {
  const events = intervals.flatMap(({ start, end }, i): { at: Moment; isStart: boolean; i: number }[] => [
    { at: start, isStart: true, i },
    ...(end.time === Number.POSITIVE_INFINITY ? [] : [{ at: end, isStart: false, i }]),
  ])
  return events.sort((a, b) => (isBefore(a.at, b.at) ? -1 : isBefore(b.at, a.at) ? 1 : Number(b.isStart) - Number(a.isStart)))
}
