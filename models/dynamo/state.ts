/** The state of the model, and its constants, as its parts see them. */
import type { FamilyDraft, FamilyView, Id, NetworkDraft, NetworkView } from '../../checker/index.ts'
import type { Content } from '../parts/clients.ts'
import type { Process, Programs } from './clients.ts'
import type { Node, Put } from './node.ts'
import type { Past } from './past.ts'
import type { Reach, Ring } from './ring.ts'

export interface Setting extends Ring, Programs {
  readonly R: number
  readonly W: number
  readonly versions: 'lww' | 'vector'
  readonly stamps: 'clock' | 'query'
  readonly readRepair: 'none' | 'async' | 'sync'
  readonly coordinator: 'any' | 'first'
  readonly handoff: boolean
  readonly antiEntropy: boolean
  readonly judge: 'linearizability' | 'sessions' | 'freshness' | 'durability' | 'convergence' | 'availability'
}

export interface State extends Reach {
  readonly client: FamilyView<Process>
  readonly net: NetworkView<Put>
  readonly past: Past
}

export interface Draft {
  readonly server: FamilyDraft<Node>
  readonly client: FamilyDraft<Process>
  readonly net: NetworkDraft<Put>
  readonly suspects: FamilyView<readonly Id[]>
  readonly ahead: FamilyView<number>
  readonly ops: Watcher
  readonly sessions: Watcher
  readonly siblings: SiblingsWatcher
  readonly past: Past
  time: number
}

/** A monitor of the siblings of a key: see sessions.ts. */
export interface SiblingsWatcher {
  write(process: number, write: number, context: readonly number[]): void
  written(process: number, write: number): void
  read(process: number, siblings: readonly number[]): void
  lost(process: number): void
}

/** A monitor of the register that a key is. */
export interface Watcher {
  invoke(process: number, f: string, input: Content): void
  ok(process: number, output: Content): void
  info(process: number): void
}
