/** What replicas promise, judged on what they took and showed, once all that was told has been delivered. */
import { converged, durable, type HistoryEvent, type Value } from '../../../properties/index.ts'
import type { TakenStep } from '../replayer.ts'
import type { Judged } from '../scenario.ts'
import type { Kind } from './replica-group.ts'

/** Each replica is a client's own: it writes or increments there, and sees what it shows then and when something has arrived. */
export function seenByReplicas(taken: readonly TakenStep[]): readonly HistoryEvent<Value>[] {
  const events: Omit<HistoryEvent<Value>, 'index'>[] = []
  for (const { planned, outcome } of taken) {
    const { step } = planned
    if (outcome.kind !== 'ok') continue
    const shown = outcome.value as Value
    const record = (process: string, f: string, asked: Value, answer: Value): void => {
      events.push({ process, type: 'invoke', f, value: asked }, { process, type: 'ok', f, value: answer })
    }
    if (step.kind === 'operation' && step.operation === 'read') record(step.actor, 'read', null, shown)
    if (step.kind === 'operation' && step.operation !== 'read')
      record(step.actor, step.operation, step.argument as Value, step.argument as Value)
    if (step.kind === 'deliver') record(step.to, 'read', null, shown)
  }
  return events.map((event, index) => ({ ...event, index }))
}

export function judgeReplicas(history: readonly HistoryEvent<Value>[], kind: Kind, property: string): Judged {
  const done = history.filter(({ type }) => type === 'ok')
  const last = new Map<number | string, Value>()
  /** Values that writes have replaced where they were shown. */
  const replaced = new Set<Value>()
  let [increments, most] = [0, 0]
  for (const { process, f, value } of done) {
    if (f === 'write') replaced.add(last.get(process) ?? null)
    if (f === 'increment') increments += 1
    else last.set(process, value)
    if (f === 'read' && kind === 'counter') most = Math.max(most, value as number)
  }
  const values = [...last.values()]
  const violated = (why: string): Judged => ({ violated: true, text: why })
  if (property === 'convergence' && converged(values) !== true) return violated(`in the end the replicas show ${values.join(' and ')}`)
  if (property === 'noInventedCount' && most > increments) return violated(`a replica has counted ${most} of ${increments} increments`)
  if (property === 'durability' && kind === 'counter') {
    const all = Array.from({ length: increments }, (_, i) => ({ increment: i + 1 }))
    const isKept = durable(all, ({ increment }) => values.every((count) => (count as number) >= increment)) === true
    if (!isKept) return violated(`in the end the replicas count ${values.join(' and ')} of ${increments} increments`)
  }
  if (property === 'durability' && kind === 'register') {
    const back = values.find((value) => replaced.has(value))
    if (back !== undefined) return violated(`in the end ${back} is there again, which a later write had replaced`)
  }
  return { violated: false, text: `${property} holds: in the end the replicas show ${values.join(' and ')}` }
}
