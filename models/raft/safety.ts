/**
 * The properties of the paper's Figure 3, judged on two servers, or on one server before and after a step.
 *
 * They need no record of the past: what a server has applied it remembers (see lastApplied), and a leader is judged
 * while it leads.
 */
import type { FamilyView, Id, Judgement, Property } from '../../checker/index.ts'
import { links, pairs } from '../parts/links.ts'
import { entryName, firstDifference, type Log, lastSameTerm } from './log.ts'
import type { Server } from './server.ts'

type Servers = (id: Id) => Server

/** What a model keeps its servers in, for these properties to find them. */
interface View<S> {
  readonly server: FamilyView<S>
}

interface On<S> {
  always(sentence: string, parts: (() => boolean) | Readonly<Record<string, (s: View<S>) => Judgement>>): Property
  step(sentence: string, slot: 'server', check: (before: S, after: S) => Judgement): Property
}

type Safety = 'electionSafety' | 'leaderAppendOnly' | 'logMatching' | 'leaderCompleteness' | 'stateMachineSafety'

/** The five of them. `whole` gives a server back what it has left out of its log, where it may. */
export function figure3<S extends Server>(
  on: On<S>,
  servers: number,
  whole: (server: S) => Server = (server) => server,
): Record<Safety, Property> {
  const perPair = (all: readonly [Id, Id][], check: (servers: Servers, i: Id, j: Id) => Judgement) => {
    // A server alone has nobody to disagree with.
    if (all.length === 0) return () => true
    const judged = ({ server }: View<S>, i: Id, j: Id) => check((id) => whole(server[id]), i, j)
    return Object.fromEntries(all.map(([i, j]) => [`servers ${i} and ${j}`, (s: View<S>) => judged(s, i, j)]))
  }
  return {
    electionSafety: on.always('at most one server leads in a given term', perPair(pairs(servers), electionSafety)),
    leaderAppendOnly: on.step('a leader never overwrites or deletes entries in its log', 'server', (before, after) =>
      leaderAppendOnly(whole(before), whole(after)),
    ),
    logMatching: on.always(
      'two logs with an entry of the same index and term are identical up to it',
      perPair(pairs(servers), logMatching),
    ),
    leaderCompleteness: on.always(
      'a committed entry is in the logs of the leaders of all later terms',
      perPair(links(servers), leaderCompleteness),
    ),
    stateMachineSafety: on.always('no two servers apply different entries at the same index', perPair(pairs(servers), stateMachineSafety)),
  }
}

/** Election Safety: at most one leader can be elected in a given term. */
function electionSafety(servers: Servers, i: Id, j: Id): Judgement {
  const [one, other] = [servers(i), servers(j)]
  if (one.role.is !== 'leader' || other.role.is !== 'leader' || one.currentTerm !== other.currentTerm) return true
  return `servers ${i} and ${j} both lead term ${one.currentTerm}`
}

/** Leader Append-Only: a leader never overwrites or deletes entries in its log; it only appends new entries. */
function leaderAppendOnly(before: Server, after: Server): Judgement {
  if (before.role.is !== 'leader' || after.role.is !== 'leader') return true
  const index = firstDifference(before.log, after.log, before.log.length)
  if (index === 0) return true
  return `the leader of term ${before.currentTerm} had ${entryName(before.log, index)} at index ${index}, and now has ${entryName(after.log, index)}`
}

/** Log Matching: if two logs contain an entry with the same index and term, then they are identical in all entries up to it. */
function logMatching(servers: Servers, i: Id, j: Id): Judgement {
  const [one, other] = [servers(i).log, servers(j).log]
  const same = lastSameTerm(one, other)
  const index = firstDifference(one, other, same)
  return index === 0 || `${contrast(index, 'has', i, one, j, other)}, though both have an entry of the same term at index ${same}`
}

/**
 * Leader Completeness: if an entry is committed in a given term, then it will be present in the logs of the leaders for all
 * higher-numbered terms. What a server has applied was committed in its current term at the latest.
 */
function leaderCompleteness(servers: Servers, i: Id, j: Id): Judgement {
  const [leader, other] = [servers(i), servers(j)]
  if (leader.role.is !== 'leader' || leader.currentTerm < other.currentTerm) return true
  const index = firstDifference(leader.log, other.log, Math.min(other.lastApplied, other.log.length))
  return (
    index === 0 ||
    `server ${i} leads term ${leader.currentTerm}, but ${contrast(index, 'has', i, leader.log, j, other.log)}, which is committed`
  )
}

/** State Machine Safety: if a server has applied an entry at a given index, no other ever applies a different one for that index. */
function stateMachineSafety(servers: Servers, i: Id, j: Id): Judgement {
  const [one, other] = [servers(i), servers(j)]
  const index = firstDifference(one.log, other.log, Math.min(one.lastApplied, other.lastApplied))
  return index === 0 || contrast(index, 'has applied', i, one.log, j, other.log)
}

function contrast(index: number, verb: string, i: Id, one: Log, j: Id, other: Log): string {
  return `at index ${index} server ${i} ${verb} ${entryName(one, index)} and server ${j} ${entryName(other, index)}`
}
