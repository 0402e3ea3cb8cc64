/**
 * One server: what it has executed, in order, and what it holds and has not executed yet. The register that clients see is what the
 * last executed transaction wrote.
 *
 * A primary that waits for acknowledgements before it shows a write keeps it in its queue (MySQL 8.0 manual, 19.4.10, AFTER_SYNC: in
 * the binary log, and not yet committed); a replica has its relay log there.
 */
import type { FamilyView, Id } from '../../checker/index.ts'
import type { Content } from '../parts/clients.ts'

/** A transaction. Its identity is the same on every server, whatever it did there (MySQL: GTIDs). */
export interface Entry {
  readonly id: number
  /** What it wrote into the register of this server. */
  readonly value: number
  /** The epoch of the primary that took it. */
  readonly epoch: number
}

export interface Server {
  /** What it takes itself for. A primary that has been deposed does not know before it is told. */
  role: 'primary' | 'replica'
  isUp: boolean
  /** How many failovers the one had seen that told it its role. */
  epoch: number
  /** Executed, and shown to readers. */
  log: Entry[]
  /** On disk, not executed. */
  queue: Entry[]
}

type Servers = FamilyView<Server>

/** Server 0 is the first primary. */
export function newServer(id: Id): Server {
  return { role: id === 0 ? 'primary' : 'replica', isUp: true, epoch: 0, log: [], queue: [] }
}

/** What a reader gets. */
export function shown({ log }: Server): Content {
  return log.at(-1)?.value ?? null
}

/** All that it has on disk, in order. */
export function held({ log, queue }: Server): readonly Entry[] {
  return [...log, ...queue]
}

export function has(entries: readonly Entry[], id: number): boolean {
  return entries.some((entry) => entry.id === id)
}

/** The primary that a server follows: the one of its own epoch, even where another has been promoted since. */
export function sourceOf({ role, epoch }: Server, servers: Servers): Server | undefined {
  if (role === 'primary') return undefined
  return servers.find((other) => other.role === 'primary' && other.epoch === epoch)
}

/** The primary that was promoted last. */
export function currentPrimary(servers: Servers): Server {
  return servers.filter(({ role }) => role === 'primary').reduce((one, other) => (other.epoch > one.epoch ? other : one))
}

/** Whether `one` has what `other` may lack: newer transactions, or more of the same epoch. */
export function isMoreAdvanced(one: Server, other: Server): boolean {
  const [mine, its] = [held(one), held(other)]
  const [newest, itsNewest] = [mine.at(-1)?.epoch ?? -1, its.at(-1)?.epoch ?? -1]
  return newest > itsNewest || (newest === itsNewest && mine.length > its.length)
}
