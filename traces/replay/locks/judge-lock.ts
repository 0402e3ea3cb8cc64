/** What clients of a lock with leases have done, and whether the resource has acted for them in the order in which they held the lock. */
import { fencedLock, type HistoryEvent, type Value, verify } from '../../../properties/index.ts'
import type { TakenStep } from '../replayer.ts'
import type { Judged } from '../scenario.ts'

/** Each operation is over before the next one begins. `acquire` returns the number of the holder, which is then the input of `use`. */
export function historyOfLock(taken: readonly TakenStep[]): readonly HistoryEvent<Value>[] {
  const events: Omit<HistoryEvent<Value>, 'index'>[] = []
  const holders = new Map<string, Value>()
  for (const { planned, outcome } of taken) {
    const { step } = planned
    if (step.kind !== 'operation') continue
    const { actor: process, operation: f } = step
    const value = f === 'use' ? (holders.get(process) ?? null) : null
    events.push({ process, type: 'invoke', f, value })
    if (outcome.kind === 'ok') {
      const isDone = f === 'use' || (outcome.value !== null && outcome.value !== 0)
      if (f === 'acquire' && isDone) holders.set(process, outcome.value as Value)
      events.push({ process, type: isDone ? 'ok' : 'fail', f, value: f === 'acquire' ? (outcome.value as Value) : value })
    } else events.push({ process, type: outcome.kind === 'error' && outcome.definite ? 'fail' : 'info', f, value })
  }
  return events.map((event, index) => ({ ...event, index }))
}

/**
 * By the specification `fenced-lock`, of which only what the resource has done counts: that a lock is acquired while its last holder has
 * not released it is what leases are for.
 */
export function judgeLock(history: readonly HistoryEvent<Value>[]): Judged {
  const uses = history.filter(({ f }) => f === 'use')
  const { verdict } = verify(uses, fencedLock)
  const done = uses.filter(({ type }) => type === 'ok')
  const order = done.map(({ process, value }) => `${process} as holder ${value}`).join(', then for ')
  return { violated: verdict === 'violated', text: `fenced-lock ${verdict}: the resource has acted for ${order || 'nobody'}` }
}
