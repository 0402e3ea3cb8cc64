/** Snapshots: a transaction sees what had been committed when its snapshot was taken, and what it has written itself. */
import type { Id } from '../../../checker/index.ts'
import type { Bugs } from '../bugs.ts'
import { changed, committed, type Database, type Key, newestCommitted, transaction, type Version } from '../database.ts'

/**
 * When a transaction takes its snapshot: when it begins, or with its first step after that, as PostgreSQL does. Both are snapshot
 * isolation, in real time, too: a snapshot that is taken late is newer. What is not is a snapshot of each key by itself (bug
 * snapshot-at-first-read).
 */
export type SnapshotTime = 'at-begin' | 'at-first-step'

/** The snapshot is taken now, unless it has been. */
export function withSnapshot(db: Database, t: Id): Database {
  return transaction(db, t).snapshot === null ? changed(db, t, { snapshot: db.commits.length }) : db
}

/** What a transaction that has a snapshot sees. */
export function seen(db: Database, t: Id, key: Key, bug: Bugs): Version {
  const { reads, writes } = transaction(db, t)
  if (writes.includes(key)) return t
  if (bug('snapshot-at-first-read')) {
    const before = reads.find((read) => read.key === key)
    return before ? before.version : newestCommitted(db, key)
  }
  return db.versions[key].findLast((writer) => isInSnapshot(db, t, writer)) ?? null
}

/** Whether a transaction committed before the snapshot of another one was taken. */
export function isInSnapshot(db: Database, t: Id, writer: Id): boolean {
  return db.commits.slice(0, transaction(db, t).snapshot ?? 0).includes(writer)
}

/** Who has committed since the snapshot was taken. */
export function committedSince(db: Database, t: Id): readonly Id[] {
  return db.commits.slice(transaction(db, t).snapshot ?? 0)
}

/** Commits, at a place in the order of commits. */
export function committedNext(db: Database, t: Id): Database {
  return committed({ ...db, commits: [...db.commits, t] }, t)
}
