/**
 * Bounded staleness, by versions (k-atomicity) or by time: Δ-atomicity (Golab, Li & Shah, PODC 2011) asks that the operations be atomic
 * if each read may have begun up to Δ earlier (but not what also writes). Δ is in nanoseconds where the history has times, else in events. The smallest Δ
 * is found by bisection: what is atomic for one is so for every larger one.
 */
import type { Decision, Violated } from '../decision.ts'
import type { Operation } from '../operation.ts'
import { hasTimes, type Interval, intervalsOf, readFromFuture, readsMoved } from './intervals.ts'
import { kAtomic, smallestK } from './k-atomic.ts'
import { did } from './phrases.ts'
import { deadlineOf, outOfTime, type Problem } from './problem.ts'
import { fromNothing, judgeRegisters, type RegisterHistory } from './register-history.ts'
import { smallCore } from './shrink.ts'
import { findStaleOrder } from './stale-search.ts'
import { zoneConflict } from './zones.ts'

export interface StalenessBounds {
  /** How many of the latest writes a read may return. */
  readonly k?: number
  /** How stale a read may be. */
  readonly deltaNs?: number
}

/** Without a bound, holds with a note of the smallest ones, wherever there are any. */
export function boundedStaleness({ k, deltaNs }: StalenessBounds = {}): (problem: Problem) => Decision {
  return (problem) => {
    const byVersions = k === undefined ? null : kAtomic(k)(problem)
    if (deltaNs === undefined) return byVersions ?? smallestBounds(problem)
    const byTime = deltaAtomic(deltaNs)(problem)
    return byTime.verdict === 'holds' ? (byVersions ?? byTime) : byVersions?.verdict === 'violated' ? byVersions : byTime
  }
}

export function deltaAtomic(delta: number): (problem: Problem) => Decision {
  return (problem) => judgeRegisters(problem, algorithm, true, (history) => judge(history, delta))
}

/**
 * The smallest Δ for which the history is Δ-atomic: `null` where there is none, since a read ended before its write began or returned
 * what nobody wrote, or a compare-and-set was stale; `undefined` where it is not known.
 */
export function smallestStaleness(problem: Problem): number | null | undefined {
  let smallest: number | null | undefined = null
  judgeRegisters(problem, algorithm, true, (history) => {
    smallest = smallestOf(history)
    return { verdict: 'holds', algorithm, witness: null }
  })
  return smallest
}

const algorithm = 'zones with the reads moved back (Golab, Li & Shah 2011)'
/** Configurations at one event. */
const mostConfigurations = 100_000

function smallestBounds(problem: Problem): Decision {
  return judgeRegisters(problem, algorithm, true, (history): Decision => {
    const unbounded = judge(history, Number.POSITIVE_INFINITY)
    if (unbounded.verdict !== 'holds') return unbounded
    const [delta, k] = [smallestOf(history), smallestK(problem)]
    if (delta === undefined) return outOfTime(algorithm, 'that some bound holds')
    const byVersions =
      k === 1
        ? 'every read returns the last write'
        : k
          ? `every read returns one of the last ${k} writes`
          : 'how many writes behind is not known'
    return {
      verdict: 'holds',
      algorithm,
      witness: null,
      note: `every read is at most ${duration(history, delta ?? 0)} stale; ${byVersions}`,
    }
  })
}

function smallestOf(history: RegisterHistory): number | null | undefined {
  const deadline = deadlineOf(history.problem.limits)
  const groups = intervalsOf(history)
  let low = 0
  for (const intervals of groups) {
    if (isAtomic(intervals, low, deadline) === true) continue
    let high = 2 * longest(intervals) + 1
    const possible = isAtomic(intervals, high, deadline)
    if (possible !== true) return possible === false ? null : undefined
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      const holds = isAtomic(intervals, middle, deadline)
      if (holds === undefined) return undefined
      if (holds) high = middle
      else low = middle
    }
    low = high
  }
  return low
}

/** A bound on how far apart two moments are. */
function longest(intervals: readonly Interval[]): number {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { start, end } of intervals) {
    first = Math.min(first, start.time)
    last = Math.max(last, start.time, Number.isFinite(end.time) ? end.time : start.time)
  }
  return Math.ceil(Math.max(0, last - first))
}

function isAtomic(intervals: readonly Interval[], delta: number, deadline: number): boolean | undefined {
  if (readFromFuture(intervals) !== undefined) return false
  const moved = readsMoved(intervals, delta)
  if (hasOnlyReadsAndWrites(moved)) return zoneConflict(moved) === null
  const { found } = findStaleOrder(moved, 1, deadline, mostConfigurations)
  return found === 'limit' ? undefined : found === 'order'
}

function judge(history: RegisterHistory, delta: number): Decision {
  const deadline = deadlineOf(history.problem.limits)
  const { spec } = history.problem
  let limited = false
  for (const intervals of intervalsOf(history)) {
    const early = readFromFuture(intervals)
    if (early !== undefined) {
      const write = intervals[early.source] as Interval
      return violation([early, write], early.operation, `${did(spec, early.operation)} before ${did(spec, write.operation)}`)
    }
    const moved = readsMoved(intervals, Number.isFinite(delta) ? delta : 2 * longest(intervals) + 1)
    const conflict = hasOnlyReadsAndWrites(moved) ? zoneConflict(moved) : null
    const failing = conflict?.findLast(({ source }) => source !== fromNothing)?.operation ?? null
    if (conflict !== null) {
      const sentence = `no order explains, even if reads may be ${duration(history, delta)} stale, that ${listed(history, conflict)}`
      const found = violation(conflict, failing, sentence)
      return { ...found, core: smallCore(history.problem, found.core, deltaAtomic(delta)) }
    }
    if (hasOnlyReadsAndWrites(moved)) continue
    const result = findStaleOrder(moved, 1, deadline, mostConfigurations)
    if (result.found === 'limit') limited = true
    if (result.found === 'none') {
      const { operation } = result.failing
      const sentence = `${did(spec, operation)}, which no order explains, even if reads may be ${duration(history, delta)} stale`
      const found = violation(intervals, operation, sentence)
      return { ...found, core: smallCore(history.problem, found.core, deltaAtomic(delta)) }
    }
  }
  return limited ? outOfTime(algorithm, 'some keys are not decided') : { verdict: 'holds', algorithm, witness: null }
}

function hasOnlyReadsAndWrites(intervals: readonly Interval[]): boolean {
  return intervals.every(({ writes, source }) => !writes || source === fromNothing)
}

function violation(intervals: readonly Interval[], failing: Operation | null, sentence: string): Violated {
  const core = intervals.map(({ operation }) => operation).sort((a, b) => a.call - b.call)
  return { verdict: 'violated', algorithm, sentence, failing, core }
}

function listed({ problem }: RegisterHistory, intervals: readonly Interval[]): string {
  return intervals.map(({ operation }) => did(problem.spec, operation)).join(', ')
}

function duration({ operations }: RegisterHistory, delta: number): string {
  if (!Number.isFinite(delta)) return 'arbitrarily'
  if (!hasTimes(operations)) return `${delta.toLocaleString('en-US')} events`
  const units = [
    ['s', 1e9],
    ['ms', 1e6],
    ['µs', 1e3],
  ] as const
  const [unit, size] = units.find(([, nanoseconds]) => delta >= nanoseconds) ?? ['ns', 1]
  return `${Number((delta / size).toPrecision(3)).toLocaleString('en-US')} ${unit}`
}
