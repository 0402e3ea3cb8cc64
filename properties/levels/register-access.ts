/** Whether operations are those of registers: every change is a write of a value that the specification tells. */
import type { Inapplicable } from '../decision.ts'
import { illegal, Machine } from '../linearizability/machine.ts'
import type { Operation } from '../operation.ts'
import { isList, keyOf } from '../value.ts'
import { objectOf } from './phrases.ts'
import { inapplicable, keyName, type Problem } from './problem.ts'

/**
 * The problem for levels that ask who read what from whom; with reads of what nothing writes made unknown, if they are to be ignored.
 * Inapplicable to objects that are no registers, and to operations such as an append, which writes no one knows what.
 */
export function registerProblem(problem: Problem, algorithm: string): Problem | Inapplicable {
  const { spec } = problem
  if (spec.access === null)
    return inapplicable(algorithm, `${spec.name} is not read and written like a register: nothing says which write a result stems from`)
  const opaque = opaqueChange(problem)
  if (opaque !== undefined)
    return inapplicable(algorithm, `${opaque.f} leaves a value in ${objectOf(opaque)} that nothing but the value before it determines`)
  return problem.neverWritten === 'ignored' ? { ...problem, operations: withoutNeverWritten(problem) } : problem
}

/** An operation that changes the object without saying to what. */
function opaqueChange({ spec, operations, initial }: Problem): Operation | undefined {
  const machine = new Machine(spec)
  const judged = new Map<number, boolean>()
  return operations.find((operation) => {
    if (operation.completion === 'fail' || spec.observers.has(operation.f) || spec.access?.(operation).writes !== undefined) return false
    const id = machine.classId(operation)
    const known = judged.get(id)
    if (known !== undefined) return known
    // Compare-and-set is the only operation that depends on the state, and names the states in its argument.
    const states = [initial, ...(isList(operation.input) ? operation.input : [])].map((state) => machine.stateId(state))
    const changes = states.some((state) => {
      const step = machine.step(state, id)
      return step !== state && step !== illegal
    })
    judged.set(id, changes)
    return changes
  })
}

function withoutNeverWritten({ spec, operations, initial }: Problem): Operation[] {
  const written = new Set<string>()
  for (const operation of operations) {
    const { writes } = spec.access?.(operation) ?? {}
    if (writes !== undefined) written.add(`${keyName(operation)} ${keyOf(writes)}`)
  }
  return operations.map((operation) => {
    const { reads, writes } = spec.access?.(operation) ?? {}
    if (reads === undefined || writes !== undefined || keyOf(reads) === keyOf(initial)) return operation
    return written.has(`${keyName(operation)} ${keyOf(reads)}`) ? operation : { ...operation, output: undefined }
  })
}
