/** Walks along paths by the simulation: what it offers are a state's successors, and nothing is looked at before it is asked for. */
import { createHash } from 'node:crypto'
import {
  type Finding,
  type Program,
  type Simulation,
  type State,
  type Step,
  simulation,
  type Transition,
  UserError,
} from '../../checker/index.ts'
import { canonicalKey, sameJson } from '../../checker/language/json.ts'
import { requireInitial } from '../../checker/language/program.ts'
import type { Path } from './api.ts'

/** A transition out of a state. */
export interface Offer extends Transition {
  /** Whether the model's boundary lets the state after it be. */
  readonly isInside: boolean
}

/** A state on a path. */
export interface Stop {
  readonly state: State
  /** The step that led there; null for an initial state. */
  readonly transition: Transition | null
  readonly digest: string
  readonly children: Map<number, Stop>
  /** What it offers, once it was asked. */
  offers: readonly Offer[] | null
}

/** The states along a path. */
export interface Walked {
  /** One per choice that fits; at least the initial state. */
  readonly stops: readonly [Stop, ...Stop[]]
  /** Why the path does not fit any further; null: it does. */
  readonly cut: string | null
}

/** So many states are kept, so that going on does not start from the beginning. */
const keptMax = 20_000

export class Walker {
  readonly program: Program
  readonly simulation: Simulation
  /** The initial states within the boundary. */
  readonly initial: readonly State[]
  readonly #roots: Map<number, Stop> = new Map()
  #kept = 0
  readonly #judged: WeakMap<State, Finding[]> = new WeakMap()

  constructor(program: Program) {
    this.program = program
    const sim = simulation(program)
    this.simulation = { ...sim, judge: (state) => this.#judge(sim, state) }
    this.initial = sim.initialStates().filter((state) => sim.inside(state))
    requireInitial(program, this.initial.length > 0, 'boundary')
  }

  /** Follows a path as far as it fits the model. */
  walk(path: Path): Walked {
    if (this.#kept > keptMax) this.#forget()
    const [first = 0, ...choices] = path
    const start = this.initial[first] === undefined ? 0 : first
    const stops: [Stop, ...Stop[]] = [this.#child(this.#roots, start, () => this.#stop(this.initial[start] as State, null))]
    if (start !== first)
      return { stops, cut: `there is no initial state ${first}, of ${this.initial.length}; the model is another one now` }
    for (const [i, choice] of choices.entries()) {
      const here = stops.at(-1) as Stop
      const known = here.children.get(choice)
      const offer = known === undefined ? this.offers(here)[choice] : undefined
      if (known === undefined && offer?.isInside !== true) {
        const what = offer === undefined ? `has no choice ${choice} there` : `has choice ${choice} outside of its boundary`
        return { stops, cut: `the path fits for ${i} of its ${choices.length} steps: the model ${what}; it is another one now` }
      }
      stops.push(known ?? this.#child(here.children, choice, () => this.#stop((offer as Offer).after, offer as Offer)))
    }
    return { stops, cut: null }
  }

  /** The same, where it has to fit. */
  follow(path: Path): readonly [Stop, ...Stop[]] {
    const { stops, cut } = this.walk(path)
    if (cut !== null) throw new UserError('bad-option', cut)
    return stops
  }

  /** Every transition out of a state; a choice is an index into this. */
  offers(stop: Stop): readonly Offer[] {
    stop.offers ??= this.simulation
      .transitions(stop.state)
      .map((transition) => ({ ...transition, isInside: this.simulation.inside(transition.after) }))
    return stop.offers
  }

  /** The path that goes on by these steps. */
  continued(path: Path, steps: readonly Pick<Step, 'action' | 'args'>[]): Path {
    let [reached, stop] = [path, this.follow(path).at(-1) as Stop]
    for (const { action, args } of steps) {
      const choice = this.offers(stop).findIndex((offer) => offer.action === action && sameJson(offer.args, args))
      reached = [...reached, choice]
      stop = this.follow(reached).at(-1) as Stop
    }
    return reached
  }

  /** What is violated at the last of these stops, by its state or by the step that led there. */
  violations(stops: readonly Stop[]): Finding[] {
    const [before, here] = [stops.at(-2), stops.at(-1) as Stop]
    const found = this.simulation.judge(here.state).filter(({ kind }) => kind !== 'sometimes')
    return before === undefined ? found : [...found, ...this.simulation.judgeStep(before.state, here.state)]
  }

  #judge(sim: Simulation, state: State): Finding[] {
    const known = this.#judged.get(state)
    if (known !== undefined) return known
    const found = sim.judge(state)
    this.#judged.set(state, found)
    return found
  }

  #stop(state: State, transition: Transition | null): Stop {
    return { state, transition, digest: digestOf(state), children: new Map(), offers: null }
  }

  #child(of: Map<number, Stop>, choice: number, make: () => Stop): Stop {
    const known = of.get(choice)
    if (known !== undefined) return known
    const made = make()
    of.set(choice, made)
    this.#kept++
    return made
  }

  #forget(): void {
    this.#roots.clear()
    this.#kept = 0
  }
}

/** 16 characters that two states share only if they are equal, but for chances of 1 in 2^96. */
export function digestOf(state: State): string {
  return createHash('sha256').update(canonicalKey(state)).digest('base64url').slice(0, 16)
}
