/**
 * Liveness by brute force, for spaces of a dozen states: an infinite execution of a finite space visits some set of states
 * again and again, so each set is asked whether a fair execution can end in it, and whether that breaks the property.
 *
 * Of the executions that end in a set, one that takes every step inside again and again is fair if any is: what is enabled
 * depends on the states only, and taking more starves no one.
 */
import { canonicalKey } from '../language/json.ts'
import type { Program } from '../language/program.ts'
import { isLiveness, type LivenessProperty } from '../language/properties.ts'
import { type State, simulation } from '../simulation.ts'
import { referenceExplore } from './reference.ts'

export interface Broken {
  /** Steps before the first state of a set in which an execution can end that breaks the property. */
  readonly stem: number
}

interface Edge {
  readonly to: number
  readonly unit: string
}

/** A small space as a plain graph of the steps that change the state. */
export interface PlainSpace {
  readonly program: Program
  readonly states: readonly State[]
  readonly initial: readonly number[]
  readonly edges: readonly (readonly Edge[])[]
  /** Per state, the actions with their `each` argument that would change it. */
  readonly enabled: readonly ReadonlySet<string>[]
}

/** `null` where the space has more states. */
export function plainSpace(program: Program, statesMax: number): PlainSpace | null {
  const reference = referenceExplore(program, statesMax + 1)
  if (!reference.complete || reference.distinct > statesMax) return null
  const model = simulation(program)
  const keys = [...reference.states.keys()]
  const states = [...reference.states.values()]
  const initial = [...new Set(model.initialStates().map((state) => keys.indexOf(canonicalKey(state))))].filter((at) => at >= 0)
  const steps = states.map((state, from) =>
    model.transitions(state).flatMap(({ action, args, after }) => {
      const takesEach = program.actions.find(({ name }) => name === action)?.each[0] !== undefined
      const to = keys.indexOf(canonicalKey(after))
      return to === from ? [] : [{ to, unit: unitName(action, takesEach ? args[0] : null) }]
    }),
  )
  return {
    program,
    states,
    initial,
    edges: steps.map((all) => all.filter(({ to }) => to >= 0)),
    enabled: steps.map((all) => new Set(all.map(({ unit }) => unit))),
  }
}

/** What breaks a property, or `null` where nothing does. */
export function brokenBy(space: PlainSpace, property: string): Broken | null {
  const definition = space.program.properties.get(property)
  if (definition === undefined || !isLiveness(definition)) throw new Error(`${property} is not a liveness property`)
  const model = simulation(space.program)
  const good = space.states.map((state) => model.test(state, property, definition.check))
  const { from } = definition
  const asks = space.states.map((state) => from !== null && model.test(state, property, from))
  const owed = distances(space, definition.kind, good, asks)
  let stem = Number.POSITIVE_INFINITY
  for (let set = 1; set < 2 ** space.states.length; set++) {
    const members = space.states.flatMap((_, at) => ((set >> at) & 1 ? [at] : []))
    const nearest = Math.min(...members.map((at) => owed[at] as number))
    const breaks = definition.kind === 'stabilizes' ? members.some((at) => !good[at]) : members.every((at) => !good[at])
    if (nearest < stem && breaks && isConnected(space, members) && isFair(space, members)) stem = nearest
  }
  return stem === Number.POSITIVE_INFINITY ? null : { stem }
}

/** Per state, the fewest steps to be there in a way that matters, by relaxation: for ever owing, where that is what counts. */
function distances(
  { initial, edges }: PlainSpace,
  kind: LivenessProperty['kind'],
  good: readonly boolean[],
  asks: readonly boolean[],
): readonly number[] {
  const far = Number.POSITIVE_INFINITY
  const [free, owing] = [good.map(() => far), good.map(() => far)]
  const arrive = (at: number, steps: number, owes: boolean): boolean => {
    const [stays, begins] = [owes && !good[at], asks[at] && !good[at]]
    const table = kind === 'leadsTo' && !stays && !begins ? free : owing
    if (kind === 'eventually' && good[at]) return false
    if (steps >= (table[at] as number)) return false
    table[at] = steps
    return true
  }
  for (const at of initial) arrive(at, 0, false)
  for (let changed = true; changed; ) {
    changed = false
    for (const [from, out] of edges.entries()) {
      for (const { to } of out) {
        for (const [table, owes] of [[free, false] as const, [owing, true] as const]) {
          const steps = table[from] as number
          if (steps < far && arrive(to, steps + 1, owes)) changed = true
        }
      }
    }
  }
  return owing
}

function isConnected({ edges }: PlainSpace, members: readonly number[]): boolean {
  const inside = new Set(members)
  return members.every((start) => {
    const met = new Set([start])
    for (const at of met) for (const { to } of edges[at] ?? []) if (inside.has(to)) met.add(to)
    return met.size === members.length
  })
}

function isFair({ program, edges, enabled }: PlainSpace, members: readonly number[]): boolean {
  const inside = new Set(members)
  const taken = new Set(members.flatMap((at) => (edges[at] ?? []).flatMap(({ to, unit }) => (inside.has(to) ? [unit] : []))))
  return program.actions.every(({ name, each, fair }) =>
    each.every((element) => {
      const unit = unitName(name, element)
      const isEnabled = (at: number): boolean => enabled[at]?.has(unit) === true
      if (fair === null || taken.has(unit)) return true
      return fair === 'weak' ? !members.every(isEnabled) : !members.some(isEnabled)
    }),
  )
}

function unitName(action: string, each: unknown): string {
  return `${action} ${canonicalKey(each ?? null)}`
}
