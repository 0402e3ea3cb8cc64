/**
 * The general decision of linearizability for the operations on one object: just-in-time linearization first, since it names
 * the operation that cannot be placed; where the set of configurations grows large, a depth-first search takes turns with it,
 * and the first to finish decides.
 */
import type { Budget } from '../budget.ts'
import type { Unknown } from '../decision.ts'
import type { Operation } from '../operation.ts'
import type { Spec } from '../spec.ts'
import { showValue, type Value } from '../value.ts'
import { DepthFirst, type Entry } from './depth-first.ts'
import { JustInTime } from './just-in-time.ts'
import { Machine } from './machine.ts'

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
  /** The states that were possible before it, and why it cannot happen in them; at most ten, none from a depth-first search. */
  readonly states: readonly RefusingState[]
}

export interface RefusingState {
  readonly state: string
  readonly refusal: string
}

export const justInTime = 'just-in-time linearization'
export const depthFirst = 'depth-first search'

/** Steps of the first turn. */
const firstTurn = 1 << 16
const turnMax = 1 << 22

/**
 * What one turn of each search finds out; `null`: nothing. A turn is a measure of work, not of time, so that what is minimized by
 * it is the same on every machine.
 * @param operations on one object, in order of invocation
 */
export function attempt(
  spec: Spec,
  operations: readonly Operation[],
  initial: Value,
  budget: Budget,
  machine?: Machine,
): Linearized | Refuted | null {
  return new Search(spec, operations, initial, budget, machine).run()
}

/**
 * What a just-in-time linearization finds out where some operations need not have happened: nobody knows what they returned either.
 * `null` where a turn does not tell.
 * @param operations in order of invocation
 * @param start the states to start from
 */
export function attemptWithout(
  machine: Machine,
  operations: readonly Operation[],
  isOptional: (operation: Operation) => boolean,
  start: readonly Value[],
  budget: Budget,
): Linearized | Refuted | null {
  const entries = operations.map((operation) => {
    const optional = isOptional(operation)
    const unknown: Operation = optional ? { ...operation, completion: 'info', output: undefined } : operation
    return { classId: machine.classId(unknown), call: operation.call, return: operation.return, isOptional: optional }
  })
  const states = start.map((state) => machine.stateId(state))
  return new Walk(machine, operations, entries, states, budget).run(firstTurn)
}

/**
 * The states that are possible at some positions, by a just-in-time linearization of what comes before; of those that are reached
 * within the budget.
 * @param positions rising
 */
export function statesAt(
  machine: Machine,
  operations: readonly Operation[],
  initial: Value,
  positions: readonly number[],
  budget: Budget,
): ReadonlyMap<number, readonly Value[]> {
  const entries = operations.map((operation) => ({ classId: machine.classId(operation), call: operation.call, return: operation.return }))
  const walk = new Walk(machine, operations, entries, [machine.stateId(initial)], budget)
  const found = new Map<number, readonly Value[]>()
  for (const position of positions) {
    if (!walk.runTo(position)) break
    found.set(
      position,
      walk.possibleStates().map((state) => machine.state(state)),
    )
  }
  return found
}

/** The search for a linearization of one object's operations, in turns. */
export class Search {
  readonly operations: readonly Operation[]
  readonly machine: Machine
  readonly #entries: readonly Entry[]
  readonly #start: number
  readonly #budget: Budget
  readonly #walk: Walk
  #dive: Dive | null = null
  #turn = firstTurn

  /** @param machine of the same specification, where one that knows some of its steps is at hand */
  constructor(spec: Spec, operations: readonly Operation[], initial: Value, budget: Budget, machine?: Machine) {
    this.operations = operations
    this.machine = machine ?? new Machine(spec, spec.foresight?.(operations, initial) ?? null)
    this.#entries = operations.map((operation) => ({
      classId: this.machine.classId(operation),
      call: operation.call,
      return: operation.return,
    }))
    this.#start = this.machine.stateId(initial)
    this.#budget = budget
    this.#walk = new Walk(this.machine, operations, this.#entries, [this.#start], budget)
  }

  /** Takes one turn, twice as long as the one before. The depth-first search waits until the first is over. */
  run(): Linearized | Refuted | null {
    const turn = this.#turn
    this.#turn = Math.min(2 * turn, turnMax)
    const walked = this.#walk.run(turn)
    if (walked !== null) return walked
    this.#dive ??= new Dive(this.machine, this.operations, this.#entries, this.#start, this.#budget)
    return this.#dive.run(turn)
  }

  /** The verdict where a limit is reached. */
  exhausted(): Unknown | null {
    const limit = this.#budget.exhausted() ?? (this.#walk.isFull && this.#dive?.isFull ? 'memory' : null)
    return limit && { verdict: 'unknown', algorithm: `${justInTime} and ${depthFirst}`, limit, reached: this.#walk.reached() }
  }
}

/** Steps between two looks at the clock. */
const slice = 1 << 12
/** Events between two looks at the clock. */
const eventsPerLook = 1 << 12
const freeSteps = 32

interface WalkEntry extends Entry {
  /** It need not have happened. */
  readonly isOptional?: boolean
}

/** The just-in-time linearization of a whole history. */
class Walk {
  readonly #operations: readonly Operation[]
  readonly #entries: readonly WalkEntry[]
  /** Calls as positions among the entries, returns as their complements. */
  readonly #events: Int32Array
  readonly #slots: Int32Array
  readonly #machine: Machine
  readonly #search: JustInTime
  readonly #budget: Budget
  #at = 0
  #isPaused = false
  isFull = false

  constructor(machine: Machine, operations: readonly Operation[], entries: readonly WalkEntry[], start: readonly number[], budget: Budget) {
    this.#operations = operations
    this.#entries = entries
    this.#events = eventsOf(entries)
    this.#slots = new Int32Array(entries.length)
    this.#machine = machine
    this.#search = new JustInTime(machine, start, true)
    this.#budget = budget
  }

  run(steps: number): Linearized | Refuted | null {
    if (this.isFull) return null
    const until = this.#work() + steps
    const last = this.#events.length
    for (let looked = this.#at; this.#work() < until; ) {
      if (this.#at === last) return this.#holds()
      const progress = this.#next()
      if (this.#at - looked >= eventsPerLook) {
        if (this.#budget.exhausted() !== null) return null
        looked = this.#at
      }
      if (progress === 'stuck') return this.#stuck()
      if (progress !== 'paused') continue
      this.isFull = this.#search.bytes + this.#machine.bytes > this.#budget.bytes / 2
      if (this.isFull || this.#budget.exhausted() !== null) return null
    }
    return null
  }

  /** Goes on to the first event at or after a position; false where that is not possible, or takes too long. */
  runTo(position: number): boolean {
    while (this.#at < this.#events.length && this.#position() < position) {
      const progress = this.#next()
      if (progress === 'stuck' || (progress === 'paused' && this.#budget.exhausted() !== null)) return false
    }
    return true
  }

  possibleStates(): readonly number[] {
    return this.#search.possibleStates()
  }

  #position(): number {
    const event = this.#events[this.#at] as number
    return event < 0 ? (this.#entries[~event] as Entry).return : (this.#entries[event] as Entry).call
  }

  /**
   * A state that was not seen before takes much longer than a step between known ones. Steps that every event may take are free:
   * a long history that goes on well is no reason to try another search.
   */
  #work(): number {
    return this.#search.steps + this.#machine.bytes / 32 - freeSteps * this.#at
  }

  reached(): string {
    const returned = this.#events.subarray(0, this.#at).filter((event) => event < 0).length
    const all = this.#events.filter((event) => event < 0).length
    return `${returned.toLocaleString('en')} of ${all.toLocaleString('en')} completed operations are explained, ${this.#search.configurations.toLocaleString('en')} configurations are open`
  }

  #next(): 'done' | 'stuck' | 'paused' {
    if (this.#isPaused) return this.#after(this.#search.resume(slice))
    const event = this.#events[this.#at] as number
    if (event < 0) return this.#after(this.#search.return(this.#slots[~event] as number, slice, this.#entries[~event]?.isOptional))
    const { classId, return: end } = this.#entries[event] as WalkEntry
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
    const states = this.#search
      .possibleStates()
      .slice(0, 10)
      .map((state) => ({ state: showValue(this.#machine.state(state)), refusal: this.#machine.refusal(state, failing) }))
    return { verdict: 'violated', algorithm: justInTime, failing, longest, states }
  }
}

/** The depth-first search of a whole history. */
class Dive {
  readonly #operations: readonly Operation[]
  readonly #machine: Machine
  readonly #search: DepthFirst
  readonly #budget: Budget
  isFull = false

  constructor(machine: Machine, operations: readonly Operation[], entries: readonly Entry[], start: number, budget: Budget) {
    this.#operations = operations
    this.#machine = machine
    this.#search = new DepthFirst(machine, entries, [start], budget.bytes / 2)
    this.#budget = budget
  }

  run(steps: number): Linearized | Refuted | null {
    const until = this.#search.steps + steps
    while (!this.isFull && this.#search.steps < until) {
      const result = this.#search.run(slice)
      if (result === 'holds') return { verdict: 'holds', algorithm: depthFirst, order: named(this.#search.witness(), this.#operations) }
      if (result === 'violated') return this.#refuted()
      this.isFull = result === 'full' || this.#machine.bytes > this.#budget.bytes
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
