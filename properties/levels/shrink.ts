/** Makes evidence small: forgets one operation after the other while the rest still fails. */
import type { Decision } from '../decision.ts'
import type { Operation } from '../operation.ts'
import { keyOf } from '../value.ts'
import { keyName, type Problem } from './problem.ts'

/** Milliseconds after which the evidence stays as it is. */
const patience = 500

/**
 * The operations of a violation that matter. Nothing is known any more of the time and the result of the others: reads are gone, writes may have
 * happened at any time or never. Returns the candidates unchanged where they do not fail by themselves.
 */
export function smallCore(
  problem: Problem,
  candidates: readonly Operation[],
  decide: (problem: Problem) => Decision,
): readonly Operation[] {
  if (problem.evidence === 'any') return candidates
  const end = performance.now() + patience
  const around = related(problem, candidates)
  const fails = (kept: ReadonlySet<Operation>): boolean => {
    const operations = around.flatMap((operation) =>
      kept.has(operation) ? [operation] : problem.spec.observers.has(operation.f) ? [] : [forgotten(operation)],
    )
    const seconds = Math.max(0.01, (end - performance.now()) / 1000)
    return decide({ ...problem, operations, limits: { seconds, megabytes: 64 }, evidence: 'any' }).verdict === 'violated'
  }
  let core = new Set(candidates)
  if (!fails(core)) return candidates
  // The last operations first: what comes early is more often what later reads depend on.
  for (let size = Math.ceil(candidates.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    const left = [...core].reverse()
    for (let at = 0; at < left.length && performance.now() < end; at += size) {
      const smaller = new Set(core)
      for (const operation of left.slice(at, at + size)) smaller.delete(operation)
      if (fails(smaller)) core = smaller
    }
  }
  return candidates.filter((operation) => core.has(operation))
}

/** An operation of which only the argument is known. */
export function forgotten(operation: Operation): Operation {
  const { callTime, returnTime: _, ...rest } = operation
  return {
    ...rest,
    process: `forgotten ${operation.id}`,
    completion: 'info',
    output: undefined,
    call: -1,
    ...(callTime === undefined ? {} : { callTime: 0 }),
    return: Number.POSITIVE_INFINITY,
  }
}

/** The candidates and what can matter to them: of register-like objects, the writes of the values that they read. */
function related({ spec, operations }: Problem, candidates: readonly Operation[]): readonly Operation[] {
  if (spec.access === null) return operations
  const writers = new Map<string, Operation[]>()
  for (const operation of operations) {
    const { writes } = spec.access(operation)
    if (writes === undefined) continue
    const name = `${keyName(operation)} ${keyOf(writes)}`
    const others = writers.get(name)
    if (others === undefined) writers.set(name, [operation])
    else others.push(operation)
  }
  const kept = new Set(candidates)
  for (const operation of kept) {
    const { reads } = spec.access(operation)
    if (reads === undefined) continue
    // The set grows while it is walked: a writer can have read, too.
    for (const writer of writers.get(`${keyName(operation)} ${keyOf(reads)}`) ?? []) kept.add(writer)
  }
  return operations.filter((operation) => kept.has(operation))
}
