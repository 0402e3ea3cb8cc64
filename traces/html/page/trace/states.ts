/** The states of a trace, rebuilt from what each step wrote. */
import type { Json } from '../../../../checker/language/json.ts'
import type { TraceView } from '../../document.ts'

export type StateRecord = Readonly<Record<string, Json>>

/** One more than there are steps; what a step leaves alone is the same object before and after. */
export function statesOf({ initial, steps }: Pick<TraceView, 'initial' | 'steps'>): readonly StateRecord[] {
  const states: StateRecord[] = [initial]
  for (const { writes } of steps)
    states.push(Object.keys(writes).length === 0 ? (states.at(-1) as StateRecord) : { ...states.at(-1), ...writes })
  return states
}
