/** A primary or a replica of a real system, as a group of them is driven. Positions are places in a server's log, in its own unit. */
import type { Completed, Outcome } from '../adapter.ts'

/** How a system replicates, and who talks to whom. */
export interface ReplicationSettings {
  readonly servers: number
  /** How many replicas must have a write before it is acknowledged; 0: nobody waits. */
  readonly acks: number
  /** What they must have done with it. */
  readonly acksAre: 'of receipt' | 'of execution'
  /** A client that is told of too few acknowledgements takes its write for done. */
  readonly ignoresTooFew: boolean
  /** Replicas execute what they have received in a step of its own. */
  readonly isRelayed: boolean
  /** A read waits until so many replicas have what it has seen. */
  readonly readsWait: boolean
  /** Reads go to the primary, wherever the trace has them. */
  readonly readsAtPrimary: boolean
  /** Whoever is promoted, the old primary is stopped before. */
  readonly fencesOldPrimary: boolean
}

export interface ReplicatedServer {
  readonly name: string
  readonly port: number
  readonly isUp: boolean
  /** By the writes that it took as a primary, the end of its log right after each. */
  readonly positions: ReadonlyMap<number, number>
  /** Appends a value to the log: until the write is acknowledged, or the server says that it waits. */
  write(actor: string, id: number): Promise<Outcome>
  /** The last value of the log, or `nothing`. */
  read(actor: string): Promise<Outcome>
  /** What has become of the write for which the actor waits, by the word of the server. */
  answer(actor: string): Promise<Outcome>
  /** Ends the wait for acknowledgements, though there are too few. */
  giveUp(actor: string): Promise<Outcome>
  /** What it takes itself for. */
  role(): Promise<'primary' | 'replica'>
  /** All that it has executed. */
  log(): Promise<readonly number[]>
  /** Of a replica, up to where it has the log of its primary. */
  received(): Promise<number>
  /** Of a replica, up to where it could acknowledge now. */
  acknowledges(): Promise<number>
  /** Of a primary, up to where it knows that a replica acknowledges. */
  knownOf(replica: ReplicatedServer): Promise<number>
  /** Executes all that it has received, where that is a step of its own. */
  execute(): Promise<void>
  promote(): Promise<void>
  /** Comes to follow the primary that listens at the port, and has what that one has; it may have crashed. */
  follow(port: number): Promise<readonly Completed[]>
  /** What becomes of the writes that waited. */
  crash(): Promise<readonly Completed[]>
  /** A primary again that nobody follows and that has nothing, as one that has just been started; where that is possible. */
  clear?(): Promise<void>
  /** Ends its connections, and then the server. */
  close(): Promise<void>
}

export interface ReplicationSystem {
  /** With its version, as soon as a server runs. */
  readonly name: string
  /** Old primaries can be made to follow new ones. */
  readonly canDemote: boolean
  /** Starts a primary, or a replica of the one that listens at the port, which has what that one has. */
  start(name: string, follows: number | null): Promise<ReplicatedServer>
}

/** What a read finds in a log that is empty. */
export const nothing = 'nothing'

export function serverName(id: number): string {
  return `server ${id}`
}

/** What facts are called: what a server takes itself for, and the writes that it has. */
export const roleName = (server: string): string => `${server}: role`
export const hasName = (server: string): string => `${server}: has`
