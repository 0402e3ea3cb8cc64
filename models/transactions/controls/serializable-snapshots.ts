/**
 * Serializable snapshot isolation: snapshot isolation that also aborts what may become a cycle. Every such cycle has a pivot: a
 * transaction with an anti-dependency in and one out, both with transactions that ran at the same time. So a transaction that is a
 * pivot is aborted when it wants to commit, and one that makes a pivot of a transaction that has committed is aborted at once.
 *
 * An anti-dependency is derived here from what transactions have read and written, where the paper keeps two flags per transaction.
 * Those of aborted transactions are forgotten, as in Cahill's thesis (University of Sydney, 2009): of flags that stay,
 * both sides of a write skew may be aborted.
 *
 * Source: Cahill, Röhm & Fekete, Serializable isolation for snapshot databases, SIGMOD 2008, section 3.
 */
import { type Id, ids } from '../../../checker/index.ts'
import type { Bugs } from '../bugs.ts'
import { type Database, has, type Key, newerThan, transaction, type Version } from '../database.ts'
import type { DeadlockPolicy } from './conflicts.ts'
import { aborts, type ConcurrencyControl, type ReadAnswer } from './control.ts'
import { firstUpdaterWins } from './first-updater-wins.ts'
import { isInSnapshot, type SnapshotTime } from './snapshots.ts'

export function serializableSnapshots(policy: DeadlockPolicy, time: SnapshotTime, bug: Bugs): ConcurrencyControl {
  const snapshots = firstUpdaterWins(policy, time, bug)
  const isTooLate = (pivots: readonly Id[], db: Database, has: (db: Database, t: Id) => boolean): boolean =>
    !bug('ssi-forgets-committed-pivot') && pivots.some((pivot) => has(db, pivot))
  /** Whether somebody who has committed a newer version has an anti-dependency out already. */
  const checked = (answer: ReadAnswer, t: Id): ReadAnswer => {
    if (answer.is !== 'granted') return answer
    const { db, sees } = answer
    const newer = sees.flatMap(({ key, version }) => overwriters(db, t, key, version)).filter((writer) => has(db, writer, 'committed'))
    return isTooLate(newer, db, (now, writer) => overwritersOf(now, writer).length > 0) ? aborts : answer
  }
  return {
    ...snapshots,
    read: (db, t, key, isByCursor) => checked(snapshots.read(db, t, key, isByCursor), t),
    readRows: (db, t) => checked(snapshots.readRows(db, t), t),
    /** Whether somebody who has read the key and committed has an anti-dependency in already. */
    write: (db, t, key) => {
      const answer = snapshots.write(db, t, key)
      if (answer.is !== 'granted') return answer
      const readers = readersOf(answer.db, t).filter((reader) => has(answer.db, reader, 'committed'))
      return isTooLate(readers, answer.db, (now, reader) => readersOf(now, reader).length > 0) ? aborts : answer
    },
    commit: (db, t) => (readersOf(db, t).length > 0 && overwritersOf(db, t).length > 0 ? aborts : snapshots.commit(db, t)),
  }
}

/** Anti-dependencies out: who has written, at the same time, a newer version than this one has read. */
function overwritersOf(db: Database, t: Id): readonly Id[] {
  return transaction(db, t).reads.flatMap(({ key, version }) => overwriters(db, t, key, version))
}

function overwriters(db: Database, t: Id, key: Key, version: Version): readonly Id[] {
  return newerThan(db, key, version).filter((writer) => writer !== t && !isInSnapshot(db, writer, t))
}

/** Anti-dependencies in. */
function readersOf(db: Database, t: Id): readonly Id[] {
  return ids(db.transactions.length).filter((reader) => overwritersOf(db, reader).includes(t))
}
