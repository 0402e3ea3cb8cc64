/**
 * `defineModel`: a protocol as a pure state machine. Named state slots, guarded actions, properties, constants, and
 * known bugs, each a switch that plants a published mistake which the checker must find.
 */
import type { ActionBuilder, ActionRecord } from './actions.ts'
import type { ConstantDecls, Constants } from './constants.ts'
import type { PropertyBuilder, PropertyRecord } from './properties.ts'
import type { Call, Roles, StepTaken } from './roles.ts'
import type { Layout, StateObject, StateView } from './state.ts'

/** A published mistake. A plain string is its gloss. */
export interface Bug {
  readonly about: string
  readonly source?: string
  /** The property that must fail. */
  readonly violates?: string
  /** The smallest constants that show it; used when the bug is asked for and these constants are not. */
  readonly constants?: Readonly<Record<string, number | boolean | string>>
}

/** A checked instance of a model with its expected result; one catalogue test runs them all. */
export interface Instance {
  readonly constants?: Readonly<Record<string, number | boolean | string>>
  readonly bugs?: readonly string[]
  /** `holds`, or the name of the property that is violated. */
  readonly expect: string
  readonly distinct?: number
  readonly generated?: number
  /** Levels of the breadth-first search, the initial states being level 1; for a violation, the level it is found in. */
  readonly depth?: number
  readonly source?: string
  /** Whether only the full catalogue checks it, which takes its time. */
  readonly isSlow?: boolean
}

/** Constants and known bugs of a model that go together. */
export interface Variant {
  readonly constants?: Readonly<Record<string, number | boolean | string>>
  readonly bugs?: readonly string[]
}

/** Verdicts of a model side by side: one check per row and column, such as isolation levels and anomalies. */
export interface Table {
  /** What it shows, in a sentence. */
  readonly about: string
  readonly source?: string
  /** What each row checks, by its heading. */
  readonly rows: Readonly<Record<string, Variant>>
  readonly columns: Readonly<Record<string, Column>>
  /** By row, the word in each column; `null` where the column does not apply, which is then not checked. */
  readonly expect: Readonly<Record<string, readonly (string | null)[]>>
  /** Whether only the full catalogue judges it, which takes its time. */
  readonly isSlow?: boolean
}

export interface Column {
  /** The property that each cell is about. */
  readonly property: string
  /** A cell is checked with each of these, on top of its row; with the row alone by default. */
  readonly variants?: readonly Variant[]
  /** What a cell says where the property holds in all variants, is violated in all, or differs; `holds`, `violated` and `differs` by default. */
  readonly words?: { readonly holds: string; readonly violated: string; readonly differs?: string }
}

/** Tells whether a known bug is switched on. */
export type BugSwitch<B> = (name: keyof B & string) => boolean

export interface ModelSpec<C extends ConstantDecls, B extends Readonly<Record<string, string | Bug>>, L extends Layout> {
  readonly name: string
  /** What it models, in a sentence. */
  readonly about: string
  /** The paper or specification that it follows. */
  readonly source?: string
  readonly constants?: C
  readonly bugs?: B
  readonly state: (c: Constants<C>, bug: BugSwitch<B>) => L
  /** Restricts the initial states (every combination of the slots' alternatives) to those it accepts. */
  readonly initially?: (s: StateView<L>, c: Constants<C>) => boolean
  readonly actions: (on: ActionBuilder<L>, c: Constants<C>, bug: BugSwitch<B>) => ActionRecord
  readonly properties: (on: PropertyBuilder<L>, c: Constants<C>, bug: BugSwitch<B>) => PropertyRecord
  /** Where the system may legitimately stop. With it, any other state without a successor is a deadlock, and a violation. */
  readonly done?: (s: StateView<L>, c: Constants<C>) => boolean
  /** Successors outside are neither stored nor explored; the result counts them. */
  readonly boundary?: (s: StateView<L>, c: Constants<C>) => boolean
  /**
   * Who takes part, for pictures alone: how many play each role, from left to right; null for one without a number. The number of an action or of a network's node counts
   * through all of them, unless the action says of which role it is. Without roles, lanes are numbers.
   */
  readonly roles?: (c: Constants<C>, bug: BugSwitch<B>) => Roles
  /** For pictures alone: what passes between them in a step without a mailbox that holds it, such as requests that are answered at once. */
  readonly calls?: (before: StateView<L>, after: StateView<L>, step: StepTaken, c: Constants<C>) => readonly Call[]
  readonly instances?: readonly Instance[]
  /** What is modelled, a sentence each, for the page of the model. */
  readonly covers?: readonly string[]
  /** What is left out, and why that takes nothing away that the properties could tell. */
  readonly omits?: Readonly<Record<string, string>>
  /** Verdicts side by side, by name. */
  readonly tables?: Readonly<Record<string, Table>>
}

/** A model with its types erased: what the engine, the command line and catalogues work with. Made by `defineModel` only. */
export interface Model {
  readonly '~counterpoint': 'model'
  readonly name: string
  readonly about: string
  readonly source: string
  readonly constants: ConstantDecls
  readonly bugs: Readonly<Record<string, Bug>>
  readonly instances: readonly Instance[]
  readonly covers: readonly string[]
  readonly omits: Readonly<Record<string, string>>
  readonly tables: Readonly<Record<string, Table>>
  readonly spec: ErasedSpec
}

export interface ErasedSpec {
  readonly state: (c: object, bug: (name: string) => boolean) => Layout
  readonly initially?: (s: StateObject, c: object) => boolean
  readonly actions: (on: object, c: object, bug: (name: string) => boolean) => ActionRecord
  readonly properties: (on: object, c: object, bug: (name: string) => boolean) => PropertyRecord
  readonly done?: (s: StateObject, c: object) => boolean
  readonly boundary?: (s: StateObject, c: object) => boolean
  readonly roles?: (c: object, bug: (name: string) => boolean) => Roles
  readonly calls?: (before: StateObject, after: StateObject, step: StepTaken, c: object) => unknown
}

/**
 * Defines a model. Nothing runs until it is checked.
 *
 * @example
 * export default defineModel({
 *   name: 'lock',
 *   about: 'Two clients and a test-and-set lock',
 *   state: () => ({ holder: cell<number | null>(null) }),
 *   actions: (on) => ({
 *     acquire: on.action({ each: ids(2), when: (s) => s.holder === null, then: (s, i) => { s.holder = i } }),
 *     release: on.action({ each: ids(2), when: (s, i) => s.holder === i, then: (s) => { s.holder = null } }),
 *   }),
 *   properties: (on) => ({ held: on.sometimes((s) => s.holder === 1) }),
 * })
 */
export function defineModel<
  const C extends ConstantDecls = Record<never, never>,
  const B extends Readonly<Record<string, string | Bug>> = Record<never, never>,
  L extends Layout = Layout,
>(spec: ModelSpec<C, B, L>): Model {
  const bugs = Object.entries(spec.bugs ?? {}).map(([name, bug]) => [name, typeof bug === 'string' ? { about: bug } : bug] as const)
  return {
    '~counterpoint': 'model',
    name: spec.name,
    about: spec.about,
    source: spec.source ?? '',
    constants: spec.constants ?? {},
    bugs: Object.fromEntries(bugs),
    instances: spec.instances ?? [],
    covers: spec.covers ?? [],
    omits: spec.omits ?? {},
    tables: spec.tables ?? {},
    spec: spec as unknown as ErasedSpec,
  }
}

/** Recognizes models across copies of this package. */
export function isModel(value: unknown): value is Model {
  return typeof value === 'object' && value !== null && (value as Partial<Model>)['~counterpoint'] === 'model'
}
