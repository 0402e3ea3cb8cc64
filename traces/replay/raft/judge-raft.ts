/** Properties of the paper's Figure 3, judged on what real nodes have said over a whole run. Entries are known by their index and term. */
import type { HistoryEvent, Value } from '../../../properties/index.ts'
import type { TakenStep } from '../replayer.ts'
import type { Judged } from '../scenario.ts'
import type { Seen } from './library.ts'
import type { RaftValue } from './raft-cluster.ts'

export const judgedProperties: readonly string[] = ['electionSafety', 'leaderCompleteness', 'stateMachineSafety']

/** Of a leader when it is first seen to lead a term; and of any node what it says to be committed, in its term then. */
type Said = { readonly term: number; readonly log: readonly number[] }

/** Who was seen to lead, with which log, and what was said to be committed: each of it once. */
export function seenOfServers(taken: readonly TakenStep[]): readonly HistoryEvent<Value>[] {
  const events: HistoryEvent<Value>[] = []
  const known = new Set<string>()
  const note = (process: string, f: 'lead' | 'commit', what: string, said: Said): void => {
    if (known.has(`${process} ${f} ${what}`)) return
    known.add(`${process} ${f} ${what}`)
    const index = events.length
    events.push({ index, process, type: 'invoke', f, value: null }, { index: index + 1, process, type: 'ok', f, value: said })
  }
  for (const { outcome } of taken) {
    const value = outcome.kind === 'ok' ? (outcome.value as Partial<RaftValue> | null) : null
    const views = Object.entries({ ...value?.others, ...(value?.server !== undefined && { [value.server]: value as Seen }) })
    for (const [server, { role, term, log, committed }] of views) {
      if (role === 'leader') note(server, 'lead', String(term), { term, log })
      if (committed > 0) note(server, 'commit', String(log.slice(0, committed)), { term, log: log.slice(0, committed) })
    }
  }
  return events
}

/** @param property one of those that can be judged */
export function judgeRaft(history: readonly HistoryEvent<Value>[], property: string): Judged {
  const said = (f: string): readonly { readonly server: string; readonly said: Said }[] =>
    history.flatMap((event) =>
      event.type === 'ok' && event.f === f ? [{ server: String(event.process), said: event.value as unknown as Said }] : [],
    )
  const [leaders, commits] = [said('lead'), said('commit')]
  const judges: Readonly<Record<string, () => string | undefined>> = {
    electionSafety: () => electionSafety(leaders),
    leaderCompleteness: () => leaderCompleteness(leaders, commits),
    stateMachineSafety: () => stateMachineSafety(commits),
  }
  const found = judges[property]?.()
  return found === undefined
    ? { violated: false, text: `${property} holds of what the servers have said` }
    : { violated: true, text: found }
}

type Sayings = readonly { readonly server: string; readonly said: Said }[]

function electionSafety(leaders: Sayings): string | undefined {
  const twice = leaders.flatMap((one, i) => {
    const other = leaders.slice(0, i).find(({ said, server }) => said.term === one.said.term && server !== one.server)
    return other === undefined ? [] : [`${other.server} and ${one.server} have both led term ${one.said.term}`]
  })
  return twice[0]
}

function leaderCompleteness(leaders: Sayings, commits: Sayings): string | undefined {
  return first(commits, leaders, (commit, leader) => {
    if (leader.said.term <= commit.said.term) return undefined
    const at = commit.said.log.findIndex((term, i) => leader.said.log[i] !== term)
    if (at < 0) return undefined
    const entry = `entry ${at + 1} of term ${commit.said.log[at]}`
    return `${leader.server} has led term ${leader.said.term} without ${entry}, which ${commit.server} had committed`
  })
}

function stateMachineSafety(commits: Sayings): string | undefined {
  return first(commits, commits, (one, other) => {
    const at = one.said.log.findIndex((term, i) => other.said.log[i] !== undefined && other.said.log[i] !== term)
    if (at < 0) return undefined
    const entries = `${one.said.log[at]} and ${other.said.log[at]}`
    return `at index ${at + 1} ${one.server} and ${other.server} have committed entries of the terms ${entries}`
  })
}

function first(
  ones: Sayings,
  others: Sayings,
  judge: (one: Sayings[number], other: Sayings[number]) => string | undefined,
): string | undefined {
  for (const one of ones)
    for (const other of others) {
      const found = judge(one, other)
      if (found !== undefined) return found
    }
  return undefined
}
