/** An event as its file gives it, before anything is checked but the syntax. */
import type { Value } from '../../properties/value.ts'

export interface RawEvent {
  /** `undefined` where the file says nothing; so with the other fields. */
  process: Value | undefined
  type: Value | undefined
  f: Value | undefined
  value: Value | undefined
  time: Value | undefined
  key: Value | undefined
  readonly line: number
  readonly column: number
}

export function rawEvent(line: number, column: number): RawEvent {
  return { process: undefined, type: undefined, f: undefined, value: undefined, time: undefined, key: undefined, line, column }
}
