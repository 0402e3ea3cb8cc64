/** What clients saw of operations that stand alone: each is invoked in its step, and ends there or where it goes on later. */
import type { HistoryEvent, Value } from '../../../properties/index.ts'
import type { Outcome } from '../adapter.ts'
import type { TakenStep } from '../replayer.ts'
import type { ReadResult } from './register-adapter.ts'

export function operationsSeen(taken: readonly TakenStep[]): readonly HistoryEvent<Value>[] {
  const events: Omit<HistoryEvent<Value>, 'index'>[] = []
  const open = new Map<string, { readonly f: string; readonly asked: Value }>()
  const end = (process: string, outcome: Outcome): void => {
    const operation = open.get(process)
    if (operation === undefined || outcome.kind === 'blocked') return
    const { f, asked } = operation
    if (outcome.kind === 'ok') events.push({ process, type: 'ok', f, value: f === 'read' ? (outcome.value as ReadResult).read : asked })
    else events.push({ process, type: outcome.kind === 'error' && outcome.definite ? 'fail' : 'info', f, value: asked })
    open.delete(process)
  }
  for (const { planned, outcome, completed } of taken) {
    const { step } = planned
    if (step.kind === 'operation') {
      const asked = step.argument as Value
      open.set(step.actor, { f: step.operation, asked })
      events.push({ process: step.actor, type: 'invoke', f: step.operation, value: asked })
      end(step.actor, outcome)
    }
    for (const one of completed) end(one.actor, one.outcome)
  }
  for (const process of [...open.keys()]) end(process, { kind: 'unknown' })
  return events.map((event, index) => ({ ...event, index }))
}
