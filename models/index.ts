/** The models of this package, in the order in which they are listed. */
import type { Model } from '../checker/index.ts'
import { raft } from './raft/raft.ts'
import { abdRegister } from './registers/abd.ts'
import { singleCopyRegister } from './registers/single-copy.ts'
import { twoPhaseCommit } from './two-phase-commit/two-phase-commit.ts'

export { abdRegister, raft, singleCopyRegister, twoPhaseCommit }

export const models: readonly Model[] = [twoPhaseCommit, raft, singleCopyRegister, abdRegister]
