/** A register that a cluster of real servers replicates, as the adapter drives it. */
import type { Json } from '../../../checker/index.ts'
import type { Mesh } from '../servers/mesh.ts'

export interface RegisterNodes {
  /** With version and level: `etcd 3.4.23, serializable reads`. */
  readonly name: string
  readonly mesh: Mesh
  /** All are connected, and server 0 leads; the register has not been written. */
  ready(): Promise<void>
  /** Another register in the place of this one, which has not been written, and all as when it was ready first. @throws ServerError */
  renew(): Promise<void>
  /** What a server has applied, by its own word, where it can be asked. */
  applied?(server: number): Promise<Json>
  /** A server comes to lead those that it is connected to. */
  elect(server: number): Promise<void>
  /** Waits until a server has applied what those have that it is connected to. */
  catchUp(server: number): Promise<void>
  /** Waits until a server follows its leader again, after it was cut off. */
  rejoin(server: number): Promise<void>
  /** As a client of its own. @throws RefusedError */
  write(actor: string, server: number, value: Json, signal: AbortSignal): Promise<void>
  /** Null for what nobody has written. @throws RefusedError */
  read(actor: string, server: number, signal: AbortSignal): Promise<Json>
  /** Asks a server for something that it answers by itself, and waits for the answer. */
  probe(server: number): Promise<void>
  /** Ends the connections of clients. Safe to call more than once. */
  close(): Promise<void>
}

/** What a server has answered instead. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Written values are followed by so many blanks, in bytes: that an entry with one is on its way is what the counters of the links say, as
 * everything else that goes there meanwhile is much less.
 */
export const entryBytes = 16_384

export function entryOf(value: Json): string {
  return JSON.stringify(value).padEnd(entryBytes)
}

export function valueOf(entry: string): Json {
  return JSON.parse(entry) as Json
}

/** What the fact is called that says what a server has applied; null for nothing. */
export const appliedName = (server: number): string => `server ${server}: has applied`
