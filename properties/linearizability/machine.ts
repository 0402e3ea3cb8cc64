/**
 * A specification made fast: states and operations are small integers, and the user's code runs once for each distinct pair
 * of the two. Operations that are alike in name, argument, result and way of ending (and process, where the specification
 * looks at it) are one class.
 */
import { HistoryError, invariant } from '../errors.ts'
import type { Operation } from '../operation.ts'
import type { Outcome, Spec } from '../spec.ts'
import { equal, isList, keyOf, showValue, type Value } from '../value.ts'
import { PairTable } from './pair-table.ts'

/** No next state: the operation cannot happen there. */
export const illegal = -1

const bytesOfState = 150
/** In the key, and about as much in the state. */
const bytesOfCharacter = 3

export class Machine {
  readonly #spec: Spec
  readonly #isViable: ((state: Value) => boolean) | null
  readonly #stateIds = new Map<string, number>()
  readonly #states: Value[] = []
  readonly #classIds = new Map<string, number>()
  readonly #classes: Operation[] = []
  readonly #observes: boolean[] = []
  /** Of each class, once somebody has asked, the state that it leaves whatever it finds, or -1. */
  readonly #leaves: number[] = []
  readonly #steps = new PairTable()
  readonly #lists: (readonly number[])[] = []
  /** Calls of the specification's functions. */
  runs = 0
  /** About how much memory the states take. */
  bytes = 0

  /** @param isViable whether a state can be one of those that explain the whole history */
  constructor(spec: Spec, isViable: ((state: Value) => boolean) | null = null) {
    this.#spec = spec
    this.#isViable = isViable
  }

  get stateCount(): number {
    return this.#states.length
  }

  get classCount(): number {
    return this.#classes.length
  }

  /** The number of a state. */
  stateId(state: Value): number {
    const key = keyOf(state, `a state of ${this.#spec.name}`)
    const known = this.#stateIds.get(key)
    if (known !== undefined) return known
    const id = this.#states.length
    this.#stateIds.set(key, id)
    this.#states.push(frozen(state))
    this.bytes += bytesOfState + bytesOfCharacter * key.length
    return id
  }

  state(id: number): Value {
    return this.#states[id] as Value
  }

  /** The number of the class of an operation. */
  classId(operation: Operation): number {
    const key = this.#classKey(operation)
    const known = this.#classIds.get(key)
    if (known !== undefined) return known
    const id = this.#classes.length
    this.#classIds.set(key, id)
    this.#classes.push(operation)
    // A failure that was observed changes nothing.
    this.#observes.push(this.#spec.observers.has(operation.f) || operation.completion === 'fail')
    return id
  }

  /** One of the operations of a class. */
  exemplar(classId: number): Operation {
    return this.#classes[classId] as Operation
  }

  /** Whether the operations of a class change nothing. */
  observes(classId: number): boolean {
    return this.#observes[classId] as boolean
  }

  /** Whether there are operations that overwrite. */
  get canOverwrite(): boolean {
    return this.#spec.access !== null
  }

  /** Whether the operations of a class can happen in every state, and always leave the same: blind writes. */
  overwrites(classId: number): boolean {
    const known = this.#leaves[classId]
    if (known !== undefined) return known !== -1
    const leaves = this.#isBlindWrite(this.#classes[classId] as Operation) ? this.step(0, classId) : -1
    this.#leaves[classId] = leaves >= 0 ? leaves : -1
    return leaves >= 0
  }

  /** The state after an operation; `illegal`; or, below that, the name of several (`several`). */
  step(state: number, classId: number): number {
    const known = this.#steps.get(state, classId)
    return known === PairTable.absent ? this.#run(state, classId) : known
  }

  /** The states behind a step that is below `illegal`. */
  several(step: number): readonly number[] {
    return this.#lists[-2 - step] as readonly number[]
  }

  /** Why an operation cannot happen in a state, in words. */
  refusal(state: number, operation: Operation): string {
    const outcomes = this.#outcomes(state, operation)
    if (typeof outcomes === 'string') return outcomes
    const would = outcomes.map(({ returns, completes = 'ok', because }) => {
      if (because !== undefined) return because
      if (completes !== operation.completion) return completes === 'fail' ? 'would have failed' : 'would have succeeded'
      return typeof returns === 'function' || returns === undefined
        ? 'would have returned something else'
        : `would have returned ${showValue(returns)}`
    })
    return [...new Set(would)].join(' or ')
  }

  #run(state: number, classId: number): number {
    const operation = this.#classes[classId] as Operation
    const outcomes = this.#outcomes(state, operation)
    const after = typeof outcomes === 'string' ? [] : this.#accepted(state, classId, outcomes)
    let step: number = illegal
    if (after.length === 1) step = after[0] as number
    else if (after.length > 1) step = -2 - (this.#lists.push(after) - 1)
    const leaves = this.#leaves[classId] ?? -1
    if (leaves !== -1 && step !== leaves) throw this.#depends(operation)
    this.#steps.put(state, classId, step)
    return step
  }

  /** One that crashed writes what it would have written. */
  #isBlindWrite(operation: Operation): boolean {
    const { access } = this.#spec
    if (access === null || operation.completion === 'fail') return false
    const { reads, writes } = access(operation.completion === 'ok' ? operation : { ...operation, completion: 'ok' })
    return writes !== undefined && reads === undefined
  }

  #accepted(state: number, classId: number, outcomes: readonly Outcome[]): number[] {
    const operation = this.#classes[classId] as Operation
    const after = new Set<number>()
    for (const outcome of outcomes) {
      if (!accepts(outcome, operation)) continue
      if (outcome.state !== undefined && this.#isViable?.(outcome.state) === false) continue
      const next = outcome.state === undefined ? state : this.stateId(outcome.state)
      if (next !== state && this.observes(classId)) throw this.#changed(operation)
      after.add(next)
    }
    return [...after]
  }

  #outcomes(state: number, operation: Operation): readonly Outcome[] | string {
    const apply = this.#spec.operations[operation.f]
    invariant(apply, 'operations are read against the specification')
    this.runs++
    let result: Outcome | readonly Outcome[] | string
    try {
      result = apply(this.state(state), operation.input as never, operation)
    } catch (error) {
      throw this.#failed(operation, error)
    }
    if (typeof result === 'string') return result
    if (typeof result !== 'object' || result === null) throw this.#failed(operation, new TypeError(`it returned ${String(result)}`))
    return isOutcomes(result) ? result : [result]
  }

  #classKey({ f, input, output, completion, process, callTime, returnTime }: Operation): string {
    const when = this.#spec.timed ? `${callTime}-${returnTime}` : ''
    const result = output === undefined ? '?' : keyOf(output)
    const who = this.#spec.perProcess ? `${typeof process === 'number' ? '' : '"'}${process}` : ''
    return `${f}\u0000${completion === 'ok' ? '' : completion}\u0000${who}\u0000${when}\u0000${keyOf(input)}\u0000${result}`
  }

  #failed(operation: Operation, error: unknown): HistoryError {
    if (error instanceof HistoryError) return error
    const why = error instanceof Error ? error.message : String(error)
    return new HistoryError(
      'specification',
      `${this.#spec.name}: ${operation.f} cannot be applied to ${showValue(operation.input)} (event ${operation.call}): ${why}; an operation returns { state, returns }, several of them, or a string, and states are frozen`,
    )
  }

  #depends(operation: Operation): HistoryError {
    return new HistoryError(
      'specification',
      `${this.#spec.name}: by its access, ${operation.f} ${showValue(operation.input)} writes and reads nothing, but what it does depends on the state`,
    )
  }

  #changed(operation: Operation): HistoryError {
    return new HistoryError(
      'specification',
      `${this.#spec.name}: ${operation.f} ${operation.completion === 'fail' ? 'completes with fail' : 'is declared an observer'} but changes the state`,
    )
  }
}

function accepts({ returns, completes = 'ok' }: Outcome, { completion, output }: Operation): boolean {
  if (completion === 'info') return completes === 'ok'
  if (completes !== completion) return false
  if (completion === 'fail' || returns === undefined || output === undefined) return true
  return typeof returns === 'function' ? returns(output) : equal(returns, output)
}

function isOutcomes(result: Outcome | readonly Outcome[]): result is readonly Outcome[] {
  return Array.isArray(result)
}

function frozen<V extends Value>(value: V): V {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const member of isList(value) ? value : Object.values(value)) frozen(member)
  return Object.freeze(value)
}
