/**
 * What a concurrency control is: it answers what transactions ask for. Each control is a few pure functions over the database, so that
 * they can be compared side by side. What all have in common (what a transaction has seen and written is noted, an abort takes
 * everything back) is done around them.
 */
import type { Id } from '../../../checker/index.ts'
import { type Database, type Key, rows, type Version } from '../database.ts'

/** Who waits does not hold anything new; it asks again when something has changed. */
export type Answer = { readonly is: 'granted'; readonly db: Database } | Refusal
/** The versions that a read sees, by key. */
export type ReadAnswer = { readonly is: 'granted'; readonly db: Database; readonly sees: readonly Seen[] } | Refusal
export type Refusal = { readonly is: 'waits'; readonly for: readonly Id[] } | { readonly is: 'aborts' }

export interface Seen {
  readonly key: Key
  readonly version: Version
}

export interface ConcurrencyControl {
  begin(db: Database, t: Id): Database
  /** Through a cursor, or without one. */
  read(db: Database, t: Id, key: Key, isByCursor: boolean): ReadAnswer
  /** All rows that satisfy P. */
  readRows(db: Database, t: Id): ReadAnswer
  /** The cursor leaves where it is; matters to locking only. */
  move?(db: Database, t: Id): Database
  write(db: Database, t: Id, key: Key): Answer
  commit(db: Database, t: Id): Answer
}

export const aborts: Refusal = { is: 'aborts' }

export function granted(db: Database): Answer {
  return { is: 'granted', db }
}

/** A read of these keys. */
export function sees(db: Database, keys: readonly Key[], versionOf: (key: Key) => Version): ReadAnswer {
  return { is: 'granted', db, sees: keys.map((key) => ({ key, version: versionOf(key) })) }
}

/** A control to which a predicate is no more than its rows, those that are not there included. */
export function rowByRow(read: (db: Database, t: Id, key: Key) => ReadAnswer): ConcurrencyControl['readRows'] {
  return (db, t) =>
    rows.reduce<ReadAnswer>(
      (answer, key) => andThen(answer, (now) => read(now, t, key)),
      sees(db, [], () => null),
    )
}

function andThen(first: ReadAnswer, second: (db: Database) => ReadAnswer): ReadAnswer {
  if (first.is !== 'granted') return first
  const next = second(first.db)
  return next.is === 'granted' ? { ...next, sees: [...first.sees, ...next.sees] } : next
}
