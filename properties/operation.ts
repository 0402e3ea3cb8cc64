/**
 * Operations as the oracles see them: an invocation with its completion, its argument and result, and the interval between
 * the two. What files leave open (is a failed operation one that did not happen?) is decided here, by explicit options.
 */
import { distance } from 'fastest-levenshtein'
import { HistoryError } from './errors.ts'
import type { Completion, History, HistoryEvent } from './history.ts'
import { operations as paired } from './history.ts'
import type { Spec } from './spec.ts'
import { keyOf, type Value } from './value.ts'

export interface Operation {
  /** Position among the operations of the history, in order of invocation, from 0. */
  readonly id: number
  readonly process: number | string
  /** The object; `undefined` where the history has only one. */
  readonly key: Value | undefined
  readonly f: string
  readonly input: Value
  /** What it returned; `undefined` where nobody knows. */
  readonly output: Value | undefined
  /** `fail`: the client observed a failure. `info`: it may have happened at any time after its call, or never. */
  readonly completion: Completion
  /** Index of the event that invoked it. */
  readonly call: number
  /** Index of the event that completed it; `Infinity` where it may still be running. */
  readonly return: number
  /** Nanoseconds, where the history has times. */
  readonly callTime?: number
  readonly returnTime?: number
}

/** What a recorded history leaves open; each choice can flip a verdict. */
export interface Reading {
  /** What `fail` says: the operation did not happen, or it ran and the client observed its failure. By name of operation, or for all. */
  readonly fail?: FailReading | Readonly<Record<string, FailReading>>
  /** What a completed operation of an observer with the value null has returned: null itself, or nobody knows what. */
  readonly nil?: 'value' | 'unknown'
  /** Reads of values that nothing in the history writes: a violation, or not looked at (the history is only a part). */
  readonly neverWritten?: 'violation' | 'ignored'
  /** The state at the start, instead of the specification's own. */
  readonly initial?: Value
}

export type FailReading = 'did-not-happen' | 'observed'

export const defaultReading: Required<Omit<Reading, 'initial'>> = { fail: 'did-not-happen', nil: 'value', neverWritten: 'violation' }

/**
 * The operations of a history, read as the options say. Operations that did not happen are left out; so are observers whose
 * result nobody knows.
 * @throws HistoryError `history-events`, for events that no clients can have produced; `history-operation`, naming the event,
 * for an operation that the specification does not have
 */
export function operationsOf(history: History, spec: Spec, reading: Reading = {}): Operation[] {
  const found: Operation[] = []
  for (const { invocation, completion } of paired(history)) {
    const operation = operationOf(found.length, invocation, completion, spec, reading)
    if (operation !== null) found.push(operation)
  }
  return reading.neverWritten === 'ignored' ? withoutThinAir(found, spec, reading.initial ?? spec.initial) : found
}

/** One operation; `null` where it did not happen, or says nothing. */
export function operationOf(
  id: number,
  invocation: HistoryEvent,
  completion: HistoryEvent | null,
  spec: Spec,
  reading: Reading,
): Operation | null {
  const { f } = invocation
  requireOperation(f, spec, `event ${invocation.index}: `)
  const observes = spec.observers.has(f)
  const type = (completion?.type ?? 'info') as Completion
  if (type === 'fail' && (failReading(reading, f) === 'did-not-happen' || isReason(completion?.value))) return null
  if (type === 'info' && observes) return null
  const output = type === 'ok' ? ((completion?.value ?? null) as Value) : undefined
  if (observes && output === null && (reading.nil ?? defaultReading.nil) === 'unknown') return null
  return {
    id,
    process: invocation.process,
    key: invocation.key,
    f,
    input: (invocation.value ?? null) as Value,
    output,
    completion: type,
    call: invocation.index,
    return: type === 'info' ? Number.POSITIVE_INFINITY : (completion as HistoryEvent).index,
    ...(invocation.time === undefined ? {} : { callTime: invocation.time }),
    ...(completion?.time === undefined || type === 'info' ? {} : { returnTime: completion.time }),
  }
}

/** Jepsen says with a keyword, such as `:timed-out`, why an operation was not even tried. */
function isReason(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith(':')
}

function failReading({ fail = defaultReading.fail }: Reading, f: string): FailReading {
  return typeof fail === 'string' ? fail : (fail[f] ?? 'did-not-happen')
}

/** @throws HistoryError `history-operation` for an operation that the specification does not have; names its place */
export function requireOperation(f: string, spec: Spec, where = ''): void {
  if (Object.hasOwn(spec.operations, f)) return
  const known = Object.keys(spec.operations)
  const near = known.find((name) => distance(name, f) <= 2)
  throw new HistoryError(
    'history-operation',
    `${where}${f} is not an operation of ${spec.name}; it has ${known.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`,
  )
}

/** Reads that saw what nothing in the history wrote are left out: the history is known to be only a part. */
function withoutThinAir(operations: readonly Operation[], spec: Spec, initial: Value): Operation[] {
  const { access } = spec
  if (access === null)
    throw new HistoryError('option', `reads of never-written values cannot be ignored in a ${spec.name}: it is not a register or a map`)
  const writtenTo = new Set([keyOf([initial])])
  for (const operation of operations) {
    const { writes } = access(operation)
    if (writes !== undefined) writtenTo.add(writtenKey(operation, writes))
  }
  const initialKey = keyOf(initial)
  return operations
    .filter((operation) => {
      const { reads, writes } = access(operation)
      if (reads === undefined || writes !== undefined) return true
      return keyOf(reads) === initialKey || writtenTo.has(writtenKey(operation, reads))
    })
    .map((operation, id) => ({ ...operation, id }))
}

function writtenKey({ key }: Operation, value: Value): string {
  return keyOf([key ?? null, value])
}
