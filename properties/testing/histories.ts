/**
 * Histories of concurrent clients of an object that really takes each operation at one moment, and the same with a result or
 * a moment changed. Any of them may or may not be linearizable after that: brute force says.
 */
import fc from 'fast-check'
import type { HistoryEvent } from '../history.ts'
import type { Operation } from '../operation.ts'
import type { Outcome, Spec } from '../spec.ts'
import type { Value } from '../value.ts'

/** What clients of an object may ask for. */
export interface Commands {
  readonly spec: Spec
  /** Name and argument. */
  readonly commands: readonly (readonly [f: string, input: Value])[]
  readonly initial?: Value
}

export interface HistoryShape {
  readonly processes: number
  /** Calls, effects and returns together, at most. */
  readonly ticks: number
  /** Results and moments that are changed, at most. */
  readonly changes: number
}

/** Operations in order of invocation. */
export function histories(object: Commands, { processes, ticks, changes }: HistoryShape): fc.Arbitrary<Operation[]> {
  return fc
    .tuple(
      fc.noBias(fc.array(fc.nat({ max: 9999 }), { minLength: ticks / 2, maxLength: ticks })),
      fc.noBias(fc.array(fc.tuple(fc.nat({ max: 99 }), fc.nat({ max: 99 }), fc.nat({ max: 3 })), { maxLength: changes })),
    )
    .map(([numbers, changed]) => numbered(changed.reduce(changedBy, lived(object, processes, numbers))))
}

interface Client {
  process: number
  operation: { -readonly [Name in keyof Operation]: Operation[Name] } | null
  isEffected: boolean
}

/** One tick a number: the client that it chooses calls, takes effect, returns, or crashes. */
function lived({ spec, commands, initial = spec.initial }: Commands, processes: number, numbers: readonly number[]): Operation[] {
  const clients: Client[] = Array.from({ length: processes }, (_, process) => ({ process, operation: null, isEffected: false }))
  const operations: Operation[] = []
  let state: Value = initial
  numbers.forEach((number, at) => {
    const client = clients[number % processes] as Client
    const choice = Math.floor(number / processes)
    const { operation } = client
    if (operation === null) {
      const [f, input] = commands[choice % commands.length] as readonly [string, Value]
      client.operation = {
        id: 0,
        process: client.process,
        key: undefined,
        f,
        input,
        output: undefined,
        completion: 'info',
        call: at,
        return: Infinity,
      }
      client.isEffected = false
      operations.push(client.operation)
    } else if (choice % 17 === 0) {
      client.process += processes
      client.operation = null
    } else if (!client.isEffected) {
      const outcome = chosen(spec, state, operation, choice)
      if (outcome === null) return
      if (outcome.state !== undefined) state = outcome.state
      operation.completion = outcome.completes ?? 'ok'
      operation.output = operation.completion === 'fail' ? undefined : resultOf(outcome, state, choice)
      client.isEffected = true
    } else {
      operation.return = at
      client.operation = null
    }
  })
  return operations.map((operation) =>
    operation.return === Number.POSITIVE_INFINITY ? { ...operation, completion: 'info', output: undefined } : operation,
  )
}

function chosen(spec: Spec, state: Value, operation: Operation, choice: number): Outcome | null {
  const result = spec.operations[operation.f]?.(state, operation.input as never, operation)
  if (result === undefined || typeof result === 'string') return null
  const outcomes = [result].flat() as Outcome[]
  return outcomes[choice % outcomes.length] ?? null
}

/** A result that the outcome allows. */
function resultOf({ returns }: Outcome, state: Value, choice: number): Value {
  if (typeof returns !== 'function') return returns ?? null
  const allowed = [null, true, false, state, choice % 4].filter((value) => returns(value))
  return allowed[choice % allowed.length] ?? null
}

function changedBy(operations: Operation[], [which, from, kind]: readonly [number, number, number]): Operation[] {
  const completed = operations.filter((operation) => operation.return !== Number.POSITIVE_INFINITY)
  const chosenOne = completed[which % Math.max(1, completed.length)]
  return operations.map((operation) => (operation === chosenOne ? changed(operation, completed, from, kind) : operation))
}

function changed(operation: Operation, completed: readonly Operation[], from: number, kind: number): Operation {
  if (kind >= 2) {
    // Returns earlier, or is called later; quarter steps keep the positions apart.
    return kind === 2 ? { ...operation, return: operation.call + 0.25 } : { ...operation, call: operation.return - 0.25 }
  }
  if (operation.completion === 'fail') return { ...operation, completion: 'ok', output: null }
  const pool = [...completed.filter(({ f }) => f === operation.f).map(({ output }) => output ?? null), null, true, false, 1, 2]
  return { ...operation, output: pool[from % pool.length] ?? null }
}

/** In order of invocation, with whole numbers for positions. */
function numbered(operations: readonly Operation[]): Operation[] {
  const positions = operations.flatMap(({ call, return: end }) => [call, end]).sort((a, b) => a - b)
  const rank = new Map(positions.map((position, i) => [position, i]))
  return [...operations]
    .sort((a, b) => a.call - b.call)
    .map((operation, id) => ({
      ...operation,
      id,
      call: rank.get(operation.call) as number,
      return: operation.return === Number.POSITIVE_INFINITY ? operation.return : (rank.get(operation.return) as number),
    }))
}

/** The operation if nobody knew when it began, whether it happened, and what it returned. */
export function setAside(operation: Operation): Operation {
  return { ...operation, completion: 'info', output: undefined, call: -1, return: Number.POSITIVE_INFINITY }
}

/** What had happened when an operation returned. */
export function whenReturned(operations: readonly Operation[], { return: end }: Operation): Operation[] {
  return operations
    .filter(({ call }) => call < end)
    .map((operation) => (operation.return > end ? { ...operation, completion: 'info', output: undefined, return: Infinity } : operation))
}

/** The events that operations were read from. */
export function eventsOf(operations: readonly Operation[]): HistoryEvent[] {
  const events = operations.flatMap((operation) => {
    const { process, f, key, input, output, completion } = operation
    const about = { process, f, ...(key === undefined ? {} : { key }) }
    const invocation = { at: operation.call, event: { ...about, index: 0, type: 'invoke' as const, value: input } }
    if (operation.return === Number.POSITIVE_INFINITY) return [invocation]
    return [invocation, { at: operation.return, event: { ...about, index: 0, type: completion, value: output ?? null } }]
  })
  return events.sort((a, b) => a.at - b.at).map(({ event }, index) => ({ ...event, index }))
}
