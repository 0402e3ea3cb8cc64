/** What many walks came to. */
import type { Program } from '../../checker/index.ts'
import type { Walk } from './take-walk.ts'

export interface Counted {
  readonly runs: RunCounts
  /** Steps of the model that were taken. */
  readonly steps: number
  /** How often the implementation took another branch that the model allows as well. */
  readonly branches: number
  /** By action of the model, how many of these steps were of it. */
  readonly actions: Readonly<Record<string, number>>
  /** How walks were prevented, and why others could not be compared to their ends: each with how often. */
  readonly prevented: Readonly<Record<string, number>>
  readonly notComparable: Readonly<Record<string, number>>
}

export interface RunCounts {
  readonly taken: number
  readonly conforming: number
  /** Ended by a refusal of the system's own. */
  readonly prevented: number
  /** Ended where the rest could not be held against the model. */
  readonly notComparable: number
  readonly diverged: number
}

export class Tally {
  readonly #walks: Record<Walk['verdict'], number> = { conforms: 0, diverged: 0, prevented: 0, 'not-comparable': 0, stopped: 0 }
  readonly #actions: Map<string, number>
  readonly #prevented = new Map<string, number>()
  readonly #notComparable = new Map<string, number>()
  #steps = 0
  #branches = 0

  constructor({ actions }: Program) {
    this.#actions = new Map(actions.map(({ name }) => [name, 0]))
  }

  add(walk: Walk): void {
    const { verdict, reason, path, branches } = walk
    this.#walks[verdict] += 1
    this.#steps += path.transitions.length
    this.#branches += branches
    for (const { action } of path.transitions) increment(this.#actions, action)
    if (verdict === 'prevented') increment(this.#prevented, refusalOf(walk))
    if (verdict === 'not-comparable') increment(this.#notComparable, reason)
  }

  get counted(): Counted {
    const { conforms: conforming, diverged, prevented, 'not-comparable': notComparable } = this.#walks
    return {
      runs: { taken: conforming + diverged + prevented + notComparable, conforming, prevented, notComparable, diverged },
      steps: this.#steps,
      branches: this.#branches,
      actions: Object.fromEntries(this.#actions),
      prevented: Object.fromEntries(this.#prevented),
      notComparable: Object.fromEntries(this.#notComparable),
    }
  }
}

/** What a system said when it refused, without what it was about. */
function refusalOf({ steps }: Walk): string {
  const last = steps.at(-1)
  const refused = last?.isAllowed ? last.completed.find(({ outcome }) => outcome.kind === 'error')?.outcome : last?.outcome
  if (refused?.kind === 'error') return `error ${refused.code}`
  return refused?.kind === 'blocked' ? 'the step had to wait' : 'as in the model without its bugs'
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
