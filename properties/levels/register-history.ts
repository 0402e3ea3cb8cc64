/**
 * The operations on register-like objects as a graph: who read from whom, who came before whom in which session. Of the
 * operations with an unknown end, those stay whose value was read: the others can be placed last, where they change nothing.
 */
import type { Decision, Violated } from '../decision.ts'
import type { Operation } from '../operation.ts'
import { keyOf, showValue, type Value } from '../value.ts'
import { count, did, objectOf } from './phrases.ts'
import { inapplicable, keyName, type Problem } from './problem.ts'
import { registerProblem } from './register-access.ts'

/** The source of a read that returned the initial value. */
export const fromInitial = -1
/** The source of an operation that observed nothing. */
export const fromNothing = -2

/** Operations go by their index in `operations`; all arrays run parallel to it. */
export interface RegisterHistory {
  readonly problem: Problem
  /** Those that happened and that read or wrote, in order of invocation. */
  readonly operations: readonly Operation[]
  readonly key: Int32Array
  readonly keys: number
  /** The write that an operation read from, `fromInitial` or `fromNothing`. */
  readonly source: Int32Array
  /** 1 for what writes. */
  readonly writes: Uint8Array
  /**
   * Chains are ordered by program order: a session, or a single operation with an unknown end, which follows its session up to there
   * and precedes nothing.
   */
  readonly chain: Int32Array
  readonly position: Int32Array
  readonly chains: readonly (readonly number[])[]
  /** The operation before it in program order, or -1. */
  readonly before: Int32Array
}

/** More ways than these of telling equal values apart are not tried. */
const mostAssignments = 2048

/**
 * Judges the register history of a problem. Where a value that was read has several writes, every assignment of reads to
 * writes is tried if they are few: one that holds is enough. That none holds is a violation only where `exact`: where the
 * level's definition itself assigns each read to one write.
 */
export function judgeRegisters(
  unread: Problem,
  algorithm: string,
  exact: boolean,
  judge: (history: RegisterHistory) => Decision,
): Decision {
  const problem = registerProblem(unread, algorithm)
  if ('verdict' in problem) return problem
  const found = candidatesOf(problem)
  if ('verdict' in found) return { ...found, algorithm }
  const doubtful = found.sources.findIndex((sources) => sources.length > 1)
  if (doubtful === -1) return judge(onlyHistory(problem, found))
  const value = showValue(found.reads[doubtful])
  const ambiguous = `${value} was read of ${objectOf(found.operations[doubtful] as Operation)}, which held it from more than one write`
  const assignments = found.sources.reduce((product, { length }) => product * Math.max(1, length), 1)
  if (assignments > mostAssignments) return inapplicable(algorithm, `${ambiguous}: whose write was read is unknown`)
  const failures: Violated[] = []
  for (let number = 0; number < assignments; number++) {
    const decision = judge(historyOf(problem, found, assignment(found.sources, number)))
    if (decision.verdict !== 'violated') return decision
    failures.push(decision)
  }
  const [failure] = failures
  if (!exact || failure === undefined) return inapplicable(algorithm, `${ambiguous}, and no assignment of reads to writes is explained`)
  const core = new Set(failures.flatMap((other) => other.core))
  const sentence = `${failure.sentence}; ${ambiguous}, but none of the ${count(assignments, 'assignment')} of reads to writes is explained`
  return { ...failure, sentence, core: problem.operations.filter((operation) => core.has(operation)) }
}

/** The register history of a problem in which each read can stem from one write only; `null` of others; a violation where a read has none. */
export function unambiguousHistory(unread: Problem): RegisterHistory | Violated | null {
  const problem = registerProblem(unread, '')
  if ('verdict' in problem) return null
  const found = candidatesOf(problem)
  if ('verdict' in found) return found
  return found.sources.every((sources) => sources.length <= 1) ? onlyHistory(problem, found) : null
}

function onlyHistory(problem: Problem, found: Candidates): RegisterHistory {
  return historyOf(
    problem,
    found,
    found.sources.map(([source]) => source ?? fromNothing),
  )
}

/** One choice for each read; `number` counts the combinations. */
function assignment(sources: readonly (readonly number[])[], number: number): number[] {
  let rest = number
  return sources.map((options) => {
    const chosen = options[rest % Math.max(1, options.length)] ?? fromNothing
    rest = Math.floor(rest / Math.max(1, options.length))
    return chosen
  })
}

interface Candidates {
  readonly operations: readonly Operation[]
  readonly reads: readonly (Value | undefined)[]
  readonly writes: readonly (Value | undefined)[]
  /** What each operation can have read from; empty where it observed nothing. */
  readonly sources: readonly (readonly number[])[]
}

/** What each read can have read from; a violation where a read has no source. */
function candidatesOf(problem: Problem): Candidates | Violated {
  const { spec, initial } = problem
  const operations: Operation[] = []
  const reads: (Value | undefined)[] = []
  const writes: (Value | undefined)[] = []
  const writers = new Map<string, number[]>()
  for (const operation of problem.operations) {
    const access = spec.access?.(operation) ?? {}
    if (access.writes === undefined && (access.reads === undefined || operation.completion === 'info')) continue
    const i = operations.push(operation) - 1
    reads.push(access.reads)
    writes.push(access.writes)
    if (access.writes === undefined) continue
    const name = `${keyName(operation)} ${keyOf(access.writes)}`
    const others = writers.get(name)
    if (others === undefined) writers.set(name, [i])
    else others.push(i)
  }
  const start = keyOf(initial)
  const sources = operations.map((operation, i) => {
    const value = reads[i]
    if (value === undefined) return []
    const name = keyOf(value)
    const candidates = (writers.get(`${keyName(operation)} ${name}`) ?? []).filter((writer) => writer !== i)
    return name === start ? [fromInitial, ...candidates] : candidates
  })
  const impossible = impossibleCrashes(operations, reads, sources)
  const possible = impossible.size === 0 ? sources : sources.map((candidates) => candidates.filter((writer) => !impossible.has(writer)))
  for (const [i, operation] of operations.entries()) {
    if (reads[i] === undefined || (possible[i] as number[]).length > 0 || impossible.has(i)) continue
    const sentence = `${did(spec, operation)}, which nothing had written`
    return { verdict: 'violated', algorithm: '', sentence, failing: operation, core: [operation] }
  }
  return { operations, reads, writes, sources: possible }
}

/** The crashed operations that need to have read what nothing wrote: they did not happen. */
function impossibleCrashes(
  operations: readonly Operation[],
  reads: readonly (Value | undefined)[],
  sources: readonly (readonly number[])[],
): ReadonlySet<number> {
  const impossible = new Set<number>()
  let size: number
  do {
    size = impossible.size
    for (const [i, operation] of operations.entries())
      if (operation.completion === 'info' && reads[i] !== undefined && (sources[i] as number[]).every((writer) => impossible.has(writer)))
        impossible.add(i)
  } while (impossible.size > size)
  return impossible
}

function historyOf(problem: Problem, found: Candidates, sources: readonly number[]): RegisterHistory {
  const kept = happened(found, sources)
  const index = new Map(kept.map((old, i) => [old, i]))
  const size = kept.length
  const operations = kept.map((old) => found.operations[old] as Operation)
  const [key, source, writes, chain, position] = [int32(size), int32(size), new Uint8Array(size), int32(size), int32(size)]
  const before = int32(size).fill(-1)
  const keys = new Map<string, number>()
  const sessions = new Map<number | string, number>()
  const chains: number[][] = []
  for (const [i, operation] of operations.entries()) {
    const name = keyName(operation)
    key[i] = keys.get(name) ?? keys.size
    keys.set(name, key[i] as number)
    const old = kept[i] as number
    const from = sources[old] as number
    source[i] = from < 0 ? from : (index.get(from) as number)
    writes[i] = found.writes[old] === undefined ? 0 : 1
    let session = sessions.get(operation.process)
    if (session === undefined) {
      session = chains.push([]) - 1
      sessions.set(operation.process, session)
    }
    before[i] = chains[session]?.at(-1) ?? -1
    chain[i] = operation.completion === 'info' ? chains.push([]) - 1 : session
    position[i] = (chains[chain[i] as number] as number[]).push(i) - 1
  }
  return { problem, operations, key, keys: keys.size, source, writes, chain, position, chains, before }
}

/** The completed operations, and those with an unknown end that they read from, directly or not; by index in `found`. */
function happened(found: Candidates, sources: readonly number[]): number[] {
  const seen = new Uint8Array(found.operations.length)
  const pending: number[] = []
  for (const [i, operation] of found.operations.entries()) if (operation.completion !== 'info') pending.push(i)
  for (let i = pending.pop(); i !== undefined; i = pending.pop()) {
    if (seen[i] === 1) continue
    seen[i] = 1
    const from = sources[i] as number
    if (from >= 0) pending.push(from)
  }
  return found.operations.flatMap((_, i) => (seen[i] === 1 ? [i] : []))
}

function int32(size: number): Int32Array {
  return new Int32Array(size)
}
