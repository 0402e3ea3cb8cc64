/**
 * Eventual consistency, as far as a finite history can show it (Terry et al. 1995; Vogels, Eventually consistent, 2009): once the
 * last change of an object has completed and a quiet time has passed, completed reads that begin later agree, and a register's
 * return something that was written. Changes with an unknown end may still take effect: a difference that one can explain is none.
 */
import type { Decision, Violated } from '../decision.ts'
import type { Operation } from '../operation.ts'
import { isList, keyOf, showValue, type Value } from '../value.ts'
import { count, did, objectOf } from './phrases.ts'
import { byKey, inapplicable, type Problem } from './problem.ts'
import { registerProblem } from './register-access.ts'

export interface Quiet {
  /** Nanoseconds (events, where the history has no times) between the last change and the first read that counts. */
  readonly quietNs?: number
}

const algorithm = 'comparison of the reads after the last change'

export function eventuallyConverges(problem: Problem, { quietNs = 0 }: Quiet = {}): Decision {
  if (problem.spec.observers.size === 0) return inapplicable(algorithm, `${problem.spec.name} has no operation that only reads`)
  let judged = 0
  let unexplained = 0
  for (const operations of byKey(problem.operations)) {
    const reads = quietReads(problem, operations, quietNs)
    judged += reads.length
    const disagreement = compare(problem, operations, reads)
    if (disagreement === 'unexplained') unexplained++
    else if (disagreement !== null) return disagreement
  }
  if (judged === 0)
    return inapplicable(algorithm, `no read began after the last write completed${quietNs > 0 ? ' and the quiet time had passed' : ''}`)
  if (unexplained > 0)
    return inapplicable(algorithm, `changes with an unknown end can explain why reads of ${count(unexplained, 'key')} disagree`)
  return { verdict: 'holds', algorithm, witness: null, note: `${count(judged, 'read')} after the last writes agree` }
}

/** The completed reads that began after the last change that is known to have ended. */
export function quietReads({ spec }: Problem, operations: readonly Operation[], quietNs = 0): Operation[] {
  const hasTimes = operations.every(
    (operation) => operation.callTime !== undefined && (operation.returnTime !== undefined || operation.completion === 'info'),
  )
  let lastReturn = -1
  let lastTime = 0
  for (const operation of operations) {
    if (spec.observers.has(operation.f) || operation.completion !== 'ok' || operation.return < lastReturn) continue
    lastReturn = operation.return
    lastTime = (hasTimes ? operation.returnTime : operation.return) ?? 0
  }
  return operations.filter((operation) => {
    if (!spec.observers.has(operation.f) || operation.completion !== 'ok' || operation.output === undefined) return false
    const begun = (hasTimes ? operation.callTime : operation.call) ?? 0
    return operation.call > lastReturn && (lastReturn < 0 || begun - lastTime >= quietNs)
  })
}

function compare(problem: Problem, operations: readonly Operation[], reads: readonly Operation[]): Violated | 'unexplained' | null {
  const { spec } = problem
  const open = operations.filter(({ f, completion }) => completion === 'info' && !spec.observers.has(f))
  const isRegister = !('verdict' in registerProblem({ ...problem, operations }, algorithm))
  if (isRegister && problem.neverWritten !== 'ignored') {
    const wrong = neverWritten(problem, operations, reads)
    if (wrong !== undefined) return { ...failure(wrong), sentence: `${did(spec, wrong)}, which nothing had written`, core: [wrong] }
  }
  const view = viewOf(spec.operations, open)
  const firsts = new Map<string, { readonly read: Operation; readonly saw: string }>()
  for (const read of reads) {
    // A value that a change with an unknown end has left may appear at any time.
    if (isRegister && open.some((change) => same(spec.access?.(change).writes, read.output))) continue
    const question = `${read.f} ${keyOf(read.input)}`
    const saw = view(read)
    const first = firsts.get(question)
    if (first === undefined) firsts.set(question, { read, saw })
    if (first === undefined || first.saw === saw) continue
    if (!isRegister && open.length > 0 && !(isList(read.output) && open.every(({ f }) => ofOneElement.has(f)))) return 'unexplained'
    const what = `read ${showValue(read.output)} of ${objectOf(read)} and process ${first.read.process} read ${showValue(first.read.output)}`
    const sentence = `process ${read.process} ${what}, though the last write had completed before both began`
    return { ...failure(read), sentence, core: [first.read, read] }
  }
  return null
}

/** Changes of which a list shows nothing but whether their argument is in it. */
const ofOneElement = new Set(['add', 'append', 'insert', 'remove'])

/** What is compared of a read: of a list, all but the elements whose change may take effect at any time; in order unless it is a set. */
function viewOf(names: Readonly<Record<string, unknown>>, open: readonly Operation[]): (read: Operation) => string {
  const isSet = Object.hasOwn(names, 'add')
  const floating = new Set(open.map(({ input }) => keyOf(input)))
  return ({ output }) => {
    if (!isList(output)) return keyOf(output)
    const elements = output.map((element) => keyOf(element)).filter((name) => !floating.has(name))
    return (isSet ? elements.sort() : elements).join()
  }
}

function neverWritten({ spec, initial }: Problem, operations: readonly Operation[], reads: readonly Operation[]): Operation | undefined {
  const written = new Set([keyOf(initial)])
  for (const operation of operations) {
    const { writes } = spec.access?.(operation) ?? {}
    if (writes !== undefined) written.add(keyOf(writes))
  }
  return reads.find((read) => !written.has(keyOf(read.output)))
}

function failure(read: Operation): Pick<Violated, 'verdict' | 'algorithm' | 'failing'> {
  return { verdict: 'violated', algorithm, failing: read }
}

function same(a: Value | undefined, b: Value | undefined): boolean {
  return a !== undefined && b !== undefined && keyOf(a) === keyOf(b)
}
