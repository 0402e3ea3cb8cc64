/** How the sentences of the monitors name operations. */
import type { Operation } from '../operation.ts'
import { showValue } from '../value.ts'

/** As `enqueue 4 by process 1`, or `dequeue by process 3`. */
export function named(operation: Operation): string {
  const argument = operation.input === null || operation.input === undefined ? '' : ` ${showValue(operation.input)}`
  return `${operation.f}${argument} by process ${operation.process}`
}

/** As `dequeue by process 3 returned 5`, or `insert 2 by process 1 never returned`; null is what finds nothing. */
export function returned(operation: Operation, nothing = 'empty'): string {
  if (operation.completion === 'info') return `${named(operation)} never returned`
  const result = operation.output === null ? nothing : showValue(operation.output)
  return `${named(operation)} returned ${result}`
}

/** As `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** The one that returned last; those that never did only where there is no other. */
export function lastToReturn(core: readonly Operation[]): Operation {
  const key = (operation: Operation): number => (operation.return === Number.POSITIVE_INFINITY ? -1 : operation.return)
  return core.reduce((last, next) => (key(next) > key(last) ? next : last))
}
