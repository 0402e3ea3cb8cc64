/**
 * Read committed with versions: each statement sees what was committed when it began, and nobody waits to read. Writers of the same
 * key wait for each other, and then write over what is there.
 *
 * Source: PostgreSQL 17 documentation, section 13.2.1; Berenson et al. 1995, section 4.3 (Oracle Consistent Read).
 */
import type { Id } from '../../../checker/index.ts'
import { committed, type Database, installed, type Key, newestCommitted, transaction, uncommittedWriters } from '../database.ts'
import { begun, type DeadlockPolicy, unlessHeld } from './conflicts.ts'
import { type ConcurrencyControl, granted, type ReadAnswer, rowByRow, sees } from './control.ts'

export function readCommittedVersions(policy: DeadlockPolicy): ConcurrencyControl {
  return {
    begin: (db, t) => begun(policy, db, t),
    read,
    readRows: rowByRow(read),
    write: (db, t, key) => unlessHeld(policy, db, t, uncommittedWriters(db, t, key), (now) => granted(installed(now, t, key))),
    commit: (db, t) => granted(committed(db, t)),
  }
}

function read(db: Database, t: Id, key: Key): ReadAnswer {
  return sees(db, [key], () => (transaction(db, t).writes.includes(key) ? t : newestCommitted(db, key)))
}
