/**
 * Long histories of which the verdict is known by construction. Clients run against an object that takes each of their
 * operations at one moment, so that there is an order that explains them; some crash before or after that moment. Among them
 * a script runs, whose last operations are made up: they contradict the ones before them in the script whatever anybody else
 * did, since it uses values that nobody else does.
 */
import fc from 'fast-check'
import type { Operation } from '../operation.ts'
import type { Outcome, Spec } from '../spec.ts'
import { equal, type Value } from '../value.ts'

export interface Workload {
  readonly name: string
  readonly spec: Spec
  readonly initial?: Value
  /** What clients ask for; `n` is a number that no other call of the history has. */
  readonly calls: readonly ((n: number) => Call)[]
  /** What the object answers where the specification leaves it open. */
  readonly answer?: (state: Value, call: Call, n: number) => Value
  readonly scripts: Readonly<Record<string, readonly Step[]>>
  /** More operations than these take too long to search. */
  readonly operationsMax?: number
  /** Operations that crash, at most; 4 unless told. */
  readonly crashesMax?: number
  /** The operations that may crash, or be open at the end; all unless told. */
  readonly crashing?: readonly string[]
  /** Whether only what its type makes easy decides its histories soon: a monitor, or foresight. */
  readonly isHardToSearch?: boolean
  /** 10 unless told. */
  readonly processesMax?: number
}

export type Call = readonly [f: string, input: Value]

/** One operation of a script. It is made up if it `says` what came of it, and really happens otherwise, as soon as it can. */
export interface Step {
  readonly call: Call
  /** Scripts may run as two clients, 0 (unless told) and 1; one operation at a time. */
  readonly client?: 0 | 1
  readonly says?: (told: Told) => Said
}

/** What a made-up operation can be made of. */
export interface Told {
  /** The state when it returned. */
  readonly state: Value
  /** All operations of the history but the made-up ones. */
  readonly operations: readonly Operation[]
  /** Those of the script so far. */
  readonly script: readonly Operation[]
}

export type Said = Partial<Pick<Operation, 'input' | 'output' | 'completion'>>

export interface Planted {
  readonly operations: readonly Operation[]
  /** The name of the script that ran, where all of it did. */
  readonly violation: string | null
}

interface Run {
  /** One tick each. */
  readonly numbers: readonly number[]
  readonly processes: number
  readonly crashes: number
  readonly script: readonly [name: string, steps: readonly Step[]] | null
}

/** Histories of a workload, in order of invocation; with a script they are violated. */
export function planted(workload: Workload, isViolated: boolean): fc.Arbitrary<Planted> {
  const { operationsMax = 300, crashesMax = 4, processesMax = 10, scripts } = workload
  const numbers = (operations: number): fc.Arbitrary<number[]> =>
    fc.array(fc.nat({ max: 99_999 }), { minLength: 50, maxLength: Math.max(60, 3 * Math.min(operations, operationsMax)), size: 'max' })
  return fc
    .record<Run>({
      numbers: fc.noBias(
        fc.oneof({ weight: 12, arbitrary: numbers(40) }, { weight: 3, arbitrary: numbers(100) }, { weight: 1, arbitrary: numbers(300) }),
      ),
      processes: fc.integer({ min: 3, max: processesMax }),
      crashes: fc.integer({ min: 0, max: crashesMax }),
      script: isViolated ? fc.constantFrom(...Object.entries(scripts)) : fc.constant(null),
    })
    .map((run) => new World(workload, run).history())
}

type Draft = { -readonly [Name in keyof Operation]: Operation[Name] }

interface Client {
  process: number
  operation: Draft | null
  isEffected: boolean
}

/** Made-up values begin here; those of the clients are smaller. */
export const madeUp = 1_000_000

class World {
  readonly #workload: Workload
  readonly #run: Run
  readonly #clients: Client[]
  readonly #operations: Draft[] = []
  readonly #scripted: Draft[] = []
  readonly #forged: (() => void)[] = []
  #state: Value
  #now = 0
  #pause: number
  #open: Draft | null = null
  #isEffected = false
  #crashesLeft: number
  #processes: number

  constructor(workload: Workload, run: Run) {
    this.#workload = workload
    this.#run = run
    this.#clients = Array.from({ length: run.processes }, (_, process) => ({ process, operation: null, isEffected: false }))
    this.#state = workload.initial ?? workload.spec.initial
    this.#crashesLeft = run.crashes
    this.#processes = run.processes + 2
    this.#pause = (run.numbers[0] ?? 0) % 60
  }

  history(): Planted {
    const { numbers, processes, script } = this.#run
    for (const number of numbers) {
      const who = number % (processes + 1)
      const choice = Math.floor(number / (processes + 1))
      if (who < processes) this.#tick(this.#clients[who] as Client, choice)
      else this.#tickScript(choice)
      this.#now++
    }
    // What is left of the script follows; clients take turns, so that what it waits for can come.
    for (let turn = 0; turn < 400 && !this.#isOver(); turn++) {
      this.#pause = 0
      for (const client of turn % 4 === 0 ? this.#clients : []) {
        this.#tick(client, 1 + turn * 31)
        this.#now++
      }
      this.#tickScript(turn)
      this.#now++
    }
    for (const client of this.#clients) this.#finish(client)
    const isWhole = script !== null && this.#isOver()
    if (isWhole) for (const forge of this.#forged) forge()
    const dropped = new Set(isWhole ? [] : this.#scripted.filter((_, i) => script?.[1][i]?.says !== undefined))
    return {
      operations: numbered(this.#operations.filter((operation) => !dropped.has(operation))),
      violation: isWhole ? script[0] : null,
    }
  }

  #isOver(): boolean {
    return this.#open === null && this.#scripted.length === (this.#run.script?.[1].length ?? 0)
  }

  #tick(client: Client, choice: number): void {
    const { calls } = this.#workload
    const { operation } = client
    if (operation === null) {
      const call = (calls[choice % calls.length] as (n: number) => Call)(this.#operations.length + 1)
      client.operation = this.#called(client.process, call)
      client.isEffected = false
    } else if (choice % 23 === 0 && this.#crashesLeft > 0 && this.#mayCrash(operation)) {
      this.#crashesLeft--
      client.process = this.#processes++
      client.operation = null
    } else if (!client.isEffected) client.isEffected = this.#effected(operation, choice, false)
    else {
      this.#returned(operation)
      client.operation = null
    }
  }

  #mayCrash({ f }: Draft): boolean {
    return this.#workload.crashing?.includes(f) ?? true
  }

  #finish(client: Client): void {
    if (client.operation === null || this.#mayCrash(client.operation)) return
    if (!client.isEffected && !this.#effected(client.operation, 0, false)) return
    this.#returned(client.operation)
    this.#now++
  }

  #tickScript(choice: number): void {
    const step = this.#run.script?.[1][this.#open === null ? this.#scripted.length : this.#scripted.length - 1]
    if (step === undefined || this.#pause-- > 0) return
    if (this.#open === null) {
      this.#open = this.#called(this.#run.processes + (step.client ?? 0), step.call)
      this.#isEffected = step.says !== undefined
      this.#scripted.push(this.#open)
    } else if (!this.#isEffected) this.#isEffected = this.#effected(this.#open, choice, true)
    else {
      this.#returned(this.#open)
      if (step.says) this.#forge(this.#open, step.says)
      this.#open = null
      this.#pause = choice % 30
    }
  }

  #called(process: number, [f, input]: Call): Draft {
    const pending = { output: undefined, completion: 'info', call: this.#now, return: Number.POSITIVE_INFINITY } as const
    const operation: Draft = { id: 0, process, key: undefined, f, input, ...pending, callTime: this.#now * 1e6 }
    this.#operations.push(operation)
    return operation
  }

  /** Whether the operation has taken effect: it may have to wait. */
  #effected(operation: Draft, choice: number, mustSucceed: boolean): boolean {
    const { spec, answer } = this.#workload
    const { f, input } = operation
    const proposed = answer?.(this.#state, [f, input], choice)
    const tried: Operation = {
      ...operation,
      completion: 'ok',
      returnTime: this.#now * 1e6,
      ...(proposed === undefined ? {} : { output: proposed }),
    }
    const result = spec.operations[f]?.(this.#state, input as never, tried)
    if (result === undefined || typeof result === 'string') return false
    const outcomes = [result].flat() as Outcome[]
    const outcome = outcomes[choice % outcomes.length]
    if (outcome === undefined || (mustSucceed && outcome.completes === 'fail')) return false
    if (outcome.state !== undefined) this.#state = outcome.state
    operation.completion = outcome.completes ?? 'ok'
    if (operation.completion === 'ok') operation.output = proposed ?? resultOf(outcome, this.#state, choice)
    return true
  }

  #returned(operation: Draft): void {
    operation.return = this.#now
    operation.returnTime = this.#now * 1e6
  }

  #forge(operation: Draft, says: (told: Told) => Said): void {
    const state = this.#state
    const script = this.#scripted.filter((other) => other !== operation)
    operation.completion = 'ok'
    this.#forged.push(() => {
      const forged = new Set(this.#scripted.filter((_, i) => this.#run.script?.[1][i]?.says !== undefined))
      Object.assign(operation, says({ state, operations: this.#operations.filter((other) => !forged.has(other)), script }))
    })
  }
}

/** A result that the outcome allows. */
function resultOf({ returns }: Outcome, state: Value, choice: number): Value {
  if (typeof returns !== 'function') return returns ?? null
  const allowed = [null, true, false, state].filter((value) => returns(value))
  return allowed[choice % allowed.length] ?? null
}

/** Those that never returned are crashed, and nobody knows their results; whole numbers from 0 for positions. */
function numbered(operations: readonly Draft[]): Operation[] {
  return operations.map((operation, id) => {
    if (operation.return !== Number.POSITIVE_INFINITY) return { ...operation, id }
    return { ...operation, id, completion: 'info', output: undefined }
  })
}

/** Another list without the elements that are equal to one. */
export function lacking(values: Value, one: Value): Value {
  return (values as readonly Value[]).filter((value) => !equal(value, one))
}
