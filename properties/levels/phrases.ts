/** The words in which the levels speak of operations. */
import type { Operation } from '../operation.ts'
import type { Spec } from '../spec.ts'
import { showValue } from '../value.ts'

/** Such as `process 3 read 1 of x`; with `who` false, `read 1 of x`. */
export function did(spec: Spec, operation: Operation, who = true): string {
  const { reads, writes } = spec.access?.(operation) ?? {}
  const subject = who ? `process ${operation.process} ` : ''
  if (reads !== undefined && writes !== undefined)
    return `${subject}changed ${objectOf(operation)} from ${showValue(reads)} to ${showValue(writes)}`
  if (writes !== undefined) return `${subject}wrote ${showValue(writes)}${operation.key === undefined ? '' : ` to ${objectOf(operation)}`}`
  if (reads !== undefined) return `${subject}read ${showValue(reads)}${operation.key === undefined ? '' : ` of ${objectOf(operation)}`}`
  return `${subject}${called(operation)}`
}

/** Such as `read 1 of x` or `written 1 to x`, behind `had`. */
export function done(spec: Spec, operation: Operation): string {
  return did(spec, operation, false).replace(/^wrote/, 'written')
}

/** An operation on any object, such as `dequeue() = 3 of q`. */
export function called(operation: Operation): string {
  const argument = operation.input === null ? '' : showValue(operation.input)
  const result = operation.completion === 'ok' && operation.output !== undefined ? ` = ${showValue(operation.output)}` : ''
  return `${operation.f}(${argument})${result}${operation.key === undefined ? '' : ` on ${showValue(operation.key)}`}`
}

/** The key, or `the object` where there is only one. */
export function objectOf(operation: Operation): string {
  return operation.key === undefined ? 'the object' : showValue(operation.key)
}

/** `1 item`, `2 items`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`
}
