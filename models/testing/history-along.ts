/** What clients saw along a path of a model, as a history that the oracles judge: the events that a monitor of the model was told. */
import type { Json, Program, Step, Transition } from '../../checker/index.ts'
import { simulation } from '../../checker/index.ts'
import type { HistoryEvent, Value } from '../../properties/index.ts'

/** A process that goes on after `info` is another one from then on, as in Jepsen's histories. */
export function historyAlong(program: Program, steps: readonly Pick<Step, 'action' | 'args'>[], slot: string): HistoryEvent[] {
  const run = simulation(program)
  let [state = []] = run.initialStates()
  const transitions = steps.map((step): Transition => {
    const taken = run.take(state, step)
    if ('refused' in taken) throw new Error(taken.refused)
    state = taken.after
    return taken
  })
  const at = program.shape.slots.findIndex(({ name }) => name === slot)
  const events: HistoryEvent[] = []
  const names = new Map<number, number>()
  const open = new Map<number, string>()
  for (const { effects } of transitions) {
    for (const effect of effects) {
      if (effect.slot !== at || effect.kind === 'write') continue
      const [process, ...given] = effect.argument as readonly [number, ...Json[]]
      const type = effect.operation as HistoryEvent['type']
      const [f, value] = type === 'invoke' ? [given[0] as string, given[1] ?? null] : [open.get(process) ?? '', given[0] ?? null]
      open.set(process, f)
      const name = names.get(process) ?? process
      events.push({ index: events.length, process: name, type, f, value: value as Value })
      if (type === 'info') names.set(process, name + 1000)
    }
  }
  return events
}
