/** A model with its constants and bugs filled in: flat slots, actions and properties, ready for an engine to run. */
import { blame, onlyKeys, suggest, UserError } from '../errors.ts'
import { type Action, actionBuilder, defaultProcess, type Fairness, type NetworkActions } from './actions.ts'
import { type ConstantValue, guardedConstants, resolveConstants } from './constants.ts'
import { type Json, plain } from './json.ts'
import type { Model } from './model.ts'
import { isLiveness, type Property, propertyBuilder } from './properties.ts'
import { type Role, requireRoles, roleOf, type StepTaken } from './roles.ts'
import type { FamilySlot, Slot } from './slots.ts'
import { type FlatSlot, type Layout, type StateObject, type StateShape, stateShape } from './state.ts'

export interface ProgramOptions {
  /** Override the declared defaults; strings are read as the command line gives them. */
  readonly constants?: Readonly<Record<string, unknown>>
  readonly bugs?: readonly string[]
  /** Which properties to check; all of them by default. */
  readonly properties?: readonly string[]
  /** Whether the fairness that actions declare counts; true by default. Without it, any execution may stop anywhere for ever. */
  readonly fairness?: boolean
}

export interface ProgramAction {
  readonly name: string
  /** Static arguments, one instance each; `[undefined]` where the action takes none. */
  readonly each: readonly (Json | undefined)[]
  readonly over: Action['over']
  readonly when: Action['when']
  readonly then: Action['then']
  /** The number of who acts, per static argument; `null` for the environment. */
  readonly process: (each: Json | undefined) => number | null
  readonly fair: Fairness | null
  /** Whose number that is, for pictures. */
  readonly by: Action['by']
}

export interface Program {
  readonly model: Model
  readonly constants: Readonly<Record<string, ConstantValue>>
  readonly bugs: readonly string[]
  /** Whether the fairness that actions declare counts. */
  readonly fairness: boolean
  readonly shape: StateShape
  readonly actions: readonly ProgramAction[]
  readonly properties: ReadonlyMap<string, Property>
  readonly initially: ((s: StateObject) => unknown) | null
  readonly done: ((s: StateObject) => unknown) | null
  readonly boundary: ((s: StateObject) => unknown) | null
  /** Who takes part, for pictures, from left to right; empty where the model does not say. */
  readonly roles: readonly Role[]
  /** What passes between them without a mailbox, for pictures. */
  readonly calls: ((before: StateObject, after: StateObject, step: StepTaken) => unknown) | null
}

const specKeys = [
  ...['name', 'about', 'source', 'constants', 'bugs', 'state', 'initially'],
  ...['actions', 'properties', 'done', 'boundary', 'roles', 'calls', 'instances', 'covers', 'omits', 'tables'],
]

/** The name under which absence of deadlock is reported. */
export const deadlockProperty = 'noDeadlock'
export const deadlockSentence = 'the system stops only where it is done'

/**
 * Fills a model in. With bugs, the constants that show them are the defaults.
 * @throws UserError for an unknown or ill-typed constant, an unknown bug or property, and for a model that is wrong in itself
 */
export function program(model: Model, options: ProgramOptions = {}): Program {
  const { bugs = [], fairness = true } = options
  for (const bug of bugs) {
    if (!Object.hasOwn(model.bugs, bug)) {
      throw new UserError('unknown-bug', `model ${model.name} has no known bug "${bug}"${suggest(bug, Object.keys(model.bugs))}`)
    }
  }
  const showing = Object.assign({}, ...bugs.map((bug) => model.bugs[bug]?.constants ?? {})) as Record<string, unknown>
  const constants = resolveConstants(model.name, model.constants, { ...showing, ...options.constants })
  const c = guardedConstants(model.name, constants)
  const isOn = (name: string): boolean => {
    if (!Object.hasOwn(model.bugs, name)) {
      throw new UserError(
        'unknown-bug',
        `model ${model.name} asks for the bug "${name}", which it does not declare${suggest(name, Object.keys(model.bugs))}`,
      )
    }
    return bugs.includes(name)
  }
  const { spec } = model
  onlyKeys(`model ${model.name}`, spec, specKeys)
  const layout = blaming(`state of model ${model.name}`, () => requireSlots(spec.state(c, isOn)))
  const all = new Map(
    Object.entries(blaming(`properties of model ${model.name}`, () => spec.properties(propertyBuilder, c, isOn))).map(
      ([name, property]) => [name, titled(model.name, name, property)],
    ),
  )
  if (all.has(deadlockProperty)) {
    throw new UserError(
      'bad-model',
      `property ${deadlockProperty} of model ${model.name} has the name of the property that \`done\` brings; rename it`,
    )
  }
  checkSteps(model.name, layout, all)
  const actions = blaming(`actions of model ${model.name}`, () => spec.actions(actionBuilder(layout), c, isOn))
  const roles = blaming(`roles of model ${model.name}`, () => requireRoles(model.name, spec.roles?.(c, isOn) ?? {}))
  return {
    model,
    constants,
    bugs,
    fairness,
    shape: stateShape(layout),
    actions: Object.entries(withFaults(layout, actions)).map(([name, action]) => {
      const declared = eachAction(model.name, name, action)
      if (typeof declared.by === 'string') roleOf(roles, declared.by, `\`by\` of action ${name} of model ${model.name}`)
      return fairness ? declared : { ...declared, fair: null }
    }),
    properties: select(model.name, all, options.properties, spec.done !== undefined),
    initially: spec.initially ? (s) => spec.initially?.(s, c) : null,
    done: spec.done && wanted(options.properties, deadlockProperty) ? (s) => spec.done?.(s, c) : null,
    boundary: spec.boundary ? (s) => spec.boundary?.(s, c) : null,
    roles,
    calls: spec.calls ? (before, after, step) => spec.calls?.(before, after, step, c) : null,
  }
}

/**
 * The values that a slot may start with.
 * @throws UserError `not-plain-data`, naming the slot
 */
export function initialValues({ model }: Program, { name, slot }: FlatSlot): readonly Json[] {
  const where = `initial value of ${name} in model ${model.name}`
  const values = slot.kind === 'cell' ? slot.alternatives : [blaming(where, () => slot.initial())]
  return values.map((value) => plain(value, where))
}

/** @throws UserError `bad-model` for a model that cannot begin: whatever it promises would hold */
export function requireInitial({ model }: Program, exists: boolean, why: 'initially' | 'boundary'): void {
  const reason = why === 'initially' ? '`initially` accepts none of the combinations of initial values' : '`boundary` excludes all of them'
  if (!exists) throw new UserError('bad-model', `model ${model.name} has no initial state: ${reason}`)
}

function blaming<T>(where: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw blame(error, where)
  }
}

function requireSlots(layout: Layout): Layout {
  const kinds = ['cell', 'accumulator', 'family', 'composite']
  for (const [name, slot] of Object.entries(layout ?? {})) {
    if (!kinds.includes(slot?.kind))
      throw new UserError('bad-model', `slot ${name} is not a slot; make it with cell, cells, bag, fifo, set or network`)
  }
  return layout
}

function eachAction(model: string, name: string, action: Action): ProgramAction {
  if (typeof action?.then !== 'function') {
    throw new UserError('bad-model', `action ${name} of model ${model} is not an action; make it with on.action or on.receive`)
  }
  const process = action.process ?? defaultProcess
  return {
    name,
    each: action.each ? action.each.map((value, i) => plain(value, `each[${i}] of action ${name} of model ${model}`)) : [undefined],
    over: action.over,
    when: action.when,
    then: action.then,
    process,
    fair: action.fair,
    by: action.by ?? null,
  }
}

/** A property without a sentence is known by its name. */
function titled(model: string, name: string, property: Property): Property {
  if (!isProperty(property)) {
    throw new UserError(
      'bad-model',
      `property ${name} of model ${model} is not a property; make it with on.always, on.sometimes, on.step, on.eventually, on.leadsTo, on.alwaysEventually or on.stabilizes`,
    )
  }
  if (property.sentence) return property
  return { ...property, sentence: property.kind === 'sometimes' ? name : `${name} does not hold` }
}

function isProperty(property: Property | undefined): boolean {
  if (property === undefined || property === null) return false
  return property.kind === 'step' || isLiveness(property) || Object.values(property.parts ?? {}).length > 0
}

function withFaults(layout: Layout, own: Readonly<Record<string, Action>>): Record<string, Action> {
  const actions = { ...own }
  for (const [name, slot] of Object.entries(layout)) {
    const faults = (slot as Partial<NetworkActions>).faults?.(name) ?? {}
    for (const [fault, action] of Object.entries(faults)) actions[Object.hasOwn(actions, fault) ? `${name}.${fault}` : fault] = action
  }
  return actions
}

function checkSteps(model: string, layout: Layout, properties: ReadonlyMap<string, Property>): void {
  for (const [name, property] of properties) {
    if (property.kind !== 'step') continue
    if (!Object.hasOwn(layout, property.slot)) {
      throw new UserError(
        'bad-model',
        `property ${name} of model ${model} watches the unknown slot "${property.slot}"${suggest(property.slot, Object.keys(layout))}`,
      )
    }
    const slot = layout[property.slot] as Slot<unknown, unknown>
    const first = slot.kind === 'family' ? (slot as FamilySlot<unknown, unknown>).members[0] : slot
    if (first !== undefined && first.kind !== 'cell') {
      throw new UserError(
        'bad-model',
        `property ${name} of model ${model} watches "${property.slot}", which is not a cell or a family of cells`,
      )
    }
  }
}

function wanted(names: readonly string[] | undefined, name: string): boolean {
  return names === undefined || names.length === 0 || names.includes(name)
}

function select(
  model: string,
  all: ReadonlyMap<string, Property>,
  names: readonly string[] | undefined,
  hasDone: boolean,
): ReadonlyMap<string, Property> {
  const known = [...all.keys(), ...(hasDone ? [deadlockProperty] : [])]
  for (const name of names ?? []) {
    if (!known.includes(name)) throw new UserError('unknown-property', `model ${model} has no property "${name}"${suggest(name, known)}`)
  }
  return new Map([...all].filter(([name]) => wanted(names, name)))
}
