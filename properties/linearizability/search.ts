/**
 * The general decision of linearizability for the operations on one object: just-in-time linearization first, since it names
 * the operation that cannot be placed; where the set of configurations grows large, a depth-first search takes turns with it,
 * and the first to finish decides.
 */
import type { Budget } from '../budget.ts'
import type { Unknown } from '../decision.ts'
import type { Operation } from '../operation.ts'
import type { Value } from '../value.ts'
import { DepthFirst, type Entry } from './depth-first.ts'
import { JustInTime } from './just-in-time.ts'
import type { Machine } from './machine.ts'

export type Linearization = Linearized | Refuted | Unknown

export interface Linearized {
  readonly verdict: 'holds'
  readonly algorithm: string
  readonly order: readonly Operation[]
}

export interface Refuted {
  readonly verdict: 'violated'
  readonly algorithm: string
  /** The first operation whose return no order explains; of a depth-first search, the first missing from the longest order. */
  readonly failing: Operation
  readonly longest: readonly Operation[]
  /** Numbers of the states that were possible before it; none from a depth-first search. */
  readonly states: readonly number[]
}

export const justInTime = 'just-in-time linearization'
export const depthFirst = 'depth-first search'

/** Steps of the first turn: the depth-first search waits until they are used up. */
const patience = 1 << 18

/** @param operations on one object, in order of invocation */
export function linearize(machine: Machine, operations: readonly Operation[], initial: Value, budget: Budget): Linearization {
  const entries = operations.map((operation) => ({ classId: machine.classId(operation), call: operation.call, return: operation.return }))
  const start = machine.stateId(initial)
  const walk = new Walk(machine, operations, entries, start, budget)
  let dive: Dive | null = null
  for (let turn = patience; ; turn = Math.min(2 * turn, 1 << 22)) {
    const walked = walk.run(turn)
    if (walked !== null) return walked
    dive ??= new Dive(machine, operations, entries, start, budget)
    const decided = dive.run(turn)
    if (decided !== null) return decided
    const limit = budget.exhausted() ?? (walk.isFull && dive.isFull ? 'memory' : null)
    if (limit !== null) return { verdict: 'unknown', algorithm: `${justInTime} and ${depthFirst}`, limit, reached: walk.reached() }
  }
}

/** Steps between two looks at the clock. */
const slice = 1 << 15

/** The just-in-time linearization of a whole history. */
class Walk {
  readonly #operations: readonly Operation[]
  readonly #entries: readonly Entry[]
  /** Calls as positions among the entries, returns as their complements. */
  readonly #events: Int32Array
  readonly #slots: Int32Array
  readonly #search: JustInTime
  readonly #budget: Budget
  #at = 0
  #isPaused = false
  isFull = false

  constructor(machine: Machine, operations: readonly Operation[], entries: readonly Entry[], start: number, budget: Budget) {
    this.#operations = operations
    this.#entries = entries
    this.#events = eventsOf(entries)
    this.#slots = new Int32Array(entries.length)
    this.#search = new JustInTime(machine, [start])
    this.#budget = budget
  }

  run(steps: number): Linearization | null {
    if (this.isFull) return null
    const until = this.#search.steps + steps
    while (this.#search.steps < until) {
      if (this.#at === this.#events.length) return this.#holds()
      const progress = this.#next()
      if (progress === 'stuck') return this.#stuck()
      if (progress !== 'paused') continue
      this.isFull = this.#search.bytes > this.#budget.bytes / 2
      if (this.isFull || this.#budget.exhausted() !== null) return null
    }
    return null
  }

  reached(): string {
    const returned = this.#events.subarray(0, this.#at).filter((event) => event < 0).length
    const all = this.#events.filter((event) => event < 0).length
    return `${returned.toLocaleString('en')} of ${all.toLocaleString('en')} completed operations are explained, ${this.#search.configurations.toLocaleString('en')} configurations are open`
  }

  #next(): 'done' | 'stuck' | 'paused' {
    if (this.#isPaused) return this.#after(this.#search.resume(slice))
    const event = this.#events[this.#at] as number
    if (event < 0) return this.#after(this.#search.return(this.#slots[~event] as number, slice))
    const { classId, return: end } = this.#entries[event] as Entry
    if (end === Number.POSITIVE_INFINITY) this.#search.crash(event, classId)
    else this.#slots[event] = this.#search.call(event, classId, end)
    this.#at++
    return 'done'
  }

  #after(progress: 'done' | 'stuck' | 'paused'): 'done' | 'stuck' | 'paused' {
    this.#isPaused = progress === 'paused'
    if (progress === 'done') this.#at++
    return progress
  }

  #holds(): Linearized {
    return { verdict: 'holds', algorithm: justInTime, order: named(this.#search.longest(), this.#operations) }
  }

  #stuck(): Refuted {
    const failing = this.#operations[~(this.#events[this.#at] as number)] as Operation
    const longest = named(this.#search.longest(), this.#operations)
    return { verdict: 'violated', algorithm: justInTime, failing, longest, states: this.#search.possibleStates() }
  }
}

/** The depth-first search of a whole history. */
class Dive {
  readonly #operations: readonly Operation[]
  readonly #search: DepthFirst
  readonly #budget: Budget
  isFull = false

  constructor(machine: Machine, operations: readonly Operation[], entries: readonly Entry[], start: number, budget: Budget) {
    this.#operations = operations
    this.#search = new DepthFirst(machine, entries, [start], budget.bytes / 2)
    this.#budget = budget
  }

  run(steps: number): Linearization | null {
    const until = this.#search.steps + steps
    while (!this.isFull && this.#search.steps < until) {
      const result = this.#search.run(slice)
      if (result === 'holds') return { verdict: 'holds', algorithm: depthFirst, order: named(this.#search.witness(), this.#operations) }
      if (result === 'violated') return this.#refuted()
      this.isFull = result === 'full'
      if (this.#budget.exhausted() !== null) break
    }
    return null
  }

  #refuted(): Refuted {
    const longest = named(this.#search.longest, this.#operations)
    const placed = new Set(longest)
    let failing = this.#operations[0] as Operation
    let earliest = Number.POSITIVE_INFINITY
    for (const operation of this.#operations) {
      if (placed.has(operation) || operation.return >= earliest) continue
      earliest = operation.return
      failing = operation
    }
    return { verdict: 'violated', algorithm: depthFirst, failing, longest, states: [] }
  }
}

function eventsOf(entries: readonly Entry[]): Int32Array {
  const returns = entries.flatMap(({ return: end }, i) => (end === Number.POSITIVE_INFINITY ? [] : [i]))
  returns.sort((a, b) => (entries[a] as Entry).return - (entries[b] as Entry).return)
  const events = new Int32Array(entries.length + returns.length)
  let r = 0
  let at = 0
  const returnsBefore = (position: number): void => {
    for (; r < returns.length && (entries[returns[r] as number] as Entry).return < position; r++) events[at++] = ~(returns[r] as number)
  }
  entries.forEach(({ call }, i) => {
    returnsBefore(call)
    events[at++] = i
  })
  returnsBefore(Number.POSITIVE_INFINITY)
  return events
}

function named(positions: readonly number[], operations: readonly Operation[]): Operation[] {
  return positions.map((position) => operations[position] as Operation)
}
