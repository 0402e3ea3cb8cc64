/**
 * Optimistic concurrency control, with serial validation: a transaction reads what is committed, and writes to private copies. When it
 * wants to commit, it is valid if nobody who has committed since it began has written what it has read. Then its writes take effect
 * at once.
 *
 * Source: Kung & Robinson, On optimistic methods for concurrency control, TODS 6(2), 1981, section 4.
 */
import type { Id } from '../../../checker/index.ts'
import type { Bugs } from '../bugs.ts'
import { type Database, installed, type Key, newestCommitted, transaction } from '../database.ts'
import { aborts, type ConcurrencyControl, granted, rowByRow, sees } from './control.ts'
import { committedNext, committedSince, withSnapshot } from './snapshots.ts'

export function optimisticValidation(bug: Bugs): ConcurrencyControl {
  return {
    // The start number of the paper: how many had committed. What is read is no snapshot.
    begin: withSnapshot,
    read,
    readRows: rowByRow(read),
    write: granted,
    commit: (db, t) => {
      const { reads, writes } = transaction(db, t)
      const others = committedSince(db, t)
      const checked = bug('validates-last-commit-only') ? others.slice(-1) : others
      const isValid = checked.every((other) => !transaction(db, other).writes.some((key) => reads.some((read) => read.key === key)))
      return isValid
        ? granted(
            committedNext(
              writes.reduce((now, key) => installed(now, t, key), db),
              t,
            ),
          )
        : aborts
    },
  }
}

function read(db: Database, t: Id, key: Key) {
  return sees(db, [key], () => (transaction(db, t).writes.includes(key) ? t : newestCommitted(db, key)))
}
