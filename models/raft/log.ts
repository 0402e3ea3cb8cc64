/** Logs: lists of entries, the first index being 1. */
import type { Id } from '../../checker/index.ts'

/**
 * A log entry. What a client asked for does not matter to Raft, but different entries must not look the same, or bugs would
 * hide. A leader makes at most one entry per term and index, so where an entry was made tells it from all others.
 */
export interface Entry {
  term: number
  leader: number
  index: number
  /** What a client asked for, in the model whose clients are watched. */
  command?: Command
  /** The configuration that it brings, in the model of membership changes. */
  configuration?: Configuration
}

/** An operation on a register. A client numbers its operations, so that servers recognize one that comes again. */
export interface Command {
  f: 'write' | 'read'
  value: number | null
  client: number
  serial: number
}

/** Who counts: majorities are of `members`, and during joint consensus of `old`, too. */
export interface Configuration {
  members: readonly Id[]
  old: readonly Id[] | null
}

export type Log = readonly Entry[]

/** The term of the entry at an index, 0 where there is none. */
export function termAt(log: Log, index: number): number {
  return log[index - 1]?.term ?? 0
}

/** Section 5.4.1: of two logs, the one with the later last term is more up-to-date; with the same last term, the longer one. */
export function isUpToDate(lastLogIndex: number, lastLogTerm: number, log: Log): boolean {
  const ownLastTerm = termAt(log, log.length)
  return lastLogTerm > ownLastTerm || (lastLogTerm === ownLastTerm && lastLogIndex >= log.length)
}

/** The first index up to a given one at which two logs do not hold the same entry, 0 if there is none. */
export function firstDifference(a: Log, b: Log, upTo: number): number {
  for (let index = 1; index <= upTo; index++) {
    const [ours, theirs] = [a[index - 1], b[index - 1]]
    if (ours?.term !== theirs?.term || ours?.leader !== theirs?.leader || ours?.index !== theirs?.index) return index
  }
  return 0
}

/** The last index at which two logs hold entries of the same term, 0 if there is none. */
export function lastSameTerm(a: Log, b: Log): number {
  let index = Math.min(a.length, b.length)
  while (index > 0 && termAt(a, index) !== termAt(b, index)) index--
  return index
}

/** An entry in words. */
export function entryName(log: Log, index: number): string {
  const entry = log[index - 1]
  return entry === undefined ? 'no entry' : `entry ${entry.index} of server ${entry.leader} in term ${entry.term}`
}
