/**
 * Who has to come before whom, if the transactions are to be as if they had run one after the other: the serialization graph of
 * versions. It is acyclic iff there is such an order.
 *
 * Source: Adya, Weak consistency, PhD thesis, MIT 1999, chapter 3; Bernstein, Hadzilacos & Goodman 1987, chapters 2 and 5.
 */
import { type Id, ids } from '../../checker/index.ts'
import { type Database, has, type Key, newerThan, newest, rows, transaction } from './database.ts'
import { reachable } from './reachable.ts'
import { isWrite, type Step } from './workloads.ts'

/** A step that is asked for. */
export interface Request {
  readonly t: Id
  readonly step: Step
}

type Edge = readonly [before: Id, after: Id]

/** Whether all that was done and asked for, by those who were not aborted, is serializable as far as one transaction goes. */
export function isSerializableFor(db: Database, requests: readonly Request[], t: Id): boolean {
  const all = ids(db.transactions.length).filter((other) => has(db, other, 'running') || has(db, other, 'committed'))
  return !isInCycle(edges(db, all, requests), t)
}

/** Whether some of those who have committed are serializable. */
export function areSerializable(db: Database, some: readonly Id[]): boolean {
  const all = edges(db, some, [])
  return !some.some((t) => isInCycle(all, t))
}

function isInCycle(all: readonly Edge[], t: Id): boolean {
  return reachable(t, (from) => all.filter(([before]) => before === from).map(([, after]) => after)).has(t)
}

function edges(db: Database, among: readonly Id[], requests: readonly Request[]): readonly Edge[] {
  const later = (key: Key): readonly Id[] => [
    ...among.filter((t) => transaction(db, t).writes.includes(key) && !db.versions[key].includes(t)),
    ...requests.filter(({ step }) => step.key === key && isWrite(step)).map(({ t }) => t),
  ]
  const reads = among.flatMap((t): Edge[] =>
    transaction(db, t).reads.flatMap(({ key, version, isDraft }): Edge[] => [
      ...(version === null ? [] : [[version, t] as const]),
      // Its writer has written over a draft.
      ...(version === null || !isDraft ? [] : [[t, version] as const]),
      ...[...newerThan(db, key, version), ...later(key)].map((writer): Edge => [t, writer]),
    ]),
  )
  const writes = keys.flatMap((key): Edge[] => {
    const versions = db.versions[key]
    return versions.flatMap((first, i) => [...versions.slice(i + 1), ...later(key)].map((second): Edge => [first, second]))
  })
  const asked = requests.flatMap(({ t, step }): Edge[] =>
    readBy(step).flatMap((key): Edge[] => {
      const version = newest(db, key)
      return version === null ? [] : [[version, t]]
    }),
  )
  return [...reads, ...writes, ...asked].filter(([a, b]) => a !== b && among.includes(a) && among.includes(b))
}

const keys: readonly Key[] = ['x', 'y', ...rows]

function readBy({ is, key }: Step): readonly Key[] {
  if (is === 'readRows') return rows
  return key !== null && is !== 'write' ? [key] : []
}
