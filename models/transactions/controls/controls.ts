/** The concurrency controls by name, and what each promises. */
import type { IsolationLevel } from '../../../properties/index.ts'
import type { Bugs } from '../bugs.ts'
import type { DeadlockPolicy } from './conflicts.ts'
import type { ConcurrencyControl } from './control.ts'
import { firstCommitterWins } from './first-committer-wins.ts'
import { firstUpdaterWins } from './first-updater-wins.ts'
import { disciplines, type LockingLevel, locking } from './locking.ts'
import { noControl } from './no-control.ts'
import { optimisticValidation } from './optimistic.ts'
import { readCommittedVersions } from './read-committed-versions.ts'
import { serializableSnapshots } from './serializable-snapshots.ts'
import type { SnapshotTime } from './snapshots.ts'
import { timestampOrdering } from './timestamp-ordering.ts'

export type ControlName =
  | 'none'
  | 'mvcc-read-committed'
  | 'snapshot-first-committer-wins'
  | 'snapshot-first-updater-wins'
  | 'serializable-snapshot'
  | 'timestamp-ordering'
  | 'optimistic-validation'
  | LockingLevel

/** The level that each promises; the first two promise none. */
export const promises: Readonly<Record<ControlName, IsolationLevel | null>> = {
  none: null,
  'write-locks-short': null,
  'read-uncommitted': 'read-uncommitted',
  'read-committed-locking': 'strong-monotonic-atomic-view',
  'cursor-stability': 'strong-monotonic-atomic-view',
  'repeatable-read-locking': 'strong-repeatable-read',
  'two-phase-locking': 'strict-serializable',
  'mvcc-read-committed': 'strong-monotonic-atomic-view',
  'snapshot-first-committer-wins': 'strong-snapshot-isolation',
  'snapshot-first-updater-wins': 'strong-snapshot-isolation',
  'serializable-snapshot': 'strict-serializable',
  'timestamp-ordering': 'strict-serializable',
  'optimistic-validation': 'strict-serializable',
}

export const controlNames: readonly ControlName[] = Object.keys(promises) as ControlName[]

interface Choice {
  readonly control: ControlName
  readonly deadlocks: DeadlockPolicy
  readonly snapshot: SnapshotTime
}

export function controlOf({ control, deadlocks, snapshot }: Choice, bug: Bugs): ConcurrencyControl {
  switch (control) {
    case 'none':
      return noControl
    case 'mvcc-read-committed':
      return readCommittedVersions(deadlocks)
    case 'snapshot-first-committer-wins':
      return firstCommitterWins(snapshot, bug)
    case 'snapshot-first-updater-wins':
      return firstUpdaterWins(deadlocks, snapshot, bug)
    case 'serializable-snapshot':
      return serializableSnapshots(deadlocks, snapshot, bug)
    case 'timestamp-ordering':
      return timestampOrdering(bug)
    case 'optimistic-validation':
      return optimisticValidation(bug)
    default:
      return locking(disciplines[control], deadlocks, bug)
  }
}
