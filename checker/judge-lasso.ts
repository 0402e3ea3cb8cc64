/**
 * Judges a lasso by the definitions, on plain states: does its loop close, is it fair, and does it break the property? It
 * shares nothing with the search that finds lassos, whose results are thereby verified.
 *
 * Source of the definitions: Lamport, Specifying Systems, 2002, chapter 8.
 */
import type { Json } from './language/json.ts'
import { canonicalKey, sameJson } from './language/json.ts'
import type { ProgramAction } from './language/program.ts'
import { isLiveness, type LivenessProperty } from './language/properties.ts'
import type { Finding, Simulation, State } from './simulation.ts'
import type { Step } from './trace.ts'

/** An execution that repeats its end. */
export interface LassoRun {
  /** One more than there are steps. */
  readonly states: readonly State[]
  readonly steps: readonly Pick<Step, 'action' | 'args'>[]
  /** The steps before the loop; as many as there are where the execution stops. */
  readonly loop: number
}

/** What is wrong with a lasso, or why nothing is: what it claims is then not so, or not for ever. */
export function judgeLasso(sim: Simulation, property: string, run: LassoRun): Finding | { readonly refused: string } {
  const definition = sim.program.properties.get(property)
  if (definition === undefined || !isLiveness(definition)) return { refused: `${property} is not a property of whole executions` }
  const { states, loop } = run
  if (!same(states[loop], states.at(-1))) return { refused: `its last state is not the one after step ${loop} again` }
  const starved = unfairness(sim, run)
  if (starved !== null) return { refused: `it is not fair: ${starved}` }
  const message = broken(sim, property, definition, run)
  return message === null ? { refused: 'it satisfies the property' } : { property, kind: definition.kind, part: null, message }
}

function same(a: State | undefined, b: State | undefined): boolean {
  return a !== undefined && b !== undefined && sameJson(a, b)
}

/** The fair action that a lasso passes over, in words; null: it is fair. */
export function unfairness(sim: Simulation, { states, steps, loop }: LassoRun): string | null {
  const inLoop = states.slice(loop, Math.max(loop + 1, states.length - 1))
  const enabled = inLoop.map(
    (state) => new Set(sim.transitions(state).flatMap((step) => (same(step.after, state) ? [] : [unitOf(sim, step)]))),
  )
  const taken = new Set(steps.slice(loop).flatMap((step, i) => (same(states[loop + i], states[loop + i + 1]) ? [] : [unitOf(sim, step)])))
  for (const action of sim.program.actions) {
    if (action.fair === null) continue
    for (const each of action.each) {
      const unit = unitKey(action, each)
      const times = enabled.filter((units) => units.has(unit)).length
      if (taken.has(unit) || (action.fair === 'weak' ? times < inLoop.length : times === 0)) continue
      const name = `${action.name}(${each === undefined ? '' : JSON.stringify(each)})`
      return `${name} is ${action.fair}ly fair and never happens, though it is enabled ${times < inLoop.length ? 'again and again' : 'all the time'}`
    }
  }
  return null
}

function unitOf({ program }: Simulation, { action, args }: Pick<Step, 'action' | 'args'>): string {
  const declared = program.actions.find(({ name }) => name === action) as ProgramAction
  return unitKey(declared, declared.each[0] === undefined ? undefined : args[0])
}

function unitKey({ name }: ProgramAction, each: Json | undefined): string {
  return `${name} ${each === undefined ? '' : canonicalKey(each)}`
}

/** How the property is broken, in words, or `null` if it is not. */
function broken(sim: Simulation, property: string, { kind, from, check }: LivenessProperty, { states, loop }: LassoRun): string | null {
  const good = states.map((state) => sim.test(state, property, check))
  const last = good.lastIndexOf(true)
  const stays = good.slice(loop).every((satisfied) => !satisfied)
  switch (kind) {
    case 'eventually':
      return last < 0 ? 'no state of this execution is such a state' : null
    case 'leadsTo': {
      const asked = states.findIndex((state, i) => i > last && from !== null && sim.test(state, property, from))
      return stays && asked >= 0 ? `asked for ${place(asked)}, and never so from then on` : null
    }
    case 'alwaysEventually':
      return stays ? (last < 0 ? 'never so in this execution' : `so ${place(last)} for the last time`) : null
    case 'stabilizes': {
      const lapse = good.indexOf(false, loop)
      if (lapse < 0) return null
      return good.indexOf(true, loop) < 0 ? `not so any more ${place(last + 1)} and later` : `not so again and again, first ${place(lapse)}`
    }
  }
}

function place(step: number): string {
  return step === 0 ? 'initially' : `after step ${step}`
}
