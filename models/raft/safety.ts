/**
 * The properties of the paper's Figure 3, judged on two servers, or on one server before and after a step.
 *
 * They need no record of the past: what a server has applied it remembers (see lastApplied), and a leader is judged
 * while it leads.
 */
import type { Id, Judgement } from '../../checker/index.ts'
import { entryName, firstDifference, type Log, lastSameTerm } from './log.ts'
import type { Server } from './server.ts'

type Servers = { readonly [id in Id]: Server }

/** Election Safety: at most one leader can be elected in a given term. */
export function electionSafety(servers: Servers, i: Id, j: Id): Judgement {
  const [one, other] = [servers[i], servers[j]]
  if (one.role.is !== 'leader' || other.role.is !== 'leader' || one.currentTerm !== other.currentTerm) return true
  return `servers ${i} and ${j} both lead term ${one.currentTerm}`
}

/** Leader Append-Only: a leader never overwrites or deletes entries in its log; it only appends new entries. */
export function leaderAppendOnly(before: Server, after: Server): Judgement {
  if (before.role.is !== 'leader' || after.role.is !== 'leader') return true
  const index = firstDifference(before.log, after.log, before.log.length)
  if (index === 0) return true
  return `the leader of term ${before.currentTerm} had ${entryName(before.log, index)} at index ${index}, and now has ${entryName(after.log, index)}`
}

/** Log Matching: if two logs contain an entry with the same index and term, then they are identical in all entries up to it. */
export function logMatching(servers: Servers, i: Id, j: Id): Judgement {
  const [one, other] = [servers[i].log, servers[j].log]
  const same = lastSameTerm(one, other)
  const index = firstDifference(one, other, same)
  return index === 0 || `${contrast(index, 'has', i, one, j, other)}, though both have an entry of the same term at index ${same}`
}

/**
 * Leader Completeness: if an entry is committed in a given term, then it will be present in the logs of the leaders for all
 * higher-numbered terms. What a server has applied was committed in its current term at the latest.
 */
export function leaderCompleteness(servers: Servers, i: Id, j: Id): Judgement {
  const [leader, other] = [servers[i], servers[j]]
  if (leader.role.is !== 'leader' || leader.currentTerm < other.currentTerm) return true
  const index = firstDifference(leader.log, other.log, Math.min(other.lastApplied, other.log.length))
  return (
    index === 0 ||
    `server ${i} leads term ${leader.currentTerm}, but ${contrast(index, 'has', i, leader.log, j, other.log)}, which is committed`
  )
}

/** State Machine Safety: if a server has applied an entry at a given index, no other ever applies a different one for that index. */
export function stateMachineSafety(servers: Servers, i: Id, j: Id): Judgement {
  const [one, other] = [servers[i], servers[j]]
  const index = firstDifference(one.log, other.log, Math.min(one.lastApplied, other.lastApplied))
  return index === 0 || contrast(index, 'has applied', i, one.log, j, other.log)
}

function contrast(index: number, verb: string, i: Id, one: Log, j: Id, other: Log): string {
  return `at index ${index} server ${i} ${verb} ${entryName(one, index)} and server ${j} ${entryName(other, index)}`
}
