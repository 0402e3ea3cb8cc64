/** What all strategies share. */
import type { Judge } from '../engine/judge.ts'
import { grownCapacity } from '../engine/pair-table.ts'
import type { Remembered } from '../engine/remembered.ts'
import type { Space } from '../engine/space.ts'
import { deadlockProperty } from '../language/program.ts'
import type { Guarantee, Limit, Progress } from '../result.ts'
import type { Trace } from '../trace.ts'
import type { Findings, Place } from './findings.ts'
import type { Limits } from './limits.ts'

export interface Search {
  readonly space: Space
  readonly judge: Judge
  readonly findings: Findings
  readonly limits: Limits
  readonly done: Remembered<boolean> | null
  readonly initial: readonly Int32Array[]
}

/** What a strategy reports at its end. */
export interface Exploration {
  /** `null` where the whole space was seen, or enough violations were found. */
  readonly limit: Limit | null
  readonly generated: number
  readonly depth: number
  readonly levels: readonly number[]
  readonly terminal: number
  readonly walks: number | null
  readonly guarantee: Guarantee | null
  /** Parent of each state, -1 for initial ones; `null` where walks recorded their own paths. */
  readonly parents: Int32Array | null
  readonly parentBytes: number
  /** Executions that go on for ever and break a property, which walks have come across. */
  readonly lassos: readonly Trace[]
}

/** A run of a strategy, in slices. */
export type Run = Generator<Progress, Exploration, void>

/** Judges a state that has no successor, where the model says in which states it may stop. */
export function judgeTerminal(search: Search, state: Int32Array, depth: number, place: Place): void {
  if (search.done === null || search.done.ask(state)) return
  const message = 'no action is enabled, and the model does not say that it is done'
  search.findings.add({ property: deadlockProperty, kind: 'deadlock', part: null, message, depth, place })
}

/** Judges the step checks that failed during the last expansion. */
export function judgeSteps(search: Search, depth: number, from: number): void {
  const { space, findings } = search
  for (const { at, failure } of space.failed) {
    if ((space.successors[at] as number) < 0) continue
    for (const { property, message } of space.machine.steps.failures[failure] ?? []) {
      const place = { state: from, instance: space.instances[at] as number }
      findings.add({ property, kind: 'step', part: null, message, depth, place })
    }
  }
}

/** A growable array of one integer per state. */
export class PerState {
  #data: Int32Array = new Int32Array(64)
  readonly #reserve: (bytes: number) => void

  constructor(reserve: (bytes: number) => void) {
    this.#reserve = reserve
  }

  get data(): Int32Array {
    return this.#data
  }

  get bytes(): number {
    return this.#data.byteLength
  }

  get(state: number): number {
    return this.#data[state] as number
  }

  set(state: number, value: number): void {
    if (state >= this.#data.length) {
      const grown = grownCapacity(state + 1)
      this.#reserve(4 * grown)
      const data = new Int32Array(grown)
      data.set(this.#data)
      this.#data = data
    }
    this.#data[state] = value
  }
}

/** Tells when to come up for air: at most every `sliceMs`, asking the clock only once in a while. */
export class Pacer {
  #ticks = 0
  #last: number = performance.now()

  due(): boolean {
    if (++this.#ticks % 64 !== 0) return false
    const now = performance.now()
    if (now - this.#last < sliceMs) return false
    this.#last = now
    return true
  }
}

const sliceMs = 50
