/**
 * One server: the "State" box of the paper's Figure 2 and the rules by which its term and its role change.
 *
 * What only candidates or only leaders need is part of that role: it goes with it, and equal situations are equal states.
 */
import { type Id, ids } from '../../checker/index.ts'
import type { Entry, Log } from './log.ts'

export interface Server {
  /** Persistent: the latest term that this server has seen. */
  currentTerm: number
  /** Persistent: the candidate that got this server's vote in the current term, if any. */
  votedFor: Id | null
  /** Only with the bug `vote-decided-in-two-steps`: candidates that were found to deserve the vote, which is not noted yet, in order. */
  deciding?: Id[]
  /** Persistent: the log entries. */
  log: Entry[]
  /** Volatile: index of the highest entry known to be committed. */
  commitIndex: number
  /** Index of the highest entry applied to the state machine. Persistent, as the state machine is: a client may have seen its state. */
  lastApplied: number
  /** Volatile. */
  role: Follower | Candidate | Leader
}

export interface Follower {
  is: 'follower'
}

export interface Candidate {
  is: 'candidate'
  /** Who has granted its vote, in order. */
  votes: Id[]
}

/** One element per server in each list; the leader's own ones follow its log. */
export interface Leader {
  is: 'leader'
  /** Index of the next entry to send. */
  nextIndex: number[]
  /** Index of the highest entry known to be replicated. */
  matchIndex: number[]
  /** Whether the result of an AppendEntries is awaited. */
  awaited: boolean[]
  /** The commitIndex that the last AppendEntries carried. */
  toldCommit: number[]
}

/** All servers that there may be, and who of them decide. */
export interface Cluster {
  servers: number
  /** Whether these are enough to elect a leader, or to commit, in the eyes of a server with this log. */
  isQuorum(who: readonly Id[], log: Log): boolean
}

/** All servers vote, for ever: a majority of them decides. */
export function fixedCluster(servers: number): Cluster {
  return { servers, isQuorum: (who) => 2 * who.length > servers }
}

/** A server that has never run before. */
export const newServer: Server = { currentTerm: 0, votedFor: null, log: [], commitIndex: 0, lastApplied: 0, role: { is: 'follower' } }

/** A crash and the restart: what is volatile is as on a server that has never run before, everything else has survived. */
export function restart(server: Server): void {
  server.commitIndex = newServer.commitIndex
  server.role = newServer.role
  delete server.deciding
}

/** Sets commitIndex, which never falls. All servers 1: if commitIndex > lastApplied, apply what is between them. */
export function commit(server: Server, index: number): void {
  server.commitIndex = Math.max(server.commitIndex, index)
  server.lastApplied = Math.max(server.lastApplied, server.commitIndex)
}

/** All servers 2: if an RPC request or response contains a term T > currentTerm, set currentTerm = T and convert to follower. */
export function observeTerm(server: Server, term: number): void {
  if (term <= server.currentTerm) return
  server.currentTerm = term
  server.votedFor = null
  delete server.deciding
  server.role = { is: 'follower' }
}

/** Candidates 1: on conversion to candidate, increment currentTerm and vote for self. */
export function becomeCandidate(server: Server, self: Id): void {
  server.currentTerm += 1
  server.votedFor = self
  delete server.deciding
  server.role = { is: 'candidate', votes: [self] }
}

/** Volatile state on leaders, reinitialized after election: nextIndex is the last log index + 1, matchIndex is 0. */
export function becomeLeader(server: Server, self: Id, servers: number): void {
  const { length } = server.log
  const list = <T>(own: T, other: T) => Array.from({ length: servers }, (_, id) => (id === self ? own : other))
  server.role = {
    is: 'leader',
    nextIndex: list(length + 1, length + 1),
    matchIndex: list(length, 0),
    awaited: list(false, false),
    toldCommit: list(0, 0),
  }
}

/**
 * A server after all have voted for server 0 in term 1 and have applied the entries that it made, if any: where a model may start
 * that is about what comes then.
 */
export function electedFirst(id: number, servers: number, log: readonly Entry[] = []): Server {
  const { length } = log
  const server: Server = { ...newServer, currentTerm: 1, votedFor: 0 as Id, log: [...log], commitIndex: length, lastApplied: length }
  if (id !== 0) return server
  becomeLeader(server, 0 as Id, servers)
  const list = ids(servers).map(() => length)
  server.role = { ...asLeader(server), matchIndex: list, toldCommit: list }
  return server
}

export function asLeader({ role }: Server): Leader {
  if (role.is !== 'leader') throw new Error('only a leader does this')
  return role
}
