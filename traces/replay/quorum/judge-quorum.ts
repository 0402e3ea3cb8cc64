/** What clients of a register over quorums saw, and what our oracles say of it. */
import { type HistoryEvent, judge, type LevelName, operationsOf, register, type Value } from '../../../properties/index.ts'
import type { TakenStep } from '../replayer.ts'
import type { Judged } from '../scenario.ts'

/** What a step comes to that ends the request of a client: a read returns a value, a write what it has written. */
export interface Ended {
  readonly client: string
  readonly returns: number | null
}

/** By property of the model, the level of consistency that says the same of what clients saw. */
const levels: Readonly<Record<string, LevelName>> = {
  linearizable: 'linearizable',
  monotonicReads: 'monotonic-reads',
  readYourWrites: 'read-your-writes',
  /** A read returns what had been written last when it began, or what is written meanwhile. */
  freshReads: 'regular',
  /** Of writes one after the other, with reads of all servers in the end. */
  durability: 'linearizable',
}

export const judgedProperties: readonly string[] = Object.keys(levels)

/** A client that asks anew, since its coordinator is gone, goes by another name: what it asked before may still happen. */
export function historyOfQuorum(taken: readonly TakenStep[]): readonly HistoryEvent<Value>[] {
  const events: Omit<HistoryEvent<Value>, 'index'>[] = []
  const names = new Map<string, string>()
  const open = new Map<string, { readonly process: string; readonly f: string }>()
  for (const { planned, outcome } of taken) {
    const { step } = planned
    if (step.kind === 'operation') {
      const { actor, operation: f } = step
      const process = `${names.get(actor) ?? actor}${open.has(actor) ? "'" : ''}`
      names.set(actor, process)
      open.set(actor, { process, f })
      events.push({ process, type: 'invoke', f, value: (step.argument ?? null) as Value })
    }
    if (outcome.kind !== 'ok' || outcome.value === null) continue
    const { client, returns } = outcome.value as unknown as Ended
    const asked = open.get(client)
    if (asked === undefined) continue
    events.push({ ...asked, type: 'ok', value: returns })
    open.delete(client)
  }
  return events.map((event, index) => ({ ...event, index }))
}

export function judgeQuorum(history: readonly HistoryEvent<Value>[], property: string): Judged {
  const level = levels[property] ?? 'linearizable'
  const { verdict } = judge(operationsOf(history, register), register, { level })
  const said = history.filter(({ type, f }) => type === 'ok' && f === 'read').map(({ process, value }) => `${process} read ${value}`)
  const acknowledged = history.filter(({ type, f }) => type === 'ok' && f === 'write').map(({ value }) => value)
  const writes = acknowledged.length === 0 ? 'no write was acknowledged' : `${acknowledged.join(' and ')} acknowledged`
  return { violated: verdict === 'violated', text: `${level} ${verdict}: ${[writes, ...said].join(', ')}` }
}
