/** What the levels of the targets mean: how the trace replicates, or one of a system's own modes. */
import { acksNeeded } from '../../../models/replication/shipping.ts'
import type { Constants } from '../../../models/replication/state.ts'
import type { TraceDocument } from '../../format.ts'
import type { ReplicationSettings } from './replicated-server.ts'

export const asInTheTrace = 'as in the trace'

/** What a level changes; of the number of acknowledgements, `all`: as many as there are replicas. */
export type Level = Partial<Omit<ReplicationSettings, 'servers' | 'acks'>> & { readonly acks?: number | 'all' }

export function settingsOf(trace: TraceDocument, level: Level): ReplicationSettings {
  const constants = trace.constants as unknown as Constants
  const { servers, mode, reads } = constants
  const isAnsweredAtOnce = mode === 'async' || trace.bugs.includes('acknowledged-before-replicated')
  const { acks = isAnsweredAtOnce ? 0 : acksNeeded(constants), ...changed } = level
  return {
    servers,
    acks: acks === 'all' ? servers - 1 : acks,
    acksAre: mode === 'sync' ? 'of execution' : 'of receipt',
    ignoresTooFew: trace.bugs.includes('semi-sync-timeout'),
    isRelayed: reads !== 'primary',
    readsWait: false,
    readsAtPrimary: false,
    fencesOldPrimary: false,
    ...changed,
  }
}
