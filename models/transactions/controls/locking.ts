import type { Bugs } from '../bugs.ts'
import { committed, type Database, holders, installed, type Lock, locked, newest, rows, unlocked } from '../database.ts'
import { begun, type DeadlockPolicy, unlessHeld } from './conflicts.ts'
import { type ConcurrencyControl, granted, type ReadAnswer, sees } from './control.ts'

type Duration = 'none' | 'short' | 'long'

/** A row of Table 2. */
interface Discipline {
  /** Read locks on items and on rows that are found. */
  readonly reads: Duration
  /** The same of reads by a cursor; `held` is as long as it stays there. */
  readonly cursors: Duration | 'held'
  /** Read locks on predicates. */
  readonly predicates: Duration
  readonly writes: Exclude<Duration, 'none'>
}

export type LockingLevel =
  | 'write-locks-short'
  | 'read-uncommitted'
  | 'read-committed-locking'
  | 'cursor-stability'
  | 'repeatable-read-locking'
  | 'two-phase-locking'

export const disciplines: Readonly<Record<LockingLevel, Discipline>> = {
  /** Degree 0. */
  'write-locks-short': { reads: 'none', cursors: 'none', predicates: 'none', writes: 'short' },
  /** Degree 1. */
  'read-uncommitted': { reads: 'none', cursors: 'none', predicates: 'none', writes: 'long' },
  /** Degree 2. */
  'read-committed-locking': { reads: 'short', cursors: 'short', predicates: 'short', writes: 'long' },
  'cursor-stability': { reads: 'short', cursors: 'held', predicates: 'short', writes: 'long' },
  'repeatable-read-locking': { reads: 'long', cursors: 'long', predicates: 'short', writes: 'long' },
  /** Degree 3: strict two-phase locking with predicate locks (Eswaran, Gray, Lorie & Traiger, CACM 19(11), 1976). */
  'two-phase-locking': { reads: 'long', cursors: 'long', predicates: 'long', writes: 'long' },
}

export function locking(discipline: Discipline, policy: DeadlockPolicy, bug: Bugs): ConcurrencyControl {
  /** Takes a lock and does something under it. */
  const under = (db: Database, lock: Lock, duration: Duration | 'held', then: (db: Database) => ReadAnswer): ReadAnswer => {
    if (duration === 'none') return then(db)
    const others = isUnchecked(db, lock, bug) ? [] : holders(db, lock)
    return unlessHeld(policy, db, lock.by, others, (now) => then(duration === 'short' ? now : locked(now, lock)))
  }
  return {
    begin: (db, t) => begun(policy, db, t),
    read: (db, t, key, isByCursor) => {
      const duration = isByCursor ? discipline.cursors : discipline.reads
      return under(db, { by: t, on: key, mode: 'read' }, duration, (now) => sees(now, [key], () => newest(now, key)))
    },
    move: (db, t) => (discipline.cursors === 'held' ? unlocked(db, ({ by, mode }) => by === t && mode === 'read') : db),
    readRows: (db, t) =>
      under(db, { by: t, on: 'P', mode: 'read' }, discipline.predicates, (now) => {
        const found = rows.filter((key) => newest(now, key) !== null)
        const after = discipline.reads === 'long' ? found.reduce((db, on) => locked(db, { by: t, on, mode: 'read' }), now) : now
        return sees(after, rows, (key) => newest(now, key))
      }),
    write: (db, t, key) =>
      under(db, { by: t, on: key, mode: 'write' }, discipline.writes, (now) => {
        const written = installed(now, t, key)
        return sees(bug('lock-released-before-commit') ? unlocked(written, ({ by }) => by === t) : written, [], () => null)
      }),
    commit: (db, t) => granted(committed(db, t)),
  }
}

/** Of bug upgrade-without-conflict-check: whoever has a lock on a key to read it may write it. */
function isUnchecked(db: Database, { by, on, mode }: Lock, bug: Bugs): boolean {
  return bug('upgrade-without-conflict-check') && mode === 'write' && db.locks.some((held) => held.by === by && held.on === on)
}
