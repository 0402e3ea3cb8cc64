/** Obviously right counterparts of the monitors: sequential objects, the search of Wing and Gong without any cleverness, and a check of orders. */
import type { Operation } from '../operation.ts'
import { keyOf, type Value } from '../value.ts'

/** What an operation returns in a state, and the state after it. */
export type SequentialObject = (state: readonly Value[], f: string, input: Value) => readonly [state: readonly Value[], output: Value]

export const sequentialQueue: SequentialObject = (state, f, input) =>
  f === 'enqueue' ? [[...state, input], null] : [state.slice(1), state[0] ?? null]

export const sequentialStack: SequentialObject = (state, f, input) => {
  const top = state.at(-1) ?? null
  if (f === 'push') return [[...state, input], null]
  return [f === 'pop' ? state.slice(0, -1) : state, top]
}

export const sequentialPriorityQueue =
  (sign: 1 | -1): SequentialObject =>
  (state, f, input) => {
    const first = state.reduce<Value>((a, b) => (a === null || sign * Number(b) > sign * Number(a) ? b : a), null)
    if (f === 'insert') return [[...state, input], null]
    return [f === 'poll' ? state.filter((value) => value !== first) : state, first]
  }

export const sequentialSet: SequentialObject = (state, f, input) => {
  const isIn = state.includes(input)
  if (f === 'contains') return [state, isIn]
  if (f === 'insert') return [isIn ? state : [...state, input], !isIn]
  return [state.filter((value) => value !== input), isIn]
}

export const sequentialRegister: SequentialObject = (state, f, input) => (f === 'write' ? [[input], null] : [state, state[0] ?? null])

/** Which operations return nothing, so that what is recorded as their output does not matter. */
const silent = new Set(['enqueue', 'push', 'write'])

function isSilent(operation: Operation, object: SequentialObject): boolean {
  return silent.has(operation.f) || (operation.f === 'insert' && object !== sequentialSet)
}

/** Whether some order of the completed operations, and of any of the pending ones, explains what they returned. */
export function linearizable(object: SequentialObject, operations: readonly Operation[], state: readonly Value[] = []): boolean {
  if (operations.every(({ completion }) => completion === 'info')) return true
  return operations.some((operation) => {
    if (operations.some((other) => other.return < operation.call)) return false
    const next = run(object, state, operation)
    return (
      next !== null &&
      linearizable(
        object,
        operations.filter((other) => other !== operation),
        next,
      )
    )
  })
}

/** What is wrong with an order as an explanation of the operations; `null`: nothing. */
export function fault(object: SequentialObject, operations: readonly Operation[], order: readonly Operation[]): string | null {
  const placed = new Set(order)
  if (placed.size !== order.length) return 'an operation twice'
  if (order.some((operation) => operations[operation.id] !== operation)) return 'an operation that is not in the history'
  const missing = operations.find((operation) => operation.completion === 'ok' && !placed.has(operation))
  if (missing !== undefined) return `${missing.f} ${missing.id} is missing`
  let latestCall = -1
  let state: readonly Value[] = []
  for (const operation of order) {
    if (operation.return < latestCall) return `${operation.f} ${operation.id} comes after one that it precedes`
    latestCall = Math.max(latestCall, operation.call)
    const next = run(object, state, operation)
    if (next === null) return `${operation.f} ${operation.id} returned something else`
    state = next
  }
  return null
}

/** The operation if nobody knew when it took effect, what it returned, and whether it happened at all. */
export function forgotten(operation: Operation): Operation {
  return { ...operation, output: undefined, completion: 'info', call: -1, return: Number.POSITIVE_INFINITY }
}

function run(object: SequentialObject, state: readonly Value[], operation: Operation): readonly Value[] | null {
  const [next, output] = object(state, operation.f, operation.input)
  if (operation.output === undefined || isSilent(operation, object)) return next
  return keyOf(output) === keyOf(operation.output) ? next : null
}
