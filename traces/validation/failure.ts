/** Why an event is not explained: what the model allows where the log goes on otherwise, and how far off the event is. */
import sortBy from 'lodash/sortBy.js'
import type { Space } from '../../checker/engine/space.ts'
import type { Step } from '../../checker/index.ts'
import { canonicalKey } from '../../checker/language/json.ts'
import type { Constraint } from './constraints.ts'
import type { LogEvent } from './log.ts'
import type { Mismatch } from './pattern.ts'
import type { ExplanationSearch } from './search.ts'

export interface Failure {
  readonly event: LogEvent
  /** Where it stands in its file; `null` if the events are of no file. */
  readonly line: number | null
  /** In how many states the model may be before it; hidden steps may have happened in some of them. */
  readonly states: number
  /** Whether its action, by its process and with its static argument, is enabled in none of them. */
  readonly isNeverEnabled: boolean
  /** What can happen in some of these states: what the event could mean first, then its action elsewhere. */
  readonly allowed: readonly Step[]
  /** How much more there is than what `allowed` lists. */
  readonly more: number
  /** What the event says, and what the model has instead, where that is not so; nearest first. */
  readonly differences: readonly Difference[]
}

export interface Difference extends Mismatch {
  /** The step that the event could have been; `null` where the event tells of the state only. */
  readonly step: Step | null
  /** `arguments`: no such step is allowed; `state`: it is, but leads to another state. */
  readonly of: 'arguments' | 'state'
}

const statesMax = 1_000
const allowedMax = 20
const differencesMax = 10

export function failureAt(search: ExplanationSearch, space: Space, constraint: Constraint, event: LogEvent): Failure {
  const { machine } = space
  const { states, total } = search.statesAtEnd(statesMax)
  const instances = new Set<number>()
  const differences = new Map<string, Difference>()
  const add = (difference: Difference): void => {
    differences.set(canonicalKey({ ...difference }), difference)
  }
  const stepOf = (instance: number): Step => {
    const { action, args, process } = machine.instances[instance] as (typeof machine.instances)[number]
    return { action: machine.program.actions[action]?.name as string, args, process }
  }
  const addStateMismatch = (state: number, step: Step | null): void => {
    const values = space.peek(state)
    for (const check of constraint.checks) {
      const found = check.mismatch(machine.value(check.slot, values[check.slot] as number))
      if (found !== null) add({ step, of: 'state', ...found })
    }
  }
  let isNeverEnabled = constraint.action >= 0
  for (const state of states) {
    if (constraint.action < 0) addStateMismatch(state, null)
    for (const { position, instance } of search.candidates(state)) {
      instances.add(instance)
      const step = stepOf(instance)
      if (machine.instances[instance]?.action !== constraint.action || constraint.isAnother(step)) continue
      isNeverEnabled = false
      const found = constraint.argumentMismatch(step)
      if (found !== null) add({ step, of: 'arguments', ...found })
      else addStateMismatch(space.fire(position), step)
    }
  }
  // What the event could mean comes first, then the same action elsewhere.
  const inOrder = sortBy([...instances].map(stepOf), (step) => (step.action !== event.action ? 2 : constraint.isAnother(step) ? 1 : 0))
  // A step with the right arguments is nearer than one with others.
  const nearest = [...differences.values()].sort((a, b) => Number(a.of === 'arguments') - Number(b.of === 'arguments'))
  return {
    event,
    line: event.line ?? null,
    states: total,
    isNeverEnabled,
    allowed: inOrder.slice(0, allowedMax),
    more: Math.max(0, inOrder.length - allowedMax),
    differences: nearest.slice(0, differencesMax),
  }
}
