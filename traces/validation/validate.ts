/**
 * Validates the log of a real run against a model: is there a path of the model that the log could have been written on? The answer is
 * such a path, or the longest part of the log that has one, the event after it, and what the model allows there.
 *
 * The boundary of the model is left aside: it keeps a search finite, and a real run is not bound by it. Constants do bind.
 */
import { Machine } from '../../checker/engine/machine.ts'
import { Space } from '../../checker/engine/space.ts'
import type { Limit } from '../../checker/index.ts'
import { type Json, type Model, type ProgramOptions, program, type Step, UserError } from '../../checker/index.ts'
import { limits } from '../../checker/search/limits.ts'
import type { TraceDocument } from '../format.ts'
import { constraintsOf, hiddenActions } from './constraints.ts'
import { type Failure, failureAt } from './failure.ts'
import type { LogEvent } from './log.ts'
import { type ExplainingStep, ExplanationSearch, type SearchProgress } from './search.ts'

export interface ValidateOptions extends Pick<ProgramOptions, 'constants' | 'bugs'> {
  /** Actions that may happen without being logged, before each event; `*` stands for all. None by default. */
  readonly hidden?: readonly string[]
  /** How many of those to try in a row; without a limit by default. Where more might have explained the log, the verdict is `inconclusive`. */
  readonly maxHidden?: number
  /** Limits, as of a check; `maxStates` counts the pairs of an event and a state. Reaching one makes the verdict `inconclusive`. */
  readonly maxStates?: number
  readonly timeMs?: number
  readonly memoryBytes?: number
  /** Ends the search at the next progress report, as a limit does. */
  readonly signal?: AbortSignal
  /** What to call the log in errors; `log` by default. */
  readonly where?: string
  /** Which pairs to visit first: `deepest` (the default) are those that explain most. For measurements. */
  readonly order?: 'deepest' | 'shallowest'
}

export interface Validation {
  readonly model: string
  readonly constants: TraceDocument['constants']
  readonly bugs: readonly string[]
  /** `explained` by `trace`; `impossible`: no path explains the log; `inconclusive`: a limit ended the search. */
  readonly verdict: 'explained' | 'impossible' | 'inconclusive'
  /** The limit that ended the search; `hidden` is that on hidden steps in a row. */
  readonly limit: Limit | 'hidden' | null
  /** How many events there are. */
  readonly events: number
  /** How many of them, from the first, some path explains. */
  readonly explained: number
  /** A path that explains these, ready to show and to save. */
  readonly trace: TraceDocument
  /** For each of its steps, the event that it explains, from 0; `null` for a hidden one. */
  readonly stepEvents: readonly (number | null)[]
  /** The first event that is not explained, and what the model has there instead; `null` where all are. */
  readonly failure: Failure | null
  /** Pairs of an event and a state that the search met. */
  readonly pairs: number
  readonly seconds: number
}

/**
 * Validates a log.
 * @throws UserError where the model, the options or an event (an unknown action, argument or slot) are wrong
 */
export function validate(model: Model, events: readonly LogEvent[], options: ValidateOptions = {}): Validation {
  const run = validating(model, events, options)
  for (;;) {
    const next = run.next()
    if (next.done) return next.value
  }
}

/** The same, in slices: yields progress a few times a second. */
export function* validating(
  model: Model,
  events: readonly LogEvent[],
  options: ValidateOptions = {},
): Generator<SearchProgress, Validation, void> {
  const { maxHidden = Number.POSITIVE_INFINITY } = options
  if (maxHidden !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(maxHidden) && maxHidden >= 0))
    throw new UserError('bad-option', `maxHidden must be a whole number of at least 0, not ${maxHidden}`)
  const bounds = limits(options)
  const instance = program(model, options)
  const where = options.where ?? 'log'
  const constraints = constraintsOf(instance, events, where)
  const hidden = hiddenActions(instance, options.hidden ?? [], where)
  const machine = new Machine({ ...instance, boundary: null, properties: new Map() }, { checkPurity: true, memoize: true })
  const initial = machine.initialStates()
  const space = new Space(machine, bounds.reserve)
  const search = new ExplanationSearch(space, { constraints, hidden, maxHidden, limits: bounds, order: options.order ?? 'deepest' })
  yield* search.run(initial)
  const isExplained = search.explained === events.length
  const { initial: first, steps } = search.path()
  const stepOf = ({ instance: number }: ExplainingStep): Step[] => {
    const found = machine.instances[number]
    return found === undefined ? [] : [{ action: instance.actions[found.action]?.name as string, args: found.args, process: found.process }]
  }
  const taken = steps.filter((step) => step.instance >= 0)
  const constraint = constraints[search.explained]
  return {
    model: model.name,
    constants: instance.constants,
    bugs: instance.bugs,
    verdict: isExplained ? 'explained' : search.limit === null ? 'impossible' : 'inconclusive',
    limit: isExplained ? null : search.limit,
    events: events.length,
    explained: search.explained,
    trace: {
      schema: 1,
      model: model.name,
      constants: instance.constants,
      bugs: instance.bugs,
      strategy: 'dfs',
      seed: null,
      property: '',
      kind: 'path',
      message: isExplained
        ? `explains all ${events.length} events of the log`
        : `explains the first ${search.explained} of ${events.length} events of the log`,
      initial: recordOf(space, first),
      steps: taken.flatMap(stepOf),
    },
    stepEvents: taken.map(({ event }) => (event < 0 ? null : event)),
    failure: constraint === undefined ? null : failureAt(search, space, constraint, events[search.explained] as LogEvent),
    pairs: search.pairs,
    seconds: bounds.seconds(),
  }
}

function recordOf(space: Space, state: number): Record<string, Json> {
  const { machine } = space
  const values = space.peek(state)
  return Object.fromEntries(machine.program.shape.slots.map(({ name }, slot) => [name, machine.value(slot, values[slot] as number)]))
}
