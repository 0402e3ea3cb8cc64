/**
 * Sequential consistency (Lamport, How to make a multiprocessor computer that correctly executes multiprocess programs, 1979):
 * one order of all operations that keeps the order of each process and explains every result. Deciding it is NP-complete
 * (Gibbons & Korach 1997), and an object at a time does not suffice. What is cheap comes first: for registers, the orders
 * that any explanation has to contain, and a guess at the rest; then each object by itself; then a search over all of them.
 */
import type { Decision, Violated } from '../decision.ts'
import { Machine } from '../linearizability/machine.ts'
import type { Operation } from '../operation.ts'
import { contradicted } from './explain-order.ts'
import { guessOrder } from './guess-order.ts'
import { findOrder, type OrderResult } from './order-search.ts'
import { called, count, objectOf } from './phrases.ts'
import { byKey, deadlineOf, type Problem } from './problem.ts'
import { registerProblem } from './register-access.ts'
import { fromInitial, fromNothing, type RegisterHistory, unambiguousHistory } from './register-history.ts'
import { type Edge, saturate } from './saturation.ts'
import { sessionsOf } from './sessions-of.ts'
import { smallCore } from './shrink.ts'

const saturationName = 'forced orders'
const searchName = 'search of one order for all processes'

export function sequentiallyConsistent(given: Problem): Decision {
  const deadline = deadlineOf(given.limits)
  const registers = registerProblem(given, saturationName)
  const problem = 'verdict' in registers ? given : registers
  const history = 'verdict' in registers ? null : unambiguousHistory(problem)
  if (history !== null && 'verdict' in history) return { ...history, algorithm: saturationName }
  let known: Known | null = null
  // Most histories that have an order show it after one round.
  for (const depth of ['once', 'fixpoint'] as const) {
    if (history === null) break
    const { contradiction, forced: edges, interrupted } = saturate(history, { ...rules, depth }, deadline)
    if (contradiction !== null) return contradicted(history, contradiction, saturationName, sequentiallyConsistent)
    known = { history, edges }
    const witness = interrupted ? null : guessed(problem, known, deadline)
    if (witness !== null) return { verdict: 'holds', algorithm: saturationName, witness }
  }
  const groups = byKey(problem.operations)
  if (groups.length > 1)
    for (const operations of groups) {
      if (performance.now() > deadline) break
      const share = performance.now() + (deadline - performance.now()) / 4
      const part = { ...problem, operations }
      if (search(part, known, share).found === 'none') return violation(part, `the operations on ${objectOf(operations[0] as Operation)}`)
    }
  const result = search(problem, known, deadline)
  if (result.found === 'order') return { verdict: 'holds', algorithm: searchName, witness: result.order }
  if (result.found === 'none') return violation(problem, groups.length > 1 ? 'the operations on all keys together' : 'the operations')
  const reached = `orders of ${result.deepest} of ${count(problem.operations.length, 'operation')} are explained`
  return { verdict: 'unknown', algorithm: searchName, limit: result.limit, reached }
}

/** What is known of the order before the search. */
interface Known {
  readonly history: RegisterHistory
  readonly edges: readonly Edge[]
}

const everything = (): boolean => true
const rules = { follows: everything, forces: everything, antidependencies: true } as const

/** An order that the forced ones suggest, if it explains everything. */
function guessed(problem: Problem, { history, edges }: Known, deadline: number): readonly Operation[] | null {
  const guess = guessOrder(history, edges)
  if (guess === null) return null
  const line = guess.slice(1).map((to, i): Edge => ({ from: guess[i] as number, to, kind: 'program', because: to }))
  const result = search(problem, { history, edges: line }, performance.now() + (deadline - performance.now()) / 2)
  return result.found === 'order' ? result.order : null
}

function search(problem: Problem, known: Known | null, deadline: number): OrderResult {
  const machine = new Machine(problem.spec)
  const index = new Map(known?.history.operations.map((operation, i) => [operation, i]))
  const sourceOf = (operation: Operation): Operation | -1 | -2 => {
    const source = known?.history.source[index.get(operation) ?? -1] ?? fromNothing
    return source >= 0 ? (known?.history.operations[source] as Operation) : source === fromInitial ? -1 : -2
  }
  const isIdle = ({ f, completion }: Operation): boolean => completion === 'info' && problem.spec.observers.has(f)
  const layout = sessionsOf(problem.operations, (operation) => (isIdle(operation) ? null : operation), sourceOf)
  const tasks = new Map(layout.tasks.map(({ recorded }, i) => [recorded, i]))
  const forced = (known?.edges ?? []).flatMap(({ from, to }): [number, number][] => {
    const [first, second] = [from, to].map((i) => tasks.get(known?.history.operations[i] as Operation))
    return first === undefined || second === undefined ? [] : [[first, second]]
  })
  const memory = ((problem.limits?.megabytes ?? 1024) * 2 ** 20) / (200 + 8 * (layout.threads.length + layout.keys))
  return findOrder({ machine, initial: machine.stateId(problem.initial), ...layout, forced, deadline, memory })
}

function violation(problem: Problem, what: string): Violated {
  const core = smallCore(problem, problem.operations, sequentiallyConsistent)
  const few = core.length <= 8 ? `: ${core.map((operation) => `process ${operation.process} ${called(operation)}`).join(', ')}` : ''
  const sentence = `no order of ${what} that keeps the order of each process returns what the clients saw; ${count(core.length, 'operation')} suffice to see it${few}`
  return { verdict: 'violated', algorithm: searchName, sentence, failing: core.at(-1) ?? null, core }
}
