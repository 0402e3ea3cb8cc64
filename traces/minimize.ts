/**
 * Makes a counterexample 1-minimal: after it, no single step can be removed so that the rest still runs and ends in a
 * violation of the same property (and the same part of it). For traces of walks and of depth-first search, which are
 * long; those of breadth-first search are shortest already.
 *
 * A candidate leaves out a run of steps, and with them every later step that is then not enabled. Runs get shorter, from
 * half of the trace to single steps, and singles are tried until none can go (delta debugging; Zeller & Hildebrandt,
 * Simplifying and Isolating Failure-Inducing Input, IEEE TSE 28(2), 2002). A candidate starts from the states of the
 * current trace, ends as soon as it meets them again, and what was executed or judged once is remembered.
 */

import uniqBy from 'lodash/uniqBy.js'
import { invariant } from '../checker/errors.ts'
import {
  type CheckResult,
  type Model,
  type PropertyResult,
  type Simulation,
  type State,
  type Step,
  UserError,
  type Violation,
} from '../checker/index.ts'
import { canonicalKey } from '../checker/language/json.ts'
import type { TraceDocument } from './format.ts'
import { type Claim, findClaim, findingText, replay } from './replay.ts'

/** The 1-minimal form of a counterexample (or of a witness), verified by replay. Lassos stay as they are. */
export function minimize(model: Model, trace: TraceDocument): TraceDocument {
  const run = minimizing(model, trace)
  for (;;) {
    const next = run.next()
    if (next.done) return next.value
  }
}

/**
 * The same, in slices: yields the number of steps left now and then. Every trace on the way is a counterexample, so
 * that a caller may stop early: `next('stop')` makes it return what it has, which is then shorter but not 1-minimal.
 */
export function* minimizing(model: Model, trace: TraceDocument): Generator<number, TraceDocument, 'stop' | undefined> {
  const whole = replay(model, trace)
  // The stem of a lasso is shortest already, and its loop is short.
  if (trace.loop !== undefined && whole.finding !== null) return trace
  if (whole.finding === null)
    throw new UserError('bad-trace', `the trace does not end in what it claims, ${trace.property}; there is nothing to minimize`)
  const search = new Search(whole.simulation, { property: trace.property, part: whole.finding.part })
  let path = search.truncate(whole.states, trace.steps)
  for (let size = Math.ceil(path.steps.length / 2); size >= 1; ) {
    const before = path
    for (let at = path.steps.length - 1; at > -size; at -= size) {
      path = search.without(path, Math.max(at, 0), at + size) ?? path
      at = Math.min(at, path.steps.length)
      if ((yield path.steps.length) === 'stop') return finish(model, { ...trace, part: whole.finding.part }, path)
    }
    // Singles go round until a whole round removes nothing.
    if (size > 1) size = Math.floor(size / 2)
    else if (path === before) break
  }
  return finish(model, { ...trace, part: whole.finding.part }, path)
}

/** Minimizes every counterexample of a check result, in slices like `minimizing`. */
export function* minimizingResult(model: Model, result: CheckResult): Generator<number, CheckResult, 'stop' | undefined> {
  const violations: Violation[] = []
  for (const violation of result.violations) {
    const trace = yield* minimizing(model, { ...violation.trace, part: violation.part })
    violations.push({ ...violation, trace, depth: trace.steps.length + 1, message: trace.message })
  }
  const shortened = (name: string, property: PropertyResult): PropertyResult => {
    const first = violations.find((violation) => violation.property === name)
    return first === undefined
      ? property
      : { ...property, depth: first.depth, message: first.message, part: first.part, trace: first.trace }
  }
  return {
    ...result,
    // Different counterexamples may have one and the same shortest form.
    violations: uniqBy(violations, ({ trace }) => canonicalKey([trace.property, trace.initial, trace.steps])),
    properties: Object.fromEntries(Object.entries(result.properties).map(([name, property]) => [name, shortened(name, property)])),
  }
}

interface Path {
  /** One more than steps. No state but the last has what the trace claims. */
  readonly states: readonly Known[]
  readonly steps: readonly Step[]
}

/** A state with what is known of its successors, so that no step is executed or judged twice. */
interface Known {
  readonly state: State
  readonly next: Map<string, { readonly to: Known; readonly claimed: boolean } | null>
}

// Bounds the memory; forgetting costs time only.
const knownMax = 100_000

class Search {
  readonly #sim: Simulation
  readonly #claim: Claim
  readonly #known = new Map<string, Known>()
  readonly #keys = new WeakMap<Step, string>()

  constructor(sim: Simulation, claim: Claim) {
    this.#sim = sim
    this.#claim = claim
  }

  /** The path up to the first state that has what the trace claims. */
  truncate(states: readonly State[], steps: readonly Step[]): Path {
    const first = states.findIndex((state, i) => this.#claimed(states[i - 1] ?? null, state))
    invariant(first >= 0, 'the replay found the claim in the last state')
    return { states: states.slice(0, first + 1).map((state) => this.#intern(state)), steps: steps.slice(0, first) }
  }

  /** The path without some steps, and without those that are then not enabled; `null` if that does not lead to the claim. */
  without(path: Path, from: number, to: number): Path | null {
    const states: Known[] = []
    const steps: Step[] = []
    let at = path.states[from] as Known
    const joined = (k: number): Path => ({
      states: [...path.states.slice(0, from + 1), ...states, ...path.states.slice(k + 1)],
      steps: [...path.steps.slice(0, from), ...steps, ...path.steps.slice(k)],
    })
    for (let k = to; k < path.steps.length; k++) {
      // Met the current trace again: the rest of it leads to the claim.
      if (at === path.states[k]) return joined(k)
      const step = path.steps[k] as Step
      const taken = this.#take(at, step)
      if (taken === null) continue
      at = taken.to
      states.push(at)
      steps.push(step)
      if (taken.claimed) return joined(path.steps.length)
    }
    return null
  }

  #take(at: Known, step: Step): { readonly to: Known; readonly claimed: boolean } | null {
    const key = this.#keyOf(step)
    const known = at.next.get(key)
    if (known !== undefined) return known
    const taken = this.#sim.take(at.state, step)
    const fits = !('refused' in taken) && this.#sim.inside(taken.after)
    const result = fits ? { to: this.#intern(taken.after), claimed: this.#claimed(at.state, taken.after) } : null
    at.next.set(key, result)
    return result
  }

  #claimed(before: State | null, after: State): boolean {
    return findClaim(this.#sim, this.#claim, before, after) !== null
  }

  #intern(state: State): Known {
    const key = canonicalKey(state)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    if (this.#known.size >= knownMax) this.#known.clear()
    const fresh: Known = { state, next: new Map() }
    this.#known.set(key, fresh)
    return fresh
  }

  #keyOf(step: Step): string {
    const known = this.#keys.get(step)
    if (known !== undefined) return known
    const key = canonicalKey([step.action, step.args])
    this.#keys.set(step, key)
    return key
  }
}

/** The document of a path, after one more execution from scratch. */
function finish(model: Model, trace: TraceDocument, path: Path): TraceDocument {
  const shorter = { ...trace, steps: path.steps.map(({ action, args, process }) => ({ action, args, process })) }
  const { finding } = replay(model, shorter)
  invariant(finding !== null, 'each candidate was accepted only where it ended in what the trace claims')
  return { ...shorter, message: findingText(finding), part: finding.part }
}
