/** The models of this package, in the order in which they are listed. */
import type { Model } from '../checker/index.ts'
import { chubbyCache } from './chubby/cache.ts'
import { chubbyCell } from './chubby/cell.ts'
import { chubby } from './chubby/chubby.ts'
import { dynamo } from './dynamo/dynamo.ts'
import { peterson } from './mutual-exclusion/peterson.ts'
import { tokenRing } from './mutual-exclusion/token-ring.ts'
import { raftClients } from './raft/clients/raft-clients.ts'
import { raftLeadership } from './raft/leadership/raft-leadership.ts'
import { raftMembership } from './raft/membership/raft-membership.ts'
import { raft } from './raft/raft.ts'
import { raftSnapshots } from './raft/snapshots/raft-snapshots.ts'
import { abdRegister } from './registers/abd.ts'
import { cachedRegister } from './registers/cached.ts'
import { growOnlyCounter } from './registers/grow-only-counter.ts'
import { lastWriterWinsRegister } from './registers/last-writer-wins.ts'
import { primaryBackupRegister } from './registers/primary-backup.ts'
import { singleCopyRegister } from './registers/single-copy.ts'
import { replication } from './replication/replication.ts'
import { transactions } from './transactions/transactions.ts'
import { twoPhaseCommit } from './two-phase-commit/two-phase-commit.ts'

export {
  abdRegister,
  cachedRegister,
  chubby,
  chubbyCache,
  chubbyCell,
  dynamo,
  growOnlyCounter,
  lastWriterWinsRegister,
  peterson,
  primaryBackupRegister,
  raft,
  raftClients,
  raftLeadership,
  raftMembership,
  raftSnapshots,
  replication,
  singleCopyRegister,
  tokenRing,
  transactions,
  twoPhaseCommit,
}

export const models: readonly Model[] = [
  raft,
  raftClients,
  raftLeadership,
  raftMembership,
  raftSnapshots,
  dynamo,
  transactions,
  replication,
  chubby,
  chubbyCache,
  chubbyCell,
  twoPhaseCommit,
  peterson,
  tokenRing,
  singleCopyRegister,
  cachedRegister,
  primaryBackupRegister,
  abdRegister,
  lastWriterWinsRegister,
  growOnlyCounter,
]
