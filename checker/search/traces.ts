/** Rebuilds the path to a finding: from parent pointers by expanding each state on the way once more, or from the walk itself. */
import { invariant } from '../errors.ts'
import type { Json } from '../language/json.ts'
import type { Step, Strategy, Trace } from '../trace.ts'
import type { Found, Place } from './findings.ts'
import type { Search } from './search.ts'

/** How a trace was found. */
export interface How {
  readonly strategy: Strategy
  readonly seed: number | null
}

export function traceOf(found: Found, search: Search, parents: Int32Array | null, how: How): Trace {
  const { model, constants, bugs } = search.space.machine.program
  const { initial, instances } = pathTo(found.place, search, parents)
  return {
    schema: 1,
    model: model.name,
    constants,
    bugs,
    ...how,
    property: found.property,
    kind: found.kind,
    message: found.part === null ? found.message : `${found.part}: ${found.message}`,
    initial,
    steps: instances.map((instance) => stepOf(search, instance)),
  }
}

function pathTo(place: Place, search: Search, parents: Int32Array | null): { initial: Record<string, Json>; instances: number[] } {
  const { space } = search
  if (place.walk) return { initial: record(search, search.initial[place.walk.initial] as Int32Array), instances: [...place.walk.instances] }
  invariant(parents !== null, 'a search that does not record walks keeps parents')
  const instances = place.instance === undefined ? [] : [place.instance]
  let state = place.state
  for (let parent = parents[state] as number; parent >= 0; parent = parents[state] as number) {
    space.load(parent)
    const count = space.revisit()
    const at = space.successors.subarray(0, count).indexOf(state)
    invariant(at >= 0, 'a state is among the successors of its parent')
    instances.unshift(space.instances[at] as number)
    state = parent
  }
  return { initial: record(search, space.peek(state)), instances }
}

export function record({ space: { machine } }: Search, state: Int32Array): Record<string, Json> {
  return Object.fromEntries(machine.program.shape.slots.map(({ name }, slot) => [name, machine.value(slot, state[slot] as number)]))
}

export function stepOf({ space: { machine } }: Search, instance: number): Step {
  const { action, args, process } = machine.instances[instance] as { action: number; args: readonly Json[]; process: number | null }
  return { action: machine.program.actions[action]?.name as string, args, process }
}
