/**
 * Histories of several independent objects, as Jepsen's `independent` writes them: every value is a tuple `[key value]`.
 * Whether a file is one is told from its first events, cautiously: the arguments of a compare-and-set look the same.
 */
import { equal, isList, type Value } from '../../properties/value.ts'
import type { RawEvent } from './raw-event.ts'

/** How many events are looked at. */
export const independentEvents = 1000

/** Collects evidence event by event. */
export class TupleEvidence {
  /** Every client event so far can be a tuple. */
  possible = true
  #events = 0
  #telling = false
  readonly #open = new Map<Value | undefined, Value>()

  add(event: RawEvent): void {
    const { process, type, value } = event
    if (isNemesis(process) || (process === -1 && type === 'info')) return
    // What failed may say why instead of what.
    if ((type === 'info' || type === 'fail') && !isList(value)) return
    if (!isTuple(value) || !isScalar(value[0])) {
      this.possible = false
      return
    }
    this.#events++
    if (isList(value[1]) || (event.f === 'read' && value[1] === null)) this.#telling = true
    if (type === 'invoke') this.#open.set(process, value[0])
    else if (this.#open.has(process) && !equal(this.#open.get(process), value[0])) this.possible = false
  }

  /** Whether the values are tuples, as far as has been seen. */
  get tuples(): boolean {
    return this.possible && this.#telling && this.#events >= 2
  }
}

/** What is not a client: it disturbs the system and only reports. */
export function isNemesis(process: Value | undefined): boolean {
  return process === 'nemesis' || process === ':nemesis'
}

export function isTuple(value: Value | undefined): value is readonly [Value, Value] {
  return isList(value) && value.length === 2
}

function isScalar(value: Value): boolean {
  return typeof value !== 'object'
}
