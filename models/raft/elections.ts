/** Leader election: the RequestVote RPC of the paper's Figure 2, and what candidates do with its results. */
import type { Id } from '../../checker/index.ts'
import type { Bugs } from './bugs.ts'
import { isUpToDate, termAt } from './log.ts'
import type { RequestVote, RequestVoteResult } from './messages.ts'
import { becomeLeader, type Cluster, type Server } from './server.ts'

export function requestVote({ currentTerm, log }: Server): RequestVote {
  return { kind: 'requestVote', term: currentTerm, lastLogIndex: log.length, lastLogTerm: termAt(log, log.length) }
}

/** RequestVote RPC, receiver. */
export function answerRequestVote(server: Server, request: RequestVote, candidate: Id, bug: Bugs): RequestVoteResult {
  const { currentTerm: term, votedFor, log } = server
  // 1. Reply false if term < currentTerm.
  if (request.term < term) return { kind: 'requestVoteResult', term, voteGranted: false }
  // 2. If votedFor is null or candidateId, and the candidate's log is at least as up-to-date as the receiver's log, grant the vote.
  const isFree = votedFor === null || votedFor === candidate
  const voteGranted = isFree && (isUpToDate(request.lastLogIndex, request.lastLogTerm, log) || bug('vote-without-log-check'))
  if (voteGranted && bug('vote-decided-in-two-steps')) {
    const others = (server.deciding ?? []).filter((id) => id !== candidate)
    server.deciding = [...others, candidate].sort()
    return { kind: 'requestVoteResult', term, voteGranted: false }
  }
  if (voteGranted) server.votedFor = candidate
  return { kind: 'requestVoteResult', term, voteGranted }
}

/** The second step of `vote-decided-in-two-steps`: what was found a while ago is noted, whatever has been noted since. */
export function noteVote(server: Server, candidate: Id): RequestVoteResult {
  const others = (server.deciding ?? []).filter((id) => id !== candidate)
  if (others.length > 0) server.deciding = others
  else delete server.deciding
  server.votedFor = candidate
  return { kind: 'requestVoteResult', term: server.currentTerm, voteGranted: true }
}

/** Candidates 2: if votes are received from a majority of servers, become leader. */
export function takeVote(server: Server, self: Id, voter: Id, { term, voteGranted }: RequestVoteResult, cluster: Cluster, bug: Bugs): void {
  const isCurrent = term === server.currentTerm || bug('votes-kept-across-terms')
  if (server.role.is !== 'candidate' || !isCurrent || !voteGranted) return
  if (!server.role.votes.includes(voter) || bug('votes-counted-not-voters')) server.role.votes = [...server.role.votes, voter].sort()
  leadIfElected(server, self, cluster)
}

/** A candidate alone in its cluster has a majority from the start. */
export function leadIfElected(server: Server, self: Id, { servers, isQuorum }: Cluster): void {
  if (server.role.is === 'candidate' && isQuorum(server.role.votes, server.log)) becomeLeader(server, self, servers)
}
