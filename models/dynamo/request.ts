/** What the node that coordinates a request remembers of it: the state machine of the paper's section 5. */
import type { Id } from '../../checker/index.ts'
import type { Floor } from './past.ts'
import { areSame, merge, type Versions } from './versions.ts'

export interface Request {
  readonly coordinator: Id
  phase: Collecting | Storing
  /** Of a read: what had been acknowledged when it began, where that is judged. */
  readonly floor: Floor
  /** Of a write: those that had been acknowledged, or seen by its client, when it began, where that is judged. */
  readonly replaces: readonly number[]
}

/** Waiting for R nodes to tell what they have. */
export interface Collecting {
  readonly is: 'collecting'
  readonly answered: readonly Id[]
  /** What the answers have together, without what is covered. */
  readonly result: Versions
  /** Who answered just that. The others are stale. */
  readonly holders: readonly Id[]
}

/** Waiting for W nodes to store these versions. */
export interface Storing {
  readonly is: 'storing'
  readonly versions: Versions
  readonly stored: readonly Id[]
  /** Who has been asked to, and who need not be. */
  sent: readonly Id[]
}

export const nothingCollected: Collecting = { is: 'collecting', answered: [], result: [], holders: [] }

/** Section 4.5: of all the versions that it gathers, the coordinator returns those that it deems to be causally unrelated. */
export function withAnswer(phase: Collecting, from: Id, versions: Versions): Collecting {
  const result = merge(phase.result, versions)
  const before = areSame(result, phase.result) ? phase.holders : []
  return {
    is: 'collecting',
    answered: [...phase.answered, from].sort(),
    result,
    holders: areSame(result, versions) ? [...before, from].sort() : before,
  }
}

export function withStored(phase: Storing, by: Id): Storing {
  return { ...phase, stored: [...phase.stored, by].sort() }
}

/** Whether a node that has now stored these does what the request waits for. */
export function isAwaited({ versions, stored }: Storing, by: Id, these: Versions): boolean {
  return !stored.includes(by) && areSame(versions, these)
}
