/**
 * What clients and operators are promised. A check is about one of these, and keeps no more of the past than that one asks for.
 */
import type { FamilyView, Judgement } from '../../checker/index.ts'
import { available, converged, durable } from '../../properties/index.ts'
import { canBeServed, unserved } from './availability.ts'
import type { Bugs } from './bugs.ts'
import { currentPrimary, has, held, type Server, shown, sourceOf } from './server.ts'
import { nextShipped } from './shipping.ts'
import type { Constants, View } from './state.ts'

export const promises = [
  'linearizable',
  'readYourWrites',
  'monotonicReads',
  'monotonicWrites',
  'writesFollowReads',
  'durable',
  'onePrimary',
  'available',
  'convergence',
  'noDivergence',
  'noResurrection',
] as const
export type PromiseName = (typeof promises)[number]

/** Whether it is about what each client sees by itself (Terry et al. 1994), and not in real time. */
export function isSessionPromise(name: PromiseName): boolean {
  return ['readYourWrites', 'monotonicReads', 'monotonicWrites', 'writesFollowReads'].includes(name)
}

/** By promise, its sentence and the state's judgement. */
export function promised(
  c: Constants,
  bug: Bugs,
): Readonly<Record<PromiseName, readonly [sentence: string, check: (s: View) => Judgement]>> {
  return {
    linearizable: ['what the clients see is linearizable', (s) => s.history.linearizable],
    readYourWrites: ['a client that has written reads nothing older', (s) => s.sessions.readYourWrites],
    monotonicReads: ['a client never reads something older than before', (s) => s.sessions.monotonicReads],
    monotonicWrites: ['everybody sees the writes of a client in its order', (s) => s.sessions.monotonicWrites],
    writesFollowReads: ['who sees a write sees nothing older than what its writer had read', (s) => s.sessions.writesFollowReads],
    durable: [
      'the primary has every write that was acknowledged',
      (s) => {
        const kept = held(currentPrimary(s.server))
        return durable(s.acknowledged, (id) => has(kept, id))
      },
    ],
    onePrimary: [
      'no two servers acknowledge writes as primaries at the same time',
      ({ sides: [one, other] }) => other === undefined || `servers ${one} and ${other} have both acknowledged writes while both led`,
    ],
    available: [
      'no client waits for a server that is down, or for a write that is lost',
      (s) => available(unserved(s, c), (client) => canBeServed(s, client, c)),
    ],
    convergence: [
      'once all is shipped and executed, all servers show the same',
      (s) => !isQuiet(s.server, bug) || converged(s.server.map(shown)),
    ],
    noDivergence: ['a replica has no transaction that its primary lacks', (s) => agreesWithPrimary(s.server)],
    noResurrection: [
      'what a failover has lost does not come back on a later primary',
      (s) => {
        const primary = currentPrimary(s.server)
        const back = s.lost.find((id) => has(held(primary), id))
        return back === undefined || `the primary of epoch ${primary.epoch} has ${back}, which a failover had lost`
      },
    ],
  }
}

/** Nothing is left to be shipped or executed, and everybody follows the last primary. */
export function isQuiet(servers: FamilyView<Server>, bug: Bugs = () => false): boolean {
  const { epoch } = currentPrimary(servers)
  return servers.every(
    (server) => server.isUp && server.epoch === epoch && server.queue.length === 0 && nextShipped(server, servers, bug) === undefined,
  )
}

/** The transactions of a replica, less those of its primary, are none (MySQL: GTID_SUBTRACT of their gtid_executed). */
function agreesWithPrimary(servers: FamilyView<Server>): Judgement {
  for (const [i, server] of servers.entries()) {
    const source = sourceOf(server, servers)
    const errant = source && held(server).find(({ id }) => !has(held(source), id))
    if (errant) return `replica ${i} has transaction ${errant.id}, which its primary lacks`
  }
  return true
}
