/** What a search has found: violations and witnesses, each with enough to rebuild its trace. */
import type { StateFinding } from '../engine/judge.ts'
import type { PropertyKind } from '../trace.ts'

/** A path as instances from an initial state, or the state at its end for a search that keeps parents. */
export interface Place {
  readonly state: number
  /** The last step, where it is the step itself that violates. */
  readonly instance?: number
  /** The whole path, where the search walked it. */
  readonly walk?: { readonly initial: number; readonly instances: readonly number[] }
}

export interface Found {
  readonly property: string
  readonly kind: PropertyKind
  readonly part: string | null
  readonly message: string
  readonly depth: number
  readonly place: Place
}

export class Findings {
  readonly violations: Found[] = []
  /** The first violation or witness per property. */
  readonly first: Map<string, Found> = new Map()
  readonly #max: number
  readonly #witnessed: (property: string) => void

  constructor(max: number, witnessed: (property: string) => void) {
    this.#max = max
    this.#witnessed = witnessed
  }

  /** Whether as many violations have been found as were asked for. */
  get enough(): boolean {
    return this.violations.length >= this.#max
  }

  states(findings: readonly StateFinding[], depth: number, place: Place): void {
    for (const finding of findings) this.add({ ...finding, depth, place })
  }

  add(found: Found): void {
    if (!this.first.has(found.property)) this.first.set(found.property, found)
    if (found.kind === 'sometimes') this.#witnessed(found.property)
    else if (!this.enough && !this.#known(found)) this.violations.push(found)
  }

  #known({ property, part, message, place }: Found): boolean {
    return this.violations.some(
      (other) =>
        other.property === property &&
        other.part === part &&
        other.message === message &&
        other.place.state === place.state &&
        other.place.instance === place.instance,
    )
  }
}
