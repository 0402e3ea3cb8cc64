/**
 * The events of a log compiled for a model: which instances of actions an event may be, and which states it may lead to. What can be
 * told to be wrong without a search (an action, argument or slot that the model does not have) is refused here.
 */
import { suggest } from '../../checker/errors.ts'
import { type Json, type Program, type Step, UserError } from '../../checker/index.ts'
import { canonicalKey } from '../../checker/language/json.ts'
import type { ProgramAction } from '../../checker/language/program.ts'
import type { LogEvent } from './log.ts'
import { isRecord, type Mismatch, mismatch, valueAt } from './pattern.ts'

/** What an event says. Equal events share one. */
export interface Constraint {
  /** The number of the action; -1 where nothing is said to have happened. */
  readonly action: number
  /** Whether the arguments and the process of an instance of that action are as the event says; what is remembered by `instance`. */
  accepts(instance: number, step: Pick<Step, 'args' | 'process'>): boolean
  /** Whether an instance is of another static argument or process, and so no step that the event could mean. */
  isAnother(step: Pick<Step, 'args' | 'process'>): boolean
  /** The first argument that is not as the event says. */
  argumentMismatch(step: Pick<Step, 'args' | 'process'>): Mismatch | null
  readonly checks: readonly StateCheck[]
}

/** What an event says of one slot. */
export interface StateCheck {
  readonly slot: number
  /** Value ids that were compared already. */
  readonly known: Map<number, boolean>
  mismatch(value: Json): Mismatch | null
}

/**
 * Compiles the events.
 * @param where what to call the log in errors
 * @throws UserError `bad-log`, naming the line
 */
export function constraintsOf(program: Program, events: readonly LogEvent[], where: string): readonly Constraint[] {
  const shared = new Map<string, Constraint>()
  return events.map((event, i) => {
    const { line, ...said } = event
    const place = line === undefined ? `${where}: event ${i + 1}` : `${where}:${line}`
    const key = placed(place, () => canonicalKey(said))
    const known = shared.get(key)
    if (known !== undefined) return known
    const constraint = compile(program, event, place)
    shared.set(key, constraint)
    return constraint
  })
}

/**
 * The numbers of the actions that may happen unlogged.
 * @throws UserError `unknown-action`
 */
export function hiddenActions({ model, actions }: Program, names: readonly string[], where: string): ReadonlySet<number> {
  const known = actions.map(({ name }) => name)
  return new Set(
    names.flatMap((name) => {
      if (name === '*') return [...known.keys()]
      if (known.includes(name)) return [known.indexOf(name)]
      throw new UserError('unknown-action', `${where}: hidden: model ${model.name} has no action "${name}"${suggest(name, known)}`)
    }),
  )
}

function compile(program: Program, event: LogEvent, place: string): Constraint {
  const { action: name, args, process, state = {} } = event
  const checks = Object.entries(state).flatMap(([path, pattern]) => stateChecks(program, path, pattern, place))
  if (name === undefined) {
    if (args !== undefined || process !== undefined)
      throw refuse(place, '"args" and "process" are of an action; name it, or leave them out')
    if (checks.length === 0) throw refuse(place, 'says nothing: an event has an "action", a "state" or both')
    return { action: -1, accepts: () => false, isAnother: () => true, argumentMismatch: () => null, checks }
  }
  const names = program.actions.map((candidate) => candidate.name)
  const action = names.indexOf(name)
  if (action < 0) throw refuse(place, `model ${program.model.name} has no action "${name}"${suggest(name, names)}`)
  const definition = program.actions[action] as ProgramAction
  if (definition.each.length === 0) throw refuse(place, `action ${name} cannot happen with these constants; set others`)
  const patterns = argumentPatterns(definition, args, place)
  requirePossible(definition, patterns, process, place)
  const known = new Map<number, boolean>()
  const fixed = isStatic(definition) ? patterns.find(({ index }) => index === 0) : undefined
  const isAnother: Constraint['isAnother'] = (step) =>
    (process !== undefined && process !== step.process) || (fixed !== undefined && mismatch(fixed.pattern, step.args[0]) !== null)
  const argumentMismatch: Constraint['argumentMismatch'] = (step) => {
    for (const { index, pattern } of patterns) {
      const found = mismatch(pattern, step.args[index], `args[${index}]`)
      if (found !== null) return found
    }
    return null
  }
  return {
    action,
    accepts: (instance, step) => {
      const before = known.get(instance)
      if (before !== undefined) return before
      const accepted = !isAnother(step) && argumentMismatch(step) === null
      known.set(instance, accepted)
      return accepted
    },
    isAnother,
    argumentMismatch,
    checks,
  }
}

interface ArgumentPattern {
  readonly index: number
  readonly pattern: Json
}

function argumentPatterns(action: ProgramAction, args: LogEvent['args'], place: string): readonly ArgumentPattern[] {
  const takes = [...(isStatic(action) ? (['each'] as const) : []), ...(action.over === null ? [] : (['over'] as const))]
  if (args === undefined) return []
  if (isList(args)) {
    if (args.length > takes.length)
      throw refuse(
        place,
        `action ${action.name} takes ${takes.length === 0 ? 'no arguments' : `${takes.length} at most`}, not ${args.length}`,
      )
    return args.map((pattern, index) => ({ index, pattern }))
  }
  return Object.entries(args).map(([name, pattern]) => {
    const index = (takes as readonly string[]).indexOf(name)
    if (index < 0) throw refuse(place, `action ${action.name} has no argument "${name}"${suggest(name, takes)}`)
    return { index, pattern: pattern as Json }
  })
}

/** Static arguments and processes are known in advance; one that no instance has is a mistake in the log, or other constants are needed. */
function requirePossible(
  action: ProgramAction,
  patterns: readonly ArgumentPattern[],
  process: number | null | undefined,
  place: string,
): void {
  const remedy = 'correct the log, or set other constants'
  const first = isStatic(action) ? patterns.find(({ index }) => index === 0) : undefined
  const fitting = action.each.filter((each) => first === undefined || mismatch(first.pattern, each) === null)
  if (first !== undefined && fitting.length === 0) {
    const choice = action.each.slice(0, 12).map((each) => JSON.stringify(each))
    const more = action.each.length > choice.length ? ` and ${action.each.length - choice.length} more` : ''
    throw refuse(
      place,
      `args[0] of ${action.name} is ${JSON.stringify(first.pattern)}, but the model has ${choice.join(', ')}${more}; ${remedy}`,
    )
  }
  if (process === undefined || fitting.some((each) => action.process(each) === process)) return
  const processes = [...new Set(fitting.map((each) => action.process(each)))].slice(0, 12)
  throw refuse(place, `process of ${action.name} is ${process}, but the model has ${processes.join(', ')}; ${remedy}`)
}

function stateChecks(program: Program, path: string, pattern: Json, place: string): StateCheck[] {
  const { slots } = program.shape
  const family = slots.flatMap((slot, i) => (slot.family === path && slot.index !== null ? [i] : []))
  if (family.length > 0) return familyChecks(program, path, family, pattern, place)
  const named = slots
    .map(({ name }, slot) => ({ name, slot }))
    .filter(({ name }) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`))
  const found = named.reduce<(typeof named)[number] | undefined>(
    (best, one) => ((best?.name.length ?? 0) < one.name.length ? one : best),
    undefined,
  )
  if (found === undefined) {
    const names = [...new Set(slots.flatMap(({ name, family: of }) => [of, name]))]
    throw refuse(place, `state: model ${program.model.name} has no slot "${path}"${suggest(path.replace(/\].*$/, ']'), names)}`)
  }
  const rest = path.slice(found.name.length)
  const keys = [...rest.matchAll(/\.([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index))
  if (rest.replaceAll(/\.([^.[\]]+)|\[(\d+)\]/g, '') !== '')
    throw refuse(place, `state: "${path}" is not a path; write names after dots and numbers in brackets, such as server[0].log[1].term`)
  return [checkOf(found.slot, path, keys, pattern)]
}

/** All members of a family as a list, or some of them by number. */
function familyChecks(program: Program, path: string, members: readonly number[], pattern: Json, place: string): StateCheck[] {
  const check = (index: string, member: Json): StateCheck => {
    const slot = members.find((one) => String(program.shape.slots[one]?.index) === index)
    if (slot === undefined)
      throw refuse(place, `state: there is no ${path}[${index}]; there are ${path}[0] to ${path}[${members.length - 1}]`)
    return checkOf(slot, `${path}[${index}]`, [], member)
  }
  if (isRecord(pattern)) return Object.entries(pattern).map(([index, member]) => check(index, member))
  if (!Array.isArray(pattern) || pattern.length !== members.length)
    throw refuse(place, `state: ${path} has ${members.length} members; list the values of all, or some as {"0": ...}`)
  return pattern.map((member, i) => check(String(i), member as Json))
}

function checkOf(slot: number, path: string, keys: readonly (string | number)[], pattern: Json): StateCheck {
  return { slot, known: new Map(), mismatch: (value) => mismatch(pattern, valueAt(value, keys), path) }
}

function isStatic(action: ProgramAction): boolean {
  return action.each.some((each) => each !== undefined)
}

function isList(args: NonNullable<LogEvent['args']>): args is readonly Json[] {
  return Array.isArray(args)
}

function placed<T>(place: string, f: () => T): T {
  try {
    return f()
  } catch (error) {
    throw refuse(place, error instanceof Error ? error.message : String(error))
  }
}

function refuse(place: string, what: string): UserError {
  return new UserError('bad-log', `${place}: ${what}`)
}
