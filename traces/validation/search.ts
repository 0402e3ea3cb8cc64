/**
 * The search for a path of the model that explains a log. A node is a pair: how many events are explained, and a state of the model that
 * explains them. From a node, a step that is as the next event says leads to the next event, and a hidden step to another state before
 * the same event. Each pair is visited once, those that explain most first, and of these the ones with the fewest hidden steps since
 * their event; so a log that can be explained takes little more than its own length, and one that cannot takes every pair there is.
 *
 * Source: the constraint is that of trace validation by TLC (Cirstea, Kuppe, Loillier & Merz, Validating Traces of Distributed Programs
 * Against TLA+ Specifications, SEFM 2024); going for the longest prefix first is its depth-first search.
 */
import type { ActionInstance, Machine } from '../../checker/engine/machine.ts'
import { PairMap } from '../../checker/engine/pair-map.ts'
import type { Space } from '../../checker/engine/space.ts'
import type { Limit } from '../../checker/index.ts'
import { isOutOfMemory, type Limits } from '../../checker/search/limits.ts'
import { Pacer, PerState } from '../../checker/search/search.ts'
import type { Constraint } from './constraints.ts'

export interface SearchOptions {
  readonly constraints: readonly Constraint[]
  /** Numbers of the actions that may happen unlogged. */
  readonly hidden: ReadonlySet<number>
  /** How many hidden steps in a row to try. */
  readonly maxHidden: number
  readonly limits: Limits
  /** `deepest` goes for the longest prefix; `shallowest` explains each event in every way before the next one, for comparison. */
  readonly order?: 'deepest' | 'shallowest'
}

export interface SearchProgress {
  /** Events of the longest explained prefix. */
  readonly explained: number
  /** Pairs found so far. */
  readonly pairs: number
  readonly seconds: number
}

/** A step of an explanation: an instance of the machine, or -1 where an event tells of the state only; and the event, or -1 if hidden. */
export interface ExplainingStep {
  readonly instance: number
  readonly event: number
}

/** An entry of the machine's lists. */
export interface Candidate {
  readonly position: number
  readonly instance: number
}

export class ExplanationSearch {
  /** Events of the longest explained prefix so far. */
  explained = 0
  /** What ended the search too early. `hidden`: more hidden steps in a row than were allowed might have led on. */
  limit: Limit | 'hidden' | null = null
  readonly #space: Space
  readonly #machine: Machine
  readonly #options: SearchOptions
  readonly #known: PairMap = new PairMap()
  readonly #state: PerState
  readonly #event: PerState
  readonly #parent: PerState
  readonly #instance: PerState
  /** Hidden steps since the last event. */
  readonly #run: PerState
  #count = 0
  /** Nodes to visit, per number of explained events; in the order of finding. */
  readonly #pending: { readonly nodes: number[]; next: number }[] = []
  #top = 0
  /** Pairs that only more hidden steps in a row would reach. */
  readonly #beyond: PairMap = new PairMap()
  readonly #beyondPairs: (readonly [event: number, state: number])[] = []
  /** Per event, the actions to look at: its own, and the hidden ones. */
  readonly #actionsOf: readonly ReadonlySet<number>[]
  #end = -1

  constructor(space: Space, options: SearchOptions) {
    this.#space = space
    this.#machine = space.machine
    this.#options = options
    const actions = this.#machine.program.actions.map((_, action) => new Set([...options.hidden, action]))
    this.#actionsOf = options.constraints.map(({ action }) => actions[action] ?? options.hidden)
    const { reserve } = options.limits
    this.#state = new PerState(reserve)
    this.#event = new PerState(reserve)
    this.#parent = new PerState(reserve)
    this.#instance = new PerState(reserve)
    this.#run = new PerState(reserve)
  }

  /** Pairs found so far. */
  get pairs(): number {
    return this.#count
  }

  /** Runs to the end, in slices. */
  *run(initial: readonly Int32Array[]): Generator<SearchProgress, void, void> {
    const { limits } = this.#options
    const pacer = new Pacer()
    try {
      for (const state of initial) this.#reach(0, this.#space.add(state), -1, -1, 0)
      for (let node = this.#next(); node >= 0 && this.#end < 0; node = this.#next()) {
        if (this.#count > limits.maxStates) this.limit = 'states'
        if (pacer.due()) {
          yield { explained: this.explained, pairs: this.#count, seconds: limits.seconds() }
          this.limit = limits.exceeded() ?? this.limit
        }
        if (this.limit !== null) return
        this.#visit(node)
      }
    } catch (error) {
      if (!isOutOfMemory(error)) throw error
      this.limit = 'memory'
      return
    }
    const isBeyond = this.#beyondPairs.some(([event, state]) => this.#known.get(event, state) < 0)
    if (this.#end < 0 && isBeyond) this.limit = 'hidden'
  }

  /** The states that explain the longest prefix, hidden steps after it included; the first so many. */
  statesAtEnd(max: number): { readonly states: readonly number[]; readonly total: number } {
    const states: number[] = []
    let total = 0
    for (const node of new Set(this.#pending[this.explained]?.nodes ?? [])) {
      total++
      if (states.length < max) states.push(this.#state.get(node))
    }
    return { states, total }
  }

  /** The path that explains the longest prefix. */
  path(): { readonly initial: number; readonly steps: readonly ExplainingStep[] } {
    const steps: ExplainingStep[] = []
    let node = this.#pending[this.explained]?.nodes[0] ?? 0
    for (let parent = this.#parent.get(node); parent >= 0; parent = this.#parent.get(node)) {
      const event = this.#event.get(parent)
      steps.push({ instance: this.#instance.get(node), event: this.#event.get(node) > event ? event : -1 })
      node = parent
    }
    return { initial: this.#state.get(node), steps: steps.reverse() }
  }

  /** Makes a state the current one, and reads what can happen there, wanted or not. Valid until the next call. */
  candidates(state: number): readonly Candidate[] {
    const { lists } = this.#machine
    lists.discard()
    this.#space.load(state)
    return this.#space
      .lists()
      .flatMap((list) => lists.positions(list).map((position) => ({ position, instance: lists.instanceAt(position) })))
  }

  #visit(node: number): void {
    const { constraints, hidden, maxHidden } = this.#options
    const event = this.#event.get(node)
    const state = this.#state.get(node)
    const run = this.#run.get(node)
    const constraint = constraints[event] as Constraint
    if (constraint.action < 0 && this.#agrees(constraint, state)) this.#reach(event + 1, state, node, -1, 0)
    const { lists, instances } = this.#machine
    const isLoggedAs = (instance: number): boolean => {
      const step = instances[instance] as ActionInstance
      return step.action === constraint.action && constraint.accepts(instance, step)
    }
    const isHiddenAs = (instance: number): boolean => hidden.has(instances[instance]?.action as number)
    this.#space.load(state)
    const actions = this.#actionsOf[event] as ReadonlySet<number>
    const list = this.#space.some(actions, (instance) => isHiddenAs(instance) || isLoggedAs(instance))
    for (const position of lists.positions(list)) {
      const instance = lists.instanceAt(position)
      const [isLogged, isHidden] = [isLoggedAs(instance), isHiddenAs(instance)]
      const after = this.#space.fire(position)
      if (isLogged && this.#agrees(constraint, after)) this.#reach(event + 1, after, node, instance, 0)
      if (!isHidden || after === state) continue
      if (run < maxHidden) this.#reach(event, after, node, instance, run + 1)
      else this.#leaveOut(event, after)
    }
  }

  #agrees({ checks }: Constraint, state: number): boolean {
    if (checks.length === 0) return true
    const values = this.#space.peek(state)
    return checks.every((check) => {
      const value = values[check.slot] as number
      const known = check.known.get(value)
      if (known !== undefined) return known
      const agrees = check.mismatch(this.#machine.value(check.slot, value)) === null
      check.known.set(value, agrees)
      return agrees
    })
  }

  #reach(event: number, state: number, parent: number, instance: number, run: number): void {
    const known = this.#known.get(event, state)
    if (known >= 0) {
      // A shorter run of hidden steps leaves room for more of them.
      if (run >= this.#run.get(known) || this.#options.maxHidden === Number.POSITIVE_INFINITY) return
      this.#note(known, event, state, parent, instance, run)
      return
    }
    this.#known.set(event, state, this.#count)
    this.#note(this.#count++, event, state, parent, instance, run)
    if (event === this.#options.constraints.length) this.#end = this.#count - 1
  }

  #note(node: number, event: number, state: number, parent: number, instance: number, run: number): void {
    this.#state.set(node, state)
    this.#event.set(node, event)
    this.#parent.set(node, parent)
    this.#instance.set(node, instance)
    this.#run.set(node, run)
    this.#pending[event] ??= { nodes: [], next: 0 }
    this.#pending[event].nodes.push(node)
    this.explained = Math.max(this.explained, event)
    if (this.#options.order === 'shallowest') this.#top = Math.min(this.#top, event)
    else this.#top = Math.max(this.#top, event)
  }

  /** The next node to visit, or -1. */
  #next(): number {
    const step = this.#options.order === 'shallowest' ? 1 : -1
    for (; this.#top >= 0 && this.#top < this.#pending.length; this.#top += step) {
      const pending = this.#pending[this.#top]
      if (pending !== undefined && pending.next < pending.nodes.length) return pending.nodes[pending.next++] as number
    }
    return -1
  }

  #leaveOut(event: number, state: number): void {
    if (this.#beyond.get(event, state) >= 0 || this.#known.get(event, state) >= 0) return
    this.#beyond.set(event, state, 0)
    this.#beyondPairs.push([event, state])
  }
}
