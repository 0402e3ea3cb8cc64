/**
 * What the node that coordinates a request remembers of it (the paper, section 4.5, and its state machine of section 5): a get waits for
 * R answers, a put until W nodes have stored the new version, the coordinator among them.
 */
import type { Id } from '../../checker/index.ts'
import { areSame, merge, type Versions } from './versions.ts'

export interface Request {
  readonly coordinator: Id
  phase: Collecting | Storing
  /** What had been acknowledged when it began, where fresh reads are judged. */
  readonly floor: Floor
  /** Of a write: those that had been acknowledged, or seen by its client, when it began. */
  readonly replaces: readonly number[]
}

export interface Floor {
  /** The newest versions. */
  readonly newest: Versions
  /** Writes that others have replaced. */
  readonly replaced: readonly number[]
}

export interface Collecting {
  readonly is: 'collecting'
  readonly answered: readonly Id[]
  /** What the answers have together, without what is covered. */
  readonly result: Versions
  /** Who answered just that. The others are stale. */
  readonly holders: readonly Id[]
}

export interface Storing {
  readonly is: 'storing'
  readonly versions: Versions
  readonly stored: readonly Id[]
  /** Whom it has asked to store them, itself included. */
  sent: readonly Id[]
}

export const nothingCollected: Collecting = { is: 'collecting', answered: [], result: [], holders: [] }

/** Section 4.5: the coordinator gathers all versions and returns those that it deems to be causally unrelated. */
export function withAnswer(phase: Collecting, from: Id, versions: Versions): Collecting {
  const result = merge(phase.result, versions)
  const before = areSame(result, phase.result) ? phase.holders : []
  const isHolder = areSame(result, versions)
  return {
    is: 'collecting',
    answered: [...phase.answered, from].sort(),
    result,
    holders: isHolder ? [...before, from].sort() : before,
  }
}

export function withStored(phase: Storing, by: Id): Storing {
  return { ...phase, stored: [...phase.stored, by].sort() }
}

/** Whether a node that has now stored these does what the request waits for. */
export function isAwaited({ versions, stored }: Storing, by: Id, these: Versions): boolean {
  return !stored.includes(by) && areSame(versions, these)
}
