/**
 * `counterpoint/fast-check`: arbitraries. `walks(model)` generates random paths of a model, which shrink to shorter ones:
 * test cases for an implementation that is to do what the model does. `linearizable(spec, ...)` is the property of an
 * implementation that concurrent clients cannot tell it from its specification, however their steps interleave.
 *
 * @example
 * fc.assert(fc.property(walks(lock), (steps) => run(new RealLock(), steps)))
 *
 * @example
 * const system = (schedule) => new Counter(schedule(new MemoryStore()))
 * await fc.assert(linearizable(counter, { commands: { increment: fc.constant(null), read: fc.constant(null) }, system }))
 */
import fc from 'fast-check'
import sortBy from 'lodash/sortBy.js'
import { type Model, type ProgramOptions, program, type Step, simulation } from '../checker/index.ts'
import { HistoryError } from '../properties/errors.ts'
import { operations } from '../properties/history.ts'
import type { Spec } from '../properties/spec.ts'
import { keyOf, type Value } from '../properties/value.ts'
import { byDelays, type Choose } from './concurrent-delays.ts'
import { type ClientCall, Program, replaced, smaller } from './concurrent-program.ts'
import { type Actor, attemptProgram, type ProgramRun, type RunOptions, type Schedule, type Steps } from './concurrent-run.ts'
import { stepsText } from './concurrent-text.ts'
import { PathArbitrary } from './fast-check-paths.ts'
import { type ConsistencyLevel, type ConsistencyOptions, consistency } from './histories/consistency.ts'

export { type ClientCall, Program } from './concurrent-program.ts'
export { type ProgramRun, type RunOptions, type RunStep, runProgram, type Schedule, type Scheduled } from './concurrent-run.ts'

/** A step of a walk, with the state that it leads to: slot name to value. */
export interface WalkStep extends Step {
  readonly after: Readonly<Record<string, unknown>>
}

export interface WalkOptions extends ProgramOptions {
  /** Steps at the most; 30 by default. */
  readonly maxLength?: number
}

/** Random paths from an initial state, within the boundary, ending early where no action is enabled. */
export function walks(model: Model, options: WalkOptions = {}): fc.Arbitrary<readonly WalkStep[]> {
  const run = simulation(program(model, options))
  return new PathArbitrary(run, { maxLength: options.maxLength ?? 30 }).map(({ transitions }) =>
    transitions.map(({ action, args, process, after }) => ({ action, args, process, after: run.record(after) })),
  )
}

/** The operations that clients may call, each with its inputs; those that come first are the simplest, and failures shrink to them. */
export type Commands = Readonly<Record<string, fc.Arbitrary<Value>>>

export interface ProgramShape {
  /** Clients at the most; 3 by default. */
  readonly clients?: number
  /** Operations of one client at the most; 3 by default. */
  readonly operations?: number
  /** The objects that the operations are about, in histories of several independent ones. */
  readonly keys?: readonly Value[]
}

/** Programs of concurrent clients. They shrink to fewer operations, then to fewer concurrent ones, then to simpler ones. */
export function programs(commands: Commands, shape: ProgramShape = {}): fc.Arbitrary<Program> {
  return new ProgramArbitrary(commands, shape)
}

/** What a system has for each of the commands: a function, or a method. */
export type SystemOf<C extends Commands> = {
  readonly [F in keyof C]: (input: C[F] extends fc.Arbitrary<infer I> ? I : never, key: never) => unknown
}

export interface ConcurrentOptions<C extends Commands> extends ProgramShape, ConsistencyOptions, RunOptions {
  readonly commands: C
  /** Makes a new system, once for every interleaving. What it waits for must come from dependencies wrapped by `schedule`. */
  readonly system: (schedule: Schedule) => SystemOf<C> | Promise<SystemOf<C>>
  /** Interleavings of each program that are tried at the most, those with few delays first; 100 by default. */
  readonly interleavings?: number
  /** Operations may wait for ever, as takers of an empty queue do; otherwise one that does is a failure. */
  readonly mayBlock?: boolean
}

/**
 * The property that every history of concurrent clients is linearizable. Each program runs in many interleavings; a failure
 * shrinks to a smallest program, and shows the interleaving with the fewest delays that breaks it.
 */
export function linearizable<S extends Value, C extends Commands>(
  spec: Spec<S>,
  options: ConcurrentOptions<C>,
): fc.IAsyncPropertyWithHooks<[Program]> {
  return consistent('linearizable', spec, options)
}

/** The same for another level of consistency. */
export function consistent<S extends Value, C extends Commands>(
  level: ConsistencyLevel,
  spec: Spec<S>,
  options: ConcurrentOptions<C>,
): fc.IAsyncPropertyWithHooks<[Program]> {
  const { commands, system, interleavings = 100 } = options
  const unknown = Object.keys(commands).find((f) => !Object.hasOwn(spec.operations, f))
  if (unknown !== undefined)
    throw new HistoryError(
      'option',
      `commands: ${unknown} is not an operation of ${spec.name}; it has ${Object.keys(spec.operations).join(', ')}`,
    )
  return fc.asyncProperty(programs(commands, options), async (tried) => {
    const failure = await byDelays(async (choose) => {
      const choices: number[] = []
      const remembered: Choose = (candidates) => {
        choices.push(choose(candidates))
        return choices.at(-1) ?? 0
      }
      const repeated: Choose = () => choices.shift() ?? 0
      const run = await attemptProgram(tried, steered(remembered), system, options)
      const problem = problemIn(run, level, spec, options)
      if (problem === null) return null
      const again = await attemptProgram(tried, steered(repeated), system, options)
      return new Error(`${problem}\n${interleavingText(run, tried, isSame(run, again))}`, { cause: run.failures[0] })
    }, interleavings)
    if (failure !== null) throw failure
  })
}

type Attempt = Awaited<ReturnType<typeof attemptProgram>>

/** What is wrong with a run, in words. */
function problemIn<S extends Value>(
  { history, failures }: Attempt,
  level: ConsistencyLevel,
  spec: Spec<S>,
  options: ConcurrentOptions<Commands>,
): string | null {
  if (failures.length > 0) return `✗ an operation throws: ${String(failures[0])}\n`
  const stuck = options.mayBlock ? undefined : operations(history).find(({ completion }) => completion === null)?.invocation
  if (stuck !== undefined)
    return (
      `✗ ${stuck.f} by process ${stuck.process} never ends: it waits for another that never comes, or for what is not wrapped by schedule, ` +
      'such as a timer\n  where operations may wait for ever, say mayBlock: true\n'
    )
  const { judgement, text, save } = consistency(history, level, spec, options)
  return judgement.verdict === 'holds' ? null : `${text()}${save()}`
}

function interleavingText({ steps }: ProgramRun, { clients }: Program, isDeterministic: boolean): string {
  const warning =
    'The same interleaving went another way when it ran again: the system does something that the scheduler does not control.\n'
  return `${isDeterministic ? '' : `${warning}\n`}the interleaving, ${steps.length} step${steps.length === 1 ? '' : 's'}:\n\n${stepsText(steps, clients.length)}`
}

/** A scheduler of fast-check that releases what it is told to, instead of what is random: so that interleavings are tried in order. */
function steered(choose: Choose): Steps {
  // The scheduler looks into the list at each step for what comes next; tasks count from 1.
  const order: number[] = []
  const scheduler = fc.schedulerFor<Actor>(order)
  const waiting: { readonly task: number; readonly actor: Actor }[] = []
  let scheduled = 0
  let last = 0
  return {
    schedule: (task, label, actor) => {
      waiting.push({ task: ++scheduled, actor })
      return scheduler.schedule(task, label, actor)
    },
    count: () => scheduler.count(),
    waitOne: () => {
      // Whoever has gone on last goes on; then the next clients, and at the end what goes on in the background.
      const turns = sortBy(waiting, [({ actor }) => actor.isDone, ({ actor }) => actor.client < last, ({ actor }) => actor.client])
      const next = turns[Math.min(choose(turns.length), turns.length - 1)] as (typeof waiting)[number]
      waiting.splice(waiting.indexOf(next), 1)
      if (!next.actor.isDone) last = next.actor.client
      order.push(next.task)
      return scheduler.waitOne()
    },
  }
}

/** An operation of a program, with what fast-check knows of its input. */
interface Draft {
  readonly f: string
  readonly input: fc.Value<Value>
  readonly key: number
  readonly rank: number
}

class ProgramArbitrary extends fc.Arbitrary<Program> {
  readonly #commands: readonly (readonly [string, fc.Arbitrary<Value>])[]
  readonly #shape: ProgramShape

  constructor(commands: Commands, shape: ProgramShape) {
    super()
    this.#commands = Object.entries(commands)
    this.#shape = shape
    if (this.#commands.length === 0) throw new RangeError('clients need commands')
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<Program> {
    const { clients = 3, operations: most = 3, keys = [null] } = this.#shape
    const draft = (): Draft => {
      const rank = random.nextInt(0, this.#commands.length - 1)
      const [f, inputs] = this.#commands[rank] as readonly [string, fc.Arbitrary<Value>]
      return { f, rank, key: random.nextInt(0, keys.length - 1), input: inputs.generate(random, bias) }
    }
    const some = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)
    return this.#valueOf(some(random.nextInt(Math.min(2, clients), clients), () => some(random.nextInt(1, most), draft)))
  }

  override canShrinkWithoutContext(_value: unknown): _value is Program {
    return false
  }

  override shrink(_value: Program, drafts: unknown): fc.Stream<fc.Value<Program>> {
    const clients = drafts as readonly (readonly Draft[])[]
    return fc.stream(this.#smaller(clients)).map((shrunk) => this.#valueOf(shrunk))
  }

  *#smaller(clients: readonly (readonly Draft[])[]): Generator<readonly (readonly Draft[])[], void, undefined> {
    yield* smaller(clients)
    for (const [i, calls] of clients.entries())
      for (const [j, draft] of calls.entries()) {
        for (let key = 0; key < draft.key; key++) yield replaced(clients, i, j, { ...draft, key })
        const inputs = this.#commands[draft.rank]?.[1].shrink(draft.input.value, draft.input.context) ?? fc.Stream.nil<fc.Value<Value>>()
        for (const input of inputs) yield replaced(clients, i, j, { ...draft, input })
      }
    const greatest = Math.max(...clients.flat().map(({ key }) => key))
    if (greatest > 0) yield clients.map((calls) => calls.map((draft) => ({ ...draft, key: Math.min(draft.key, greatest - 1) })))
  }

  #valueOf(drafts: readonly (readonly Draft[])[]): fc.Value<Program> {
    const { keys } = this.#shape
    const call = ({ f, input, key }: Draft): ClientCall => ({
      f,
      input: input.value,
      ...(keys === undefined ? {} : { key: keys[key] as Value }),
    })
    return new fc.Value(new Program(drafts.map((calls) => calls.map(call))), drafts)
  }
}

function isSame(one: ProgramRun, other: ProgramRun): boolean {
  return keyOf(one.history) === keyOf(other.history) && keyOf(one.steps) === keyOf(other.steps)
}
