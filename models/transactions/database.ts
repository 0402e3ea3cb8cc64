/**
 * The database that all controls share: versions of keys, locks, and what each transaction has done so far. Controls differ in what
 * they use of it. All functions are pure: they return the database afterwards.
 *
 * A version of a key is known by the transaction that wrote it. Of one that writes a key twice, the first version is a draft, which only
 * those who read it note.
 */
import type { Id } from '../../checker/index.ts'

/** Items are always there. Rows satisfy the predicate P, and are not there before somebody writes them. */
export type Key = 'x' | 'y' | 'p' | 'q'
export const rows: readonly Key[] = ['p', 'q']

/** The writer of a version; `null` is what was there at first: the first value of an item, and no row at all. */
export type Version = Id | null

export interface Database {
  /** The versions of each key, oldest first, but for the one that was there at first. */
  readonly versions: Versions
  readonly locks: readonly Lock[]
  /** Who has committed, in that order; kept by controls that need it. */
  readonly commits: readonly Id[]
  readonly transactions: Transactions
}

/** By number; a list, or the cells of the model. */
export type Transactions = { readonly [t: number]: Transaction } & Pick<readonly Transaction[], 'length' | 'map' | 'every' | 'some'>

export type Versions = Readonly<Record<Key, readonly Id[]>>

/** Locks on P are predicate locks. */
export interface Lock {
  readonly by: Id
  readonly on: Key | 'P'
  readonly mode: 'read' | 'write'
}

export interface Transaction {
  readonly status: 'ready' | 'running' | 'committed' | 'aborted'
  /** Steps of its program that it has done. */
  readonly done: number
  /** What it has seen, in that order. */
  readonly reads: readonly Read[]
  /** What it has written: to the database, or to a private copy until it commits. */
  readonly writes: readonly Key[]
  /** When it began, among the others; 0 where the control does not ask. */
  readonly age: number
  /** How many had committed when its snapshot was taken; `null` before that, and where there are no snapshots. */
  readonly snapshot: number | null
  /** Whether it was aborted although all that had been done and asked for was serializable. */
  readonly isWasted: boolean
}

export interface Read {
  /** The step of its program; a read of a predicate reads all rows. */
  readonly step: number
  readonly way: 'item' | 'cursor' | 'predicate'
  readonly key: Key
  readonly version: Version
  /** There where it is of somebody who was yet to write the key again. */
  readonly isDraft?: true
}

/** A transaction that has not begun, and what there is at first. */
export const ready: Transaction = { status: 'ready', done: 0, reads: [], writes: [], age: 0, snapshot: null, isWasted: false }
export const unwritten: Versions = { x: [], y: [], p: [], q: [] }

export function transaction(db: Database, t: Id): Transaction {
  return db.transactions[t] as Transaction
}

export function changed(db: Database, t: Id, changes: Partial<Transaction>): Database {
  return { ...db, transactions: db.transactions.map((one, id) => (id === t ? { ...one, ...changes } : one)) }
}

export function has(db: Database, t: Id, status: Transaction['status']): boolean {
  return transaction(db, t).status === status
}

/** Younger than all others. Ages are numbered without gaps, so that they do not grow when transactions begin again. */
export function aged(db: Database, t: Id): Database {
  const others = db.transactions.map(({ age }, id) => (id === t ? 0 : age)).filter((age) => age > 0)
  const ages = others.sort((a, b) => a - b)
  const transactions = db.transactions.map((one, id) => {
    const age = id === t ? ages.length + 1 : ages.indexOf(one.age) + 1
    return age === one.age ? one : { ...one, age }
  })
  return { ...db, transactions }
}

export function isOlder(db: Database, one: Id, other: Id): boolean {
  return transaction(db, one).age < transaction(db, other).age
}

/** The newest version, be its writer still running or not. */
export function newest(db: Database, key: Key): Version {
  return db.versions[key].at(-1) ?? null
}

/** The newest version of a transaction that has committed. */
export function newestCommitted(db: Database, key: Key): Version {
  return db.versions[key].findLast((writer) => has(db, writer, 'committed')) ?? null
}

/** The versions of a key that are newer than a given one. */
export function newerThan(db: Database, key: Key, version: Version): readonly Id[] {
  return version === null ? db.versions[key] : db.versions[key].slice(db.versions[key].indexOf(version) + 1)
}

/** Another transaction whose version of the key is the newest, and that is still running. */
export function uncommittedWriters(db: Database, t: Id, key: Key): readonly Id[] {
  return db.versions[key].filter((writer) => writer !== t && has(db, writer, 'running'))
}

/** Writes a version over all others, also over one of the same transaction. */
export function installed(db: Database, t: Id, key: Key): Database {
  return { ...db, versions: { ...db.versions, [key]: [...db.versions[key].filter((writer) => writer !== t), t] } }
}

/** A write lock takes the place of the read lock of the same transaction on the same key. */
export function locked(db: Database, lock: Lock): Database {
  const isMine = ({ by, on }: Lock): boolean => by === lock.by && on === lock.on
  if (db.locks.some((held) => isMine(held) && (held.mode === lock.mode || held.mode === 'write'))) return db
  const text = ({ by, on, mode }: Lock): string => `${by} ${on} ${mode}`
  const locks = [...db.locks.filter((held) => !isMine(held)), lock]
  return { ...db, locks: locks.sort((a, b) => (text(a) < text(b) ? -1 : 1)) }
}

/** Without the locks that a condition picks. */
export function unlocked(db: Database, isReleased: (lock: Lock) => boolean): Database {
  return { ...db, locks: db.locks.filter((lock) => !isReleased(lock)) }
}

/** Who else holds a lock that conflicts with this one: on the same key, or on a predicate and a row; and one of both is to write. */
export function holders(db: Database, { by, on, mode }: Lock): readonly Id[] {
  const conflicting = db.locks.filter((held) => held.by !== by && overlap(held.on, on) && (held.mode === 'write' || mode === 'write'))
  return [...new Set(conflicting.map((held) => held.by))]
}

export function committed(db: Database, t: Id): Database {
  return changed(
    unlocked(db, ({ by }) => by === t),
    t,
    { status: 'committed' },
  )
}

/** Its versions and locks are gone, and nobody asks what it has read. */
export function aborted(db: Database, t: Id): Database {
  const kept = (key: Key): readonly Id[] => db.versions[key].filter((writer) => writer !== t)
  const versions = { x: kept('x'), y: kept('y'), p: kept('p'), q: kept('q') }
  const { done } = transaction(db, t)
  return changed(
    unlocked({ ...db, versions }, ({ by }) => by === t),
    t,
    { ...ready, status: 'aborted', done },
  )
}

function overlap(one: Lock['on'], other: Lock['on']): boolean {
  return one === other || (one === 'P' && rows.includes(other as Key)) || (other === 'P' && rows.includes(one as Key))
}
