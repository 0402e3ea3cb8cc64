/**
 * A program compiled for exploration: values are small integers, a state is a vector of them, and the successors of
 * what a process can see are a list that is made once. The model's functions run only while such lists are made.
 *
 * Sources: transition caching on dependency matrices (Blom, van de Pol & Weber, LTSmin, CAV 2010); here the matrix is
 * observed while the functions run instead of being declared.
 */
import { blame, invariant, UserError } from '../errors.ts'
import { type Fairness, requireBoolean, requireNothing } from '../language/actions.ts'
import { type AccumulatorKind, domainOf } from '../language/collections.ts'
import { type Json, sameJson } from '../language/json.ts'
import { initialValues, type Program, type ProgramAction, requireInitial } from '../language/program.ts'
import type { StateObject } from '../language/state.ts'
import { applyChanges, type Change } from './drafts.ts'
import { Interner } from './interner.ts'
import { Lists } from './lists.ts'
import { Lookup } from './lookup.ts'
import { PairMap } from './pair-map.ts'
import { Probes } from './projections.ts'
import { type Laboratory, Remembered, Usefulness } from './remembered.ts'
import { StepChecks } from './step-checks.ts'
import { patchOperation, sameRecord, Tracker, type Values } from './tracking.ts'
import { Trie } from './trie.ts'

export interface MachineOptions {
  readonly checkPurity: boolean
  readonly memoize: boolean
}

/** An action with all its arguments: what a transition is an instance of. */
export interface ActionInstance {
  readonly action: number
  readonly args: readonly Json[]
  readonly process: number | null
  /** The unit of fairness, a number in `Machine.units`, or -1. */
  readonly unit: number
}

/** What may not be passed over for ever: a fair action with one of its static arguments. */
export interface FairUnit {
  readonly action: number
  readonly each: Json | undefined
  readonly fair: Fairness
}

/** What an instance does where it is enabled: (slot, value id) pairs, then (slot, operation id) pairs. */
export interface Outcome {
  readonly writes: readonly (readonly [slot: number, value: number])[]
  readonly operations: readonly (readonly [slot: number, operation: number])[]
}

type Domain =
  | { readonly from: 'slot'; readonly slot: number; readonly query: string }
  | { readonly from: 'values'; readonly ids: readonly number[] }

/** An action with its static argument. */
interface Member {
  readonly action: number
  readonly each: Json | undefined
  readonly process: number | null
  readonly unit: number
  readonly domain: Remembered<Domain> | null
}

/** The members that one process runs; what they do depends on little more than the process's own slots. */
export interface Group {
  readonly members: readonly number[]
  readonly useful: Usefulness
  readonly known: Lookup
}

export class Machine {
  readonly program: Program
  readonly slots: number
  /** Per slot, the number of its family. */
  readonly familyOf: readonly number[]
  readonly families: readonly string[]
  readonly groups: readonly Group[]
  readonly lists: Lists
  readonly instances: ActionInstance[] = []
  readonly units: FairUnit[] = []
  readonly steps: StepChecks
  readonly lab: Laboratory
  readonly view: StateObject
  /** Set when new values may have appeared, for whoever has to make room for them. */
  fresh = true
  /** How many states were expanded; each looks every group up once. */
  expansions = 0
  readonly #values: readonly Interner[]
  readonly #kinds: readonly (AccumulatorKind | null)[]
  readonly #arguments: Interner = new Interner()
  readonly #operations: { family: number; apply: (value: Json) => Json; name: string; argument: number }[] = []
  readonly #operationIds: Map<string, number> = new Map()
  readonly #applied: PairMap = new PairMap()
  readonly #collections: PairMap = new PairMap()
  readonly #collected: number[][] = []
  readonly #members: Member[] = []
  readonly #membersOf: number[][] = []
  readonly #instanceIds: PairMap = new PairMap()
  readonly #guards: (Remembered<boolean> | null)[] = []
  readonly #effects: Remembered<Outcome>[] = []
  readonly #usefulness: Usefulness[]
  readonly #groupTrie: Trie = new Trie()
  readonly #lookups: Lookup[] = []

  constructor(program: Program, options: MachineOptions) {
    this.program = program
    const { slots } = program.shape
    this.slots = slots.length
    this.families = [...new Set(slots.map(({ family }) => family))]
    this.familyOf = slots.map(({ family }) => this.families.indexOf(family))
    this.#values = this.families.map(() => new Interner())
    this.#kinds = this.families.map((family) => {
      const slot = slots.find((candidate) => candidate.family === family)?.slot
      return slot?.kind === 'accumulator' ? slot.type : null
    })
    const values = this.#access()
    const parts = new Interner()
    const probes = new Probes({
      slots: this.slots,
      domainOf: (slot) => this.familyOf[slot] as number,
      valueOf: values.valueOf,
      answer: values.answer,
      parts,
    })
    this.lab = {
      trie: new Trie(),
      front: new Trie(),
      probes,
      tracker: new Tracker(values, probes),
      checkPurity: options.checkPurity,
      runs: 0,
    }
    this.view = program.shape.build(this.lab.tracker)
    this.lists = new Lists(program.actions.length)
    this.steps = new StepChecks(program, this.lab, (slot, id) => this.value(slot, id))
    this.#usefulness = program.actions.map(() => new Usefulness(options.memoize))
    this.groups = this.#group(options.memoize)
  }

  /** Distinct values per family, in the order of `families`. */
  sizes(): number[] {
    return this.#values.map(({ size }) => size)
  }

  get memoBytes(): number {
    const tables = [this.#applied, this.#collections, this.#instanceIds, this.lab.trie, this.lab.front, this.#groupTrie, this.lists]
    return [...tables, ...this.groups.map(({ known }) => known)].reduce((sum, table) => sum + table.bytes, 0)
  }

  value(slot: number, id: number): Json {
    return (this.#values[this.familyOf[slot] as number] as Interner).value(id)
  }

  intern(slot: number, value: Json): number {
    return (this.#values[this.familyOf[slot] as number] as Interner).id(value, this.program.shape.slots[slot]?.name)
  }

  /** Every combination of the slots' initial values that `initially` accepts. */
  initialStates(): Int32Array[] {
    const { slots } = this.program.shape
    const combinations = slots.reduce<number[][]>(
      (states, slot, at) => {
        const found = initialValues(this.program, slot).map((value) => this.intern(at, value))
        return states.flatMap((state) => found.map((id) => [...state, id]))
      },
      [[]],
    )
    const { initially } = this.program
    const accepts = initially && this.predicate('initially', () => initially(this.view) === true)
    const states = combinations.map((state) => Int32Array.from(state)).filter((state) => accepts === null || accepts.call(state, []))
    requireInitial(this.program, states.length > 0, 'initially')
    return states
  }

  /** A function of the state, remembered. */
  predicate<T>(name: string, run: () => T): Remembered<T> {
    return new Remembered(
      this.lab,
      new Usefulness(true),
      `${name} of model ${this.program.model.name}`,
      () => {
        this.lab.runs++
        return run()
      },
      Object.is,
    )
  }

  /** Remembers something by the slots that it depends on. */
  lookup(trie: Trie): Lookup {
    const made = new Lookup(trie, (slot) => (this.#values[this.familyOf[slot] as number] as Interner).size)
    this.#lookups.push(made)
    return made
  }

  /** Makes room for new values in everything that is indexed by values. */
  adapt(): void {
    this.fresh = false
    for (const lookup of this.#lookups) lookup.adapt()
  }

  /** The successors that a group offers in a state, as a position in `lists`. */
  successors(group: Group, state: Int32Array): number {
    if (!group.useful.on) return this.#makeList(group, state, false)
    const known = group.known.find(state)
    if (known >= 0) return known
    group.useful.miss(this.expansions)
    return this.#makeList(group, state, true)
  }

  /** The successors by a few instances, which `wanted` accepts, as a list that is not kept; for whoever would not use the others. */
  some(actions: ReadonlySet<number>, wanted: (instance: number) => boolean, state: Int32Array): number {
    const members = [...actions].flatMap((action) => this.#membersOf[action] ?? [])
    return this.#list(members, state, { keep: false, wanted }).list
  }

  /** The value id that an operation leads to. */
  apply(slot: number, operation: number, value: number, instance: number): number {
    const known = this.#applied.get(operation, value)
    return known >= 0 ? known : this.#blaming(instance, () => this.#applyFirst(slot, operation, value))
  }

  /** What an instance does in a state in which it is enabled. */
  outcome(instance: number, state: Int32Array): Outcome {
    return (this.#effects[instance] as Remembered<Outcome>).call(state, [])
  }

  /** The name and argument of an operation. */
  operation(operation: number): { name: string; argument: Json; kind: AccumulatorKind | null } {
    const { name, argument, family } = this.#operations[operation] as { name: string; argument: number; family: number }
    return { name, argument: this.#arguments.value(argument), kind: this.#kinds[family] ?? null }
  }

  /** An error names the action that the instance is of. */
  #blaming<T>(instance: number, run: () => T): T {
    try {
      return run()
    } catch (error) {
      throw blame(error, this.#whereOf(this.instances[instance]?.action as number))
    }
  }

  #whereOf(action: number): string {
    return `action ${this.program.actions[action]?.name} of model ${this.program.model.name}`
  }

  #applyFirst(slot: number, operation: number, value: number): number {
    const { family, apply } = this.#operations[operation] as { family: number; apply: (value: Json) => Json }
    const values = this.#values[family] as Interner
    const { name } = this.program.shape.slots[slot] as { name: string }
    let result: number
    try {
      result = values.id(apply(values.value(value)), name)
    } catch (error) {
      throw blame(error, name)
    }
    this.#applied.set(operation, value, result)
    this.fresh = true
    return result
  }

  /** Evaluates every member in a state and lists what is enabled. */
  #makeList(group: Group, state: Int32Array, keep: boolean): number {
    const { list, seen } = this.#list(group.members, state, { keep })
    if (keep) group.known.record([...seen], state, list)
    return list
  }

  #list(
    members: readonly number[],
    state: Int32Array,
    { keep, wanted }: { readonly keep: boolean; readonly wanted?: (instance: number) => boolean },
  ): { readonly list: number; readonly seen: ReadonlySet<number> } {
    const path: number[] = []
    const enabled: { instance: number; outcome: Outcome }[] = []
    for (const member of members) {
      for (const argument of this.#domain(member, state, path)) {
        const instance = this.#instance(member, argument)
        if (wanted?.(instance) === false || this.#guards[instance]?.call(state, path) === false) continue
        enabled.push({ instance, outcome: (this.#effects[instance] as Remembered<Outcome>).call(state, path) })
      }
    }
    const seen = new Set(path)
    // Step properties look at the value before, which must then be part of what the list depends on.
    for (const { outcome } of enabled) for (const [slot] of outcome.writes) if (this.steps.watches(slot)) seen.add(slot)
    const list = this.lists.begin(keep)
    for (const { instance, outcome } of enabled) {
      const { writes, operations } = this.#resolve(instance, outcome, seen, state)
      const failed = this.steps.judge(writes, state)
      this.lists.add(list, instance, (this.instances[instance] as ActionInstance).action, failed, writes, operations)
    }
    this.fresh = true
    return { list, seen }
  }

  /** On slots whose value the list depends on anyway, operations are writes, and writes of the value that is there are none. */
  #resolve(instance: number, outcome: Outcome, seen: ReadonlySet<number>, state: Int32Array): Outcome {
    const known = new Map<number, number>()
    const operations: (readonly [number, number])[] = []
    for (const [slot, operation] of outcome.operations) {
      if (seen.has(slot)) known.set(slot, this.apply(slot, operation, known.get(slot) ?? (state[slot] as number), instance))
      else operations.push([slot, operation])
    }
    const writes = [...outcome.writes, ...known].filter(([slot, value]) => !seen.has(slot) || state[slot] !== value)
    return { writes, operations }
  }

  #domain(member: number, state: Int32Array, path: number[]): readonly number[] {
    const { domain } = this.#members[member] as Member
    if (domain === null) return noArgument
    const found = domain.call(state, path)
    if (found.from === 'values') return found.ids
    path.push(found.slot)
    return this.#collection(found.slot, found.query, state[found.slot] as number)
  }

  /** Argument ids of the members of an accumulator's value. */
  #collection(slot: number, query: string, value: number): readonly number[] {
    const question = 2 * (this.familyOf[slot] as number) + (query === 'front' ? 1 : 0)
    const known = this.#collections.get(question, value)
    if (known >= 0) return this.#collected[known] as number[]
    const members = (this.#kinds[this.familyOf[slot] as number] as AccumulatorKind).queries[query]?.(
      this.value(slot, value),
      null,
    ) as readonly Json[]
    this.#collections.set(question, value, this.#collected.length)
    const ids = [...new Set(members.map((element) => this.#arguments.id(element)))]
    this.#collected.push(ids)
    return ids
  }

  #instance(member: number, argument: number): number {
    const known = this.#instanceIds.get(member, argument + 1)
    if (known >= 0) return known
    const { action: index, each, process, unit } = this.#members[member] as Member
    const action = this.program.actions[index] as ProgramAction
    const args = [...(each === undefined ? [] : [each]), ...(argument === none ? [] : [this.#arguments.value(argument)])]
    const id = this.instances.length
    this.instances.push({ action: index, args, process, unit })
    this.#instanceIds.set(member, argument + 1, id)
    const where = this.#whereOf(index)
    const { when } = action
    const useful = this.#usefulness[index] as Usefulness
    const guard = () => {
      this.lab.runs++
      return requireBoolean(when?.(this.view, ...args))
    }
    this.#guards.push(when === null ? null : new Remembered(this.lab, useful, `when of ${where}`, guard, Object.is))
    this.#effects.push(new Remembered(this.lab, useful, where, () => this.#run(action, args), sameRecord))
    return id
  }

  #run(action: ProgramAction, args: readonly Json[]): Outcome {
    const { tracker } = this.lab
    this.lab.runs++
    tracker.write()
    requireNothing(action.then(this.view, ...args))
    return tracker.finish()
  }

  #enumerate(action: ProgramAction, each: Json | undefined): Domain {
    this.lab.runs++
    const given = action.over?.(this.view, ...(each === undefined ? [] : [each]))
    const source = domainOf(given)
    if (source !== undefined) return { from: 'slot', ...source }
    if (typeof given !== 'object' || given === null || !(Symbol.iterator in given)) {
      throw new UserError('bad-model', '`over` must return something iterable')
    }
    const ids = [...(given as Iterable<unknown>)].map((element, i) => this.#arguments.id(element, `over[${i}]`, this.lab.tracker.reveal))
    return { from: 'values', ids: [...new Set(ids)] }
  }

  #group(memoize: boolean): Group[] {
    const { program } = this
    const byProcess = new Map<string, number[]>()
    for (const [index, action] of program.actions.entries()) {
      for (const each of action.each) {
        const process = action.process(each)
        const where = `over of ${this.#whereOf(index)}`
        const domain =
          action.over === null
            ? null
            : new Remembered(this.lab, this.#usefulness[index] as Usefulness, where, () => this.#enumerate(action, each), sameDomain)
        this.#members.push({ action: index, each, process, unit: this.#unitOf(index, each), domain })
        const key = process === null ? `${index} ${this.#members.length}` : String(process)
        this.#membersOf[index] = [...(this.#membersOf[index] ?? []), this.#members.length - 1]
        byProcess.set(key, [...(byProcess.get(key) ?? []), this.#members.length - 1])
      }
    }
    return [...byProcess.values()].map((members) => ({ members, useful: new Usefulness(memoize), known: this.lookup(this.#groupTrie) }))
  }

  #unitOf(action: number, each: Json | undefined): number {
    const { fair } = this.program.actions[action] as ProgramAction
    if (fair === null) return -1
    const known = this.units.findIndex((unit) => unit.action === action && sameJson(unit.each ?? null, each ?? null))
    return known >= 0 ? known : this.units.push({ action, each, fair }) - 1
  }

  #access(): Values {
    const familyOf = (slot: number): number => this.familyOf[slot] as number
    const nameOf = (slot: number): string => this.program.shape.slots[slot]?.name ?? ''
    return {
      nameOf,
      valueOf: (slot, id) => this.value(slot, id),
      intern: (slot, value, reveal) => (this.#values[familyOf(slot)] as Interner).id(value, nameOf(slot), reveal),
      operation: (slot, name, argument) => this.#operationId(familyOf(slot), name, this.#arguments.id(argument)),
      apply: (slot, operation, value) => {
        const known = this.#applied.get(operation, value)
        return known >= 0 ? known : this.#applyFirst(slot, operation, value)
      },
      argument: (value) => this.#arguments.id(value),
      answer: (slot, query, argument, value) => {
        const answer = this.#kinds[familyOf(slot)]?.queries[query]
        invariant(answer !== undefined, `handles ask only queries that their kind has, not ${query}`)
        return answer(this.value(slot, value), this.#arguments.value(argument))
      },
    }
  }

  #operationId(family: number, name: string, argument: number): number {
    const key = `${family} ${name} ${argument}`
    const known = this.#operationIds.get(key)
    if (known !== undefined) return known
    const given = this.#arguments.value(argument)
    const operation = name === patchOperation ? patch : this.#kinds[family]?.operations[name]
    invariant(operation !== undefined, `handles do only operations that their kind has, not ${name}`)
    this.#operationIds.set(key, this.#operations.length)
    this.#operations.push({ family, name, argument, apply: (value) => operation(value, given) })
    return this.#operations.length - 1
  }
}

const none = -1
const noArgument: readonly number[] = [none]

function patch(value: Json, changes: Json): Json {
  return applyChanges(value, changes as unknown as readonly Change[])
}

function sameDomain(a: Domain, b: Domain): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
