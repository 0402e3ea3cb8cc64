/** What replication promises, judged on what the clients saw, and on what the servers hold in the end. */
import { durable, type HistoryEvent, type LevelName, register, type Value, verify } from '../../../properties/index.ts'
import type { Outcome } from '../adapter.ts'
import type { TakenStep } from '../replayer.ts'
import type { Judged } from '../scenario.ts'
import { nothing } from './replicated-server.ts'

const levels: Readonly<Record<string, LevelName>> = {
  linearizable: 'linearizable',
  readYourWrites: 'read-your-writes',
  monotonicReads: 'monotonic-reads',
  monotonicWrites: 'monotonic-writes',
  writesFollowReads: 'writes-follow-reads',
}

export const judgedProperties: readonly string[] = [...Object.keys(levels), 'durable', 'onePrimary', 'available']

/** Operations of the clients; what a server holds is read by a process of that name, as `log`. */
export function seenByClients(taken: readonly TakenStep[]): readonly HistoryEvent<Value>[] {
  const events: Omit<HistoryEvent<Value>, 'index'>[] = []
  /** By client, what it has asked for and waits for. */
  const waiting = new Map<string, number>()
  const end = (actor: string, outcome: Outcome): void => {
    const value = waiting.get(actor)
    if (value === undefined || outcome.kind === 'blocked') return
    waiting.delete(actor)
    events.push({ process: actor, type: typeOf(outcome), f: 'write', value })
  }
  for (const { planned, outcome, completed } of taken) {
    const { step } = planned
    if (step.kind === 'operation') {
      if (step.operation === 'write') {
        events.push({ process: step.actor, type: 'invoke', f: 'write', value: step.argument as Value })
        waiting.set(step.actor, step.argument as number)
      }
      if (step.operation === 'read' || step.operation === 'log') {
        const answer = outcome.kind === 'ok' && outcome.value !== nothing ? (outcome.value as Value) : null
        const event = { process: step.operation === 'log' ? (step.node ?? '') : step.actor, f: step.operation }
        events.push({ ...event, type: 'invoke', value: null }, { ...event, type: typeOf(outcome), value: answer })
      } else end(step.actor, outcome)
    }
    for (const one of completed) end(one.actor, one.outcome)
  }
  return events.map((event, index) => ({ ...event, index }))
}

/** @param property one of those that can be judged */
export function judgeReplication(history: readonly HistoryEvent<Value>[], property: string): Judged {
  const acknowledged = history.flatMap(({ type, f, value }) => (type === 'ok' && f === 'write' ? [value as number] : []))
  const logs = history.flatMap(({ type, f, process, value }) =>
    type === 'ok' && f === 'log' ? [{ server: String(process), log: value as readonly number[] }] : [],
  )
  const holds: Judged = { violated: false, text: `${property} holds of what the clients saw` }
  const found = (text: string | undefined): Judged => (text === undefined ? holds : { violated: true, text })
  switch (property) {
    case 'durable': {
      const kept = durable(acknowledged, (id) => logs.every(({ log }) => log.includes(id)))
      return found(kept === true ? undefined : String(kept))
    }
    case 'onePrimary':
      return found(bothSides(acknowledged, logs))
    case 'available': {
      const waits = history.find(
        ({ type, process }, i) => type === 'invoke' && !history.slice(i + 1).some((end) => end.process === process),
      )
      return found(waits && `${waits.process} waits for an answer to its ${waits.f} of ${waits.value}`)
    }
    default: {
      const operations = history.filter(({ f }) => f === 'read' || f === 'write')
      const { verdict, level, decision } = verify(operations, register, { level: levels[property] ?? 'linearizable' })
      return { violated: verdict === 'violated', text: decision.verdict === 'violated' ? decision.sentence : `${level} ${verdict}` }
    }
  }
}

/** Two acknowledged writes, each on a server that lacks the other: so neither server can have led alone. */
function bothSides(
  acknowledged: readonly number[],
  logs: readonly { readonly server: string; readonly log: readonly number[] }[],
): string | undefined {
  const only = (one: readonly number[], other: readonly number[]): number | undefined =>
    acknowledged.find((id) => one.includes(id) && !other.includes(id))
  for (const [i, one] of logs.entries()) {
    for (const other of logs.slice(0, i)) {
      const [mine, its] = [only(one.log, other.log), only(other.log, one.log)]
      if (mine !== undefined && its !== undefined)
        return `${other.server} has acknowledged ${its} and ${one.server} ${mine}, and neither has the other's`
    }
  }
  return undefined
}

function typeOf(outcome: Outcome): 'ok' | 'fail' | 'info' {
  if (outcome.kind === 'ok') return 'ok'
  return outcome.kind === 'error' && outcome.definite ? 'fail' : 'info'
}
