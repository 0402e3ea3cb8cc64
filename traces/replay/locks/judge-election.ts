/** Who has counted on a majority of servers, and when: two clients that do at once both hold the lock. */
import { type HistoryEvent, mutex, type Value, verify } from '../../../properties/index.ts'
import type { TakenStep } from '../replayer.ts'
import type { Judged } from '../scenario.ts'

/** A client acquires the lock when it counts a majority of grants, and releases it when it does not any more. */
export function historyOfElection(taken: readonly TakenStep[], servers: number): readonly HistoryEvent<Value>[] {
  const events: Omit<HistoryEvent<Value>, 'index'>[] = []
  const holders = new Set<string>()
  for (const { planned, outcome } of taken) {
    const { step } = planned
    const client = step.kind === 'deliver' ? step.to : step.kind === 'timer' ? step.node : null
    if (client === null || outcome.kind !== 'ok') continue
    const isHolder = 2 * (outcome.value as number) > servers
    if (isHolder === holders.has(client)) continue
    const f = isHolder ? 'acquire' : 'release'
    if (isHolder) holders.add(client)
    else holders.delete(client)
    events.push({ process: client, type: 'invoke', f, value: null }, { process: client, type: 'ok', f, value: null })
  }
  return events.map((event, index) => ({ ...event, index }))
}

/** By the specification `mutex`. */
export function judgeElection(history: readonly HistoryEvent<Value>[]): Judged {
  const { verdict } = verify(history, mutex)
  const holders = new Set<string>()
  const together: string[] = []
  for (const { process, type, f } of history) {
    if (type !== 'ok') continue
    if (f === 'acquire') holders.add(String(process))
    else holders.delete(String(process))
    if (holders.size > 1) together.push([...holders].join(' and '))
  }
  const [first] = together
  return { violated: verdict === 'violated', text: `mutex ${verdict}: ${first ?? 'no two clients'} hold the lock at once` }
}
