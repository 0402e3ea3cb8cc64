/**
 * A model run one step at a time on plain states, for traces, explorers and tests. It shares nothing with the engine:
 * no interning, no memo, every function of the model runs each time.
 */
import { createDraft, finishDraft, freeze } from 'immer'
import { blame, UserError } from './errors.ts'
import { requireBoolean, requireNothing } from './language/actions.ts'
import { type AccumulatorKind, domainOf, type SlotAccess } from './language/collections.ts'
import { canonicalKey, type Json, plain, sameJson } from './language/json.ts'
import { deadlockProperty, initialValues, type Program, type ProgramAction, requireInitial } from './language/program.ts'
import { type LivenessProperty, requireJudgement } from './language/properties.ts'
import type { StateObject } from './language/state.ts'
import type { PropertyKind, Step } from './trace.ts'

/** One value per slot, in the order of `Program.shape.slots`. */
export type State = readonly Json[]

export type Effect =
  | { readonly kind: 'write'; readonly slot: number; readonly before: Json; readonly after: Json }
  | { readonly kind: 'send' | 'take' | 'operate'; readonly slot: number; readonly operation: string; readonly argument: Json }

export interface Transition extends Step {
  readonly after: State
  /** Changed cells, and accumulator operations in the order in which the action did them. */
  readonly effects: readonly Effect[]
}

export interface Finding {
  readonly property: string
  readonly kind: PropertyKind
  readonly part: string | null
  readonly message: string
}

export interface Simulation {
  readonly program: Program
  initialStates(): State[]
  /** Every transition out of a state, boundary ignored, in the model's order. */
  transitions(state: State): Transition[]
  /** The transition that a step asks for, or why there is none. */
  take(state: State, step: Pick<Step, 'action' | 'args'>): Transition | { readonly refused: string }
  /** Violated `always` properties, witnessed `sometimes` ones, and a deadlock if the model says where it may stop. */
  judge(state: State): Finding[]
  /** Violated `step` properties. */
  judgeStep(before: State, after: State): Finding[]
  /** Whether a state satisfies a part of a liveness property; the property is named in errors. */
  test(state: State, property: string, part: LivenessProperty['check']): boolean
  /** A state as the model's own functions see it. */
  view(state: State): Readonly<Record<string, unknown>>
  /** Runs a function on a state as the model sees it, and tells which slots it asked for, in order. Errors name `what`. */
  observe<T>(state: State, what: string, look: (s: StateObject) => T): { readonly result: T; readonly reads: readonly number[] }
  /** Whether the boundary lets this state be part of the space. */
  inside(state: State): boolean
  /** Slot name to value. */
  record(state: State): Record<string, Json>
}

export function simulation(program: Program): Simulation {
  const { slots } = program.shape
  const { name: model } = program.model
  let state: State = []
  let views = new Map<number, unknown>()
  let reads = new Set<number>()
  let draft: unknown[] = []
  let effects: Effect[] = []

  const kindOf = (slot: number): AccumulatorKind => {
    const flat = slots[slot]?.slot
    if (flat?.kind !== 'accumulator') throw new UserError('bad-operation', `slot ${slots[slot]?.name} is a cell`)
    return flat.type
  }
  // Each place has an object of its own, so that a model that compares identities sees here what it sees in the engine.
  const viewOf = (slot: number): unknown => {
    reads.add(slot)
    if (!views.has(slot)) views.set(slot, freeze(JSON.parse(JSON.stringify(state[slot])), true))
    return views.get(slot)
  }
  const reading: SlotAccess = {
    get: viewOf,
    set: (slot) => {
      throw new UserError('bad-operation', `assigns ${slots[slot]?.name}; only \`then\` may change the state`)
    },
    operate: (slot, operation) => {
      throw new UserError('bad-operation', `calls ${operation} on ${slots[slot]?.name}; only \`then\` may change the state`)
    },
    query: (slot, query, argument) => {
      reads.add(slot)
      return kindOf(slot).queries[query]?.(state[slot] as Json, plain(argument)) ?? null
    },
  }
  const held = (slot: number): Json => plain(draft[slot])
  const writing: SlotAccess = {
    get: (slot) => draft[slot],
    set: (slot, value) => {
      // A constant that is assigned may be changed afterwards.
      draft[slot] =
        typeof value === 'object' && Object.isFrozen(value) ? JSON.parse(JSON.stringify(plain(value, slots[slot]?.name))) : value
    },
    operate: (slot, operation, argument) => {
      const kind = kindOf(slot)
      const given = plain(argument, `${slots[slot]?.name}.${operation}(...)`)
      try {
        draft[slot] = plain(kind.operations[operation]?.(held(slot), given))
      } catch (error) {
        throw blame(error, slots[slot]?.name ?? '')
      }
      effects.push({
        kind: operation === kind.sends ? 'send' : operation === kind.takes ? 'take' : 'operate',
        slot,
        operation,
        argument: given,
      })
    },
    query: (slot, query, argument) => kindOf(slot).queries[query]?.(held(slot), plain(argument)) ?? null,
  }
  const view = program.shape.build(reading)
  const draftView = program.shape.build(writing)

  const look = <T>(at: State, what: string, f: () => T): T => {
    state = at
    views = new Map()
    reads = new Set()
    try {
      return f()
    } catch (error) {
      throw blame(error, `${what} of model ${model}`)
    }
  }
  const domain = (at: State, action: ProgramAction, first: Json[]): readonly Json[][] => {
    if (action.over === null) return [first]
    return look(at, `over of action ${action.name}`, () => {
      const given = action.over?.(view, ...first)
      const source = domainOf(given)
      const elements = source
        ? (reading.query(source.slot, source.query, null) as readonly Json[])
        : [...(given as Iterable<unknown>)].map((x) => plain(x))
      const distinct = new Map(elements.map((element) => [canonicalKey(element), element]))
      return [...distinct.values()].map((element) => [...first, element])
    })
  }
  const fire = (at: State, action: ProgramAction, args: readonly Json[], process: number | null): Transition | null => {
    if (action.when !== null && !look(at, `when of action ${action.name}`, () => requireBoolean(action.when?.(view, ...args)))) return null
    effects = []
    const where = `action ${action.name}`
    const finished = look(at, where, () => {
      draft = createDraft([...at]) as unknown[]
      requireNothing(action.then(draftView, ...args))
      return finishDraft(draft) as unknown[]
    })
    const after = look(at, where, () => finished.map((value, slot) => plain(value, slots[slot]?.name)))
    const writes = after.flatMap<Effect>((value, slot) =>
      slots[slot]?.slot.kind === 'cell' && !sameJson(at[slot], value)
        ? [{ kind: 'write', slot, before: at[slot] as Json, after: value }]
        : [],
    )
    return { action: action.name, args, process, after, effects: [...effects, ...writes] }
  }
  const transitions = (at: State): Transition[] =>
    program.actions.flatMap((action) =>
      action.each.flatMap((each) =>
        domain(at, action, each === undefined ? [] : [each]).flatMap((args) => fire(at, action, args, action.process(each)) ?? []),
      ),
    )

  return {
    program,
    transitions,
    initialStates: () => {
      const states = combinations(program).filter((at) => look(at, 'initially', () => program.initially?.(view) ?? true) === true)
      requireInitial(program, states.length > 0, 'initially')
      return states
    },
    take: (at, { action: name, args }) => {
      const action = program.actions.find((candidate) => candidate.name === name)
      if (!action) return { refused: `the model has no action ${name}` }
      const wanted = canonicalKey(args)
      for (const each of action.each) {
        if (each !== undefined && !sameJson(each, args[0])) continue
        const offered = domain(at, action, each === undefined ? [] : [each]).find((candidate) => canonicalKey(candidate) === wanted)
        const match = offered && fire(at, action, offered, action.process(each))
        if (match) return match
      }
      return { refused: `action ${name} is not enabled with these arguments` }
    },
    judge: (at) => {
      const findings: Finding[] = []
      for (const [property, { kind, sentence, ...rest }] of program.properties) {
        if (kind === 'step' || !('parts' in rest)) continue
        for (const [part, check] of Object.entries(rest.parts)) {
          const judgement = look(at, `property ${property}`, () => requireJudgement(check(view), kind))
          if (kind === 'always' ? judgement === true : judgement !== true) continue
          findings.push({ property, kind, part: part || null, message: typeof judgement === 'string' ? judgement : sentence })
        }
      }
      if (program.done && transitions(at).length === 0 && look(at, 'done', () => program.done?.(view)) !== true) {
        findings.push({
          property: deadlockProperty,
          kind: 'deadlock',
          part: null,
          message: 'no action is enabled, and the model does not say that it is done',
        })
      }
      return findings
    },
    judgeStep: (before, after) =>
      [...program.properties].flatMap(([property, definition]) => {
        if (definition.kind !== 'step') return []
        return slots.flatMap((flat, slot) => {
          if (flat.family !== definition.slot || sameJson(before[slot], after[slot])) return []
          const judgement = look(after, `property ${property}`, () => requireJudgement(definition.check(before[slot], after[slot]), 'step'))
          if (judgement === true) return []
          const what = typeof judgement === 'string' ? judgement : definition.sentence
          return [{ property, kind: 'step' as const, part: null, message: `${flat.name}: ${what}` }]
        })
      }),
    test: (at, property, part) => look(at, `property ${property}`, () => requireJudgement(part(view), 'eventually')) === true,
    view: (at) => {
      const values = at.map((value) => freeze(JSON.parse(JSON.stringify(value)), true))
      const query: SlotAccess['query'] = (slot, name, argument) => kindOf(slot).queries[name]?.(at[slot] as Json, plain(argument)) ?? null
      return program.shape.build({ ...reading, get: (slot) => values[slot], query })
    },
    observe: (at, what, f) => {
      const result = look(at, what, () => f(view))
      return { result, reads: [...reads] }
    },
    inside: (at) => look(at, 'boundary', () => program.boundary?.(view) ?? true) === true,
    record: (at) => Object.fromEntries(slots.map(({ name }, slot) => [name, at[slot] as Json])),
  }
}

function combinations(program: Program): State[] {
  return program.shape.slots.reduce<Json[][]>(
    (states, slot) => {
      const values = initialValues(program, slot)
      return states.flatMap((before) => values.map((value) => [...before, value]))
    },
    [[]],
  )
}
