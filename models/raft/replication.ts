/** Log replication: the AppendEntries RPC of the paper's Figure 2, and what leaders do with its results. */
import { type Id, ids } from '../../checker/index.ts'
import type { Bugs } from './bugs.ts'
import { type Entry, termAt } from './log.ts'
import type { AppendEntries, AppendEntriesResult } from './messages.ts'
import { asLeader, type Cluster, commit, type Server } from './server.ts'

/** Whether the leader waits for the result of an AppendEntries from this follower. */
export function isAwaiting({ role }: Server, follower: Id): boolean {
  return role.is === 'leader' && role.awaited[follower] === true
}

/** Whether the follower may lack an entry of the leader's log, or its commitIndex. */
export function mayLag(server: Server, follower: Id): boolean {
  const { role, commitIndex } = server
  return role.is === 'leader' && (lacksEntries(server, follower) || (role.toldCommit[follower] as number) < commitIndex)
}

/** Whether the follower may lack an entry of the leader's log. */
export function lacksEntries({ role, log }: Server, follower: Id): boolean {
  return role.is === 'leader' && (role.matchIndex[follower] as number) < log.length
}

/** Whether a server has nothing left to do if nothing more reaches it. Entries of earlier terms may stay uncommitted for ever. */
export function isSettled({ role, log, commitIndex, currentTerm }: Server): boolean {
  return role.is !== 'leader' || (!role.awaited.includes(true) && (commitIndex === log.length || termAt(log, log.length) < currentTerm))
}

/** Leaders 3: AppendEntries RPC with the log entries starting at nextIndex. */
export function appendEntries(server: Server, follower: Id): AppendEntries {
  const { currentTerm: term, log, commitIndex: leaderCommit } = server
  const role = asLeader(server)
  const prevLogIndex = (role.nextIndex[follower] as number) - 1
  role.awaited[follower] = true
  role.toldCommit[follower] = leaderCommit
  return {
    kind: 'appendEntries',
    term,
    prevLogIndex,
    prevLogTerm: termAt(log, prevLogIndex),
    entries: log.slice(prevLogIndex),
    leaderCommit,
  }
}

/** AppendEntries RPC, receiver. */
export function answerAppendEntries(server: Server, request: AppendEntries, bug: Bugs): AppendEntriesResult {
  const { currentTerm: term, log } = server
  const { prevLogIndex, prevLogTerm, entries, leaderCommit } = request
  const refusal: AppendEntriesResult = { kind: 'appendEntriesResult', term, success: false, matchIndex: 0 }
  // 1. Reply false if term < currentTerm.
  if (request.term < term) return refusal
  // Candidates 3: if AppendEntries RPC received from new leader: convert to follower.
  if (server.role.is === 'candidate') server.role = { is: 'follower' }
  // 2. Reply false if log doesn't contain an entry at prevLogIndex whose term matches prevLogTerm.
  const isConsistent = prevLogIndex <= log.length && termAt(log, prevLogIndex) === prevLogTerm
  if (!isConsistent && !bug('append-without-consistency-check')) return refusal
  // 3. If an existing entry conflicts with a new one (same index but different terms), delete the existing entry and all that follow it.
  const missing = bug('truncate-committed') ? 0 : entries.findIndex((entry, i) => termAt(log, prevLogIndex + 1 + i) !== entry.term)
  if (missing >= 0) log.length = Math.min(log.length, prevLogIndex + missing)
  // 4. Append any new entries not already in the log.
  log.push(...entries.slice(Math.max(0, log.length - prevLogIndex)))
  // 5. If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry).
  const matchIndex = prevLogIndex + entries.length
  commit(server, Math.min(leaderCommit, matchIndex))
  return { kind: 'appendEntriesResult', term, success: true, matchIndex }
}

/** Leaders 3: if successful, update nextIndex and matchIndex for the follower; if not, decrement nextIndex (and retry). */
export function takeResult(server: Server, follower: Id, result: AppendEntriesResult, cluster: Cluster, bug: Bugs): void {
  const { term, success, matchIndex } = result
  if (server.role.is !== 'leader' || term < server.currentTerm) return
  const { role } = server
  // A result may arrive late or twice: what is known to be replicated stays so.
  const match = Math.max(role.matchIndex[follower] as number, matchIndex)
  role.awaited[follower] = false
  role.matchIndex[follower] = match
  role.nextIndex[follower] = success ? match + 1 : Math.max((role.nextIndex[follower] as number) - 1, match + 1)
  advanceCommit(server, cluster, bug)
}

/** Leaders 2: append the entry of a client's command to the local log. An entry without any content is a no-op (section 8). */
export function takeRequest(
  server: Server,
  self: Id,
  cluster: Cluster,
  bug: Bugs,
  content: Pick<Entry, 'command' | 'configuration'> = {},
): void {
  const { log, currentTerm } = server
  const { nextIndex, matchIndex } = asLeader(server)
  log.push({ ...content, term: currentTerm, leader: self, index: log.length + 1 })
  nextIndex[self] = log.length + 1
  matchIndex[self] = log.length
  advanceCommit(server, cluster, bug)
}

/** Leaders 4: if there exists an N > commitIndex, a majority of matchIndex >= N, and log[N].term == currentTerm: set commitIndex = N. */
function advanceCommit(server: Server, { servers, isQuorum }: Cluster, bug: Bugs): void {
  const { log, currentTerm } = server
  const { matchIndex } = asLeader(server)
  for (let n = server.commitIndex + 1; n <= log.length; n++) {
    const replicas = ids(servers).filter((i) => (matchIndex[i] as number) >= n)
    const isReplicated = bug('commit-on-half') ? replicas.length >= Math.floor(servers / 2) : isQuorum(replicas, log)
    if (isReplicated && (termAt(log, n) === currentTerm || bug('commit-earlier-term'))) commit(server, n)
  }
}
