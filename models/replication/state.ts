/** The constants and the state of the model, as its functions get them. */
import type { FamilyDraft, FamilyView, MonitorDraft, MonitorView } from '../../checker/index.ts'
import type { HistoryMonitor, SessionsMonitor } from '../../properties/index.ts'
import type { Client } from './clients.ts'
import type { PromiseName } from './promises.ts'
import type { Server } from './server.ts'

export interface Constants {
  readonly servers: number
  readonly mode: 'async' | 'wait' | 'semi-sync' | 'sync'
  readonly acks: number
  readonly shipping: 'log' | 'statement'
  readonly reads: 'primary' | 'replica' | 'any-replica' | 'sticky' | 'session-token'
  readonly clients: string
  readonly promise: PromiseName
}

/** What promises are judged by. Each of the lists is empty, unless the promise asks for it. */
interface Past {
  /** What clients were told has been written; of transactions, their identities. */
  acknowledged: readonly number[]
  /** Servers that have acknowledged a write while another one led as well. */
  sides: readonly number[]
  /** What a failover has left behind on the servers that it did not promote. */
  lost: readonly number[]
}

export interface View extends Readonly<Past> {
  readonly server: FamilyView<Server>
  readonly client: FamilyView<Client>
  readonly history: MonitorView<HistoryMonitor['questions']>
  readonly sessions: MonitorView<SessionsMonitor['questions']>
}

export interface Draft extends Past {
  readonly server: FamilyDraft<Server>
  readonly client: FamilyDraft<Client>
  readonly history: MonitorDraft<HistoryMonitor['events'], HistoryMonitor['questions']>
  readonly sessions: MonitorDraft<SessionsMonitor['events'], SessionsMonitor['questions']>
}
