/**
 * Linearizability of a history that is too long to hold, or that is still going on: events go in one by one, and memory follows
 * the operations that are open. An event is judged once it is known what came of every operation that was called before it.
 */
import { Budget } from '../budget.ts'
import type { Decision, Limits } from '../decision.ts'
import { HistoryError } from '../errors.ts'
import type { HistoryEvent } from '../history.ts'
import { type Operation, operationOf, type Reading } from '../operation.ts'
import type { Spec } from '../spec.ts'
import { keyOf, showValue, type Value } from '../value.ts'
import { unplaceable } from './explain.ts'
import { JustInTime } from './just-in-time.ts'
import { Machine } from './machine.ts'

export interface StreamOptions {
  readonly reading?: Reading
  readonly limits?: Limits
}

/** A call or a return in the order of events; `operation` is undefined while nobody knows what came of it. */
interface Pending {
  readonly invocation: HistoryEvent
  /** null: it did not happen, or says nothing. */
  operation: Operation | null | undefined
}

interface Step {
  readonly pending: Pending
  readonly isReturn: boolean
}

interface Judged {
  readonly key: Value | undefined
  readonly search: JustInTime
  readonly slots: Map<number, number>
  readonly open: Map<number, Operation>
}

const algorithm = 'just-in-time linearization, streamed'
const slice = 1 << 14
/** States and classes that are kept, at the least, before those of the past are forgotten. */
const rememberedMin = 1 << 17

export class LinearizabilityStream {
  readonly #spec: Spec
  readonly #reading: Reading
  readonly #initial: Value
  readonly #budget: Budget
  #machine: Machine
  #rememberedMax = rememberedMin
  readonly #objects = new Map<string, Judged>()
  readonly #running = new Map<number | string, Pending>()
  /** Processes that crashed, and in which operation. */
  readonly #crashed = new Map<number | string, string>()
  #steps: Step[] = []
  #done = 0
  #decision: Decision | null = null
  #key: Value | undefined
  /** Operations that were judged. */
  operations = 0

  /** @throws HistoryError `option`, for a reading that needs the whole history */
  constructor(spec: Spec, { reading = {}, limits = {} }: StreamOptions = {}) {
    if (reading.neverWritten === 'ignored')
      throw new HistoryError('option', 'a stream does not know which values will never be written: such reads cannot be ignored')
    this.#spec = spec
    this.#reading = reading
    this.#initial = reading.initial ?? spec.initial
    this.#budget = new Budget(limits)
    this.#machine = new Machine(spec)
  }

  get objects(): number {
    return this.#objects.size
  }

  /** The decision, where the events so far have brought one: a violation, or a limit that is reached. */
  get decision(): Decision | null {
    return this.#decision
  }

  /** The object that the decision is about. */
  get key(): Value | undefined {
    return this.#key
  }

  /**
   * Takes the next event.
   * @throws HistoryError `history-events`, for one that no clients can have produced
   */
  push(event: HistoryEvent): void {
    if (this.#decision) return
    if (event.type === 'invoke') {
      const open = this.#running.get(event.process)?.invocation.f ?? this.#crashed.get(event.process)
      if (open !== undefined) throw misplaced(event, `process ${event.process} invokes ${event.f} while its ${open} is open`)
      const pending: Pending = { invocation: event, operation: undefined }
      this.#running.set(event.process, pending)
      this.#steps.push({ pending, isReturn: false })
      return
    }
    const pending = this.#running.get(event.process)
    if (pending === undefined) throw misplaced(event, `process ${event.process} completes ${event.f}, which it has not invoked`)
    this.#running.delete(event.process)
    if (event.type === 'info') this.#crashed.set(event.process, event.f)
    pending.operation = this.#operation(pending.invocation, event)
    if (event.type !== 'info' && pending.operation) this.#steps.push({ pending, isReturn: true })
    this.#advance()
  }

  /** Ends the history: operations that have not returned never will. */
  end(): Decision {
    for (const pending of this.#running.values()) pending.operation = this.#operation(pending.invocation, null)
    this.#running.clear()
    this.#advance()
    this.#decision ??= { verdict: 'holds', algorithm, witness: null }
    return this.#decision
  }

  #operation(invocation: HistoryEvent, completion: HistoryEvent | null): Operation | null {
    const operation = operationOf(this.operations, invocation, completion, this.#spec, this.#reading)
    if (operation) this.operations++
    return operation
  }

  #advance(): void {
    for (; this.#done < this.#steps.length && this.#decision === null; this.#done++) {
      const { pending, isReturn } = this.#steps[this.#done] as Step
      if (pending.operation === undefined) break
      if (pending.operation) this.#take(pending.operation, isReturn)
    }
    if (this.#done > 1024 && 2 * this.#done > this.#steps.length) {
      this.#steps = this.#steps.slice(this.#done)
      this.#done = 0
    }
    if (this.#remembered() > this.#rememberedMax) this.#forget()
  }

  #take(operation: Operation, isReturn: boolean): void {
    const judged = this.#judged(operation.key)
    if (isReturn) this.#return(judged, operation)
    else if (operation.return === Number.POSITIVE_INFINITY) judged.search.crash(operation.id, this.#machine.classId(operation))
    else {
      judged.slots.set(operation.id, judged.search.call(operation.id, this.#machine.classId(operation), operation.return))
      judged.open.set(operation.id, operation)
    }
  }

  #return(judged: Judged, operation: Operation): void {
    const { search, slots, open } = judged
    let progress = search.return(slots.get(operation.id) as number, slice)
    while (progress === 'paused') {
      const limit = this.#budget.exhausted() ?? (search.bytes + this.#machine.bytes > this.#budget.bytes ? 'memory' : null)
      if (limit !== null) {
        this.#unknown(limit, search, judged.key)
        return
      }
      progress = search.resume(slice)
    }
    if (progress === 'stuck') {
      this.#violated(judged, operation)
      return
    }
    slots.delete(operation.id)
    open.delete(operation.id)
    if ((this.operations & 0xfff) === 0 && this.#budget.exhausted()) this.#unknown('time', search, judged.key)
  }

  #unknown(limit: 'time' | 'memory', search: JustInTime, key: Value | undefined): void {
    const configurations = search.configurations.toLocaleString('en')
    this.#key = key
    this.#decision = {
      verdict: 'unknown',
      algorithm,
      limit,
      reached: `${this.operations.toLocaleString('en')} operations were read, ${configurations} configurations are open`,
    }
  }

  #violated({ key, search, open }: Judged, failing: Operation): void {
    const states = search
      .possibleStates()
      .slice(0, 10)
      .map((state) => ({
        state: showValue(this.#machine.state(state)),
        refusal: this.#machine.refusal(state, failing),
      }))
    const core = [...open.values()]
    this.#key = key
    this.#decision = {
      verdict: 'violated',
      algorithm,
      sentence: unplaceable(failing, states),
      failing,
      core,
      states: states.map(({ state }) => state),
    }
  }

  #judged(key: Value | undefined): Judged {
    const name = key === undefined ? '' : keyOf(key)
    let judged = this.#objects.get(name)
    if (judged === undefined) {
      const search = new JustInTime(this.#machine, [this.#machine.stateId(this.#initial)], false)
      judged = { key, search, slots: new Map(), open: new Map() }
      this.#objects.set(name, judged)
    }
    return judged
  }

  /** Keeps of states and classes those that are still of use. */
  #forget(): void {
    this.#machine = new Machine(this.#spec)
    for (const { search } of this.#objects.values()) search.migrate(this.#machine)
    this.#rememberedMax = Math.max(rememberedMin, 4 * this.#remembered())
  }

  #remembered(): number {
    return this.#machine.stateCount + this.#machine.classCount
  }
}

function misplaced(event: HistoryEvent, what: string): HistoryError {
  return new HistoryError('history-events', `event ${event.index}: ${what}`)
}
