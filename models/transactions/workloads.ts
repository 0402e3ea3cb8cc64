/**
 * The workloads: a few transactions each, as programs in the notation of the paper.
 *
 *     r[x]    reads an item                    rc[x]   reads it through a cursor, which then is on it
 *     r[P]    reads the rows that satisfy P    m       moves the cursor on, off the item where it was
 *     w[x]    writes an item, or inserts a     u[x]    reads an item or a row and writes it, if it is there, in
 *             row (w[p] and w[q])                      one statement
 *     c, a    commits, or aborts of its own accord
 *
 * Source: Berenson et al. 1995, sections 3 and 4, for most of them; Adya, Weak consistency, PhD thesis, MIT 1999, and Bailis et al.,
 * Highly available transactions, VLDB 2013, for those of Hermitage (Kleppmann 2014) that are not there.
 */
import type { Key } from './database.ts'

export interface Step {
  readonly is: 'read' | 'fetch' | 'readRows' | 'write' | 'update' | 'move' | 'commit' | 'rollback'
  /** Of those that read or write a key. */
  readonly key: Key | null
}

export type Program = readonly Step[]

export type WorkloadName = keyof typeof texts

/** The paper's histories, as what each transaction wants to do. */
const texts = {
  /** Both set x and y to values of their own (P0). */
  'dirty-write': ['w[x] w[y] c', 'w[x] w[y] c'],
  /** The same, and one who looks at what they leave (G0 of Adya 1999). */
  'dirty-write-seen': ['w[x] w[y] c', 'w[x] w[y] c', 'r[x] r[y] c'],
  /** One reads while the other is between two writes (P1; H1). */
  'dirty-read': ['w[x] w[y] c', 'r[x] r[y] c'],
  /** One reads what the other takes back (A1). */
  'aborted-read': ['w[x] a', 'r[x] c'],
  /** One reads what the other writes again before it commits (G1b of Adya 1999). */
  'intermediate-read': ['w[x] w[x] c', 'r[x] c'],
  /** Each reads what the other writes (G1c of Adya 1999). */
  'circular-flow': ['w[x] r[y] c', 'w[y] r[x] c'],
  /** One after the other changes both items, and one who looks may see the later one and then the earlier one (OTV). */
  'observed-vanishes': ['w[x] w[y] c', 'u[x] w[y] c', 'r[x] r[y] c'],
  /** One reads an item twice (P2, A2). */
  'fuzzy-read': ['r[x] r[x] c', 'w[x] c'],
  'fuzzy-read-by-cursor': ['rc[x] rc[x] c', 'w[x] c'],
  /** One reads the rows twice (A3). */
  phantom: ['r[P] r[P] c', 'w[p] c'],
  /** One reads the rows, and then finds one more as it writes it. */
  'phantom-in-write': ['r[P] u[p] c', 'w[p] c'],
  /** Both add a row if the rows leave room for it: section 4.2, hours of tasks that must not exceed 8 (P3). */
  'phantom-constraint': ['r[P] w[p] c', 'r[P] w[q] c'],
  /** Both add the same row if it is not there. */
  'same-row': ['r[P] w[p] c', 'r[P] w[p] c'],
  /** Both add to an item (P4; H4). */
  'lost-update': ['r[x] w[x] c', 'r[x] w[x] c'],
  /** The same through cursors (P4C). */
  'lost-update-by-cursor': ['rc[x] w[x] c', 'rc[x] w[x] c'],
  /** The same in one statement each. */
  counter: ['u[x] c', 'u[x] c'],
  /** One reads two items that the other changes together (A5A). */
  'read-skew': ['r[x] r[y] c', 'w[x] w[y] c'],
  'read-skew-by-cursor': ['rc[x] m rc[y] c', 'w[x] w[y] c'],
  /** The same of rows and an item. */
  'read-skew-of-rows': ['r[P] r[x] c', 'w[p] w[x] c'],
  /** The same, where the second item is found as it is written. */
  'read-skew-in-write': ['r[x] u[y] c', 'w[x] w[y] c'],
  /** Each changes the item on which the other relies (A5B; H5). */
  'write-skew': ['r[x] w[y] c', 'r[y] w[x] c'],
  'write-skew-by-cursor': ['rc[x] w[y] c', 'rc[y] w[x] c'],
  /** Each changes both items, in opposite orders. */
  'crossing-updates': ['u[x] u[y] c', 'u[y] u[x] c'],
  /** The same in one order. */
  'ordered-updates': ['u[x] u[y] c', 'u[x] u[y] c'],
  /** One keeps another from its second write, and takes its own back; a third looks at what is there. */
  'blocked-write': ['w[y] a', 'w[x] w[y] c', 'r[x] r[y] c'],
  /** Fekete, O'Neil & O'Neil 2004: a withdrawal from y, a deposit to x, and somebody who only looks. */
  'read-only-anomaly': ['r[x] r[y] w[y] c', 'u[x] c', 'r[x] r[y] c'],
  /** Adya 1999, Sovran et al. 2011: two writers and two readers who may disagree about which was first. */
  'long-fork': ['w[x] c', 'w[y] c', 'r[x] r[y] c', 'r[y] r[x] c'],
  /** A chain of three that each overwrite what the one before has read. */
  chain: ['r[x] w[y] c', 'r[y] w[q] c', 'r[P] w[x] c'],
} as const

const kinds: Readonly<Record<string, Step['is']>> = {
  r: 'read',
  rc: 'fetch',
  m: 'move',
  w: 'write',
  u: 'update',
  c: 'commit',
  a: 'rollback',
}

/** By name, the program of each transaction. */
export const workloads: Readonly<Record<WorkloadName, readonly Program[]>> = Object.fromEntries(
  Object.entries(texts).map(([name, programs]) => [name, programs.map(parsed)]),
) as Record<string, readonly Program[]> as Readonly<Record<WorkloadName, readonly Program[]>>

export function isWrite({ is }: Step): boolean {
  return is === 'write' || is === 'update'
}

/** Whether a program writes a key at one of its steps from `done` on. */
export function writesFrom(program: Program, done: number, key: Key): boolean {
  return program.slice(done).some((step) => isWrite(step) && step.key === key)
}

export const workloadNames: readonly WorkloadName[] = Object.keys(texts) as WorkloadName[]

/** Without any control, even a statement may be interrupted. */
export function torn(program: Program): Program {
  return program.flatMap(
    (step): Program =>
      step.is !== 'update'
        ? [step]
        : [
            { ...step, is: 'read' },
            { ...step, is: 'write' },
          ],
  )
}

function parsed(program: string): Program {
  return program.split(' ').map((step) => {
    const [, letters = '', key = null] = /^([a-z]+)(?:\[(\w)\])?$/.exec(step) ?? []
    return key === 'P' ? { is: 'readRows', key: null } : { is: kinds[letters] as Step['is'], key: key as Key | null }
  })
}
