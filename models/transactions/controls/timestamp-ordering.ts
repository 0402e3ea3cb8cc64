/**
 * Timestamp ordering: transactions get timestamps when they begin, and whatever they do has to be as if they had run one after the
 * other in that order. Who comes too late is aborted. It is the strict variant: nobody reads or overwrites what is not committed,
 * but waits for it; always for an older transaction, so that there is no deadlock.
 *
 * Timestamps of reads and writes are derived here from what has been read and written.
 *
 * Source: Bernstein, Hadzilacos & Goodman, Concurrency Control and Recovery in Database Systems, 1987, section 4.2.
 */
import { type Id, ids } from '../../../checker/index.ts'
import type { Bugs } from '../bugs.ts'
import { aged, committed, type Database, installed, isOlder, type Key, newest, transaction, uncommittedWriters } from '../database.ts'
import { type Answer, aborts, type ConcurrencyControl, granted, rowByRow, sees } from './control.ts'

export function timestampOrdering(bug: Bugs): ConcurrencyControl {
  /** Does something to a key, unless a younger transaction has written it, or an older one has not committed what it wrote. */
  const inOrder = <A extends Answer>(db: Database, t: Id, key: Key, then: () => A): A | Exclude<Answer, { is: 'granted' }> => {
    if (db.versions[key].some((writer) => isOlder(db, t, writer))) return aborts
    const writers = uncommittedWriters(db, t, key)
    return writers.length > 0 ? { is: 'waits', for: writers } : then()
  }
  const read = (db: Database, t: Id, key: Key) => inOrder(db, t, key, () => sees(db, [key], () => newest(db, key)))
  return {
    begin: aged,
    read,
    readRows: rowByRow(read),
    write: (db, t, key) => {
      const isReadByYounger = ids(db.transactions.length).some((reader) => isOlder(db, t, reader) && hasRead(db, reader, key))
      if (isReadByYounger && !bug('late-write-admitted')) return aborts
      return inOrder(db, t, key, () => granted(installed(db, t, key)))
    },
    commit: (db, t) => granted(committed(db, t)),
  }
}

function hasRead(db: Database, reader: Id, key: Key): boolean {
  return transaction(db, reader).reads.some((read) => read.key === key)
}
