/**
 * Log compaction (the paper, section 7): a snapshot of the state machine stands for the entries that led to it.
 *
 * Entries keep their places in the list, so that the rules of replication need not know of compaction: those that a snapshot covers
 * are blank, and of the last one its index and term are left, which is all that a snapshot remembers of it.
 */
import { type Entry, type Log, termAt } from '../log.ts'
import type { AppendEntries, AppendEntriesResult } from '../messages.ts'
import { asLeader, commit, type Server } from '../server.ts'

/** Figure 12. */
export interface Snapshot {
  /** The index of the last entry that it covers, 0 for none. */
  lastIndex: number
  lastTerm: number
  /** The state machine. Which one does not matter to Raft: any is a function of the entries that it has applied. */
  state: readonly Entry[]
}

export interface CompactedServer extends Server {
  /** Persistent. */
  snapshot: Snapshot
}

/** Figure 13: invoked by leaders to send a snapshot, here in one piece. The result is that of an AppendEntries up to its last index. */
export interface InstallSnapshot {
  kind: 'installSnapshot'
  term: number
  snapshot: Snapshot
}

export const noSnapshot: Snapshot = { lastIndex: 0, lastTerm: 0, state: [] }

/** The log as if nothing had been discarded, for those who judge. */
export function whole(server: CompactedServer): Server {
  return { ...server, log: wholeLog(server) }
}

/** A server takes a snapshot of what it has applied, and discards these entries. */
export function compact(server: CompactedServer, forgetsTerm: boolean): void {
  const { log, lastApplied: lastIndex } = server
  const lastTerm = forgetsTerm ? 0 : termAt(log, lastIndex)
  server.snapshot = { lastIndex, lastTerm, state: wholeLog(server).slice(0, lastIndex) }
  server.log = discarded(server.snapshot, log)
}

/** Whether the leader has discarded the entry that it would send next. */
export function needsSnapshot(server: CompactedServer, follower: number): boolean {
  return (asLeader(server).nextIndex[follower] as number) <= server.snapshot.lastIndex
}

export function installSnapshot(server: CompactedServer, follower: number): InstallSnapshot {
  const role = asLeader(server)
  role.awaited[follower] = true
  role.toldCommit[follower] = server.snapshot.lastIndex
  return { kind: 'installSnapshot', term: server.currentTerm, snapshot: server.snapshot }
}

/** InstallSnapshot RPC, receiver. */
export function answerInstallSnapshot(server: CompactedServer, request: InstallSnapshot, discardsAll: boolean): AppendEntriesResult {
  const { currentTerm: term, log, lastApplied } = server
  const { snapshot } = request
  const { lastIndex, lastTerm } = snapshot
  // 1. Reply immediately if term < currentTerm.
  if (request.term < term) return { kind: 'appendEntriesResult', term, success: false, matchIndex: 0 }
  if (server.role.is === 'candidate') server.role = { is: 'follower' }
  const result: AppendEntriesResult = { kind: 'appendEntriesResult', term, success: true, matchIndex: lastIndex }
  if (lastIndex > lastApplied || discardsAll) {
    // 6. If an existing log entry has same index and term as the snapshot's last included entry, retain log entries following it and reply.
    const isPrefix = termAt(log, lastIndex) === lastTerm && !discardsAll
    // 7. Discard the entire log. 8. Reset the state machine using the contents of the snapshot.
    server.log = discarded(snapshot, isPrefix ? log : [])
    server.snapshot = snapshot
  }
  commit(server, lastIndex)
  return result
}

/** An AppendEntries without what the receiver's snapshot covers: that is committed, and so the same in the log of every leader. */
export function withoutCovered(request: AppendEntries, { lastIndex, lastTerm }: Snapshot): AppendEntries {
  const covered = lastIndex - request.prevLogIndex
  if (covered <= 0) return request
  return { ...request, prevLogIndex: lastIndex, prevLogTerm: lastTerm, entries: request.entries.slice(covered) }
}

function wholeLog({ log, snapshot }: CompactedServer): Entry[] {
  return [...snapshot.state, ...log.slice(snapshot.lastIndex)]
}

/** The log whose entries up to the snapshot's last one are discarded. */
function discarded({ lastIndex, lastTerm }: Snapshot, log: Log): Entry[] {
  const blanks = Array.from({ length: lastIndex - 1 }, (): Entry => ({ term: 0, leader: -1, index: 0 }))
  return [...blanks, { term: lastTerm, leader: -1, index: lastIndex }, ...log.slice(lastIndex)]
}
