/** The models of this package, in the order in which they are listed. */
import type { Model } from '../checker/index.ts'
import { raft } from './raft/raft.ts'
import { abdRegister } from './registers/abd.ts'
import { cachedRegister } from './registers/cached.ts'
import { growOnlyCounter } from './registers/grow-only-counter.ts'
import { lastWriterWinsRegister } from './registers/last-writer-wins.ts'
import { primaryBackupRegister } from './registers/primary-backup.ts'
import { singleCopyRegister } from './registers/single-copy.ts'
import { twoPhaseCommit } from './two-phase-commit/two-phase-commit.ts'

export {
  abdRegister,
  cachedRegister,
  growOnlyCounter,
  lastWriterWinsRegister,
  primaryBackupRegister,
  raft,
  singleCopyRegister,
  twoPhaseCommit,
}

export const models: readonly Model[] = [
  twoPhaseCommit,
  raft,
  singleCopyRegister,
  cachedRegister,
  primaryBackupRegister,
  abdRegister,
  lastWriterWinsRegister,
  growOnlyCounter,
]
