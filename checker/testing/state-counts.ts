/** Counts what a result does not: whole spaces whatever is violated there, and the states in which each property holds. */
import { check } from '../check.ts'
import type { Action } from '../language/actions.ts'
import type { Model } from '../language/model.ts'
import type { ProgramOptions } from '../language/program.ts'
import { isLiveness, propertyBuilder, type StateProperty } from '../language/properties.ts'
import type { CheckResult } from '../result.ts'

/** The whole space, as if the model claimed nothing: violations neither end the search nor fill the memory. */
export function countSpace(model: Model, options: ProgramOptions): CheckResult {
  return check({ ...model, spec: { ...model.spec, properties: () => ({}) } }, options)
}

/** In how many reachable states each property holds: an action that does nothing is enabled in exactly these. */
export function countHolding(model: Model, options: ProgramOptions): Record<string, number> {
  const { spec } = model
  const actions: Model['spec']['actions'] = (on, c, bug) => {
    const properties = Object.entries(spec.properties(propertyBuilder, c, bug))
    const observers = properties.flatMap(([name, property]) =>
      property.kind === 'step' || isLiveness(property) ? [] : [[observerOf(name), observer(property)] as const],
    )
    return { ...spec.actions(on, c, bug), ...Object.fromEntries(observers) }
  }
  const result = countSpace({ ...model, spec: { ...spec, actions } }, options)
  const counted = Object.entries(result.actions).filter(([name]) => name.startsWith(observerOf('')))
  return Object.fromEntries(counted.map(([name, { enabled }]) => [name.slice(observerOf('').length), enabled]))
}

function observer({ parts }: StateProperty): Action {
  return {
    each: null,
    over: null,
    when: (s) => Object.values(parts).every((part) => part(s) === true),
    then: () => {},
    process: null,
    fair: null,
    by: null,
  }
}

function observerOf(property: string): string {
  return `holds:${property}`
}
