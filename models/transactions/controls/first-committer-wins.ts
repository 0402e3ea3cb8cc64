/**
 * Snapshot isolation, first committer wins: what a transaction writes stays private until it commits, which it may unless somebody
 * who has committed since its snapshot wrote what it has written. Nobody waits for anybody.
 *
 * Source: Berenson et al. 1995, section 4.2.
 */
import type { Bugs } from '../bugs.ts'
import { installed, rows, transaction } from '../database.ts'
import { aborts, type ConcurrencyControl, granted, sees } from './control.ts'
import { committedNext, committedSince, type SnapshotTime, seen, withSnapshot } from './snapshots.ts'

export function firstCommitterWins(time: SnapshotTime, bug: Bugs): ConcurrencyControl {
  const read = (db: Parameters<ConcurrencyControl['read']>[0], t: Parameters<ConcurrencyControl['read']>[1], keys: typeof rows) => {
    const now = withSnapshot(db, t)
    return sees(now, keys, (key) => seen(now, t, key, bug))
  }
  return {
    begin: (db, t) => (time === 'at-begin' ? withSnapshot(db, t) : db),
    read: (db, t, key) => read(db, t, [key]),
    readRows: (db, t) => read(db, t, rows),
    write: (db, t) => granted(withSnapshot(db, t)),
    commit: (db, t) => {
      const { writes, reads } = transaction(db, t)
      const found = reads.filter(({ way, version }) => way !== 'predicate' || version !== null).map(({ key }) => key)
      const checked = bug('first-committer-checks-reads') ? found : writes
      const isTooLate = committedSince(db, t).some((other) => transaction(db, other).writes.some((key) => checked.includes(key)))
      return isTooLate
        ? aborts
        : granted(
            committedNext(
              writes.reduce((now, key) => installed(now, t, key), db),
              t,
            ),
          )
    },
  }
}
