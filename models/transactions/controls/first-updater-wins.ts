/**
 * Snapshot isolation, first updater wins: who wants to write what another one has written and not committed waits. If the other
 * commits, or has committed since the snapshot, the transaction is aborted at once.
 *
 * Source: Fekete, O'Neil & O'Neil, A read-only transaction anomaly under snapshot isolation, SIGMOD Record 33(3), 2004;
 * PostgreSQL 17 documentation, section 13.2.2.
 */
import type { Bugs } from '../bugs.ts'
import { installed, rows, uncommittedWriters } from '../database.ts'
import { begun, type DeadlockPolicy, unlessHeld } from './conflicts.ts'
import { aborts, type ConcurrencyControl, granted, sees } from './control.ts'
import { committedNext, committedSince, type SnapshotTime, seen, withSnapshot } from './snapshots.ts'

export function firstUpdaterWins(policy: DeadlockPolicy, time: SnapshotTime, bug: Bugs): ConcurrencyControl {
  const read = (db: Parameters<ConcurrencyControl['read']>[0], t: Parameters<ConcurrencyControl['read']>[1], keys: typeof rows) => {
    const now = withSnapshot(db, t)
    return sees(now, keys, (key) => seen(now, t, key, bug))
  }
  return {
    begin: (db, t) => begun(policy, time === 'at-begin' ? withSnapshot(db, t) : db, t),
    read: (db, t, key) => read(db, t, [key]),
    readRows: (db, t) => read(db, t, rows),
    write: (db, t, key) => {
      const now = withSnapshot(db, t)
      const isTooLate = now.versions[key].some((writer) => committedSince(now, t).includes(writer))
      if (isTooLate && !bug('waiter-overwrites')) return aborts
      const holders = bug('writers-do-not-wait') ? [] : uncommittedWriters(now, t, key)
      return unlessHeld(policy, now, t, holders, (free) => granted(installed(free, t, key)))
    },
    commit: (db, t) => granted(committedNext(db, t)),
  }
}
