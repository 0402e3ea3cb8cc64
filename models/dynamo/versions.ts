/**
 * Versions of a value, and which of them a node keeps (the paper, section 4.4).
 *
 * With vector clocks, a version covers those that its writer had seen. Versions of which none covers another are siblings: all of them
 * are kept, until a client writes what it has made of them. A version has, beside the clock of what its writer had seen, a name of its
 * own, its dot: the coordinator's name and how many versions that has made (Preguiça, Baquero, Almeida, Fonte & Gonçalves,
 * Dotted version vectors, arXiv 1011.5808, 2010). The paper has the dot inside of the clock; see the bug `clock-without-dot`.
 *
 * With last-writer-wins, the version with the greatest timestamp covers all others; of equal timestamps, that of the greater write.
 */
import type { Content } from '../parts/clients.ts'
import type { Bugs } from './bugs.ts'

export interface Version {
  /** Which write made it: no two have the same number. It is also the value that was written. */
  readonly write: number
  /** Whether it says that the value was deleted. */
  readonly isTombstone: boolean
  readonly clock: Timestamp | DottedClock
}

export interface Timestamp {
  readonly time: number
}

export interface DottedClock {
  readonly dot: Dot
  /** What the writer had seen: of each name all versions up to this count. */
  readonly seen: Seen
}

export interface Dot {
  readonly name: number
  readonly count: number
}

export type Seen = Readonly<Record<string, number>>

/** What a node keeps of a key, in the order of the writes; at most one version with last-writer-wins. */
export type Versions = readonly Version[]

/** What becomes of two versions none of which covers the other: both stay, the one that was there, or the one that comes. */
export type Siblings = 'both' | 'mine' | 'theirs'

/** Whether who keeps the one need not keep the other. */
export function covers(one: Version, other: Version, areTiesBroken = true): boolean {
  const [a, b] = [one.clock, other.clock]
  if ('time' in a && 'time' in b) return a.time > b.time || (areTiesBroken && a.time === b.time && one.write > other.write)
  return 'seen' in a && 'dot' in b && one.write !== other.write && hasSeen(a.seen, b.dot)
}

/** All versions of both that no other covers. */
export function merge(mine: Versions, theirs: Versions, siblings: Siblings = 'both', areTiesBroken = true): Versions {
  const isCovered = (version: Version, by: Versions): boolean => by.some((other) => covers(other, version, areTiesBroken))
  const news = theirs.filter((version) => !includes(mine, version.write) && !isCovered(version, mine))
  const left = mine.filter((version) => !isCovered(version, news))
  if (siblings === 'mine' && left.length > 0) return left
  if (siblings === 'theirs' && news.length > 0) return news
  return [...left, ...news].sort((a, b) => a.write - b.write)
}

export function includes(versions: Versions, write: number): boolean {
  return versions.some((version) => version.write === write)
}

export function areSame(some: Versions, others: Versions): boolean {
  return some.length === others.length && some.every(({ write }, i) => write === others[i]?.write)
}

/** What tells one content from another. */
export function writesOf(versions: Versions): readonly number[] {
  return versions.map(({ write }) => write)
}

/** What somebody has seen who has seen these: the context of a client's next write. */
export function seenIn(versions: Versions): Seen {
  const seen: Record<string, number> = {}
  const add = (name: number | string, count: number): void => {
    seen[name] = Math.max(seen[name] ?? 0, count)
  }
  for (const { clock } of versions) {
    if ('time' in clock) continue
    add(clock.dot.name, clock.dot.count)
    for (const [name, count] of Object.entries(clock.seen)) add(name, count)
  }
  return seen
}

/** The clock of a version that somebody writes who has seen this. */
export function clockOf(seen: Seen, { name, count }: Dot, bug: Bugs): DottedClock {
  const kept = bug('clock-truncated') ? Object.fromEntries(Object.entries(seen).filter(([other]) => other === `${name}`)) : seen
  return { dot: { name, count }, seen: bug('clock-without-dot') ? { ...kept, [name]: count } : kept }
}

/** The greatest timestamp; 0 of nothing. */
export function timeOf(versions: Versions): number {
  return versions.reduce((latest, { clock }) => ('time' in clock ? Math.max(latest, clock.time) : latest), 0)
}

/** The values that a client is shown. */
export function valuesOf(versions: Versions): readonly number[] {
  return versions.filter(({ isTombstone }) => !isTombstone).map(({ write }) => write)
}

/** The one value that last-writer-wins leaves; none of a key that was deleted, or never written. */
export function valueOf(versions: Versions): Content {
  return valuesOf(versions)[0] ?? null
}

function hasSeen(seen: Seen, { name, count }: Dot): boolean {
  return (seen[name] ?? 0) >= count
}
