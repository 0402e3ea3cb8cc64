/**
 * k-atomicity (Aiyer, Alvisi & Bazzi, On the availability of non-strict quorum systems, DISC 2005): an order of the operations on
 * each register, consistent with real time, in which each read returns one of the last k written values; atomicity is k = 1. Decided
 * by zones for k = 1; else by a count of the writes that must lie between a write and its read, and a search (Golab, Li & Shah,
 * Analyzing consistency properties for fun and profit, PODC 2011, who note that for k > 2 no polynomial algorithm is known).
 * The property is local: each key is judged by itself. The initial value counts as the first write. An operation with an unknown
 * end is what the specification's `access` says that it is: a compare-and-set may count as a write.
 */
import type { Decision, Unknown, Violated } from '../decision.ts'
import { HistoryError } from '../errors.ts'
import type { Operation } from '../operation.ts'
import { type Interval, intervalsOf, isBefore, readFromFuture } from './intervals.ts'
import { count, did } from './phrases.ts'
import { deadlineOf, type Problem } from './problem.ts'
import { fromNothing, judgeRegisters } from './register-history.ts'
import { smallCore } from './shrink.ts'
import { findStaleOrder } from './stale-search.ts'
import { zoneConflict } from './zones.ts'

/** @throws HistoryError `option` unless k is a positive integer */
export function kAtomic(k: number): (problem: Problem) => Decision {
  if (!Number.isInteger(k) || k < 1) throw new HistoryError('option', `k is ${k}; it counts writes: 1, 2, ...`)
  return (problem) =>
    judgeRegisters(problem, nameFor(k), true, (history) => {
      const deadline = deadlineOf(problem.limits)
      let unknown: Unknown | null = null
      for (const intervals of intervalsOf(history)) {
        const decision = judge(history.problem, intervals, k, deadline)
        if (decision?.verdict === 'violated') return decision
        unknown ??= decision
      }
      return unknown ?? { verdict: 'holds', algorithm: nameFor(k), witness: null }
    })
}

/**
 * The smallest k for which every read returns one of the last k written values: `null` where there is none, since a read ended before
 * its write began or returned what nobody wrote; `undefined` where it is not known.
 */
export function smallestK(problem: Problem): number | null | undefined {
  let smallest: number | null | undefined = 1
  judgeRegisters(problem, '', true, (history) => {
    const deadline = deadlineOf(problem.limits)
    for (const intervals of intervalsOf(history)) {
      if (typeof smallest !== 'number') break
      // More versions than there are explain nothing more.
      const most = Math.max(smallest, intervals.filter(({ writes }) => writes).length + 1)
      smallest = smallestFor(history.problem, intervals, smallest, most, deadline)
    }
    return { verdict: 'holds', algorithm: '', witness: null }
  })
  return smallest
}

function smallestFor(
  problem: Problem,
  intervals: readonly Interval[],
  least: number,
  most: number,
  deadline: number,
): number | null | undefined {
  for (let k = least; k <= most; k++) {
    const decision = judge({ ...problem, evidence: 'any' }, intervals, k, deadline)
    if (decision === null) return k
    if (decision.verdict === 'unknown') return undefined
  }
  return null
}

function nameFor(k: number): string {
  return k === 1 ? 'zones (Gibbons & Korach 1997)' : `search with the last ${k} writes`
}

/** `null`: the operations on one key are k-atomic. */
function judge(problem: Problem, intervals: readonly Interval[], k: number, deadline: number): Violated | Unknown | null {
  const { spec } = problem
  const early = readFromFuture(intervals)
  if (early !== undefined) {
    const write = intervals[early.source] as Interval
    return violation(k, [early, write], early, `${did(spec, early.operation)} before ${did(spec, write.operation)}`)
  }
  if (k === 1 && intervals.every(({ writes, source }) => !writes || source === fromNothing)) {
    const conflict = zoneConflict(intervals)
    if (conflict === null) return null
    const found = violation(k, conflict, conflict.at(-1) ?? null, `no order explains that ${listed(problem, conflict)}`)
    return { ...found, core: smallCore(problem, found.core, kAtomic(1)) }
  }
  const stale = tooStale(intervals, k)
  if (stale !== null) {
    const [read, ...between] = stale as [Interval, ...Interval[]]
    const source = intervals[read.source]
    const since = source === undefined ? 'the initial value' : did(spec, source.operation)
    const sentence = `${did(spec, read.operation)}, but between ${since} and that came ${count(between.length, 'write')}: ${listed(problem, between)}`
    return violation(k, [...between, ...(source === undefined ? [] : [source]), read], read, sentence)
  }
  const result = findStaleOrder(intervals, k, deadline, ((problem.limits?.megabytes ?? 1024) * 2 ** 20) / 500)
  if (result.found === 'order') return null
  if (result.found === 'limit')
    return {
      verdict: 'unknown',
      algorithm: nameFor(k),
      limit: result.limit,
      reached: `${result.ended} of ${count(intervals.length, 'operation')} are explained`,
    }
  const failing = result.failing
  const until = intervals.filter(({ start }) => isBefore(start, failing.end)).map(({ operation }) => operation)
  const core = smallCore(problem, until, kAtomic(k))
  const last = k === 1 ? 'the last written value' : `one of the last ${k} written values`
  const sentence = `${did(spec, failing.operation)}, and no order up to there in real time lets every read return ${last}`
  return { verdict: 'violated', algorithm: nameFor(k), sentence, failing: failing.operation, core }
}

/** A read between whose write and itself k writes must lie, followed by k of them. */
function tooStale(intervals: readonly Interval[], k: number): Interval[] | null {
  const writes = intervals.filter((interval) => interval.writes)
  for (const read of intervals) {
    if (read.source === fromNothing) continue
    const source = intervals[read.source]
    const between: Interval[] = []
    for (let at = source === undefined ? 0 : firstBegunAfter(writes, source); between.length < k; at++) {
      const write = writes[at]
      if (write === undefined || isBefore(read.start, write.start)) break
      if (isBefore(write.end, read.start)) between.push(write)
    }
    if (between.length >= k) return [read, ...between]
  }
  return null
}

/** Writes go by their start: the first of those that began after an interval had ended. */
function firstBegunAfter(writes: readonly Interval[], { end }: Interval): number {
  let [low, high] = [0, writes.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore((writes[middle] as Interval).start, end)) low = middle + 1
    else high = middle
  }
  return low
}

function violation(k: number, intervals: readonly Interval[], failing: Interval | null, sentence: string): Violated {
  const core = intervals.map(({ operation }) => operation).sort((a, b) => a.call - b.call)
  return { verdict: 'violated', algorithm: nameFor(k), sentence, failing: failing?.operation ?? null, core }
}

function listed({ spec }: Problem, intervals: readonly Interval[]): string {
  return intervals.map(({ operation }: { operation: Operation }) => did(spec, operation)).join(', ')
}
