/**
 * Reads and writes of a register whose values are written at most once: decides in O(n log n) whether they are linearizable.
 *
 * The write of a value and its reads form a cluster, between whose operations no other write may come. Its zone lies between
 * the first return and the last call in it. Where the return comes first (a forward zone) the value is the register's all
 * through the zone; otherwise (a backward zone) the whole cluster fits into any moment of it. The operations are
 * linearizable exactly if no read returned before its write was called, no two forward zones overlap, and no backward zone
 * lies inside a forward one (Gibbons and Korach, Testing Shared Memories, SIAM J. Comput. 1997).
 */
import type { Operation } from '../operation.ts'
import type { Monitor, MonitorDecision } from '../spec.ts'
import { equal, keyOf, showValue, type Value } from '../value.ts'
import { fewest, reduced, type Step } from './core.ts'
import { interner } from './intern.ts'
import { at, FreePositions, groupsOf, orderBy, rank } from './positions.ts'
import { withObservers } from './unknown-observers.ts'
import { lastToReturn, listed, named, returned } from './wording.ts'

/** For `read` and `write`. A pending write that nobody saw is left out: nothing can tell that it happened. */
export const registerZones: Monitor = { name: 'zones (Gibbons & Korach 1997)', judge }

/** The operations on each value; the initial value has the number 0 and no write. */
interface Clusters {
  readonly values: readonly Value[]
  readonly writes: readonly (Operation | null)[]
  /** Reads with a known result, and what they returned. */
  readonly reads: readonly Operation[]
  readonly readValue: Int32Array
}

type Solution = { readonly order: readonly Operation[] } | { readonly conflict: readonly Operation[] }

function judge(operations: readonly Operation[], initial: Value): MonitorDecision {
  const clusters = clustersOf(operations, initial)
  if (typeof clusters === 'string') return { verdict: 'inapplicable', reason: clusters }
  const solution = solve(clusters)
  if ('order' in solution) {
    const unknown = operations.filter(({ f, completion, output }) => f === 'read' && completion === 'ok' && output === undefined)
    return { verdict: 'holds', order: withObservers(solution.order, unknown) }
  }
  return violated(solution.conflict, initial)
}

function clustersOf(operations: readonly Operation[], initial: Value): Clusters | string {
  const names = interner()
  names.of(initial)
  const writes: (Operation | undefined)[] = []
  const reads: Operation[] = []
  const readValue: number[] = []
  for (const operation of operations) {
    if (operation.f !== 'read' && operation.f !== 'write') return `${operation.f} is neither read nor write`
    if (operation.completion === 'fail') return `the ${named(operation)} was observed to fail`
    if (operation.f === 'write') {
      const value = names.of(operation.input)
      if (value === 0) return `the initial value ${showValue(initial)} is written again`
      if (writes[value] !== undefined) return `${showValue(operation.input)} is written twice`
      writes[value] = operation
    } else if (operation.completion === 'ok' && operation.output !== undefined) {
      reads.push(operation)
      readValue.push(names.of(operation.output))
    }
  }
  const known = Array.from(names.values, (_, value) => writes[value] ?? null)
  return { values: names.values, writes: known, reads, readValue: Int32Array.from(readValue) }
}

function solve(clusters: Clusters): Solution {
  const { writes, reads, readValue } = clusters
  for (const [i, read] of reads.entries()) {
    if (at(readValue, i) === 0) continue
    const write = writes[at(readValue, i)] ?? null
    if (write === null) return { conflict: [read] }
    if (read.return < write.call) return { conflict: [read, write] }
  }
  const zones = zonesOf(clusters)
  const moments = momentsOf(zones)
  if (moments instanceof Int32Array) return { order: linearization(clusters, zones, moments) }
  const isIn = (value: number): boolean => moments.includes(value)
  const found = [...moments.map((value) => writes[value] ?? null), ...reads.filter((_, i) => isIn(at(readValue, i)))]
  return { conflict: found.filter((operation) => operation !== null) }
}

interface Zones {
  readonly end: number
  /** Of each value, the first return and the last call among its write and its reads. */
  readonly first: Int32Array
  readonly last: Int32Array
  readonly writeCall: Int32Array
  readonly readCall: Int32Array
  /** 0: nobody saw whether it was written. */
  readonly happened: Uint8Array
}

function zonesOf({ writes, reads, readValue }: Clusters): Zones {
  // The initial value was written before everything.
  const writeReturn = Float64Array.from(writes, (write, value) => (value === 0 ? -1 : returnOf(write)))
  const writeCall = Float64Array.from(writes, (write) => write?.call ?? -1)
  const readCall = Float64Array.from(reads, (read) => read.call)
  const readReturn = Float64Array.from(reads, (read) => read.return)
  const end = rank(writeReturn, writeCall, readCall, readReturn)
  const first = Int32Array.from(writeReturn)
  const last = Int32Array.from(writeCall)
  const happened = Uint8Array.from(writes, (write) => (write?.completion === 'ok' ? 1 : 0))
  for (const [i, value] of readValue.entries()) {
    first[value] = Math.min(at(first, value), at(readReturn, i))
    last[value] = Math.max(at(last, value), at(readCall, i))
    happened[value] = 1
  }
  return { end, first, last, writeCall: Int32Array.from(writeCall), readCall: Int32Array.from(readCall), happened }
}

function isForward({ first, last, happened }: Zones, value: number): boolean {
  return happened[value] === 1 && at(first, value) < at(last, value)
}

/** Of each value with a backward zone, a moment outside of all forward zones; or two values whose zones conflict. */
function momentsOf(zones: Zones): Int32Array | readonly [number, number] {
  const { end, first, last, happened } = zones
  const forward = Int32Array.from(first.keys()).filter((value) => isForward(zones, value))
  const byFirst = orderBy(
    forward.map((value) => at(first, value)),
    end,
  ).map((i) => at(forward, i))
  const free = new FreePositions(end + 1)
  for (let i = 0; i < byFirst.length; i++) {
    const value = at(byFirst, i)
    if (i > 0 && at(last, at(byFirst, i - 1)) > at(first, value)) return [at(byFirst, i - 1), value]
    free.takeBetween(at(first, value), at(last, value))
  }
  const moments = new Int32Array(first.length)
  for (let value = 0; value < first.length; value++) {
    if (happened[value] === 0 || isForward(zones, value)) continue
    moments[value] = free.atOrAfter(at(last, value))
    if (at(moments, value) <= at(first, value)) continue
    const around = byFirst.find((other) => at(first, other) < at(last, value) && at(last, other) > at(first, value))
    return [around as number, value]
  }
  return moments
}

/** At one position: what ends there, then the clusters that have it as their moment, then what begins there. */
function linearization({ writes, reads, readValue }: Clusters, zones: Zones, moments: Int32Array): Operation[] {
  const { end, first, writeCall, readCall, happened } = zones
  const operations: Operation[] = []
  const keys: number[] = []
  const put = (operation: Operation | null, value: number, call: number): void => {
    if (operation === null || happened[value] === 0) return
    operations.push(operation)
    if (!isForward(zones, value)) keys.push(3 * at(moments, value) + 1)
    else keys.push(call <= at(first, value) ? 3 * at(first, value) + 2 : 3 * call)
  }
  const readsOf = groupsOf(readValue, writes.length)
  for (const [value, write] of writes.entries()) {
    put(write, value, at(writeCall, value))
    for (const i of readsOf(value)) put(reads[i] as Operation, value, at(readCall, i))
  }
  return Array.from(orderBy(keys, 3 * end + 2), (i) => operations[i] as Operation)
}

function returnOf(write: Operation | null): number {
  return write === null || write.completion === 'info' ? Number.POSITIVE_INFINITY : write.return
}

function violated(conflict: readonly Operation[], initial: Value): MonitorDecision {
  const isViolated = (operations: readonly Operation[]): boolean => {
    const clusters = clustersOf(operations, initial)
    return typeof clusters !== 'string' && 'conflict' in solve(clusters)
  }
  const writes = conflict.filter((operation) => operation.f === 'write')
  const reads = conflict.filter((operation) => operation.f === 'read')
  const few = fewest(reads, (some) => isViolated([...writes, ...some]))
  const core = reduced([...writes, ...few], (state, operation) => step(state, operation, initial))
  return { verdict: 'violated', core, ...explain(core, initial) }
}

/** The state is the value alone, or nothing before the first write. */
function step(state: readonly Value[], operation: Operation, initial: Value): ReturnType<Step> {
  if (operation.f === 'write') return [[operation.input]]
  return operation.output === undefined || equal(operation.output, state.length > 0 ? state[0] : initial) ? [state] : []
}

function explain(core: readonly Operation[], initial: Value): { failing: Operation; sentence: string } {
  const failing = lastToReturn(core)
  const writeOf = (value: Value): Operation | undefined => core.find((o) => o.f === 'write' && equal(o.input, value))
  for (const read of core) {
    if (read.f !== 'read' || read.output === undefined) continue
    const write = writeOf(read.output)
    const isInitial = equal(read.output, initial)
    if (write === undefined && !isInitial) return { failing: read, sentence: `the ${returned(read, 'null')}, which nothing had written` }
    if (write !== undefined && read.return < write.call)
      return { failing: read, sentence: `the ${returned(read, 'null')} before the ${named(write)} began, and nothing else wrote it` }
    const over = core.find((o) => o.f === 'write' && o !== write && o.return < read.call && (isInitial || o.call > (write?.return ?? 0)))
    if (over === undefined) continue
    const after = isInitial ? '' : ` and begun after the ${named(write as Operation)} had`
    const what = isInitial ? `the initial value ${showValue(initial)}` : `the value ${showValue(read.output)}`
    return {
      failing: read,
      sentence: `the ${returned(read, 'null')}, but the ${named(over)} had completed before it began${after}: ${what} was overwritten`,
    }
  }
  const values = [...new Map(core.map((o) => [keyOf(valueOf(o)), valueOf(o)])).values()]
  const spans = values.map((value) =>
    span(
      value,
      core.filter((o) => equal(valueOf(o), value)),
      equal(value, initial),
    ),
  )
  return { failing, sentence: `the register cannot have held one value at a time: ${listed(spans)}` }
}

function valueOf(operation: Operation): Value {
  return operation.f === 'write' ? operation.input : (operation.output ?? null)
}

/** As `2 from the return of write 2 by process 1 until read by process 3 began`, or that all happened in one moment. */
function span(value: Value, cluster: readonly Operation[], isInitial: boolean): string {
  const last = cluster.reduce((a, b) => (b.call > a.call ? b : a))
  const first = cluster.reduce((a, b) => (b.return < a.return ? b : a))
  if (isInitial) return `${showValue(value)} from the start until the ${named(last)} began`
  if (first.return < last.call) return `${showValue(value)} from the return of the ${named(first)} until the ${named(last)} began`
  return `${showValue(value)} at some moment between the call of the ${named(last)} and the return of the ${named(first)}`
}
