/**
 * The phenomena of the paper. Each is looked for in what has been done so far: it answers `true` where there is none, and otherwise who
 * did what.
 *
 * The paper's patterns are about databases with one version of everything, where a read sees the newest one. Here a phenomenon is what a
 * pattern means of versions: a dirty write is over a version that is not committed, a dirty read is of one. Where a pattern would be met
 * by every snapshot, without anybody being the wiser, it is read as what its name says: a fuzzy read (P2) is one that sees another
 * version than before (A2), and a phantom (P3) is a read of rows that sees others than before (A3), or two transactions that
 * both add a row because they have not seen that of the other. With this reading, snapshots have the paper's cells of Table 4.
 *
 * Source: Berenson et al. 1995, section 3 (P0 to P3, A1 to A3) and section 4 (P4, P4C, A5A, A5B); Bailis et al., Highly available
 * transactions, VLDB 2013 (OTV).
 */
import { type Id, ids, type Judgement } from '../../checker/index.ts'
import { areSerializable } from './conflict-graph.ts'
import { type Database, has, type Key, newerThan, type Read, rows, transaction } from './database.ts'

type Phenomenon = (db: Database) => Judgement

/** P0: w1[x] ... w2[x] ... (c1 or a1). */
export const dirtyWrite: Phenomenon = (db) => {
  for (const key of ['x', 'y', ...rows] as const) {
    const [first, second] = db.versions[key].filter((writer) => has(db, writer, 'running'))
    if (first !== undefined && second !== undefined) return `${second} writes ${key} over what ${first} has not committed`
  }
  return true
}

/** P1: w1[x] ... r2[x] ... (c1 or a1). */
export const dirtyRead: Phenomenon = (db) =>
  none(db, (t, { key, version }) =>
    version !== null && version !== t && has(db, version, 'running') ? `${t} reads ${key}, which ${version} has not committed` : true,
  )

/** OTV: w1[x] w1[y] c1 ... w2[x] ... r3[x] ... r3[y] ... w2[y] (c2 and c3 occur), where r3 sees x of the second, and y of the first. */
export const observedVanishes: Phenomenon = (db) =>
  none(db, (t, { key, version }, before) => {
    if (version === null || version === t || !has(db, t, 'committed')) return true
    const newer = newerThan(db, key, version).filter((writer) => has(db, writer, 'committed'))
    const gone = before.find((read) => read.key !== key && read.version !== null && newer.includes(read.version))
    return gone === undefined || `${t} sees ${gone.key} as ${gone.version} left it, and then ${key} as ${version} did before that`
  })

/** P2, as A2: r1[x] ... w2[x] ... r1[x]. */
export const fuzzyRead: Phenomenon = (db) =>
  none(db, (t, { key, version, way }, before) => {
    if (way === 'predicate') return true
    const first = before.find((read) => read.key === key && read.way !== 'predicate')
    return first === undefined || first.version === version || version === t || `${t} reads ${key} again, and sees another version`
  })

/** P3, as A3: r1[P] ... w2[y in P] ... r1[P]. */
export const phantomRead: Phenomenon = (db) =>
  none(db, (t, { key, version, way }, before) => {
    if (way !== 'predicate') return true
    const first = before.find((read) => read.way === 'predicate' && read.key === key)
    return first === undefined || first.version === version || version === t || `${t} reads the rows again, and ${key} is new`
  })

/** P3, as in section 4.2: r1[P] ... r2[P] ... w1[y in P] ... w2[z in P] ... (c1 and c2 occur). */
export const predicateSkew: Phenomenon = (db) => skew(db, 'predicate')

/** P4: r1[x] ... w2[x] ... w1[x] ... c1. */
export const lostUpdate: Phenomenon = (db) => updateLost(db, ['item', 'cursor'])

/** P4C: rc1[x] ... w2[x] ... w1[x] ... c1. */
export const cursorLostUpdate: Phenomenon = (db) => updateLost(db, ['cursor'])

/** A5A: r1[x] ... w2[x] ... w2[y] ... c2 ... r1[y] ... (c1 or a1). */
export const readSkew: Phenomenon = (db) =>
  none(db, (t, { key, version }, before) => {
    if (version === null || version === t || !has(db, version, 'committed')) return true
    const old = before.find((read) => read.key !== key && newerThan(db, read.key, read.version).includes(version))
    return old === undefined || `${t} sees ${key} as ${version} left it, and ${old.key} as it was before`
  })

/** A5B: r1[x] ... r2[y] ... w1[y] ... w2[x] ... (c1 and c2 occur). */
export const writeSkew: Phenomenon = (db) => skew(db, 'item')

/** Two who have read the writes of two others in opposite orders. */
export const longFork: Phenomenon = (db) => {
  const done = ids(db.transactions.length).filter((t) => has(db, t, 'committed'))
  /** Who has seen what `first` wrote, but not what `second` did. */
  const order = (t: Id, first: Id, second: Id): boolean => {
    const { reads } = transaction(db, t)
    return (
      reads.some(({ version }) => version === first) &&
      reads.some(({ key, version }) => newerThan(db, key, version).includes(second) && version !== first)
    )
  }
  for (const [a, b] of distinctPairs(done)) {
    for (const [one, other] of distinctPairs(done.filter((t) => t !== a && t !== b))) {
      if (order(one, a, b) && order(other, b, a)) return `to ${one}, ${a} was before ${b}, and to ${other} it was after it`
    }
  }
  return true
}

/** Those who write are serializable, but not together with those who only read. */
export const readOnlyAnomaly: Phenomenon = (db) => {
  const done = ids(db.transactions.length).filter((t) => has(db, t, 'committed'))
  const writers = done.filter((t) => transaction(db, t).writes.length > 0)
  return !areSerializable(db, writers) || areSerializable(db, done) || 'without those who only read, what is committed is serializable'
}

function updateLost(db: Database, ways: readonly Read['way'][]): Judgement {
  return none(db, (t, { key, version, way }) => {
    if (!ways.includes(way) || !has(db, t, 'committed') || !transaction(db, t).writes.includes(key)) return true
    const newer = newerThan(db, key, version)
    const lost = newer.slice(0, Math.max(0, newer.indexOf(t))).find((writer) => has(db, writer, 'committed'))
    return lost === undefined || `${t} writes ${key} over what ${lost} wrote, which it has not read`
  })
}

/** Two who have committed, each of which has read what the other one wrote as it was before, and they wrote different keys. */
function skew(db: Database, what: 'item' | 'predicate'): Judgement {
  const done = ids(db.transactions.length).filter((t) => has(db, t, 'committed'))
  const overtaken = (t: Id, by: Id): readonly Key[] =>
    transaction(db, t)
      .reads.filter(({ way, key, version }) => (way === 'predicate') === (what === 'predicate') && newerThan(db, key, version).includes(by))
      .map(({ key }) => key)
  for (const [one, other] of distinctPairs(done)) {
    for (const x of overtaken(one, other)) {
      const y = overtaken(other, one).find((key) => key !== x)
      if (y !== undefined) return `${one} has read ${x}, which ${other} wrote, who has read ${y}, which ${one} wrote; neither saw it`
    }
  }
  return true
}

/** Asks of every read, and those before it. */
function none(db: Database, check: (t: Id, read: Read, before: readonly Read[]) => Judgement): Judgement {
  for (const t of ids(db.transactions.length)) {
    const { reads } = transaction(db, t)
    for (const [i, read] of reads.entries()) {
      const answer = check(t, read, reads.slice(0, i))
      if (answer !== true) return answer
    }
  }
  return true
}

function distinctPairs(of: readonly Id[]): [Id, Id][] {
  return of.flatMap((one) => of.filter((other) => other !== one).map((other): [Id, Id] => [one, other]))
}
