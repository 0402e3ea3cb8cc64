/** Obviously right and slow: tries every order in which operations can have happened. */
import { statesAfter } from '../linearizability/witness.ts'
import type { Operation } from '../operation.ts'
import type { Spec } from '../spec.ts'
import type { Value } from '../value.ts'

/** Whether some order of the completed operations, and of any of the others, explains them (Wing & Gong 1993, without pruning). */
export function isLinearizable(operations: readonly Operation[], spec: Spec, initial: Value): boolean {
  if (operations.every((operation) => operation.return === Number.POSITIVE_INFINITY)) return true
  return operations.some((operation) => {
    if (operations.some((other) => other.return < operation.call)) return false
    const rest = operations.filter((other) => other !== operation)
    return statesAfter([operation], spec, initial).some((state) => isLinearizable(rest, spec, state))
  })
}
