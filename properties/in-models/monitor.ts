/**
 * Monitors that judge the clients of a model while its state space is explored. A monitor's value says all that the past can still
 * mean for the future, and nothing else: paths that differ only in what no longer matters meet in one state.
 */
import { HistoryError } from '../errors.ts'
import { showValue, type Value } from '../value.ts'

/** What models have as values. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

export type Process = number | string

/** What a question after a promise answers: `true`, or in a sentence how it was broken. */
export type Answer = true | string

/** An operation, or a transaction, that has begun and not ended. */
export interface Begun {
  readonly process: Process
}

/** Sorted by process, as all lists in values are by something: equal futures must be equal values. */
export function inserted<T extends Begun>(open: readonly T[], begun: T): readonly T[] {
  const at = open.findIndex(({ process }) => comesBefore(begun.process, process))
  return at === -1 ? [...open, begun] : [...open.slice(0, at), begun, ...open.slice(at)]
}

export function without<T extends Begun>(open: readonly T[], process: Process): readonly T[] {
  return open.filter((other) => other.process !== process)
}

export function openOf<T extends Begun>(open: readonly T[], process: Process): T | undefined {
  return open.find((other) => other.process === process)
}

/** @throws HistoryError `history-events`: the model's clients do what no clients can */
export function impossible(process: Process, what: string): never {
  throw new HistoryError('history-events', `process ${showValue(process)} ${what}`)
}

function comesBefore(a: Process, b: Process): boolean {
  return typeof a === typeof b ? a < b : typeof a === 'number'
}

/** The values of models have no bigints. */
export function plainOf(value: Value): Plain {
  return value as Plain
}
