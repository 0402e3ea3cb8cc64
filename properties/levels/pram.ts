/**
 * PRAM, or FIFO consistency (Lipton & Sandberg, PRAM: a scalable shared memory, 1988): each process can order its own operations and
 * the writes of all so that the order of every process is kept and its own reads return what was last written. For registers
 * by saturation of each process's view, as in causal memory but without the reads of others; for other objects by a search for each process,
 * in which the results of the others' operations are unknown.
 */
import type { Decision } from '../decision.ts'
import { Machine } from '../linearizability/machine.ts'
import type { Operation } from '../operation.ts'
import { judgeViews } from './causal.ts'
import { findOrder } from './order-search.ts'
import { called, count } from './phrases.ts'
import { deadlineOf, type Problem } from './problem.ts'
import { judgeRegisters } from './register-history.ts'
import { sessionsOf } from './sessions-of.ts'
import { smallCore } from './shrink.ts'

export function pram(problem: Problem): Decision {
  if (problem.spec.access === null) return judgeSearching(problem)
  return judgeRegisters(problem, viewsName, true, (history) => judgeViews(history, () => false, viewsName, pram))
}

const viewsName = 'saturation of the view of each process'
const searchName = 'search of an order for each process'

function judgeSearching(problem: Problem): Decision {
  const deadline = deadlineOf(problem.limits)
  const { spec, operations, limits } = problem
  const machine = new Machine(spec)
  const processes = [...new Set(operations.filter(({ completion }) => completion !== 'info').map(({ process }) => process))]
  for (const [judged, process] of processes.entries()) {
    const layout = sessionsOf(operations, (operation) => seenBy(process, operation, spec.observers))
    const memory = ((limits?.megabytes ?? 1024) * 2 ** 20) / (200 + 8 * (layout.threads.length + layout.keys))
    const result = findOrder({ machine, initial: machine.stateId(problem.initial), ...layout, forced: [], deadline, memory })
    if (result.found === 'order') continue
    if (result.found === 'limit')
      return {
        verdict: 'unknown',
        algorithm: searchName,
        limit: result.limit,
        reached: `the views of ${judged} of ${processes.length} processes hold`,
      }
    const core = smallCore(problem, operations, pram)
    const few = core.length <= 8 ? `: ${core.map((operation) => `process ${operation.process} ${called(operation)}`).join(', ')}` : ''
    const sentence = `no order of the changes that keeps the order of each process explains what process ${process} saw; ${count(core.length, 'operation')} suffice to see it${few}`
    return {
      verdict: 'violated',
      algorithm: searchName,
      sentence,
      failing: core.findLast((operation) => operation.process === process) ?? null,
      core,
    }
  }
  return { verdict: 'holds', algorithm: searchName, witness: null }
}

/** An operation as a process sees it; of those of others only what they may change. */
function seenBy(process: Operation['process'], operation: Operation, observers: ReadonlySet<string>): Operation | null {
  const isObserver = observers.has(operation.f)
  if (operation.completion === 'info') return isObserver ? null : operation
  if (operation.process === process) return operation
  return isObserver || operation.completion === 'fail' ? null : { ...operation, output: undefined }
}
