/** Election Safety of real nodes, over a whole run: at most one of them has been seen to lead in a given term. */
import type { HistoryEvent, Value } from '../../../properties/index.ts'
import type { TakenStep } from '../replayer.ts'
import type { Judged } from '../scenario.ts'
import type { RaftValue } from './raft-cluster.ts'

/** Each node that was seen to lead, and in which term, once. */
export function leadersSeen(taken: readonly TakenStep[]): readonly HistoryEvent<Value>[] {
  const seen = new Map<string, readonly [server: string, term: number]>()
  for (const { outcome } of taken) {
    const value = outcome.kind === 'ok' ? (outcome.value as Partial<RaftValue> | null) : null
    const views = [[value?.server, value] as const, ...Object.entries(value?.others ?? {})]
    for (const [server, view] of views)
      if (server !== undefined && view?.role === 'leader' && view.term !== undefined)
        seen.set(`${server} ${view.term}`, [server, view.term])
  }
  return [...seen.values()].flatMap(([process, value], i) => [
    { index: 2 * i, process, type: 'invoke', f: 'lead', value: null },
    { index: 2 * i + 1, process, type: 'ok', f: 'lead', value },
  ])
}

export function judgeLeaders(history: readonly HistoryEvent<Value>[]): Judged {
  const leaders = new Map<Value, string[]>()
  for (const { type, process, value } of history) if (type === 'ok') leaders.set(value, [...(leaders.get(value) ?? []), String(process)])
  const [twice] = [...leaders].filter(([, servers]) => servers.length > 1)
  if (twice !== undefined) return { violated: true, text: `${twice[1].join(' and ')} have both led term ${twice[0]}` }
  return { violated: false, text: 'no two servers have led the same term' }
}
