/** The operations of a workload, those of each object together. */
import { distance } from 'fastest-levenshtein'
import { HistoryError } from '../../errors.ts'
import { type HistoryEvent, operations } from '../../history.ts'
import type { Operation } from '../../operation.ts'
import { processName } from '../../operation-text.ts'
import { keyOf, showValue, type Value } from '../../value.ts'

export interface WorkloadObject {
  /** Which one; `undefined` where the history is of only one. */
  readonly key: Value | undefined
  /** In order of invocation; also those that failed. */
  readonly operations: readonly Operation[]
}

export interface Objects {
  readonly objects: readonly WorkloadObject[]
  /** How many operations may have happened. */
  readonly happened: number
}

/**
 * @param names the operations that the workload has; `null` for any
 * @throws HistoryError `history-events` for events that no clients can have produced, `history-operation` for an operation of another name
 */
export function objectsOf(history: Iterable<HistoryEvent<Value>>, workload: string, names: readonly string[] | null): Objects {
  const objects = new Map<string, { key: Value | undefined; operations: Operation[] }>()
  let happened = 0
  operations(Array.from(history)).forEach(({ invocation, completion }, id) => {
    const { f, key, process, value, index } = invocation
    if (names !== null && !names.includes(f)) throw unknownOperation(f, index, workload, names)
    const type = completion === null || completion.type === 'invoke' ? 'info' : completion.type
    if (type !== 'fail') happened++
    const end = completion === null || type === 'info' ? Number.POSITIVE_INFINITY : completion.index
    const output = type === 'ok' ? (completion?.value ?? null) : undefined
    const name = key === undefined ? '' : keyOf(key)
    const object = objects.get(name) ?? { key, operations: [] }
    objects.set(name, object)
    object.operations.push({ id, process, key, f, input: value ?? null, output, completion: type, call: index, return: end })
  })
  return { objects: [...objects.values()], happened }
}

/** Such as `the read at event 41 by process 3`: at the event that has what it read. */
export function theRead({ key, process, return: end }: Operation): string {
  return `the read${key === undefined ? '' : ` of ${showValue(key)}`} at event ${end} by ${processName(process)}`
}

/** Such as `the read at event 41`. */
export function thatRead({ return: end }: Operation): string {
  return `the read at event ${end}`
}

/** @returns `a`, `a and b`, `a, b and c` */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

export function malformed(event: number, what: string): HistoryError {
  return new HistoryError('history-operation', `event ${event}: ${what}`)
}

function unknownOperation(f: string, event: number, workload: string, names: readonly string[]): HistoryError {
  const near = names.find((name) => distance(name, f) <= 2)
  const hint = near === undefined ? '' : `; did you mean ${near}?`
  return malformed(event, `${f} is not an operation of the ${workload} workload; it has ${listed(names)}${hint}`)
}
