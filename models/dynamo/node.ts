/** One storage node: what it keeps on its disk, and the rules by which that changes. */
import type { Id } from '../../checker/index.ts'
import type { Mortal } from '../parts/failures.ts'
import type { Bugs } from './bugs.ts'
import { differing } from './merkle-tree.ts'
import { areSame, merge, seenIn, type Versions, writesOf } from './versions.ts'

export interface Node extends Mortal {
  /** By key, what it keeps as one of the N nodes that the key belongs to. */
  held: Versions[]
  /** What it keeps for others, until they are back: by whom it is for, and key. */
  hints: readonly Hint[]
  /** What it is called in clocks. With what it kept, a node also loses its name: its count would begin anew. */
  name: number
}

export interface Hint {
  /** "A hint in its metadata that suggests which node was the intended recipient of the replica" (section 4.6). */
  readonly for: Id
  readonly key: number
  readonly versions: Versions
}

/** What nodes send to each other: versions of a key to keep. They come from a write, from the repair of a read, or from a hint. */
export interface Put {
  readonly key: number
  readonly versions: Versions
  /** For whom it is, if the recipient only stands in. */
  readonly for: Id | null
}

export function newNode(node: Id, keys: number): Node {
  return { isUp: true, held: Array.from({ length: keys }, () => []), hints: [], name: node }
}

/** Everything that a node has of a key, whomever it is for. */
export function read({ held, hints }: Node, key: number): Versions {
  const own = held[key] ?? []
  return hints.filter((hint) => hint.key === key).reduce((all, { versions }) => merge(all, versions), own)
}

/** A node keeps what it is sent: on its own account, or with a hint. */
export function keep(node: Node, { key, versions, for: owner }: Put, bug: Bugs): void {
  if (owner === null) {
    node.held[key] = kept(node.held[key] ?? [], versions, bug)
    return
  }
  const isIt = (hint: Hint): boolean => hint.for === owner && hint.key === key
  const before = node.hints.find(isIt)?.versions ?? []
  const hint = { for: owner, key, versions: kept(before, versions, bug) }
  node.hints = [...node.hints.filter((other) => !isIt(other)), hint].sort((a, b) => a.for - b.for || a.key - b.key)
}

/** What is left of what was there and what comes. */
export function combined(mine: Versions, theirs: Versions, bug: Bugs): Versions {
  if (bug('last-message-wins')) return theirs
  const areTiesBroken = !bug('ties-unbroken')
  const siblings = bug('siblings-dropped') ? 'theirs' : areTiesBroken ? 'both' : 'mine'
  return merge(mine, theirs, siblings, areTiesBroken)
}

/** Whether it would change what the node keeps. */
export function isNews(mine: Versions, theirs: Versions, bug: Bugs): boolean {
  return !areSame(mine, kept(mine, theirs, bug))
}

/** How many versions of what it keeps of a key a node has made under its name. */
export function countOf(node: Node, key: number): number {
  return seenIn(read(node, key))[node.name] ?? 0
}

/** Once a hint is delivered. What a node made under its name may go with it, so its name does. */
export function forgetHint(node: Node, hint: Hint, c: Naming, bug: Bugs): void {
  node.hints = node.hints.filter((other) => other.for !== hint.for || other.key !== hint.key)
  rename(node, c, bug)
}

/** Whether a node has nothing of a key but that it was deleted. */
export function isDeleted(node: Node, key: number): boolean {
  const versions = node.held[key] ?? []
  return versions.length > 0 && versions.every(({ isTombstone }) => isTombstone)
}

/** What a node has of a key is dropped, and its name only with what it made under that. */
export function forget(node: Node, key: number, c: Naming, bug: Bugs): void {
  const isMaker = node.name in seenIn(node.held[key] ?? [])
  node.held[key] = []
  if (isMaker) rename(node, c, bug)
}

/** A disk is lost. */
export function forgetAll(node: Node, c: Naming, bug: Bugs): void {
  node.held = node.held.map(() => [])
  node.hints = []
  rename(node, c, bug)
}

/** The keys in which the hash trees of two nodes differ. */
export function differingKeys(one: Node, other: Node): number[] {
  return differing(one.held.map(writesOf), other.held.map(writesOf))
}

/** With last-writer-wins, nodes need no names. */
interface Naming {
  readonly nodes: number
  readonly versions: 'lww' | 'vector'
}

function rename(node: Node, { nodes, versions }: Naming, bug: Bugs): void {
  if (versions === 'vector' && !bug('name-kept-without-data')) node.name += nodes
}

function kept(mine: Versions, theirs: Versions, bug: Bugs): Versions {
  const all = combined(mine, theirs, bug)
  return bug('no-tombstones') ? all.filter(({ isTombstone }) => !isTombstone) : all
}
