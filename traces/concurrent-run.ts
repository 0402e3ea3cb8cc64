/**
 * Runs a program of concurrent clients against an asynchronous implementation, under a scheduler that decides at each step who
 * goes on. Only what the scheduler controls is explored: the start of each operation, and the calls of what is wrapped by
 * `schedule`, each of which arrives and is answered at moments of the scheduler's choice. Timers, files and networks that are
 * not wrapped go their own way, and must not be waited for.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as afterMicrotasks } from 'node:timers'
import { inspect } from 'node:util'
import { isHistoryError } from '../properties/errors.ts'
import type { History } from '../properties/history.ts'
import { shortened } from '../properties/operation-text.ts'
import type { Value } from '../properties/value.ts'
import { type ClientCall, callText, type Program } from './concurrent-program.ts'
import { type RecordedCall, type RecordingClient, recorder } from './histories/recorder.ts'

/** What the runner needs of fast-check's scheduler. */
export interface Steps {
  schedule(task: Promise<void>, label: string, actor: Actor): Promise<void>
  count(): number
  waitOne(): Promise<void>
}

/** Who a step belongs to. */
export interface Actor {
  readonly client: number
  /** The operation that it is done for has ended: it is work that goes on in the background. */
  readonly isDone: boolean
}

/** What a dependency becomes when it is scheduled: the same, answering later. */
export type Scheduled<T> = T extends (...args: infer A) => infer R
  ? (...args: A) => Promise<Awaited<R>>
  : { readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : T[K] }

/**
 * Wraps a function or an object with methods that the implementation depends on, such as a store: each call arrives at a step
 * of its own and is answered at another. Methods that are not asynchronous become so: a `Map` makes a store.
 * @param name as shown in interleavings
 */
export type Schedule = <T extends object>(dependency: T, name?: string) => Scheduled<T>

/** The implementation under test: a function, or a method, for each command. */
export type Implementation = Readonly<Record<string, (input: never, key: never) => unknown>>

export interface RunOptions {
  /** What an error that an operation throws says, as in `recorder`; without it, such an error ends the run. */
  readonly errors?: (error: unknown, call: RecordedCall) => 'fail' | 'info'
}

/** One step of a run, and whose it was. */
export interface RunStep {
  readonly client: number
  readonly text: string
}

export interface ProgramRun {
  /** Operations that wait for something that never comes have no completion. Times count the steps. */
  readonly history: History
  readonly steps: readonly RunStep[]
}

/** Steps after which a run is taken to go on for ever. */
const stepsMax = 10_000

/**
 * Runs the clients until all have ended, or nothing is left that the scheduler could let go on.
 * @throws what an operation throws, unless `errors` says what that means; Error if the clients do not come to rest
 */
export async function runProgram(
  program: Program,
  steps: Steps,
  system: (schedule: Schedule) => object,
  options: RunOptions = {},
): Promise<ProgramRun> {
  const { failures, ...run } = await attemptProgram(program, steps, system, options)
  if (failures.length > 0) throw failures[0]
  return run
}

/** The same, ending at the first error, which it returns. */
export async function attemptProgram(
  program: Program,
  steps: Steps,
  system: (schedule: Schedule) => object,
  { errors }: RunOptions,
): Promise<ProgramRun & { readonly failures: readonly unknown[] }> {
  const taken: RunStep[] = []
  const failures: unknown[] = []
  const record = recorder({ clock: () => taken.length, ...(errors === undefined ? {} : { errors }) })
  let isSetUp = false
  const implementation = (await system(scheduleBy(step))) as Implementation
  isSetUp = true
  let running = program.clients.length
  for (const [client, calls] of program.clients.entries())
    runClient(client, calls, record.client(client)).then(
      () => running--,
      (error: unknown) => failures.push(error),
    )
  await settled()
  while (running > 0 && failures.length === 0 && steps.count() > 0) {
    if (taken.length === stepsMax) throw new Error(`the clients do not come to rest in ${stepsMax} steps`)
    await steps.waitOne()
    await settled()
  }
  return { history: record.history, steps: taken, failures }

  async function runClient(client: number, calls: readonly ClientCall[], recording: RecordingClient): Promise<void> {
    for (const call of calls) {
      const actor = { client, isDone: false }
      await acting.run(actor, () => perform(call, recording))
      actor.isDone = true
    }
  }

  async function perform(call: ClientCall, recording: RecordingClient): Promise<void> {
    const { f, input, key } = call
    const run = implementation[f] as ((input: Value, key?: Value) => unknown) | undefined
    if (typeof run !== 'function') throw new TypeError(`the system has no function ${f}`)
    await step(callText(call))
    try {
      await recording.call(f, input, () => run.call(implementation, input, key), key === undefined ? {} : { key })
    } catch (error) {
      // What cannot be recorded is a mistake of the test, whatever errors of the implementation mean.
      if (errors === undefined || isHistoryError(error)) throw error
    }
  }

  /** Waits for one's turn. */
  async function step(text: string): Promise<void> {
    if (!isSetUp) return
    const actor = acting.getStore() ?? nobody
    await steps.schedule(Promise.resolve(), `${actor === nobody ? 'background' : `client ${actor.client}`}: ${text}`, actor)
    taken.push({ client: actor.client, text })
  }
}

/** Whose operation is running. One for all runs: every storage that has ever been used costs each promise some time. */
const acting = new AsyncLocalStorage<Actor>()

/** Work that no client has asked for. */
const nobody: Actor = { client: -1, isDone: true }

/** Lets everything happen that needs no step, however many promises it takes. */
const settled = (): Promise<void> => new Promise((resolve) => afterMicrotasks(resolve))

function scheduleBy(step: (text: string) => Promise<void>): Schedule {
  return <T extends object>(dependency: T, name?: string): Scheduled<T> => {
    if (typeof dependency === 'function')
      return scheduledFunction(dependency as AnyFunction, name ?? (dependency as AnyFunction).name) as Scheduled<T>
    const constructor: unknown = dependency.constructor
    const prefix = name ?? (typeof constructor === 'function' && constructor !== Object ? constructor.name : '')
    const methods = new Map<PropertyKey, AnyFunction>()
    // Behind the proxy is an empty object, since that of a frozen one must not answer with other functions.
    return new Proxy({}, { get: (_, property) => memberOf(dependency, property, prefix, methods) }) as Scheduled<T>
  }

  function memberOf(dependency: object, property: PropertyKey, prefix: string, methods: Map<PropertyKey, AnyFunction>): unknown {
    const member: unknown = Reflect.get(dependency, property, dependency)
    if (typeof member !== 'function') return member
    const known = methods.get(property)
    if (known !== undefined) return known
    const name = `${prefix === '' ? '' : `${prefix}.`}${String(property)}`
    const method = scheduledFunction((...args) => Reflect.apply(member, dependency, args), name, dependency)
    methods.set(property, method)
    return method
  }

  function scheduledFunction(run: AnyFunction, name: string, self?: object): AnyFunction {
    return async (...args) => {
      const call = `${name}(${args.map(shown).join(', ')})`
      await step(call)
      try {
        // Whoever waits inside, for a lock perhaps, lets the others go on.
        const result = await run(...args)
        await step(result === self ? `${call} done` : `${call} → ${shown(result)}`)
        return result
      } catch (error) {
        await step(`${call} fails`)
        throw error
      }
    }
  }
}

type AnyFunction = (...args: readonly unknown[]) => unknown

function shown(value: unknown): string {
  return shortened(inspect(value, { depth: 2, breakLength: Number.POSITIVE_INFINITY, compact: true }), 30)
}
